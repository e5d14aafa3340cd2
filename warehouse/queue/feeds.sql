-- Feeds, for those who poll them and those who list them.

-- name: due
-- Feeds to ask now: never asked, or their time has come; the longest overdue first. Of feeds that
-- moved to one place only the one known longest is asked there. A time that a clock set which was
-- ahead (see clock.sql) is none: what was polled in the future is due, and what is to wait for longer
-- than any feed does, which is a day, or one and a week of hours and days to skip. The feeds that a
-- host kept waiting come first: else the one for which it rests could keep them waiting for ever.
SELECT * EXCLUDE (added_at, site) FROM (
    SELECT * FROM feeds WHERE health <> 'retired'
    QUALIFY row_number() OVER (PARTITION BY url ORDER BY added_at, feed_id) = 1
)
WHERE next_poll_at IS NULL OR next_poll_at <= $now
    OR polled_at > $now::TIMESTAMPTZ + INTERVAL 1 HOUR
    OR next_poll_at > $now::TIMESTAMPTZ
        + CASE WHEN len(skip_hours) + len(skip_days) > 0 THEN INTERVAL 9 DAY ELSE INTERVAL 25 HOUR END
ORDER BY
    coalesce(error IN ('host_paused', 'host_down'), false) DESC, next_poll_at NULLS FIRST, feed_id;

-- name: some
-- Feeds by their ids, whether they are due or not; retired ones never.
SELECT * EXCLUDE (added_at, site) FROM feeds
WHERE health <> 'retired' AND feed_id IN (SELECT unnest($feed_ids::UBIGINT[]))
ORDER BY feed_id;

-- name: beside
-- Feeds whose addresses may be spellings of one: the same host, and the same path but for its case and
-- its end. An escape may stand for any character. One that has none beside it is left out, as nearly all
-- are. Of those that became known at once https goes first, then the shortest address.
WITH addresses AS (
    SELECT
        feed_id, url, added_at,
        lower(regexp_extract(url, '://(?:[^/?#@]*@)?([^/?#:]+)', 1)) AS host,
        lower(rtrim(regexp_extract(url, '://[^/?#]+([^?#]*)', 1), '/')) AS path,
        contains(url, '%') OR contains(url, '/.') AS is_escaped
    FROM feeds
),
asked AS (
    SELECT DISTINCT host, path, is_escaped FROM addresses
    WHERE feed_id IN (SELECT unnest($feed_ids::UBIGINT[]))
),
found AS (
    SELECT DISTINCT
        a.feed_id, a.added_at, NOT starts_with(lower(a.url), 'https:') AS is_plain,
        strlen(a.url) AS length
    FROM addresses AS a JOIN asked AS o ON o.host = a.host
    WHERE a.path = o.path OR a.is_escaped OR o.is_escaped
    QUALIFY count(*) OVER (PARTITION BY o.host, o.path, o.is_escaped) > 1
)
SELECT feeds.* EXCLUDE (added_at, site)
FROM feeds JOIN found ON found.feed_id = feeds.feed_id
ORDER BY found.added_at, found.is_plain, found.length, feeds.feed_id;

-- name: all
-- Every feed, as lists show them.
SELECT * EXCLUDE (added_at, site) FROM feeds ORDER BY category NULLS LAST, title NULLS LAST, url;

-- name: next_due
-- When the next feed wants to be asked; the past for one that was never asked.
SELECT min(coalesce(next_poll_at, added_at)) FROM feeds WHERE health <> 'retired';
