-- How certain a date of publication is, every moment at which a text was read, in which order
-- batches were loaded, and views that answer at once.

ALTER TABLE articles ADD COLUMN date_flag VARCHAR;
ALTER TABLE articles ADD COLUMN told_at TIMESTAMPTZ;
ALTER TABLE articles ADD COLUMN readings TIMESTAMPTZ[];
ALTER TABLE superseded ADD COLUMN date_flag VARCHAR;
ALTER TABLE superseded ADD COLUMN readings TIMESTAMPTZ[];
ALTER TABLE batches ADD COLUMN change BIGINT;
COMMENT ON COLUMN batches.change IS 'Which change of the warehouse loaded it, counted as in writer_lock: what was loaded later has more, whatever the clock said; NULL where an early version loaded it.';
COMMENT ON COLUMN entries.date_flag IS 'What is wrong with the published date: future or unparsed where it can''t be trusted, day where it names no time (its midnight in UTC stands for it), no_zone where it names no time zone (it was read as UTC); NULL if nothing.';
COMMENT ON COLUMN articles.published_at IS 'When it says it was published; NULL if unknown. How far that can be trusted, date_flag says.';
COMMENT ON COLUMN articles.date_flag IS 'What is wrong with published_at: future where it lies more than a day ahead of the reading, day where only a day is known (its midnight in UTC stands for it), no_zone where no time zone is known (it was read as UTC); NULL if nothing, or if an early version stored it.';
COMMENT ON COLUMN articles.told_at IS 'By when it was out for certain: the latest moment that its date of publication can mean (the end of the day for day, twelve hours later for no_zone, since no place is further behind UTC), or first_seen_at where that is earlier or there is no date. Who was first is decided by it.';
COMMENT ON COLUMN articles.readings IS 'Every moment at which this text was read under this title; NULL where an early version stored it: revision_seen_at and read_at are the first and the last.';
COMMENT ON COLUMN articles.revisions IS 'How many revisions are known; a text that returned after another counts again.';
COMMENT ON COLUMN articles.revision_seen_at IS 'Since when it stands like this: when this revision was first seen, or seen again after another one.';
COMMENT ON COLUMN superseded.date_flag IS 'What is wrong with published_at, as in articles.';
COMMENT ON COLUMN superseded.readings IS 'Every moment at which it was read; NULL where an early version stored it: revision_seen_at and read_at are the first and the last.';
COMMENT ON COLUMN stories.story_id IS 'The article_id of the original: the copy that was told first, by told_at.';
COMMENT ON COLUMN stories.started_at IS 'When the original was told: its told_at.';

-- What early versions stored says where its date came from; two of these sources know days only.
UPDATE articles SET date_flag = CASE
    WHEN published_at > read_at + INTERVAL 24 HOUR THEN 'future'
    WHEN sources['published_at'] IN ('htmldate', 'document') THEN 'day'
END
WHERE published_at IS NOT NULL;
UPDATE articles SET told_at = least(first_seen_at, published_at + CASE date_flag
    WHEN 'day' THEN INTERVAL '23:59:59.999999'
    WHEN 'no_zone' THEN INTERVAL 12 HOUR
    ELSE INTERVAL 0 HOUR
END);

-- Who was first, anew.
CREATE TEMP TABLE retold AS
SELECT
    article_id, story_id AS old_story, copy_kind AS old_kind, told_at, wire,
    first_value(article_id) OVER earliest AS new_story,
    CASE
        WHEN article_id = first_value(article_id) OVER earliest THEN 'original'
        WHEN text_hash = first_value(text_hash) OVER earliest THEN 'exact'
        ELSE 'near'
    END AS new_kind
FROM articles
WINDOW earliest AS (PARTITION BY story_id ORDER BY told_at, article_id);
UPDATE articles SET story_id = r.new_story, copy_kind = r.new_kind
FROM retold AS r
WHERE articles.article_id = r.article_id
    AND (r.new_story <> r.old_story OR r.new_kind <> r.old_kind);
