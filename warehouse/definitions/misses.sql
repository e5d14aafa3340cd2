-- Headlines that were seen and not got.

CREATE VIEW misses AS
WITH missed AS (
    SELECT
        coalesce(o.name, e.outlet_name, nullif(regexp_extract(
            lower(coalesce(e.outlet_url, e.link)), '^https?://(?:[^/?#@]*@)?(?:www\.)?([^/:?#]+)', 1
        ), ''), 'unknown') AS outlet,
        e.state, coalesce(e.reason, 'unknown') AS reason, e.title, coalesce(e.link, e.outlet_url) AS link,
        e.first_seen_at, e.entry_id
    FROM entries AS e
    LEFT JOIN feeds AS f ON f.feed_id = CASE WHEN e.outlet_url IS NULL THEN e.feed_id END
    LEFT JOIN outlets AS o ON o.site = f.site
    WHERE e.reason NOT IN ('dropped', 'backlog') AND (e.state = 'dead' OR (e.state = 'waiting' AND e.attempts > 0))
)
SELECT
    outlet, reason, state, count(*) AS headlines, min(first_seen_at) AS first_seen_at,
    max(first_seen_at) AS last_seen_at, arg_max(title, (first_seen_at, entry_id)) AS last_title,
    arg_max(link, (first_seen_at, entry_id)) AS last_link
FROM missed
GROUP BY outlet, reason, state
ORDER BY headlines DESC, outlet, reason, state;
COMMENT ON VIEW misses IS 'Headlines that were seen and not got, by outlet and reason.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN misses.outlet IS 'Who published them: the outlet of the feed that showed them, or the one that a news search names; a host where nobody named it.';
COMMENT ON COLUMN misses.reason IS 'Why they were not got, as a short name: not_found_at_outlet, outlet_forbids, http_404, paywall_stub …';
COMMENT ON COLUMN misses.state IS 'dead (given up) or waiting (to be tried again).';
COMMENT ON COLUMN misses.headlines IS 'How many.';
COMMENT ON COLUMN misses.first_seen_at IS 'When the first of them was seen.';
COMMENT ON COLUMN misses.last_seen_at IS 'When the last of them was seen.';
COMMENT ON COLUMN misses.last_title IS 'Headline of the last.';
COMMENT ON COLUMN misses.last_link IS 'Its link.';
