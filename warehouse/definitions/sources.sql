-- How each feed is doing. Articles are joined by one condition, as funnel.sql says why.

CREATE VIEW sources AS
WITH others AS (
    -- Feeds that turned out to be one that is known longer: what they brought is counted with its.
    SELECT feed_id, same_feed_id, url FROM feeds WHERE same_feed_id IS NOT NULL
),
seen AS (
    SELECT
        coalesce(other.same_feed_id, e.feed_id) AS feed_id,
        count(*) AS entries,
        count(*) FILTER (state = 'stored') AS stored,
        count(*) FILTER (state = 'off_topic') AS off_topic,
        count(*) FILTER (state = 'duplicate') AS duplicates,
        count(*) FILTER (state = 'dead') AS dead,
        count(*) FILTER (state = 'waiting') AS waiting,
        -- What was seen in the future was so under a clock that was ahead: nobody knows when.
        max(e.first_seen_at) FILTER (e.first_seen_at <= now() + INTERVAL 1 HOUR) AS last_entry_at,
        max(e.first_seen_at) FILTER (
            NOT e.backfill AND e.first_seen_at <= now() + INTERVAL 1 HOUR
        ) AS last_news_at,
        max(a.first_seen_at) FILTER (state = 'stored') AS last_article_at,
        -- What its own outlet began is nobody else's: neither a copy nor a second entry of it.
        count(*) FILTER (
            e.state = 'stored' AND a.copy_kind <> 'original' AND o.site IS DISTINCT FROM a.site
            OR e.state = 'duplicate' AND (o.site IS NULL OR o.site IS DISTINCT FROM f.site)
        ) AS begun_elsewhere
    FROM entries AS e
    LEFT JOIN articles AS a
        ON a.article_id = CASE WHEN e.state IN ('stored', 'duplicate') THEN e.article_id END
    LEFT JOIN stories AS t ON t.story_id = a.story_id
    LEFT JOIN articles AS o ON o.article_id = t.original_id
    LEFT JOIN others AS other ON other.feed_id = e.feed_id
    LEFT JOIN feeds AS f ON f.feed_id = e.feed_id
    GROUP BY ALL
),
judged AS (
    SELECT
        f.*,
        f.health = 'ok' AND f.succeeded_at > INTERVAL 30 DAY
            + coalesce(greatest(f.newest_at, s.last_news_at), s.last_entry_at, f.added_at)
            AS silent,
        coalesce(greatest(f.newest_at, s.last_news_at), s.last_entry_at) AS spoke_at,
        CASE WHEN f.health <> 'retired' AND f.error IN ('host_paused', 'host_down')
            THEN regexp_extract(lower(f.url), '^https?://(?:[^/?#@]*@)?([^/?#]+)', 1) END AS waits_for,
        CASE WHEN f.failures = 1 THEN 'once' ELSE f.failures || ' times in a row' END AS times
    FROM feeds AS f
    LEFT JOIN seen AS s ON s.feed_id = f.feed_id
    WHERE f.same_feed_id IS NULL
)
SELECT
    coalesce(f.title, CASE s.feed_id WHEN 0 THEN 'Filed by hand' WHEN 1 THEN 'Backfilled' END) AS title,
    CASE
        WHEN g.gap IS NOT NULL THEN g.gap
        WHEN f.silent THEN 'silent'
        WHEN f.error = 'removed' AND f.health = 'retired' THEN 'removed'
        ELSE f.health
    END AS health,
    CASE
        WHEN g.gap IS NOT NULL THEN g.reason
        WHEN f.error = 'removed' AND f.health = 'retired'
        THEN 'somebody removed it; what it brought stays'
        WHEN f.waits_for IS NOT NULL
        THEN 'waiting for ' || f.waits_for || ' until '
            || strftime(timezone('UTC', f.next_poll_at), '%Y-%m-%d %H:%M') || ' UTC'
            || CASE WHEN f.health = 'failing' THEN '; failed ' || f.times ELSE '' END
        WHEN f.silent AND f.spoke_at IS NULL THEN 'alive, but never had an entry'
        WHEN f.silent
        THEN 'alive, but nothing new since ' || CAST(timezone('UTC', f.spoke_at) AS DATE)
        WHEN f.health = 'failing' THEN f.error || ', ' || f.times
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
    s.begun_elsewhere / nullif(s.stored + s.duplicates, 0) AS duplicate_share,
    f.language,
    f.category,
    f.url,
    f.proposed_url,
    f.former_url,
    f.site_url,
    f.polled_at AS last_poll_at,
    f.next_poll_at,
    f.added_at,
    coalesce(f.feed_id, s.feed_id) AS feed_id,
    o.name AS outlet,
    f.site,
    nullif(f.unstable, []) AS unstable,
    (SELECT list(url ORDER BY url) FROM others WHERE same_feed_id = f.feed_id) AS other_urls