UPDATE stories SET story_id = r.story_id, started_at = r.started_at, wire = r.wire
FROM (
    SELECT
        old_story, any_value(new_story) AS story_id, min(told_at) AS started_at,
        arg_min(wire, (told_at, article_id)) FILTER (wire IS NOT NULL) AS wire
    FROM retold
    GROUP BY old_story
) AS r
WHERE stories.story_id = r.old_story
    AND (stories.story_id <> r.story_id OR stories.started_at <> r.started_at
        OR stories.wire IS DISTINCT FROM r.wire);
DROP TABLE retold;

CREATE OR REPLACE VIEW article_revisions AS
WITH texts AS NOT MATERIALIZED (
    SELECT
        article_id, title, text_hash, true AS is_latest, standfirst, text, published_at, date_flag,
        modified_at, read_at, coalesce(readings, [revision_seen_at, read_at]) AS readings, batch_id
    FROM articles
    UNION ALL
    SELECT
        article_id, title, text_hash, false, standfirst, text, published_at, date_flag,
        modified_at, read_at, coalesce(readings, [revision_seen_at, read_at]), batch_id
    FROM superseded
),
moments AS (
    SELECT article_id, title, text_hash, is_latest, read_at, unnest(readings) AS moment FROM texts
),
begun AS (
    SELECT
        *,
        lag(moment) OVER history AS read_before,
        lag(text_hash) OVER history AS old_hash,
        lag(title) OVER history AS old_title,
        max(moment) OVER (PARTITION BY article_id) AS last_read
    FROM moments
    WINDOW history AS (
        PARTITION BY article_id ORDER BY moment, is_latest, read_at, text_hash, title
    )
    QUALIFY read_before IS NULL OR text_hash <> old_hash OR title IS DISTINCT FROM old_title
),
numbered AS (
    SELECT
        article_id, title, text_hash,
        row_number() OVER history AS revision,
        CASE
            WHEN read_before IS NULL THEN NULL
            WHEN text_hash = old_hash THEN 'title'
            WHEN title IS NOT DISTINCT FROM old_title THEN 'text'
            ELSE 'both'
        END AS changed,
        moment AS first_seen_at,
        coalesce(lead(read_before) OVER history, last_read) AS read_at,
        lead(moment) OVER history IS NULL AS is_latest
    FROM begun
    WINDOW history AS (
        PARTITION BY article_id ORDER BY moment, begun.is_latest, begun.read_at, text_hash, title
    )
)
SELECT
    n.article_id, n.revision, n.changed, n.title, t.standfirst, t.text, t.published_at,
    t.date_flag, t.modified_at, n.first_seen_at, n.read_at, n.text_hash, n.is_latest, t.batch_id
FROM numbered AS n
JOIN texts AS t
    ON t.article_id = n.article_id AND t.text_hash = n.text_hash
    AND t.title IS NOT DISTINCT FROM n.title;
COMMENT ON VIEW article_revisions IS 'Every revision of every article: each text and title that it showed, in their order. A text that returns after another is a revision again.';

-- The revisions of what changed more than once, counted as the view tells them.
UPDATE articles SET readings = [revision_seen_at, read_at] WHERE revisions > 1;
UPDATE articles SET revisions = r.revisions, revision_seen_at = r.since
FROM (
    SELECT article_id, count(*) AS revisions, max(first_seen_at) AS since
    FROM article_revisions
    GROUP BY article_id
    HAVING count(*) > 1
) AS r
WHERE articles.article_id = r.article_id;

