-- Views that join entries with their articles by one condition: by two, one of which was about
-- entries only, DuckDB compared every entry with every article.

CREATE OR REPLACE VIEW funnel AS
WITH counted AS (
    SELECT e.state, e.reason, a.copy_kind, count(*) AS entries
    FROM entries AS e
    LEFT JOIN articles AS a ON a.article_id = CASE WHEN e.state = 'stored' THEN e.article_id END
    GROUP BY ALL
),
steps AS (
    SELECT 1 AS step, 'seen' AS stage, NULL AS reason, sum(entries) AS entries FROM counted
    UNION ALL
    SELECT 2, 'waiting', coalesce(reason, 'new'), sum(entries) FROM counted
    WHERE state = 'waiting' GROUP BY ALL
    UNION ALL
    SELECT 3, 'dead', reason, sum(entries) FROM counted WHERE state = 'dead' GROUP BY ALL
    UNION ALL
    SELECT 4, 'off_topic', reason, sum(entries) FROM counted
    WHERE state = 'off_topic' GROUP BY ALL
    UNION ALL
    SELECT 5, 'duplicate', reason, sum(entries) FROM counted
    WHERE state = 'duplicate' GROUP BY ALL
    UNION ALL
    SELECT 6, 'stored', if(copy_kind = 'original', 'new_story', 'copy'), sum(entries)
    FROM counted WHERE state = 'stored' GROUP BY ALL
)
SELECT
    step,
    stage,
    reason,
    coalesce(entries, 0)::BIGINT AS entries,
    round(entries / nullif((SELECT sum(entries) FROM counted), 0), 4) AS share
FROM steps
ORDER BY step, entries DESC, reason;
COMMENT ON VIEW funnel IS 'Where all entries are on their walk, and why: seen = waiting + dead + off_topic + duplicate + stored.';

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
    LEFT JOIN articles AS a ON a.article_id = CASE WHEN e.state = 'stored' THEN e.article_id END
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
