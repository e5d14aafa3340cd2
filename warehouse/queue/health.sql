-- What an operator wants to be told of.

-- name: failing_feeds
-- Feeds that have not answered well since `before`, the longest failing first.
SELECT
    feed_id, coalesce(title, url) AS title, url, coalesce(error, 'unknown') AS error,
    coalesce(succeeded_at, added_at) AS since
FROM feeds
WHERE health = 'failing' AND coalesce(succeeded_at, added_at) < $before
ORDER BY since, feed_id;

-- name: resting
-- Hosts that asked to be left alone, or could not be reached time and again, and what waits for them.
SELECT host, min(until) AS until, sum(feeds)::BIGINT AS feeds, sum(pages)::BIGINT AS pages, reason
FROM (
    SELECT url, error AS reason, next_poll_at AS until, 1 AS feeds, 0 AS pages FROM feeds
    WHERE health <> 'retired'
    UNION ALL
    SELECT link, reason, next_try_at, 0, 1 FROM entries WHERE state = 'waiting'
) AS waiting,
LATERAL (
    SELECT regexp_extract(lower(url), '^https?://(?:[^/?#@]*@)?([^/?#]+)', 1) AS host
) AS named
WHERE reason IN ('host_paused', 'host_down') AND until > $now
GROUP BY host, reason
ORDER BY feeds DESC, pages DESC, host, reason;

-- name: gaps
-- Outlets whose feeds show no more what they publish, or whose pages can't be read any more: a row each.
SELECT site, any_value(outlet) AS outlet, gap, min(since) AS since, max(headlines) AS headlines,
    min(reason) AS reason
FROM gaps GROUP BY site, gap ORDER BY since, site, gap;

-- name: low_volumes
-- Languages that brought far fewer articles on `day`, and feeds that brought far fewer entries,
-- than is usual: the median of the same weekday in the six weeks before, of at least three.
-- Far fewer is less than 0.3 of it, and by more than chance does (three standard deviations of a
-- Poisson count). What brings less than 8 on such a day is too little to tell.
WITH counted AS (
    SELECT
        'language' AS kind, coalesce(language, 'unknown') AS key,
        CAST(timezone('UTC', first_seen_at) AS DATE) AS day, count(*) AS seen
    FROM articles
    GROUP BY ALL
    UNION ALL
    SELECT
        'source', coalesce(f.title, f.url), CAST(timezone('UTC', e.first_seen_at) AS DATE), count(*)
    FROM entries AS e
    JOIN feeds AS f ON f.feed_id = e.feed_id
    -- Of a feed that somebody removed, or that is another one, nobody expects anything.
    WHERE NOT coalesce(e.backfill, false) AND coalesce(f.error, '') NOT IN ('removed', 'same_feed')
    GROUP BY ALL
),
known AS (
    SELECT kind, key, min(day) AS since
    FROM counted
    WHERE day BETWEEN CAST($day AS DATE) - 42 AND CAST($day AS DATE)
    GROUP BY ALL
),
usual AS (
    SELECT k.kind, k.key, median(coalesce(c.seen, 0)) AS usual
    FROM known AS k
    JOIN (SELECT CAST($day AS DATE) - CAST(7 * i AS INTEGER) AS day FROM range(1, 7) AS weeks(i)) AS w
        ON w.day >= k.since
    LEFT JOIN counted AS c ON c.kind = k.kind AND c.key = k.key AND c.day = w.day
    GROUP BY ALL
    HAVING count(*) >= 3
)
SELECT u.kind, u.key, CAST($day AS DATE) AS day, coalesce(c.seen, 0) AS observed, u.usual
FROM usual AS u
LEFT JOIN counted AS c ON c.kind = u.kind AND c.key = u.key AND c.day = CAST($day AS DATE)
WHERE u.usual >= 8
    AND coalesce(c.seen, 0) < 0.3 * u.usual
    AND u.usual - coalesce(c.seen, 0) > 3 * sqrt(u.usual)
ORDER BY u.usual DESC, u.kind, u.key;