-- By one condition: by two, one of which was about entries only, DuckDB compared every entry with
-- every article.
CREATE OR REPLACE VIEW funnel AS
WITH counted AS (
    SELECT e.state, e.reason, a.copy_kind, count(*) AS entries
    FROM entries AS e
    LEFT JOIN articles AS a ON a.article_id = CASE WHEN e.state = 'stored' THEN e.article_id END
    GROUP BY ALL
),
steps AS (
    SELECT 1 AS step, 'seen' AS stage, NULL AS reason, sum(entries) AS entries FROM counted
    UNION ALL
    SELECT 2, 'waiting', coalesce(reason, 'new'), sum(entries) FROM counted
    WHERE state = 'waiting' GROUP BY ALL
    UNION ALL
    SELECT 3, 'dead', reason, sum(entries) FROM counted WHERE state = 'dead' GROUP BY ALL
    UNION ALL
    SELECT 4, 'off_topic', reason, sum(entries) FROM counted
    WHERE state = 'off_topic' GROUP BY ALL
    UNION ALL
    SELECT 5, 'duplicate', reason, sum(entries) FROM counted
    WHERE state = 'duplicate' GROUP BY ALL
    UNION ALL
    SELECT 6, 'stored', if(copy_kind = 'original', 'new_story', 'copy'), sum(entries)
    FROM counted WHERE state = 'stored' GROUP BY ALL
)
SELECT
    step,
    stage,
    reason,
    coalesce(entries, 0)::BIGINT AS entries,
    round(entries / nullif((SELECT sum(entries) FROM counted), 0), 4) AS share
FROM steps
ORDER BY step, entries DESC, reason;
COMMENT ON VIEW funnel IS 'Where all entries are on their walk, and why: seen = waiting + dead + off_topic + duplicate + stored.';

CREATE OR REPLACE VIEW sources AS
WITH seen AS (
    SELECT
        feed_id,
        count(*) AS entries,
        count(*) FILTER (state = 'stored') AS stored,
        count(*) FILTER (state = 'off_topic') AS off_topic,
        count(*) FILTER (state = 'duplicate') AS duplicates,
        count(*) FILTER (state = 'dead') AS dead,
        count(*) FILTER (state = 'waiting') AS waiting,
        max(e.first_seen_at) AS last_entry_at,
        max(e.first_seen_at) FILTER (NOT e.backfill) AS last_news_at,
        max(a.first_seen_at) AS last_article_at,
        count(*) FILTER (e.state = 'stored' AND a.copy_kind <> 'original') AS copies
    FROM entries AS e
    LEFT JOIN articles AS a ON a.article_id = CASE WHEN e.state = 'stored' THEN e.article_id END
    GROUP BY feed_id
),
judged AS (
    SELECT
        f.*,
        f.health = 'ok' AND f.succeeded_at > INTERVAL 30 DAY
            + coalesce(greatest(f.newest_at, s.last_news_at), s.last_entry_at, f.added_at)
            AS silent,
        coalesce(greatest(f.newest_at, s.last_news_at), s.last_entry_at) AS spoke_at
    FROM feeds AS f
    LEFT JOIN seen AS s ON s.feed_id = f.feed_id
)
SELECT
    f.title,
    if(f.silent, 'silent', f.health) AS health,
    CASE
        WHEN f.silent AND f.spoke_at IS NULL THEN 'alive, but never had an entry'
        WHEN f.silent THEN 'alive, but nothing new since ' || CAST(timezone('UTC', f.spoke_at) AS DATE)
        WHEN f.health = 'failing' THEN f.error || ', ' || f.failures || ' times in a row'
        WHEN f.health = 'retired' THEN f.error
    END AS reason,
    f.error,
    f.failures,
    f.succeeded_at AS last_success_at,
    s.last_entry_at,
    s.last_article_at,
    coalesce(s.entries, 0) AS entries,
    coalesce(s.stored, 0) AS stored,
    coalesce(s.off_topic, 0) AS off_topic,
    coalesce(s.duplicates, 0) AS duplicates,
    coalesce(s.dead, 0) AS dead,
    coalesce(s.waiting, 0) AS waiting,
    (s.duplicates + s.copies) / nullif(s.stored + s.duplicates, 0) AS duplicate_share,
    f.language,
    f.category,
    f.url,
    f.proposed_url,
    f.former_url,
    f.site_url,
    f.polled_at AS last_poll_at,
    f.next_poll_at,
    f.added_at,
    f.feed_id
