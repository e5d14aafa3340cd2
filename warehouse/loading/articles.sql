-- Articles and their revisions. `incoming` and `settled` are the batch in hand (see load.sql).
--
-- Which of two readings of one address counts is decided by stored columns only:
--
-- 1. A text is a hash of what readers see of it (shown_text) under a title, from the page or from a
--    feed (text_kind `feed` or `carried`). Of
--    one that was read more than once the latest reading is kept (read_at, then batch_id), with the
--    moments of all (readings).
-- 2. Of an article's texts those from the page go before those from a feed, and then the one that was
--    read last (read_at, text_hash, shown_hash, batch_id, title) is what stands.
--    A text of some pages of an article on several (text_kind `part`) goes before neither: where the
--    whole was ever read, or of such parts one that begins earlier, it is not kept at all.
-- 3. What a feed carried after the page was first read was never what stood: it is kept, and no
--    revision.
-- 4. The date that counts is what stands says, unless that lies before what was said first (read_at,
--    then batch_id: a better parser's word of the same reading, then the date itself).
--
-- All four pick the first of a total order, or unite sets, so rows do not depend on what was loaded
-- first.
--
-- What costs in a small load is the columns that a statement carries along, not the rows. So what is
-- decided is decided over a few of them: a text is named by the table that has the whole of it
-- (`origin`: incoming, articles or superseded) and its `place` there, and the whole is fetched when
-- it is put in.

-- name: stage_articles
-- One row per revision of the batch: a revision is what readers see of a text, under a title. read_at is
-- when it was read. A text with too few shingles for bands has one for itself and its title, so that
-- it meets its exact copies, and from $min_brief_shingles on one for itself alone; one with fewer than
-- $min_exact_shingles has none at all.
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT
    row_number() OVER () AS place,
    a.* EXCLUDE (topics, fingerprint, paging) REPLACE (
        CASE WHEN len(a.pages_read) > 0 THEN a.pages_read END AS pages_read
    ),
    -- What a feed carries of another's page was published by that feed, at `url`.
    nullif(regexp_extract(
        lower(CASE WHEN a.text_kind = 'carried' THEN a.url ELSE a.canonical_url END),
        '^https?://(?:www\.)?([^/:?#]+)', 1
    ), '') AS host,
    list_transform(
        list_sort(list_transform(a.topics, lambda t: {'rank': -t.salience, 'topic': t.topic})),
        lambda t: t.topic
    ) AS topics,
    list_max(list_transform(a.topics, lambda t: t.salience)) AS salience,
    coalesce(batch.topics_digest, judged.topics_digest) AS topics_digest,
    a.topics AS matches,
    coalesce(a.fingerprint.text_hash, md5_number_lower(a.text)) AS text_hash,
    md5_number_lower(shown_text(a.text)) AS shown_hash,
    CASE
        WHEN len(a.fingerprint.bands) > 0 THEN a.fingerprint.bands
        WHEN a.fingerprint.shingle_count >= $min_exact_shingles THEN list_concat(
            [md5_number_lower(concat_ws(' ', a.fingerprint.text_hash, lower(trim(a.title))))],
            CASE WHEN a.fingerprint.shingle_count >= $min_brief_shingles
                THEN [a.fingerprint.text_hash] ELSE [] END
        )
        ELSE []
    END AS bands,
    -- A batch that an early version landed has no sketches; its bands hold what they are made of.
    coalesce(
        a.fingerprint.sketch,
        array_to_string(
            list_transform(
                a.fingerprint.bands,
                lambda band: chr((48 + (band >> 32) % 64)::INTEGER) || chr((48 + band % 64)::INTEGER)
            ),
            ''
        ),
        ''
    ) AS sketch,
    a.fingerprint.shingle_count AS shingles,
    a.fingerprint.bigram_sketch AS bigram_sketch,
    a.fingerprint.frame_sketch AS frame_sketch,
    coalesce(a.fetched_at, batch.created_at) AS read_at,
    [read_at] AS readings,
    batch.batch_id
FROM landed_article AS a
CROSS JOIN batch
LEFT JOIN (
    SELECT article_id, max(topics_digest) AS topics_digest FROM landed_outcome
    WHERE article_id IS NOT NULL GROUP BY article_id
) AS judged ON judged.article_id = a.article_id;

-- name: known_articles
-- Which of these articles are stored, and with which batch each row came. Found by the narrow id
-- column first: rows of one batch lie together, so the wide columns of a big table are then read only
-- where rows of these batches are.
CREATE OR REPLACE TEMP TABLE known AS
SELECT article_id, batch_id FROM articles
WHERE article_id IN (SELECT article_id FROM incoming);

-- name: known_superseded
-- The same for their earlier revisions.
CREATE OR REPLACE TEMP TABLE known_superseded AS
SELECT DISTINCT article_id, batch_id FROM superseded
WHERE article_id IN (SELECT article_id FROM known);

-- name: stored_articles
-- The stored rows, of many.
CREATE OR REPLACE TEMP TABLE stored_articles AS
SELECT row_number() OVER () AS place, * FROM articles SEMI JOIN known USING (article_id, batch_id);

-- name: stored_superseded
-- The same for their earlier revisions.
CREATE OR REPLACE TEMP TABLE stored_superseded AS
SELECT row_number() OVER () AS place, *
FROM superseded SEMI JOIN known_superseded USING (article_id, batch_id);

-- name: places_of_articles
-- The batches that they came with, up to $most.
SELECT batch_id, list(article_id) AS article_ids FROM known GROUP BY batch_id LIMIT $most;

-- name: places_of_superseded
-- The same for their earlier revisions.
SELECT batch_id, list(article_id) AS article_ids FROM known_superseded GROUP BY batch_id LIMIT $most;

-- name: no_articles
-- Where there are few, they are taken batch by batch: a table to put them in.
CREATE OR REPLACE TEMP TABLE stored_articles AS SELECT 0::BIGINT AS place, * FROM articles LIMIT 0;

-- name: no_superseded
-- The same for their earlier revisions.
CREATE OR REPLACE TEMP TABLE stored_superseded AS
SELECT 0::BIGINT AS place, * FROM superseded LIMIT 0;

-- name: articles_of_batch
-- Those of one of them.
INSERT INTO stored_articles
SELECT (SELECT count(*) FROM stored_articles) + row_number() OVER (), *
FROM articles WHERE batch_id = $batch_id AND list_contains($article_ids::UBIGINT[], article_id);

-- name: superseded_of_batch
-- The same for their earlier revisions.
INSERT INTO stored_superseded
SELECT (SELECT count(*) FROM stored_superseded) + row_number() OVER (), *
FROM superseded WHERE batch_id = $batch_id AND list_contains($article_ids::UBIGINT[], article_id);

-- name: hosts
-- Where all of these were published.
SELECT host FROM incoming UNION SELECT host FROM stored_articles;

-- name: first_texts
-- All texts of these articles where none of them is stored, and each was read once.
CREATE OR REPLACE TEMP TABLE known_texts AS
SELECT
    'incoming' AS origin, place, article_id, title, text_kind, published_at, published_offset,
    published_day, date_flag, shown_hash, read_at, readings, batch_id, host,
    coalesce(text_kind IN ('feed', 'carried'), false) AS from_feed,
    1::BIGINT AS age,
    md5_number_lower(concat_ws(' ', shown_hash::VARCHAR, from_feed, title)) AS revision_hash
FROM incoming;

-- name: stage_texts
-- All texts of these articles, old and new: age 1 is the latest read. Of one that was read more than
-- once the latest reading is kept, with the moments of all: which of them stood when can then be
-- told, in whatever order they came. What a better parser reads from a page that was read before
-- (the same article, fetched at the same moment) takes the place of that reading, so that it does
-- not look like a change that the publisher made.
CREATE OR REPLACE TEMP TABLE known_texts AS
WITH stored AS (
    SELECT
        'articles' AS origin, place, article_id, title, text, url, text_kind, pages_read,
        coalesce(backdated_to, published_at) AS published_at, published_offset, published_day,
        CASE WHEN backdated_to IS NULL THEN date_flag ELSE backdated_flag END AS date_flag,
        text_hash, shown_hash, read_at, coalesce(readings, [revision_seen_at, read_at]) AS readings,
        batch_id, host
    FROM stored_articles
    UNION ALL BY NAME
    SELECT
        'superseded' AS origin, place, article_id, title, text, text_kind, pages_read, published_at,
        date_flag, text_hash, shown_hash, read_at,
        coalesce(readings, [revision_seen_at, read_at]) AS readings, batch_id
    FROM stored_superseded
),
-- What a better parser finds to be a part stands for nothing where more of the article was read.
begun AS (
    SELECT
        article_id, read_at,
        CASE WHEN text_kind = 'part' THEN coalesce(pages_read[1], 1) ELSE 0 END AS begins_at
    FROM (
        FROM stored
        WHERE (article_id, read_at) NOT IN (SELECT (article_id, read_at) FROM incoming)
        UNION ALL BY NAME
        SELECT article_id, read_at, text_kind, pages_read FROM incoming
    )
    WHERE text_kind IS NULL OR text_kind NOT IN ('feed', 'carried')
),
reparsed AS (
    SELECT article_id, read_at, flatten(list(readings)) AS readings FROM stored
    WHERE (SELECT kind FROM batch) = 'reparse'
        AND (article_id, read_at) IN (
            SELECT (i.article_id, i.read_at)
            FROM incoming AS i
            WHERE NOT EXISTS (
                FROM begun AS b
                WHERE b.article_id = i.article_id AND b.read_at <> i.read_at
                    AND b.begins_at < coalesce(i.pages_read[1], 1) AND i.text_kind = 'part'
            )
        )
    GROUP BY ALL
),
-- The same, where the batch of the better parser was loaded first.
overruled AS (
    SELECT s.article_id, s.read_at
    FROM stored AS s
    JOIN batches AS b ON b.batch_id = s.batch_id
    WHERE b.kind = 'reparse' AND b.batch_id > (SELECT batch_id FROM batch)
),
readings AS (
    SELECT
        'incoming' AS origin, place, article_id, title, text, url, text_kind, pages_read,
        published_at, published_offset, published_day, date_flag, text_hash, shown_hash, read_at,
        list_concat(incoming.readings, coalesce(reparsed.readings, [])) AS readings,
        batch_id, host
    FROM incoming LEFT JOIN reparsed USING (article_id, read_at)
    WHERE (article_id, read_at) NOT IN (SELECT (article_id, read_at) FROM overruled)
    UNION ALL BY NAME
    FROM stored ANTI JOIN reparsed USING (article_id, read_at)
),
-- Of pages, only those that bring as much of the article as any did.
sorted_readings AS (
    SELECT
        * EXCLUDE (pages_read),
        coalesce(text_kind IN ('feed', 'carried'), false) AS from_feed,
        CASE WHEN text_kind = 'part' THEN coalesce(pages_read[1], 1) ELSE 0 END AS begins_at
    FROM readings
    QUALIFY from_feed
        OR begins_at = min(begins_at) FILTER (NOT from_feed) OVER (PARTITION BY article_id)
),
latest AS (
    SELECT * REPLACE (
        list_sort(list_distinct(flatten(
            list(readings) OVER (PARTITION BY article_id, shown_hash, title, from_feed)
        ))) AS readings
    )
    FROM sorted_readings
    QUALIFY row_number() OVER (
        PARTITION BY article_id, shown_hash, title, from_feed
        ORDER BY read_at DESC, batch_id DESC, url, text, published_at, date_flag
    ) = 1
)
SELECT
    * EXCLUDE (begins_at, text, url, text_hash),
    row_number() OVER (
        PARTITION BY article_id
        ORDER BY from_feed, read_at DESC, text_hash DESC, shown_hash DESC, batch_id DESC, title
    ) AS age,
    md5_number_lower(concat_ws(' ', shown_hash::VARCHAR, from_feed, title)) AS revision_hash
FROM latest;

-- name: stage_dates
-- What was said first of when each of these articles was published, when any of it was read first, and
-- the last moment at which its own site's feed did not show it. A day before the web had a press, or one at which clocks begin to
-- count, is what software writes that knows none.
CREATE OR REPLACE TEMP TABLE known_dates AS
WITH claims AS (
    SELECT article_id, published_at, date_flag, read_at, batch_id FROM incoming
    UNION ALL
    SELECT
        article_id, first_said_at, first_said_flag, first_said_read_at, first_said_batch_id
    FROM stored_articles
    UNION ALL
    -- Of what an early version stored, the rows themselves are all that is known; what it took from a
    -- feed may be a stranger's word.
    SELECT article_id, published_at, date_flag, read_at, batch_id FROM known_texts
    WHERE NOT from_feed
),
firsts AS (
    SELECT
        article_id, published_at AS first_said_at, date_flag AS first_said_flag,
        read_at AS first_said_read_at, batch_id AS first_said_batch_id
    FROM claims
    WHERE published_at >= TIMESTAMPTZ '1995-01-01 00:00:00+00'
        AND published_at NOT IN (
            TIMESTAMPTZ '2000-01-01 00:00:00+00', TIMESTAMPTZ '2001-01-01 00:00:00+00'
        )
        AND coalesce(date_flag, '') NOT IN ('future', 'unparsed')
    QUALIFY row_number() OVER (
        PARTITION BY article_id ORDER BY read_at, batch_id DESC, published_at, date_flag
    ) = 1
),
seen AS (
    SELECT
        article_id, min(not_shown_at) AS not_shown_at, min(read_at) AS first_read_at,
        min(least(read_at, seen_at)) AS sighted_at
    FROM (
        -- Whoever saved a document says when it was seen.
        SELECT article_id, not_shown_at, read_at, seen_at FROM incoming
        UNION ALL SELECT article_id, not_shown_at, first_seen_at, sighted_at FROM stored_articles
    )
    GROUP BY article_id
)
FROM seen LEFT JOIN firsts USING (article_id);

-- name: first_history
-- How often their texts changed, where none of them is stored, and each was read once.
CREATE OR REPLACE TEMP TABLE history AS
SELECT article_id, read_at AS first_seen_at, read_at AS since, 1::BIGINT AS revisions FROM known_texts;

-- name: stage_history
-- How often the text of each changed, and when. A revision is a text that stood until another was
-- read: one that returns is a revision again, as in the view article_revisions, whose order of
-- readings this is.
CREATE OR REPLACE TEMP TABLE history AS
WITH moments AS (
    SELECT
        article_id, shown_hash, title, read_at, age, from_feed, unnest(readings) AS moment
    FROM known_texts
),
stood AS (
    SELECT *, min(moment) FILTER (NOT from_feed) OVER (PARTITION BY article_id) AS page_read_at
    FROM moments
    QUALIFY NOT from_feed OR page_read_at IS NULL OR moment < page_read_at
),
begun AS (
    SELECT
        article_id, moment, shown_hash, title,
        lag(moment) OVER history AS read_before,
        lag(shown_hash) OVER history AS old_hash,
        lag(title) OVER history AS old_title
    FROM stood
    WINDOW history AS (
        PARTITION BY article_id ORDER BY moment, age = 1, read_at, shown_hash, title
    )
    QUALIFY read_before IS NULL OR shown_hash <> old_hash OR title IS DISTINCT FROM old_title
)
SELECT article_id, min(moment) AS first_seen_at, max(moment) AS since, count(*) AS revisions
FROM begun
GROUP BY article_id;

-- name: settle_articles
-- What is to be stored of them, but for the story (see stories.sql) and what the text itself says. A date
-- within `out_by` is one that the reading can mean at the latest: a day ends in UTC-12 half a day after
-- it does in UTC.
CREATE OR REPLACE TEMP TABLE settled AS
WITH dated AS (
    SELECT
        t.* EXCLUDE (title, shown_hash, from_feed),
        if(t.age = 1, h.since, t.readings[1]) AS revision_seen_at,
        least(h.first_seen_at, d.first_read_at) AS first_seen_at,
        least(h.first_seen_at, d.sighted_at) AS sighted_at,
        h.revisions,
        d.* EXCLUDE (article_id, first_read_at, sighted_at),
        -- A day, or a time without a zone, may begin 14 hours before it does in UTC.
        t.age = 1 AND t.published_at < d.first_said_at - CASE
            WHEN d.first_said_flag IN ('day', 'no_zone') THEN INTERVAL 14 HOUR
            ELSE INTERVAL 0 HOUR
        END AS moved_back
    FROM known_texts AS t
    JOIN history AS h ON h.article_id = t.article_id
    JOIN known_dates AS d ON d.article_id = t.article_id
),
counted AS (
    SELECT
        * EXCLUDE (moved_back) REPLACE (
            CASE WHEN moved_back THEN first_said_at ELSE published_at END AS published_at,
            CASE WHEN moved_back THEN first_said_flag ELSE date_flag END AS date_flag
        ),
        CASE WHEN moved_back THEN published_at END AS backdated_to,
        CASE WHEN moved_back THEN date_flag END AS backdated_flag
    FROM dated
),
bounded AS (
    SELECT
        * REPLACE (
            -- The day of the date that counts. What an early version stored has none.
            CASE WHEN published_day IS NOT NULL THEN
                CAST(timezone('UTC', published_at + to_minutes(coalesce(published_offset, 0))) AS DATE)
            END AS published_day
        ),
        CASE WHEN first_said_at IS NOT NULL AND text_kind IS DISTINCT FROM 'carried' THEN
            -- What was said first: a later date moves it neither forward nor back.
            first_said_at + CASE first_said_flag
                WHEN 'day' THEN INTERVAL '35:59:59.999999'
                WHEN 'no_zone' THEN INTERVAL 12 HOUR
                ELSE INTERVAL 0 HOUR
            END
        END AS out_by
    FROM counted
)
SELECT
    bounded.* EXCLUDE (out_by, text_kind, published_offset, host),
    o.site,
    -- A feed of its own site that did not show it an hour after the date speaks against the date (within
    -- an hour, caches do that): it was out some time between the date and first sight.
    CASE
        WHEN out_by IS NULL THEN 'none'
        WHEN not_shown_at < sighted_at AND out_by < not_shown_at - INTERVAL 1 HOUR THEN 'refuted'
        WHEN out_by >= sighted_at - INTERVAL 1 DAY THEN 'sight'
        WHEN not_shown_at < sighted_at THEN 'poll'
        ELSE 'word'
    END AS date_evidence,
    CASE
        WHEN date_evidence = 'refuted' THEN sighted_at ELSE least(sighted_at, out_by)
    END AS told_at
FROM bounded
LEFT JOIN sites_of_addresses AS o ON o.address = bounded.host;

-- name: drop_known_articles
-- The rows that the settled ones replace.
DELETE FROM articles USING known
WHERE articles.article_id = known.article_id AND articles.batch_id = known.batch_id;

-- name: search_signs
-- What the words to search by are found with.
SELECT search_signs();

-- name: articles
-- The latest revision of each, in the story that was found for it, where the batch brought it …
INSERT INTO articles BY NAME
SELECT
    r.* EXCLUDE (
        place, article_id, published_at, published_day, date_flag, not_shown_at, read_at, readings,
        batch_id, matches, bands, sketch, shingles, bigram_sketch, frame_sketch
    ),
    s.* EXCLUDE (origin, place, age, revision_hash),
    search_words(r.title, r.standfirst, r.text, $signs) AS search_words,
    m.new_story AS story_id,
    m.new_kind AS copy_kind
FROM settled AS s
JOIN incoming AS r ON r.place = s.place
JOIN members AS m ON m.article_id = s.article_id
WHERE s.age = 1 AND s.origin = 'incoming';

-- name: kept_articles
-- … and where it was stored. (One that is not among the stored articles has no address, so that it is
-- refused.)
INSERT INTO articles BY NAME
SELECT
    r.* EXCLUDE (
        place, article_id, published_at, published_day, date_flag, not_shown_at, read_at, readings,
        batch_id, revision_seen_at, first_seen_at, sighted_at, revisions, first_said_at,
        first_said_flag, first_said_read_at, first_said_batch_id, backdated_to, backdated_flag, site,
        date_evidence, told_at, story_id, copy_kind
    ),
    s.* EXCLUDE (origin, place, age, revision_hash),
    m.new_story AS story_id,
    m.new_kind AS copy_kind
FROM settled AS s
LEFT JOIN stored_articles AS r ON r.place = s.place AND s.origin = 'articles'
JOIN members AS m ON m.article_id = s.article_id
WHERE s.age = 1 AND s.origin <> 'incoming';

-- name: new_revisions
-- How many revisions there are now beyond those that were stored, first ones not counted.
SELECT coalesce(sum(n), 0)::BIGINT FROM (
    SELECT revisions - 1 AS n FROM settled WHERE age = 1
    UNION ALL SELECT 1 - revisions FROM stored_articles
);

-- name: drop_known_superseded
-- The rows that the settled ones replace.
DELETE FROM superseded USING known_superseded AS known
WHERE superseded.article_id = known.article_id AND superseded.batch_id = known.batch_id;

-- name: superseded
-- The earlier revisions of each.
INSERT INTO superseded BY NAME
WITH texts AS (
    SELECT
        'incoming' AS origin, place, title, standfirst, text, text_kind, pages_read, page_count,
        modified_at, fetched_at, text_hash, shown_hash
    FROM incoming
    UNION ALL BY NAME
    SELECT
        'articles' AS origin, place, title, standfirst, text, text_kind, pages_read, page_count,
        modified_at, fetched_at, text_hash, shown_hash
    FROM stored_articles
    UNION ALL BY NAME
    SELECT
        'superseded' AS origin, place, title, standfirst, text, text_kind, pages_read, page_count,
        modified_at, fetched_at, text_hash, shown_hash
    FROM stored_superseded
)
SELECT
    s.article_id, s.published_at, s.date_flag, s.revision_seen_at, s.read_at, s.readings, s.batch_id,
    texts.* EXCLUDE (origin, place)
FROM settled AS s JOIN texts ON texts.origin = s.origin AND texts.place = s.place
WHERE s.age > 1;

-- name: stored_mentions
-- What is on record of the known articles.
CREATE OR REPLACE TEMP TABLE stored_mentions AS
FROM mentions WHERE article_id IN (SELECT article_id FROM known);

-- name: drop_mentions
-- It goes …
DELETE FROM mentions WHERE article_id IN (SELECT article_id FROM stored_mentions);

-- name: kept_mentions
-- … and what is of revisions that this batch did not read better comes back: a later one takes none of
-- them away.
INSERT INTO mentions BY NAME
SELECT m.* REPLACE (s.age = 1 AS is_latest)
FROM stored_mentions AS m
JOIN settled AS s ON s.article_id = m.article_id AND s.revision_hash = m.revision_hash
WHERE s.batch_id NOT IN (SELECT batch_id FROM batch);

-- name: mentions
-- The mentions of what this batch brought.
INSERT INTO mentions BY NAME
SELECT
    article_id, match.topic AS topic, match.salience AS salience, mention.alias AS alias,
    mention.place AS place, mention."offset" AS "offset", mention."count" AS count,
    revision_hash, is_latest
FROM (
    SELECT article_id, revision_hash, is_latest, match, unnest(match.mentions) AS mention
    FROM (
        SELECT s.article_id, s.revision_hash, s.age = 1 AS is_latest, unnest(r.matches) AS match
        FROM settled AS s JOIN incoming AS r ON r.place = s.place
        WHERE s.origin = 'incoming'
    )
);
