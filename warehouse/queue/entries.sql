-- The queue: entries and what became of them.

-- name: waiting
-- Entries that may be harvested now, with the bytes of their own text: of each feed those that have
-- waited longest, and as many of one feed as of another, so that a feed with thousands keeps nobody
-- waiting for rounds.
SELECT
    entry_id, link, coalesce(strlen(content_html), 0) + coalesce(strlen(summary), 0) AS size
FROM entries
WHERE state = 'waiting' AND (
    next_try_at IS NULL OR next_try_at <= $now
    -- Decided while the clock was ahead (see clock.sql).
    OR decided_at > $now::TIMESTAMPTZ + INTERVAL 1 HOUR
)
ORDER BY
    row_number() OVER (
        PARTITION BY feed_id ORDER BY coalesce(next_try_at, first_seen_at), entry_id
    ),
    coalesce(next_try_at, first_seen_at), entry_id
LIMIT $limit;

-- name: waiting_of
-- Of those, the ones that are taken.
SELECT
    entry_id, feed_id, guid, link, title, summary, content_html, authors, categories, language,
    published_at, published_raw, updated_at, updated_raw, date_flag, enclosures, backfill,
    attempts, article_id
FROM entries SEMI JOIN asked USING (entry_id)
WHERE state = 'waiting'
ORDER BY coalesce(next_try_at, first_seen_at), entry_id;

-- name: known_articles
-- Which of these articles are stored.
SELECT article_id FROM articles SEMI JOIN asked USING (article_id);

-- name: count_off_topic
-- How many entries were off topic under other topics.
SELECT count(*) FROM entries
WHERE state = 'off_topic' AND first_seen_at >= $since AND feed_id <> $backfilled
    AND topics_digest IS DISTINCT FROM $topics_digest;

-- name: requeue_off_topic
-- Put back entries that were off topic under other topics, but for those of backfills, whose pages
-- may be gone and were many: running a backfill again judges them. Recorded as a decision like any
-- other, just after the one it overturns, so that it stands whatever is loaded later.
INSERT INTO outcomes BY NAME
SELECT
    entry_id, 'waiting' AS state, decided_at + INTERVAL 1 MICROSECOND AS decided_at,
    'topics_changed' AS reason, 0 AS attempts, $topics_digest AS topics_digest,
    (SELECT max(clock_epoch) FROM batches) AS clock_epoch
FROM entries
WHERE state = 'off_topic' AND first_seen_at >= $since AND feed_id <> $backfilled
    AND topics_digest IS DISTINCT FROM $topics_digest;

-- name: apply_requeue
-- Tell the entries.
UPDATE entries SET
    state = 'waiting', reason = 'topics_changed', attempts = 0, next_try_at = NULL,
    decided_at = decided_at + INTERVAL 1 MICROSECOND, topics_digest = $topics_digest
WHERE state = 'off_topic' AND first_seen_at >= $since AND feed_id <> $backfilled
    AND topics_digest IS DISTINCT FROM $topics_digest;