FROM judged AS f
LEFT JOIN seen AS s ON s.feed_id = f.feed_id
ORDER BY f.title NULLS LAST, f.url;
COMMENT ON VIEW sources IS 'How each feed is doing, and what it brings.';

CREATE OR REPLACE VIEW clippings AS
SELECT
    s.started_at,
    a.title,
    s.topics,
    s.salience,
    coalesce(a.site_name, a.host) AS outlet,
    a.language,
    a.published_at,
    a.date_flag,
    a.first_seen_at,
    s.articles - 1 AS copies,
    s.hosts,
    s.wire,
    a.canonical_url AS url,
    a.standfirst,
    a.authors,
    a.revisions,
    a.access,
    s.story_id
FROM stories AS s
JOIN articles AS a ON a.article_id = s.story_id
WHERE len(s.topics) > 0
ORDER BY s.started_at DESC, s.story_id;
COMMENT ON VIEW clippings IS 'What the press said on our topics: one row per story, told by its original, newest first.';

CREATE OR REPLACE VIEW coverage_daily AS
SELECT
    CAST(timezone('UTC', told_at) AS DATE) AS day,
    topic,
    language,
    count(*) AS articles,
    count(*) FILTER (copy_kind = 'original') AS stories,
    count(DISTINCT host) AS hosts,
    avg(score) AS salience
FROM (
    SELECT a.told_at, a.language, a.copy_kind, a.host, m.topic, m.salience AS score
    FROM articles AS a
    JOIN (SELECT DISTINCT article_id, topic, salience FROM mentions) AS m USING (article_id)
)
GROUP BY ALL
ORDER BY day DESC, topic, language;
COMMENT ON VIEW coverage_daily IS 'How much was written on each topic, by day and language.';

CREATE OR REPLACE MACRO search(query, days := 30) AS TABLE
WITH told AS (
    SELECT
        article_id, title, coalesce(site_name, host) AS outlet, language, told_at, topics,
        canonical_url AS url, story_id,
        lower(coalesce(title, '')) AS headline,
        lower(concat_ws(' ', title, standfirst, text)) AS words,
        strip_accents(headline) AS plain_headline,
        strip_accents(words) AS plain_words
    FROM articles
    WHERE told_at >= now() - to_days(days)
),
-- The marks of scripts other than these are more than accents.
found AS (
    SELECT
        article_id, title, outlet, language, told_at, topics, url, story_id, headline,
        plain_headline,
        string_split_regex(lower(trim(query)), '\s+') AS asked
    FROM told
    WHERE len(list_filter(
        string_split_regex(lower(trim(query)), '\s+'),
        lambda word: NOT if(
            regexp_matches(word, '[\p{Latin}\p{Greek}\p{Cyrillic}]'),
            contains(plain_words, strip_accents(word)), contains(words, word)
        )
    )) = 0
)
SELECT
    article_id, title, outlet, language, told_at, topics, url, story_id,
    len(list_filter(
        asked,
        lambda word: NOT if(
            regexp_matches(word, '[\p{Latin}\p{Greek}\p{Cyrillic}]'),
            contains(plain_headline, strip_accents(word)), contains(headline, word)
        )
    )) = 0 AS in_title
FROM found
ORDER BY in_title DESC, told_at DESC, article_id;

CREATE OR REPLACE MACRO story(story) AS TABLE
SELECT
    a.copy_kind, a.told_at, a.told_at - s.started_at AS behind,
    a.title, coalesce(a.site_name, a.host) AS outlet, a.language, a.topics,
    a.canonical_url AS url, a.article_id, a.story_id
FROM articles AS a
JOIN stories AS s ON s.story_id = a.story_id
WHERE a.story_id IN (
    SELECT o.story_id FROM articles AS o
    WHERE o.article_id = try_cast(story AS UBIGINT)
        OR o.canonical_url = CAST(story AS VARCHAR)
        OR o.url = CAST(story AS VARCHAR)
)
ORDER BY a.copy_kind <> 'original', a.told_at, a.article_id;

