-- How a feed wants to be asked, where it moved, and which entries are no news; failures that
-- still matter, as a view.

ALTER TABLE feed_states ADD COLUMN ttl_minutes BIGINT;
ALTER TABLE feed_states ADD COLUMN skip_hours BIGINT[];
ALTER TABLE feed_states ADD COLUMN skip_days VARCHAR[];
ALTER TABLE feed_states ADD COLUMN poll_every DOUBLE;
ALTER TABLE feed_states ADD COLUMN entry_gap DOUBLE;
ALTER TABLE feed_states ADD COLUMN newest_at TIMESTAMPTZ;
ALTER TABLE feed_states ADD COLUMN newest_entry_id UBIGINT;
ALTER TABLE feed_states ADD COLUMN moving_to VARCHAR;
ALTER TABLE feed_states ADD COLUMN moving_polls BIGINT;
ALTER TABLE feed_states ADD COLUMN moving_since TIMESTAMPTZ;
ALTER TABLE feed_states ADD COLUMN former_url VARCHAR;
ALTER TABLE feed_states ADD COLUMN proposed_url VARCHAR;
ALTER TABLE feed_states ADD COLUMN changed_at TIMESTAMPTZ;
COMMENT ON COLUMN feed_states.ttl_minutes IS 'Minutes for which the feed asked not to be polled again.';
COMMENT ON COLUMN feed_states.skip_hours IS 'Hours of the day (UTC) at which the feed asked not to be polled.';
COMMENT ON COLUMN feed_states.skip_days IS 'Days of the week (UTC) on which the feed asked not to be polled.';
COMMENT ON COLUMN feed_states.poll_every IS 'Seconds between two polls that fit the rhythm seen.';
COMMENT ON COLUMN feed_states.entry_gap IS 'Median seconds between its newest entries.';
COMMENT ON COLUMN feed_states.newest_at IS 'Date of the newest entry it showed until then.';
COMMENT ON COLUMN feed_states.newest_entry_id IS 'The newest entry in it.';
COMMENT ON COLUMN feed_states.moving_to IS 'Where permanent redirects lead, while that is not confirmed.';
COMMENT ON COLUMN feed_states.moving_polls IS 'Polls in a row that were redirected there.';
COMMENT ON COLUMN feed_states.moving_since IS 'When the first of them was.';
COMMENT ON COLUMN feed_states.former_url IS 'Where it was asked before it moved.';
COMMENT ON COLUMN feed_states.proposed_url IS 'The feed that a page in its place names; taken only when somebody accepts it.';
COMMENT ON COLUMN feed_states.changed_at IS 'When a person last changed the feed by a command.';

ALTER TABLE feeds ADD COLUMN ttl_minutes BIGINT;
ALTER TABLE feeds ADD COLUMN skip_hours BIGINT[];
ALTER TABLE feeds ADD COLUMN skip_days VARCHAR[];
ALTER TABLE feeds ADD COLUMN poll_every DOUBLE;
ALTER TABLE feeds ADD COLUMN entry_gap DOUBLE;
ALTER TABLE feeds ADD COLUMN newest_at TIMESTAMPTZ;
ALTER TABLE feeds ADD COLUMN newest_entry_id UBIGINT;
ALTER TABLE feeds ADD COLUMN moving_to VARCHAR;
ALTER TABLE feeds ADD COLUMN moving_polls BIGINT;
ALTER TABLE feeds ADD COLUMN moving_since TIMESTAMPTZ;
ALTER TABLE feeds ADD COLUMN former_url VARCHAR;
ALTER TABLE feeds ADD COLUMN proposed_url VARCHAR;
ALTER TABLE feeds ADD COLUMN changed_at TIMESTAMPTZ;
COMMENT ON COLUMN feeds.ttl_minutes IS 'Minutes for which it asks not to be polled again (RSS ttl, or the update period).';
COMMENT ON COLUMN feeds.skip_hours IS 'Hours of the day (UTC) at which it asks not to be polled.';
COMMENT ON COLUMN feeds.skip_days IS 'Days of the week (UTC) on which it asks not to be polled.';
COMMENT ON COLUMN feeds.poll_every IS 'Seconds between two polls that fit its rhythm; what it asks for may make them more.';
COMMENT ON COLUMN feeds.entry_gap IS 'Median seconds between its newest entries; NULL if they have no dates.';
COMMENT ON COLUMN feeds.newest_at IS 'Date of the newest entry it ever showed.';
COMMENT ON COLUMN feeds.newest_entry_id IS 'The newest entry when it was read last.';
COMMENT ON COLUMN feeds.moving_to IS 'Where its permanent redirects lead, while that is not confirmed.';
COMMENT ON COLUMN feeds.moving_polls IS 'Polls in a row that were redirected there.';
COMMENT ON COLUMN feeds.moving_since IS 'When the first of them was.';
COMMENT ON COLUMN feeds.former_url IS 'Where it was asked before it moved; asked again if the new place fails.';
COMMENT ON COLUMN feeds.proposed_url IS 'The feed that a page in its place names: pressclip feeds move takes it.';
COMMENT ON COLUMN feeds.changed_at IS 'When a person last changed it by a command.';

ALTER TABLE entries ADD COLUMN backfill BOOLEAN DEFAULT 'false';
COMMENT ON COLUMN entries.backfill IS 'Whether it came as no news: with the first poll of its feed, or with others when the feed was edited in bulk. It raises no alerts.';

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
    LEFT JOIN articles AS a ON a.article_id = e.article_id AND e.state = 'stored'
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

CREATE VIEW open_failures AS
WITH latest AS (
    SELECT * FROM failures
    QUALIFY row_number() OVER (
        PARTITION BY
            entry_id,
            if(entry_id IS NULL, feed_id, NULL),
            if(entry_id IS NULL AND feed_id IS NULL, url, NULL)
        ORDER BY failed_at DESC, attempts DESC, error, message
    ) = 1
),
open AS (
    SELECT
        e.state, coalesce(f.stage, 'fetch') AS stage, e.reason AS error,
        coalesce(e.link, f.url, e.guid) AS url, f.message, e.attempts, e.next_try_at,
        coalesce(e.decided_at, e.first_seen_at) AS failed_at, e.feed_id, e.entry_id
    FROM entries AS e
    LEFT JOIN latest AS f ON f.entry_id = e.entry_id
    WHERE (e.state = 'dead' AND e.reason <> 'dropped') OR (e.state = 'waiting' AND e.attempts > 0)
    UNION ALL
    SELECT
        if(s.health = 'retired', 'dead', 'waiting'), 'poll', s.error, s.url, f.message, s.failures,
        s.next_poll_at, coalesce(s.polled_at, f.failed_at), s.feed_id, NULL
    FROM feeds AS s
    LEFT JOIN latest AS f ON f.feed_id = s.feed_id AND f.entry_id IS NULL
    WHERE s.health = 'failing' OR (s.health = 'retired' AND s.error IS DISTINCT FROM 'removed')
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
