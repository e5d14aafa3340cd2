-- Feeds, for those who poll them and those who list them.

-- name: due
-- Feeds to ask now: never asked, or their time has come; the longest overdue first. Of feeds that
-- moved to one place only the one known longest is asked there.
SELECT * EXCLUDE (added_at) FROM (
    SELECT * FROM feeds WHERE health <> 'retired'
    QUALIFY row_number() OVER (PARTITION BY url ORDER BY added_at, feed_id) = 1
)
WHERE next_poll_at IS NULL OR next_poll_at <= $now
ORDER BY next_poll_at NULLS FIRST, feed_id;

-- name: some
-- Feeds by their ids, whether they are due or not; retired ones never.
SELECT * EXCLUDE (added_at) FROM feeds
WHERE health <> 'retired' AND feed_id IN (SELECT unnest($feed_ids::UBIGINT[]))
ORDER BY feed_id;

-- name: all
-- Every feed, as lists show them.
SELECT * EXCLUDE (added_at) FROM feeds ORDER BY category NULLS LAST, title NULLS LAST, url;

-- name: next_due
-- When the next feed wants to be asked; the past for one that was never asked.
SELECT min(coalesce(next_poll_at, added_at)) FROM feeds WHERE health <> 'retired';
