-- Articles and their revisions. `incoming` and `settled` are the batch in hand (see load.sql).

-- name: stage_articles
-- One row per revision of the batch: a revision is a text (its hash) under a title. read_at is
-- when it was read. A text with too few shingles for bands has one for itself and its title, so that
-- it meets its exact copies; one with fewer than $min_exact_shingles has none at all.
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT
    a.* EXCLUDE (topics, fingerprint),
    nullif(regexp_extract(lower(a.canonical_url), '^https?://(?:www\.)?([^/:?#]+)', 1), '') AS host,
    list_transform(
        list_sort(list_transform(a.topics, lambda t: {'rank': -t.salience, 'topic': t.topic})),
        lambda t: t.topic
    ) AS topics,
    list_max(list_transform(a.topics, lambda t: t.salience)) AS salience,
    coalesce(batch.topics_digest, judged.topics_digest) AS topics_digest,
    a.topics AS matches,
    coalesce(a.fingerprint.text_hash, md5_number_lower(a.text)) AS text_hash,
    CASE
        WHEN len(a.fingerprint.bands) > 0 THEN a.fingerprint.bands
        WHEN a.fingerprint.shingle_count >= $min_exact_shingles THEN [
            md5_number_lower(concat_ws(' ', a.fingerprint.text_hash, lower(trim(a.title))))
        ]
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
FROM articles SEMI JOIN known USING (article_id, batch_id);

-- name: stored_superseded
-- The same for their earlier revisions.
CREATE OR REPLACE TEMP TABLE stored_superseded AS
FROM superseded SEMI JOIN known_superseded USING (article_id, batch_id);

-- name: places_of_articles
-- How many there are, up to $most.
FROM known LIMIT $most;

-- name: places_of_superseded
-- The same for their earlier revisions.
FROM known_superseded LIMIT $most;

-- name: no_articles
-- Where there are few, they are taken one by one: a table to put them in.
CREATE OR REPLACE TEMP TABLE stored_articles AS FROM articles LIMIT 0;

-- name: no_superseded
-- The same for their earlier revisions.
CREATE OR REPLACE TEMP TABLE stored_superseded AS FROM superseded LIMIT 0;

-- name: one_of_articles
-- One of them.
INSERT INTO stored_articles
FROM articles WHERE article_id = $article_id AND batch_id = $batch_id;

-- name: one_of_superseded
-- The same for their earlier revisions.
INSERT INTO stored_superseded
FROM superseded WHERE article_id = $article_id AND batch_id = $batch_id;

-- name: hosts
-- Where all of these were published.
SELECT host FROM incoming UNION SELECT host FROM stored_articles;

-- name: stage_texts
-- All texts of these articles, old and new: age 1 is the latest read. Of one that was read more than
-- once the latest reading is kept, with the moments of all: which of them stood when can then be
-- told, in whatever order they came. What a better parser reads from a page that was read before
-- (the same article, fetched at the same moment) takes the place of that reading, so that it does
-- not look like a change that the publisher made.
CREATE OR REPLACE TEMP TABLE known_texts AS
WITH stored AS (
    SELECT * EXCLUDE (first_seen_at, revisions, copy_kind, told_at, site)
        REPLACE (coalesce(readings, [revision_seen_at, read_at]) AS readings)
    FROM stored_articles
    UNION ALL BY NAME
    SELECT * REPLACE (coalesce(readings, [revision_seen_at, read_at]) AS readings)
    FROM stored_superseded
),
reparsed AS (
    SELECT article_id, read_at, flatten(list(readings)) AS readings FROM stored
    WHERE (SELECT kind FROM batch) = 'reparse'
        AND (article_id, read_at) IN (SELECT (article_id, read_at) FROM incoming)
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
    SELECT incoming.* REPLACE (
        list_concat(incoming.readings, coalesce(reparsed.readings, [])) AS readings
    )
    FROM incoming LEFT JOIN reparsed USING (article_id, read_at)
    WHERE (article_id, read_at) NOT IN (SELECT (article_id, read_at) FROM overruled)
    UNION ALL BY NAME
    SELECT stored.* EXCLUDE (revision_seen_at)
    FROM stored ANTI JOIN reparsed USING (article_id, read_at)
),
latest AS (
    SELECT * REPLACE (
        list_sort(list_distinct(flatten(
            list(readings) OVER (PARTITION BY article_id, text_hash, title)
        ))) AS readings
    )
    FROM readings
    QUALIFY row_number() OVER (
        PARTITION BY article_id, text_hash, title
        ORDER BY read_at DESC, batch_id DESC, url, text, published_at
    ) = 1
)
SELECT
    *,
    row_number() OVER (
        PARTITION BY article_id ORDER BY read_at DESC, text_hash DESC, batch_id DESC, title
    ) AS age
