-- The search index: which articles it needs, and what is shown of those that it finds. The index
-- itself is SQLite (search_index.sql).

-- name: state
-- What tells whether an index is of this warehouse, and of how much of it: one that knows a batch
-- which is not there is of what a backup took the place of.
SELECT
    (SELECT min(applied_at)::VARCHAR FROM schema_migrations) AS identity,
    (SELECT changes FROM writer_lock) AS changes,
    (SELECT max(batch_id) FROM batches WHERE change = (SELECT max(change) FROM batches))
        AS last_batch,
    $last_batch IN (SELECT batch_id FROM batches) AS continues;

-- name: changed
-- Articles whose latest reading came with a batch that was loaded by a later change than $since. By
-- count and not by time, because clocks are set back.
SELECT
    a.article_id::VARCHAR AS article_id,
    epoch(a.told_at)::BIGINT AS told_at,
    a.language,
    '/' || array_to_string(list_transform(a.topics, lambda name: lower(name)), '/') || '/' AS topics,
    coalesce(a.title, '') AS title,
    coalesce(a.standfirst, '') || E'\n' || a.text AS body
FROM articles AS a
JOIN batches AS b ON b.batch_id = a.batch_id
WHERE $since IS NULL OR b.change > $since;

-- name: count
-- How many these are.
SELECT count(*) FROM articles AS a
JOIN batches AS b ON b.batch_id = a.batch_id
WHERE $since IS NULL OR b.change > $since;

-- name: shown
-- The articles that were found.
SELECT
    a.article_id::VARCHAR AS article_id, a.title, coalesce(o.name, a.host) AS outlet,
    a.told_at, a.language, a.topics,
    a.canonical_url AS url, coalesce(a.standfirst || E'\n', '') || a.text AS body, a.story_id
FROM articles AS a
LEFT JOIN outlets AS o ON o.site = a.site
WHERE a.article_id IN (SELECT unnest($article_ids::UBIGINT[]));
