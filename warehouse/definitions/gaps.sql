-- What an outlet publishes and its own feed shows no more, or what it shows and nobody can read.
-- As of the last load, so that a copy says the same whenever it is read.

CREATE VIEW gaps AS
WITH own AS (
    SELECT
        e.feed_id,
        max(e.first_seen_at) AS spoke_at,
        max(e.decided_at) FILTER (e.state IN ('stored', 'duplicate', 'off_topic')) AS read_at
    FROM entries AS e
    WHERE e.outlet_url IS NULL
    GROUP BY e.feed_id
),
watched AS (
    SELECT
        f.feed_id, f.site, f.succeeded_at, own.spoke_at, own.read_at,
        -- As long ago as it is usually quiet, but no longer than half a day.
        (SELECT max(created_at) FROM batches WHERE created_at <= now() + INTERVAL 1 HOUR) - least(
            to_seconds(greatest(coalesce(f.poll_every, 1800), coalesce(f.entry_gap, 0))),
            INTERVAL 12 HOUR
        ) AS lately
    FROM feeds AS f JOIN own ON own.feed_id = f.feed_id
    WHERE f.health = 'ok' AND f.same_feed_id IS NULL AND f.site IS NOT NULL
),
-- Articles that a search showed, and whether a feed of their own site did so, too.
searched AS (
    SELECT a.site, e.article_id, min(e.first_seen_at) AS first_seen_at
    FROM entries AS e JOIN articles AS a ON a.article_id = e.article_id
    WHERE e.outlet_url IS NOT NULL AND NOT e.backfill AND e.state IN ('stored', 'duplicate')
    GROUP BY ALL
),
shown AS (
    SELECT DISTINCT e.article_id, f.site
    FROM entries AS e JOIN feeds AS f ON f.feed_id = e.feed_id
    WHERE e.outlet_url IS NULL AND e.article_id IN (SELECT article_id FROM searched)
),
compared AS (
    SELECT s.*, shown.article_id IS NOT NULL AS shown
    FROM searched AS s
    LEFT JOIN shown ON shown.article_id = s.article_id AND shown.site = s.site
),
spoke AS (
    SELECT site, max(spoke_at) AS spoke_at, min(succeeded_at) AS succeeded_at FROM watched GROUP BY site
),
missing AS (
    SELECT
        c.site,
        count(*) FILTER (
            NOT c.shown AND c.first_seen_at > spoke.spoke_at
            AND c.first_seen_at < spoke.succeeded_at
        ) AS headlines,
        min(c.first_seen_at) FILTER (NOT c.shown AND c.first_seen_at > spoke.spoke_at) AS since
    FROM compared AS c JOIN spoke ON spoke.site = c.site
    GROUP BY c.site
    HAVING count(*) FILTER (c.shown) > 0
),
failed AS (
    SELECT w.feed_id, count(*) AS headlines, min(e.decided_at) AS since, mode(e.reason) AS error
    FROM entries AS e JOIN watched AS w ON w.feed_id = e.feed_id AND e.decided_at > w.read_at
    WHERE e.attempts > 0 AND e.state IN ('dead', 'waiting') AND e.reason NOT IN (
        'dropped', 'no_link', 'host_busy', 'updated', 'topics_changed', 'asked_again', 'wrapper_unresolved'
    )
    GROUP BY w.feed_id
),
found AS (
    SELECT
        w.feed_id, w.site, 'muted' AS gap, m.since, m.headlines,
        'searches show ' || m.headlines || ' articles of ' || w.site
            || ' that none of its feeds does, which have said nothing since '
            || strftime(timezone('UTC', w.spoke_at), '%Y-%m-%d %H:%M') || ' UTC' AS reason
    FROM watched AS w JOIN missing AS m ON m.site = w.site
    WHERE m.headlines >= 2 AND m.since <= w.lately
    UNION ALL
    SELECT
        w.feed_id, w.site, 'unread', f.since, f.headlines,
        'none of its last ' || f.headlines || ' pages could be read (' || f.error || '), the last one was on '
            || strftime(timezone('UTC', w.read_at), '%Y-%m-%d %H:%M') || ' UTC'
    FROM watched AS w JOIN failed AS f ON f.feed_id = w.feed_id
    WHERE f.headlines >= 3 AND f.since <= w.lately
)
SELECT
    found.site, coalesce(o.name, found.site) AS outlet, found.gap, found.since, found.headlines,
    found.reason, found.feed_id
FROM found LEFT JOIN outlets AS o ON o.site = found.site
QUALIFY row_number() OVER (PARTITION BY found.feed_id ORDER BY found.gap DESC) = 1
ORDER BY found.since, found.site, found.feed_id;
COMMENT ON VIEW gaps IS 'Feeds whose outlet publishes what they show no more (muted), or whose pages can''t be read any more (unread). As of the last load.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN gaps.site IS 'The outlet: see outlets.';
COMMENT ON COLUMN gaps.outlet IS 'Its name.';
COMMENT ON COLUMN gaps.gap IS 'muted: searches show its articles, its own feeds do not any more though they answer; unread: its feed shows pages, and none of the last can be read.';
COMMENT ON COLUMN gaps.since IS 'When the first of these was seen, or could not be read.';
COMMENT ON COLUMN gaps.headlines IS 'How many of them there are.';
COMMENT ON COLUMN gaps.reason IS 'The same in words.';
COMMENT ON COLUMN gaps.feed_id IS 'The feed.';
