-- What just came in: the words of the events that tell a server about it.

-- name: feeds
-- The feeds whose entries these batches brought or updated, those with most entries first.
SELECT f.feed_id, coalesce(f.title, f.url) AS title, f.url, count(*) AS entries
FROM entries AS e
JOIN feeds AS f ON f.feed_id = e.feed_id
WHERE e.version_batch_id IN (SELECT unnest($batches::VARCHAR[])) AND e.state = 'waiting'
GROUP BY ALL
ORDER BY entries DESC, f.feed_id;

-- name: waiting
-- How many entries may be harvested now.
SELECT count(*) FROM entries
WHERE state = 'waiting' AND (next_try_at IS NULL OR next_try_at <= $now);

-- name: topics
-- How many articles on each topic these batches brought or revised.
SELECT topic, count(*) AS articles
FROM (
    SELECT unnest(topics) AS topic FROM articles
    WHERE batch_id IN (SELECT unnest($batches::VARCHAR[]))
)
GROUP BY ALL
ORDER BY articles DESC, topic;

-- name: stories
-- Those of these stories that are on topic, told by their originals, the most salient first. A
-- story is a backfill where every entry that brought it is one, or was tried again though it had been
-- given up. The warehouse is known by the moment at which it was made. What an earlier version loaded,
-- before this one made the table that came with it (26), that version may have told of, and it named no
-- warehouse.
SELECT
    c.story_id, coalesce(c.title, c.url) AS title, c.url, c.outlet, c.language, c.topics,
    c.published_at, c.salience, c.copies,
    coalesce(
        (
            SELECT bool_and(e.backfill OR e.entry_id IN (
                SELECT entry_id FROM outcomes WHERE reason = 'resolve_again'
            ))
            FROM entries AS e WHERE e.article_id = c.original_id
        ),
        false
    ) AS backfill,
    CASE
        WHEN (
            SELECT min(b.loaded_at) FROM untold_stories AS u JOIN batches AS b ON b.batch_id = u.batch_id
            WHERE u.story_id = c.story_id
        ) >= (SELECT min(applied_at) FROM schema_migrations WHERE version = 26)
        THEN (SELECT epoch_us(min(applied_at))::VARCHAR FROM schema_migrations)
    END AS warehouse
FROM clippings AS c
WHERE c.story_id IN (SELECT unnest($stories::UBIGINT[]))
ORDER BY c.salience DESC, c.story_id;

-- name: strike_off
-- Stories that somebody has been told of by now, or that waited too long to be news.
DELETE FROM untold_stories
WHERE story_id IN (SELECT unnest($told::UBIGINT[]))
    OR batch_id IN (SELECT batch_id FROM batches WHERE loaded_at < $before);

-- name: untold
-- Stories that nobody has been told of, the earliest first.
SELECT story_id FROM untold_stories ORDER BY batch_id, story_id LIMIT $most;
