-- What failed, and what of it still matters.

COMMENT ON TABLE failures IS 'What went wrong, at which step, and what happens next; one row per failed try.';
COMMENT ON COLUMN failures.batch_id IS 'The batch that reported it; NULL where a batch itself could not be read.';
COMMENT ON COLUMN failures.stage IS 'poll, fetch, parse, archive or load.';
COMMENT ON COLUMN failures.url IS 'What was asked for; the file name where a batch could not be read.';
COMMENT ON COLUMN failures.error IS 'Short name to group by, such as http_503 or timeout.';
COMMENT ON COLUMN failures.message IS 'What was wrong, where, and what to do.';
COMMENT ON COLUMN failures.next_step IS 'retry, quarantine or drop.';
COMMENT ON COLUMN failures.failed_at IS 'When it failed.';
COMMENT ON COLUMN failures.attempts IS 'Tries so far, this one included.';
COMMENT ON COLUMN failures.next_try_at IS 'When it will be tried again; NULL if it will not.';
COMMENT ON COLUMN failures.feed_id IS 'The feed, if it was about one.';
COMMENT ON COLUMN failures.entry_id IS 'The entry, if it was about one.';

CREATE VIEW open_failures AS
WITH latest AS (
    SELECT * FROM failures
    QUALIFY row_number() OVER (
        PARTITION BY
            entry_id,
            CASE WHEN entry_id IS NULL THEN feed_id END,
            CASE WHEN entry_id IS NULL AND feed_id IS NULL THEN url END
        -- What failed in the future did so under a clock that was ahead.
        ORDER BY failed_at > now() + INTERVAL 1 HOUR, failed_at DESC, attempts DESC, error, message
    ) = 1
),
open AS (
    SELECT
        e.state, coalesce(f.stage, 'fetch') AS stage, e.reason AS error,
        coalesce(e.link, f.url, e.guid) AS url, f.message, e.attempts, e.next_try_at,
        coalesce(e.decided_at, e.first_seen_at) AS failed_at, e.feed_id, e.entry_id
    FROM entries AS e
    LEFT JOIN latest AS f ON f.entry_id = e.entry_id
    WHERE (e.state = 'dead' AND e.reason NOT IN ('dropped', 'backlog')) OR (e.state = 'waiting' AND e.attempts > 0)
    UNION ALL
    SELECT
        CASE WHEN s.health = 'retired' THEN 'dead' ELSE 'waiting' END, 'poll', s.error, s.url,
        f.message, s.failures, s.next_poll_at, coalesce(s.polled_at, f.failed_at), s.feed_id, NULL
    FROM feeds AS s
    LEFT JOIN latest AS f ON f.feed_id = s.feed_id AND f.entry_id IS NULL
    WHERE s.health = 'failing' OR (s.health = 'retired' AND coalesce(s.error, '') NOT IN ('removed', 'same_feed'))
    UNION ALL
    SELECT 'dead', stage, error, url, message, attempts, NULL, failed_at, NULL, NULL
    FROM latest
    WHERE entry_id IS NULL AND feed_id IS NULL AND error <> 'dropped'
        AND regexp_replace(url, '\.parquet$', '') NOT IN (SELECT batch_id FROM batches)
)
SELECT
    state,
    stage,
    error,
    url,
    message,
    attempts,
    next_try_at,
    failed_at,
    nullif(regexp_extract(lower(url), '^https?://(?:[^/@]*@)?(?:www\.)?([^/:?#]+)', 1), '') AS host,
    feed_id,
    entry_id
FROM open
ORDER BY state DESC, failed_at DESC, url;
COMMENT ON VIEW open_failures IS 'What still fails or was given up: entries, feeds, and batches that could not be read.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN open_failures.state IS 'waiting (it will be tried again) or dead (given up).';
COMMENT ON COLUMN open_failures.stage IS 'poll, fetch, parse, archive or load.';
COMMENT ON COLUMN open_failures.error IS 'Short name to group by, such as http_503 or timeout.';
COMMENT ON COLUMN open_failures.url IS 'What was asked for; the file name where a batch could not be read.';
COMMENT ON COLUMN open_failures.message IS 'What was wrong, where, and what to do.';
COMMENT ON COLUMN open_failures.attempts IS 'Tries so far.';
COMMENT ON COLUMN open_failures.next_try_at IS 'When it will be tried again; NULL if it will not.';
COMMENT ON COLUMN open_failures.failed_at IS 'When it failed last.';
COMMENT ON COLUMN open_failures.host IS 'Host of the URL, without www.';
COMMENT ON COLUMN open_failures.feed_id IS 'The feed, if it is about one.';
COMMENT ON COLUMN open_failures.entry_id IS 'The entry, if it is about one.';
