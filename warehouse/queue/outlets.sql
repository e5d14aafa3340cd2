-- Outlets, for those who ask their home pages and those who name them.

-- name: unnamed
-- Sites that articles were read at, whose home page was not asked since $since (an hour ahead of $now
-- is no time at which anybody asked), and which the operator has not named. The newest first.
WITH due AS (
    SELECT site, first_seen_at FROM outlets
    WHERE name_source <> 'operator'
        AND (asked_at IS NULL OR asked_at <= $since OR asked_at > $now + INTERVAL 1 HOUR)
),
-- Where pages were read: the home page is at the host of the site's own name, where that was seen to
-- answer, with www or without.
origins AS (
    SELECT
        site, read_at, article_id,
        regexp_extract(url, '^https?://[^/?#@]+') AS origin,
        regexp_replace(lower(origin), '^https?://(www\.)?', '') AS server
    FROM articles
    WHERE site IN (SELECT site FROM due) AND text_kind = 'page'
)
SELECT
    due.site,
    coalesce(
        arg_max(origin, (server = due.site, read_at, article_id))
            FILTER (split_part(server, ':', 1) = due.site),
        'https://' || due.site
    ) || '/' AS home_url
FROM due JOIN origins ON origins.site = due.site
GROUP BY due.site, due.first_seen_at
ORDER BY due.first_seen_at DESC, due.site;

-- name: is_known
-- Whether there is such an outlet.
SELECT count(*) > 0 FROM outlets WHERE site = $site;

-- name: searched
-- What these feeds of news searches showed since $since and what is not off topic: each headline once,
-- with the address of who published it, as the search says or as its article was found to have.
WITH shown AS (
    SELECT
        coalesce(e.outlet_url, regexp_extract(a.url, '^https?://[^/?#@]+')) AS outlet_url,
        e.outlet_name, e.title, e.state, f.language
    FROM entries AS e
    JOIN feeds AS f ON f.feed_id = e.feed_id
    LEFT JOIN articles AS a ON a.article_id = e.article_id AND a.text_kind = 'page'
    WHERE e.feed_id IN (SELECT unnest($feed_ids::UBIGINT[])) AND e.first_seen_at >= $since
        AND e.state <> 'off_topic' AND e.title IS NOT NULL
)
SELECT
    outlet_url, min(outlet_name) AS outlet_name, title,
    bool_or(state IN ('stored', 'duplicate')) AS on_topic, min(language) AS language
FROM shown
WHERE outlet_url IS NOT NULL AND outlet_url <> ''
GROUP BY outlet_url, title
ORDER BY outlet_url, title;

-- name: followed
-- How often the desk has looked since $since for feeds to subscribe to by itself.
SELECT count(*) FROM batches
WHERE kind = $kind AND created_at > $since AND created_at <= $now::TIMESTAMPTZ + INTERVAL 1 HOUR;
