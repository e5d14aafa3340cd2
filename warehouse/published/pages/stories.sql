-- Stories as the page of them lists and counts them. A query of the second part is asked of one of
-- the first part, which says what tells each story, and stands before it as the table `told`.

-- name: told_by_originals
-- All stories on topic, told by their originals.
SELECT s.story_id, s.started_at, s.original_id AS article_id, s.salience, 0 AS rank
FROM stories AS s
WHERE len(s.topics) > 0
    AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)

-- name: told_on_topic
-- Those on one topic, told as in clippings_on: by their original or else their first article that
-- mentions it.
WITH mentioned AS (
    SELECT
        m.article_id,
        coalesce(max(m.salience) FILTER (m.is_latest), max(m.salience)) AS salience
    FROM mentions AS m
    WHERE lower(m.topic) = lower($topic)
    GROUP BY ALL
)
SELECT
    s.story_id, s.started_at,
    arg_min(a.article_id, (a.copy_kind <> 'original', a.told_at, a.article_id)) AS article_id,
    max(m.salience) AS salience, 0 AS rank
FROM mentioned AS m
JOIN articles AS a ON a.article_id = m.article_id
JOIN stories AS s ON s.story_id = a.story_id
WHERE ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
GROUP BY ALL

-- name: told_by_found
-- Those of the articles that a search found, told by the best of each, in the order of the search.
WITH found AS (
    SELECT
        unnest($article_ids::UBIGINT[]) AS article_id,
        unnest(generate_series(1, len($article_ids::UBIGINT[]))) AS rank
)
SELECT
    s.story_id, s.started_at, arg_min(a.article_id, f.rank) AS article_id, max(s.salience) AS salience,
    min(f.rank) AS rank
FROM found AS f
JOIN articles AS a ON a.article_id = f.article_id
JOIN stories AS s ON s.story_id = a.story_id
WHERE ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    AND ($topic IS NULL
        OR list_contains(list_transform(s.topics, lambda name: lower(name)), lower($topic)))
GROUP BY ALL

-- name: newest
-- The $count newest of them behind a place in their order (a moment and an id), in the order of a
-- search where there was one. $language, $outlet (a site) and $country are those of what tells them.
, picked AS (
    SELECT t.*
    FROM told AS t
    JOIN articles AS a ON a.article_id = t.article_id
    LEFT JOIN outlets AS o ON o.site = a.site
    WHERE ($language IS NULL OR a.language = $language)
        AND ($outlet IS NULL OR a.site = $outlet)
        AND ($country IS NULL OR o.country = $country)
        AND ($salience IS NULL OR t.salience >= $salience)
        AND ($before IS NULL OR t.started_at < $before
            OR (t.started_at = $before AND t.story_id > $behind::UBIGINT))
    ORDER BY t.rank, t.started_at DESC, t.story_id
    LIMIT $count
)
SELECT
    s.story_id::VARCHAR AS story_id, p.article_id::VARCHAR AS article_id, s.started_at, a.title,
    coalesce(o.name, a.host) AS outlet, a.site, o.country, a.language, a.canonical_url AS url,
    left(coalesce(a.standfirst, ''), 300) AS standfirst,
    a.published_at, a.published_day, a.date_flag, a.date_evidence, a.first_seen_at,
    s.topics, p.salience, s.articles - 1 AS copies, s.outlets, s.wire, s.first_certain,
    a.revisions, a.access
FROM picked AS p
JOIN stories AS s ON s.story_id = p.story_id
JOIN articles AS a ON a.article_id = p.article_id
LEFT JOIN outlets AS o ON o.site = a.site
ORDER BY p.rank, p.started_at DESC, p.story_id

-- name: facets
-- How many of them there are, and by language, outlet and country: each as if nothing of its kind
-- were asked for. Of outlets the $most with most stories, and the one that was asked for.
, flagged AS MATERIALIZED (
    SELECT
        t.story_id, a.language, a.site, o.country,
        ($language IS NULL OR a.language = $language) AS in_language,
        ($outlet IS NULL OR a.site = $outlet) AS in_outlet,
        ($country IS NULL OR o.country = $country) AS in_country
    FROM told AS t
    JOIN articles AS a ON a.article_id = t.article_id
    LEFT JOIN outlets AS o ON o.site = a.site
    WHERE $salience IS NULL OR t.salience >= $salience
),
counted AS (
    SELECT 'all' AS kind, '' AS value, count(*) AS stories
    FROM flagged WHERE in_language AND in_outlet AND in_country
    UNION ALL
    SELECT 'language', language, count(*) FROM flagged
    WHERE in_outlet AND in_country AND language IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT 'outlet', site, count(*) FROM flagged
    WHERE in_language AND in_country AND site IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT 'country', country, count(*) FROM flagged
    WHERE in_language AND in_outlet AND country IS NOT NULL GROUP BY ALL
)
SELECT kind, value, coalesce(o.name, value) AS name, stories
FROM counted
LEFT JOIN outlets AS o ON counted.kind = 'outlet' AND o.site = counted.value
QUALIFY value = $outlet OR value = $language OR value = $country
    OR row_number() OVER (PARTITION BY kind ORDER BY stories DESC, value) <= $most
ORDER BY kind, stories DESC, value

-- name: scanned
-- The newest articles of a year that have all the words, for where there is no index.
SELECT article_id::VARCHAR AS article_id FROM search($words, days := 365) LIMIT $count

-- name: topics
-- The topics, with how many stories each has.
SELECT topic AS value, topic AS name, count(*) AS stories
FROM (SELECT unnest(s.topics) AS topic FROM stories AS s
    WHERE ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until))
GROUP BY topic
ORDER BY stories DESC, topic
LIMIT $most
