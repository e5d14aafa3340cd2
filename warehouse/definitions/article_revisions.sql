-- Every text that an article ever showed, in their order: the latest is in articles, the others are
-- in superseded. What a feed carried after the page was first read is none of them. Most articles
-- never showed but one: they need no windows.

CREATE VIEW article_revisions AS
WITH changed AS NOT MATERIALIZED (
    SELECT DISTINCT article_id FROM superseded
),
texts AS NOT MATERIALIZED (
    SELECT
        article_id, title, text_hash, shown_hash, true AS is_latest, standfirst, text,
        coalesce(backdated_to, published_at) AS published_at,
        CASE WHEN backdated_to IS NULL THEN date_flag ELSE backdated_flag END AS date_flag,
        modified_at, read_at, coalesce(readings, [revision_seen_at, read_at]) AS readings, batch_id,
        coalesce(text_kind IN ('feed', 'carried'), false) AS from_feed
    FROM articles SEMI JOIN changed USING (article_id)
    UNION ALL
    SELECT
        article_id, title, text_hash, shown_hash, false, standfirst, text, published_at, date_flag,
        modified_at, read_at, coalesce(readings, [revision_seen_at, read_at]), batch_id,
        coalesce(text_kind IN ('feed', 'carried'), false)
    FROM superseded
),
readings AS (
    SELECT
        article_id, title, shown_hash, is_latest, read_at, from_feed, unnest(readings) AS moment
    FROM texts
),
moments AS (
    SELECT *, min(moment) FILTER (NOT from_feed) OVER (PARTITION BY article_id) AS page_read_at
    FROM readings
    QUALIFY NOT from_feed OR page_read_at IS NULL OR moment < page_read_at
),
begun AS (
    SELECT
        *,
        lag(moment) OVER history AS read_before,
        lag(shown_hash) OVER history AS old_hash,
        lag(title) OVER history AS old_title,
        max(moment) OVER (PARTITION BY article_id) AS last_read
    FROM moments
    WINDOW history AS (
        PARTITION BY article_id ORDER BY moment, is_latest, read_at, shown_hash, title
    )
    QUALIFY read_before IS NULL OR shown_hash <> old_hash OR title IS DISTINCT FROM old_title
),
numbered AS (
    SELECT
        article_id, title, shown_hash, from_feed,
        row_number() OVER history AS revision,
        CASE
            WHEN read_before IS NULL THEN NULL
            WHEN shown_hash = old_hash THEN 'title'
            WHEN title IS NOT DISTINCT FROM old_title THEN 'text'
            ELSE 'both'
        END AS changed,
        moment AS first_seen_at,
        coalesce(lead(read_before) OVER history, last_read) AS read_at,
        lead(moment) OVER history IS NULL AS is_latest
    FROM begun
    WINDOW history AS (
        PARTITION BY article_id ORDER BY moment, begun.is_latest, begun.read_at, shown_hash, title
    )
)
SELECT
    n.article_id, n.revision, n.changed, n.title, t.standfirst, t.text, t.published_at,
    t.date_flag, t.modified_at, n.first_seen_at, n.read_at, t.text_hash, n.is_latest, t.batch_id,
    n.shown_hash
FROM numbered AS n
JOIN texts AS t
    ON t.article_id = n.article_id AND t.shown_hash = n.shown_hash
    AND t.title IS NOT DISTINCT FROM n.title AND t.from_feed = n.from_feed
UNION ALL
SELECT
    article_id, 1, NULL, title, standfirst, text, coalesce(backdated_to, published_at),
    CASE WHEN backdated_to IS NULL THEN date_flag ELSE backdated_flag END, modified_at,
    least(revision_seen_at, list_min(readings)), greatest(read_at, list_max(readings)),
    text_hash, true, batch_id, shown_hash
FROM articles ANTI JOIN changed USING (article_id);
COMMENT ON VIEW article_revisions IS 'Every revision of every article: each text and title that it showed, in their order. A text that returns after another is a revision again.';

COMMENT ON TABLE superseded IS 'Revisions that are not the latest; article_revisions shows them beside the latest.';
COMMENT ON COLUMN superseded.article_id IS 'The article.';
COMMENT ON COLUMN superseded.title IS 'Headline of this revision.';
COMMENT ON COLUMN superseded.standfirst IS 'Standfirst of this revision.';
COMMENT ON COLUMN superseded.text IS 'Text of this revision.';
COMMENT ON COLUMN superseded.published_at IS 'Published time that it gave.';
COMMENT ON COLUMN superseded.modified_at IS 'Modified time that it gave.';
COMMENT ON COLUMN superseded.fetched_at IS 'When it was fetched last.';
COMMENT ON COLUMN superseded.text_hash IS 'Hash of its normalised text.';
COMMENT ON COLUMN superseded.shown_hash IS 'Hash of what readers see of its text, as in articles.';
COMMENT ON COLUMN superseded.revision_seen_at IS 'When it was first seen.';
COMMENT ON COLUMN superseded.read_at IS 'When it was read last.';
COMMENT ON COLUMN superseded.batch_id IS 'The batch that brought it.';
COMMENT ON COLUMN superseded.date_flag IS 'What is wrong with published_at, as in articles.';
COMMENT ON COLUMN superseded.text_kind IS 'What it was read from, as in articles; NULL where an early version stored it: the page, as far as is known.';
COMMENT ON COLUMN superseded.pages_read IS 'Pages that it was read from, as in articles.';
COMMENT ON COLUMN superseded.page_count IS 'How many pages there were, as in articles.';
COMMENT ON COLUMN superseded.readings IS 'Every moment at which it was read; NULL where an early version stored it: revision_seen_at and read_at are the first and the last.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN article_revisions.article_id IS 'The article.';
COMMENT ON COLUMN article_revisions.revision IS 'Number of the revision, in the order they were shown.';
COMMENT ON COLUMN article_revisions.changed IS 'What changed since the revision before: title, text or both; NULL for the first.';
COMMENT ON COLUMN article_revisions.title IS 'Headline of this revision.';
COMMENT ON COLUMN article_revisions.standfirst IS 'Standfirst of this revision.';
COMMENT ON COLUMN article_revisions.text IS 'Text of this revision.';
COMMENT ON COLUMN article_revisions.published_at IS 'Published time that it gave when it was read last.';
COMMENT ON COLUMN article_revisions.date_flag IS 'What is wrong with published_at, as in articles.';
COMMENT ON COLUMN article_revisions.modified_at IS 'Modified time that it gave when it was read last.';
COMMENT ON COLUMN article_revisions.first_seen_at IS 'When it was first seen; of a text that returned: when it was seen again.';
COMMENT ON COLUMN article_revisions.read_at IS 'When it was last read before another was seen.';
COMMENT ON COLUMN article_revisions.text_hash IS 'Hash of its normalised text.';
COMMENT ON COLUMN article_revisions.is_latest IS 'Whether it is what stands now.';
COMMENT ON COLUMN article_revisions.shown_hash IS 'Hash of what readers see of it: what tells revisions apart, with the title.';
COMMENT ON COLUMN article_revisions.batch_id IS 'The batch that brought it.';
