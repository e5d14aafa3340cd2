-- How the sources are doing, as their page shows it.

-- name: sources
-- The feeds, those in trouble first, with their rhythm: at most $most of them.
SELECT
    s.feed_id::VARCHAR AS feed_id, s.title, s.outlet, s.site, s.health, s.reason, s.error, s.failures,
    s.url, s.language, s.category, s.last_success_at, s.last_poll_at, s.next_poll_at,
    s.last_entry_at, s.last_article_at, s.entries, s.stored, s.off_topic, s.duplicates, s.dead,
    s.waiting, s.duplicate_share, s.proposed_url,
    f.poll_every, f.entry_gap,
    s.error IN ('host_paused', 'host_down') AS rests
FROM sources AS s
LEFT JOIN feeds AS f ON f.feed_id = s.feed_id
ORDER BY list_position(
        ['failing', 'muted', 'unread', 'silent', 'new', 'ok', 'retired', 'removed'], s.health
    ) NULLS LAST,
    s.stored DESC, s.title, s.url
LIMIT $most;

-- name: funnel
-- Where all entries are.
SELECT stage, reason, entries, share FROM funnel;

-- name: gaps
-- What an outlet publishes and its feed shows no more.
SELECT outlet, site, gap, since, headlines, reason FROM gaps LIMIT $most;

-- name: misses
-- Headlines that were seen and not got.
SELECT outlet, reason, state, headlines, first_seen_at, last_seen_at, last_title, last_link
FROM misses LIMIT $most;