CREATE OR REPLACE MACRO diff(article) AS TABLE
WITH asked AS MATERIALIZED (
    SELECT article_id FROM articles
    WHERE article_id = try_cast(article AS UBIGINT)
        OR canonical_url = CAST(article AS VARCHAR)
        OR url = CAST(article AS VARCHAR)
    ORDER BY canonical_url = CAST(article AS VARCHAR) DESC, article_id
    LIMIT 1
),
-- Texts are read apart, or else those of all articles would be read for one of them.
texts AS (
    SELECT title, text_hash, text FROM articles JOIN asked USING (article_id)
    UNION ALL
    SELECT title, text_hash, text FROM superseded JOIN asked USING (article_id)
),
revisions AS MATERIALIZED (
    SELECT r.revision, r.first_seen_at, r.title, string_split(t.text, E'\n\n') AS lines
    FROM article_revisions AS r
    JOIN asked ON asked.article_id = r.article_id
    JOIN texts AS t ON t.text_hash = r.text_hash AND t.title IS NOT DISTINCT FROM r.title
),
paragraphs AS (
    SELECT revision, 0 AS place, coalesce(title, '') AS line, 0 AS nth FROM revisions
    UNION ALL
    SELECT
        revision, place, line,
        row_number() OVER (PARTITION BY revision, line ORDER BY place) AS nth
    FROM (
        SELECT revision, unnest(generate_series(1, len(lines))) AS place, unnest(lines) AS line
        FROM revisions
    )
),
kept AS (
    SELECT new.revision, old.place AS old_place, new.place, new.line, new.nth
    FROM paragraphs AS new
    JOIN paragraphs AS old
        ON old.revision = new.revision - 1 AND old.line = new.line AND old.nth = new.nth
),
-- Told from above, a paragraph moved up past others; told from below, it moved down past them.
-- Whichever names fewer of them tells it better.
moved AS (
    SELECT
        *,
        old_place < max(old_place) OVER (
            PARTITION BY revision ORDER BY place ROWS UNBOUNDED PRECEDING
        ) AS up,
        old_place > min(old_place) OVER (
            PARTITION BY revision ORDER BY place
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS down
    FROM kept
),
changes AS (
    SELECT revision, '+' AS change, place, line
    FROM paragraphs
    ANTI JOIN kept USING (revision, place)
    WHERE revision > 1
    UNION ALL
    SELECT old.revision + 1, '-', old.place, old.line
    FROM paragraphs AS old
    WHERE old.revision < (SELECT max(revision) FROM revisions)
        AND (old.revision + 1, old.place) NOT IN (SELECT (revision, old_place) FROM kept)
    UNION ALL
    SELECT revision, '~', place, line
    FROM moved
    WINDOW of_revision AS (PARTITION BY revision)
    QUALIFY if(
        count(*) FILTER (up) OVER of_revision <= count(*) FILTER (down) OVER of_revision, up, down
    )
)
SELECT
    c.revision, r.first_seen_at, if(c.place = 0, 'title', 'text') AS part, c.change,
    nullif(c.place, 0) AS paragraph, c.line
FROM changes AS c
JOIN revisions AS r ON r.revision = c.revision
ORDER BY c.revision, c.place, list_position(['-', '+', '~'], c.change);

CREATE OR REPLACE MACRO timeline(of_topic) AS TABLE
SELECT
    CAST(timezone('UTC', s.started_at) AS DATE) AS day,
    count(*) AS stories,
    sum(s.articles)::BIGINT AS articles,
    arg_max(a.title, (s.articles, s.salience, s.story_id)) AS headline,
    arg_max(a.canonical_url, (s.articles, s.salience, s.story_id)) AS url
FROM stories AS s
JOIN articles AS a ON a.article_id = s.story_id
WHERE list_contains(list_transform(s.topics, lambda topic: lower(topic)), lower(of_topic))
GROUP BY day
ORDER BY day;
