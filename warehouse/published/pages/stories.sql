-- Stories as the page of them lists and counts them. A query of the second part is asked of one of
-- the first part, which says what tells each story, and stands before it as the table `told`.

-- name: told_by_originals
-- All stories on topic, told by their originals.
SELECT s.story_id, s.started_at, s.original_id AS article_id, s.salience, 0 AS rank, s.topics
FROM stories AS s
WHERE len(s.topics) > 0
    AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)

-- name: told_on_topic
-- Those on one topic (in all its spellings), told as in clippings_on: by their original or else their
-- first article that mentions it. The salience is that of the topic there.
WITH mentioned AS (
    SELECT
        m.article_id,
        coalesce(max(m.salience) FILTER (m.is_latest), max(m.salience)) AS salience
    FROM mentions AS m
    WHERE list_contains($spelled, m.topic)
    GROUP BY ALL
),
wanted AS (
    SELECT s.story_id, s.started_at, s.original_id
    FROM stories AS s
    WHERE list_has_any(s.topics, $spelled)
        AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
),
by_original AS (
    SELECT w.story_id, w.started_at, m.article_id, m.salience
    FROM wanted AS w LEFT JOIN mentioned AS m ON m.article_id = w.original_id
)
SELECT story_id, started_at, article_id, salience, 0 AS rank, NULL::VARCHAR[] AS topics
FROM by_original WHERE article_id IS NOT NULL
UNION ALL
SELECT
    w.story_id, w.started_at, arg_min(a.article_id, (a.told_at, a.article_id)),
    arg_min(m.salience, (a.told_at, a.article_id)), 0, NULL
FROM by_original AS w
JOIN articles AS a ON a.story_id = w.story_id
JOIN mentioned AS m ON m.article_id = a.article_id
WHERE w.article_id IS NULL
GROUP BY w.story_id, w.started_at

-- name: told_by_found
-- Those of the articles that a search found, told by the best of each, in the order of the search.
WITH found AS (
    SELECT
        unnest($article_ids::UBIGINT[]) AS article_id,
        unnest(generate_series(1, len($article_ids::UBIGINT[]))) AS rank
)
SELECT
    s.story_id, s.started_at, arg_min(a.article_id, f.rank) AS article_id, max(s.salience) AS salience,
    min(f.rank) AS rank, any_value(s.topics) AS topics
FROM found AS f
JOIN articles AS a ON a.article_id = f.article_id
JOIN stories AS s ON s.story_id = a.story_id
WHERE ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    AND ($spelled IS NULL OR list_has_any(s.topics, $spelled))
GROUP BY ALL

-- name: counted
-- The $count newest behind a place in their order (a moment and an id), in the order of a search where
-- there was one: their ids, and those of what tells them. $language, $outlet (a site) and $country
-- are those of what tells a story. And how many there are, by language, outlet and country: each as if
-- nothing of its kind were asked for; and by topic, where none is asked for. Of each the $most with
-- most stories, and the one that was asked for.
, flagged AS MATERIALIZED (
    SELECT
        t.*, a.told_at, a.language, a.site, o.country,
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
    UNION ALL
    SELECT 'topic', topic, count(*)
    FROM (
        SELECT unnest(topics) AS topic FROM flagged WHERE in_language AND in_outlet AND in_country
    )
    GROUP BY ALL
),
facets AS (
    SELECT kind, value, coalesce(o.name, value) AS name, stories
    FROM counted
    LEFT JOIN outlets AS o ON counted.kind = 'outlet' AND o.site = counted.value
    QUALIFY value = $outlet OR value = $language OR value = $country
        OR row_number() OVER (PARTITION BY kind ORDER BY stories DESC, value) <= $most
),
picked AS (
    SELECT
        story_id::VARCHAR AS value, article_id::VARCHAR AS name, told_at,
        row_number() OVER (ORDER BY rank, started_at DESC, story_id) AS place
    FROM flagged
    WHERE in_language AND in_outlet AND in_country
        AND ($before IS NULL OR started_at < $before
            OR (started_at = $before AND story_id > $behind::UBIGINT))
    ORDER BY rank, started_at DESC, story_id
    LIMIT $count
)
SELECT kind, value, name, stories, -stories AS place, NULL AS told_at FROM facets
UNION ALL
SELECT 'story', value, name, 0, place, told_at FROM picked
ORDER BY kind, place, value

-- name: shown
-- What is shown of stories, each told by one of $article_ids, in their order; those were told
-- between $first and $last, and lie near each other.
WITH picked AS (
    SELECT
        unnest($article_ids::UBIGINT[]) AS article_id,
        unnest(generate_series(1, len($article_ids::UBIGINT[]))) AS place
)
SELECT
    s.story_id::VARCHAR AS story_id, a.article_id::VARCHAR AS article_id, s.started_at, a.title,
    coalesce(o.name, a.host) AS outlet, a.site, o.country, a.language, a.canonical_url AS url,
    left(coalesce(a.standfirst, ''), 300) AS standfirst,
    a.published_at, a.published_day, a.date_flag, a.date_evidence, a.first_seen_at,
    s.topics, s.salience, s.articles - 1 AS copies, s.outlets, s.wire, s.first_certain,
    a.revisions, a.access
FROM picked AS p
JOIN articles AS a
    ON a.article_id = p.article_id AND a.told_at >= $first AND a.told_at <= $last
JOIN stories AS s ON s.story_id = a.story_id
LEFT JOIN outlets AS o ON o.site = a.site
ORDER BY p.place

-- name: texts
-- How their texts begin, to show where in them the words of a search are.
SELECT
    article_id::VARCHAR AS article_id,
    left(concat_ws(E'\n', standfirst, text), $longest) AS text
FROM articles
WHERE article_id IN (SELECT unnest($article_ids::UBIGINT[]))
    AND told_at >= $first AND told_at <= $last

-- name: scanned
-- The newest articles of a year that have all the words, for where there is no index.
SELECT article_id::VARCHAR AS article_id FROM search($words, days := 365) LIMIT $count

-- name: spelled
-- How a topic is spelled by those who mention it.
SELECT DISTINCT topic FROM mentions WHERE lower(topic) = lower($topic);

-- name: topics
-- The topics.
SELECT DISTINCT topic AS value, topic AS name, NULL AS stories FROM mentions ORDER BY topic LIMIT $most
