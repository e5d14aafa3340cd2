-- How certain a date of publication is, every moment at which a text was read, and in which order
-- batches were loaded.

ALTER TABLE articles ADD COLUMN date_flag VARCHAR;
ALTER TABLE articles ADD COLUMN told_at TIMESTAMPTZ;
ALTER TABLE articles ADD COLUMN readings TIMESTAMPTZ[];
ALTER TABLE superseded ADD COLUMN date_flag VARCHAR;
ALTER TABLE superseded ADD COLUMN readings TIMESTAMPTZ[];
ALTER TABLE batches ADD COLUMN change BIGINT;

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

-- The revisions of what changed more than once: a text that returned after another counts again.
UPDATE articles SET readings = [revision_seen_at, read_at] WHERE revisions > 1;
UPDATE articles SET revisions = r.revisions, revision_seen_at = r.since
FROM (
    WITH moments AS (
        SELECT
            article_id, title, text_hash, true AS is_latest, read_at,
            unnest([revision_seen_at, read_at]) AS moment
        FROM articles
        UNION ALL
        SELECT article_id, title, text_hash, false, read_at, unnest([revision_seen_at, read_at])
        FROM superseded
    ),
    begun AS (
        SELECT article_id, moment
        FROM moments
        WINDOW history AS (
            PARTITION BY article_id ORDER BY moment, is_latest, read_at, text_hash, title
        )
        QUALIFY lag(moment) OVER history IS NULL
            OR text_hash <> lag(text_hash) OVER history
            OR title IS DISTINCT FROM lag(title) OVER history
    )
    SELECT article_id, count(*) AS revisions, max(moment) AS since
    FROM begun
    GROUP BY article_id
    HAVING count(*) > 1
) AS r
WHERE articles.article_id = r.article_id;