FROM latest;

-- name: settle_articles
-- What is to be stored of them, but for the story (see stories.sql). A revision is a text that stood until another was read: one that
-- returns is a revision again, as in the view article_revisions, whose order of readings this is.
CREATE OR REPLACE TEMP TABLE settled AS
WITH moments AS (
    SELECT article_id, text_hash, title, read_at, age, unnest(readings) AS moment FROM known_texts
),
begun AS (
    SELECT
        article_id, moment, text_hash, title,
        lag(moment) OVER history AS read_before,
        lag(text_hash) OVER history AS old_hash,
        lag(title) OVER history AS old_title
    FROM moments
    WINDOW history AS (
        PARTITION BY article_id ORDER BY moment, age = 1, read_at, text_hash, title
    )
    QUALIFY read_before IS NULL OR text_hash <> old_hash OR title IS DISTINCT FROM old_title
),
history AS (
    SELECT article_id, min(moment) AS first_seen_at, max(moment) AS since, count(*) AS revisions
    FROM begun
    GROUP BY article_id
)
SELECT
    t.* EXCLUDE (story_id),
    if(t.age = 1, h.since, t.readings[1]) AS revision_seen_at,
    h.first_seen_at,
    h.revisions,
    o.site,
    least(h.first_seen_at, t.published_at + CASE t.date_flag
        WHEN 'day' THEN INTERVAL '23:59:59.999999'
        WHEN 'no_zone' THEN INTERVAL 12 HOUR
        ELSE INTERVAL 0 HOUR
    END) AS told_at
FROM known_texts AS t
JOIN history AS h ON h.article_id = t.article_id
LEFT JOIN sites_of_addresses AS o ON o.address = t.host;

-- name: drop_known_articles
-- The rows that the settled ones replace.
DELETE FROM articles USING known
WHERE articles.article_id = known.article_id AND articles.batch_id = known.batch_id;

-- name: articles
-- The latest revision of each, in the story that was found for it.
INSERT INTO articles BY NAME
SELECT
    s.* EXCLUDE (matches, bands, sketch, shingles, age),
    m.new_story AS story_id,
    m.new_kind AS copy_kind
FROM settled AS s JOIN members AS m ON m.article_id = s.article_id
WHERE s.age = 1;

-- name: drop_known_superseded
-- The rows that the settled ones replace.
DELETE FROM superseded USING known_superseded AS known
WHERE superseded.article_id = known.article_id AND superseded.batch_id = known.batch_id;

-- name: superseded
-- The earlier revisions of each.
INSERT INTO superseded BY NAME
SELECT
    article_id, title, standfirst, text, published_at, date_flag, modified_at, fetched_at, text_hash,
    revision_seen_at, read_at, readings, batch_id
FROM settled WHERE age > 1;

-- name: drop_mentions
-- Mentions are those of the latest revision: they go where this batch brought a newer one.
DELETE FROM mentions WHERE article_id IN (
    SELECT settled.article_id FROM settled
    JOIN batch USING (batch_id)
    WHERE age = 1 AND settled.article_id IN (SELECT article_id FROM known)
);

-- name: mentions
-- The mentions of what this batch made the latest revision.
INSERT INTO mentions BY NAME
SELECT
    article_id, match.topic AS topic, match.salience AS salience, mention.alias AS alias,
    mention.place AS place, mention."offset" AS "offset", mention."count" AS count
FROM (
    SELECT article_id, match, unnest(match.mentions) AS mention
    FROM (
        SELECT article_id, unnest(matches) AS match
        FROM settled JOIN batch USING (batch_id)
        WHERE age = 1
    )
);