FROM judged AS f
FULL JOIN seen AS s ON s.feed_id = f.feed_id
LEFT JOIN outlets AS o ON o.site = f.site
LEFT JOIN gaps AS g ON g.feed_id = f.feed_id
ORDER BY f.title NULLS LAST, f.url, s.feed_id;
COMMENT ON VIEW sources IS 'How each feed is doing, and what it brings. Feeds that are one under several addresses have one row; so have links that somebody filed and what a backfill brought, without a health. Their entries add up to those of funnel.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN sources.title IS 'Title of the feed; Filed by hand, and Backfilled, for what came from none.';
COMMENT ON COLUMN sources.health IS 'new, ok, failing, retired, removed (by somebody: pressclip feeds remove), silent: alive, but without a new entry for 30 days; muted or unread: see gaps; NULL for what is no feed.';
COMMENT ON COLUMN sources.reason IS 'Why it is failing, silent, muted, unread, retired or not asked; NULL if all is well.';
COMMENT ON COLUMN sources.error IS 'Short name of the last failure; host_paused or host_down where its host is left alone; NULL once a poll succeeded.';
COMMENT ON COLUMN sources.failures IS 'Failed polls since the last success.';
COMMENT ON COLUMN sources.last_success_at IS 'When a poll last succeeded.';
COMMENT ON COLUMN sources.last_entry_at IS 'When it last showed a new entry.';
COMMENT ON COLUMN sources.last_article_at IS 'When it last brought a new article.';
COMMENT ON COLUMN sources.entries IS 'Entries it ever showed.';
COMMENT ON COLUMN sources.stored IS 'Of these, stored as articles.';
COMMENT ON COLUMN sources.off_topic IS 'Of these, off topic.';
COMMENT ON COLUMN sources.duplicates IS 'Of these, articles that another entry had brought.';
COMMENT ON COLUMN sources.dead IS 'Of these, given up.';
COMMENT ON COLUMN sources.waiting IS 'Of these, still to be harvested.';
COMMENT ON COLUMN sources.duplicate_share IS 'Share of its on-topic entries that were copies, or duplicates, of what another outlet began; NULL if it had none on topic. What its own outlet says again is neither.';
COMMENT ON COLUMN sources.language IS 'Language of the feed.';
COMMENT ON COLUMN sources.category IS 'Category of the feed.';
COMMENT ON COLUMN sources.url IS 'Where it is asked.';
COMMENT ON COLUMN sources.proposed_url IS 'The feed that a page in its place names: pressclip feeds move takes it.';
COMMENT ON COLUMN sources.former_url IS 'Where it was asked before it moved, or one of other_urls.';
COMMENT ON COLUMN sources.site_url IS 'The site that it says it belongs to.';
COMMENT ON COLUMN sources.last_poll_at IS 'When it was polled last.';
COMMENT ON COLUMN sources.next_poll_at IS 'When it will be polled next; NULL: as soon as possible.';
COMMENT ON COLUMN sources.added_at IS 'When the warehouse first heard of it.';
COMMENT ON COLUMN sources.feed_id IS 'The feed; 0 for what somebody filed, 1 for what a backfill brought.';
COMMENT ON COLUMN sources.outlet IS 'Name of the outlet whose feed it is.';
COMMENT ON COLUMN sources.site IS 'That outlet: see outlets.';
COMMENT ON COLUMN sources.other_urls IS 'Other addresses of it that were watched as feeds of their own until both gave the same; NULL if none.';
COMMENT ON COLUMN sources.unstable IS 'What of its links and guids changed from poll to poll, and names nothing: parameters by their names, guid for its guids. Its entries are known again without it. NULL if nothing.';
