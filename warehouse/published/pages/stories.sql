-- Stories as the page of them lists and counts them. A story is there where one of its articles fits
-- all that is asked for. `counted` is asked of one of the parts before it, which say what articles
-- there are, and stands behind it as the table `told`.

-- name: of_stories
-- All articles of stories on topic.
SELECT
    a.article_id, a.story_id, s.started_at, s.original_id, a.told_at, a.language, a.site,
    s.articles = 1 AS alone, 0 AS rank
FROM articles AS a
JOIN stories AS s ON s.story_id = a.story_id
WHERE len(s.topics) > 0
    AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    AND ($salience IS NULL OR a.salience >= $salience)

-- name: on_topic
-- Those that mention one topic (in any of its spellings, in any revision), at least so much.
SELECT
    a.article_id, a.story_id, s.started_at, s.original_id, a.told_at, a.language, a.site,
    s.articles = 1 AS alone, 0 AS rank
FROM (
    SELECT
        article_id, coalesce(max(salience) FILTER (is_latest), max(salience)) AS salience
    FROM mentions
    WHERE list_contains($spelled, topic)
    GROUP BY ALL
) AS m
JOIN articles AS a ON a.article_id = m.article_id
JOIN stories AS s ON s.story_id = a.story_id
WHERE list_has_any(s.topics, $spelled)
    AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    AND ($salience IS NULL OR m.salience >= $salience)

-- name: found
-- Those that a search found, in its order: on one topic or none. Their ids are one text, with commas:
-- a list of thousands takes a tenth of a second to hand over.
WITH ids AS (SELECT string_split($found, ',')::UBIGINT[] AS ids WHERE $found <> ''),
found AS (
    SELECT unnest(ids) AS article_id, unnest(generate_series(1, len(ids))) AS rank FROM ids
),
mentioned AS (
    SELECT
        article_id, coalesce(max(salience) FILTER (is_latest), max(salience)) AS salience
    FROM mentions
    WHERE $spelled IS NOT NULL AND list_contains($spelled, topic)
    GROUP BY ALL
)
SELECT
    a.article_id, a.story_id, s.started_at, s.original_id, a.told_at, a.language, a.site,
    s.articles = 1 AS alone, f.rank
FROM found AS f
JOIN articles AS a ON a.article_id = f.article_id
JOIN stories AS s ON s.story_id = a.story_id
LEFT JOIN mentioned AS m ON m.article_id = a.article_id
WHERE ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    AND ($spelled IS NULL OR (m.article_id IS NOT NULL AND list_has_any(s.topics, $spelled)))
    AND ($salience IS NULL
        OR CASE WHEN $spelled IS NULL THEN a.salience ELSE m.salience END >= $salience)

-- name: by_story
-- How many stories there are on each topic, where nothing is asked of their articles.
SELECT 'topic' AS kind, topic AS value, count(*) AS stories
FROM (
    SELECT unnest(topics) AS topic FROM stories
    WHERE ($since IS NULL OR started_at >= $since) AND ($until IS NULL OR started_at < $until)
)
GROUP BY ALL

-- name: by_article
-- The same, where something is: of those articles that fit, with the topic.
SELECT 'topic' AS kind, topic AS value, count(DISTINCT story_id) AS stories
FROM (
    SELECT f.story_id, m.topic
    FROM fitting AS f
    JOIN mentions AS m ON m.article_id = f.article_id
    JOIN stories AS s ON s.story_id = f.story_id AND list_contains(s.topics, m.topic)
    GROUP BY f.story_id, f.article_id, m.topic
    HAVING $salience IS NULL
        OR coalesce(max(m.salience) FILTER (m.is_latest), max(m.salience)) >= $salience
)
GROUP BY ALL

-- name: by_none
-- None, where a topic is asked for.
SELECT 'topic' AS kind, '' AS value, 0 AS stories WHERE false

-- name: counted
-- The $count newest behind a place in their order (a moment and an id), in the order of a search where
-- there was one: their ids, and those of what tells them: the original, or else the first that fits;
-- in a search the best. $language, $outlet (a site) and $country are those of one and the same article.
-- And how many stories there are, by language, outlet and country: each as if nothing of its kind were
-- asked for, but where $narrow says that only what fits need be read. Of each kind the $most with most stories (of the $kind that is asked for, $all), and the
-- one that was asked for; with how many there are of the kind.
, flagged AS MATERIALIZED (
    SELECT
        t.*, o.country,
        ($language IS NULL OR t.language = $language) AS in_language,
        ($outlet IS NULL OR t.site = $outlet) AS in_outlet,
        ($country IS NULL OR o.country = $country) AS in_country
    FROM told AS t
    LEFT JOIN outlets AS o ON o.site = t.site
    WHERE NOT $narrow OR (
        ($language IS NULL OR t.language = $language)
        AND ($outlet IS NULL OR t.site = $outlet)
        AND ($country IS NULL OR o.country = $country)
    )
),
fitting AS (FROM flagged WHERE in_language AND in_outlet AND in_country),
by_topic AS ({by_topic}),
counted AS (
    -- What has but one article needs no comparing.
    SELECT
        'all' AS kind, '' AS value,
        count(*) FILTER (alone) + count(DISTINCT story_id) FILTER (NOT alone) AS stories
    FROM fitting
    UNION ALL
    SELECT
        'language', language,
        count(*) FILTER (alone) + count(DISTINCT story_id) FILTER (NOT alone)
    FROM flagged WHERE in_outlet AND in_country AND language IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT
        'outlet', site,
        count(*) FILTER (alone) + count(DISTINCT story_id) FILTER (NOT alone)
    FROM flagged WHERE in_language AND in_country AND site IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT
        'country', country,
        count(*) FILTER (alone) + count(DISTINCT story_id) FILTER (NOT alone)
    FROM flagged WHERE in_language AND in_outlet AND country IS NOT NULL GROUP BY ALL
    UNION ALL
    FROM by_topic
    UNION ALL
    SELECT unnest(['language', 'outlet', 'country']), unnest([$language, $outlet, $country]), 0
),
facets AS (
    SELECT
        kind, value, coalesce(any_value(o.name), value) AS name, sum(stories)::BIGINT AS stories,
        count(*) OVER (PARTITION BY kind) AS of_kind
    FROM counted
    LEFT JOIN outlets AS o
        ON o.site = CASE WHEN counted.kind = 'outlet' THEN counted.value END
    WHERE value IS NOT NULL
    GROUP BY kind, value
    QUALIFY value = $outlet OR value = $language OR value = $country
        OR row_number() OVER (PARTITION BY kind ORDER BY sum(stories) DESC, value)
            <= CASE WHEN kind = $kind THEN $all ELSE $most END
),
picked AS (
    SELECT story_id, started_at, min(rank) AS rank
    FROM fitting
    WHERE $before IS NULL OR started_at < $before
        OR (started_at = $before AND story_id > $behind::UBIGINT)
    GROUP BY story_id, started_at
    ORDER BY min(rank), started_at DESC, story_id
    LIMIT $count
),
telling AS (
    SELECT
        p.story_id, p.started_at, p.rank,
        arg_min(f.article_id, (f.rank, f.article_id <> f.original_id, f.told_at, f.article_id))
            AS article_id,
        min(f.told_at) AS first_told_at, max(f.told_at) AS last_told_at
    FROM picked AS p
    JOIN fitting AS f ON f.story_id = p.story_id
    GROUP BY ALL
)
SELECT
    kind, value, name, stories, of_kind, -stories AS place, NULL AS started_at,
    NULL AS first_told_at, NULL AS last_told_at
FROM facets
UNION ALL
SELECT
    'story', story_id::VARCHAR, article_id::VARCHAR, 0, 0,
    row_number() OVER (ORDER BY rank, started_at DESC, story_id), started_at, first_told_at,
    last_told_at
FROM telling
ORDER BY kind, place, value

-- name: shown
-- What is shown of stories, each told by one of $article_ids, in their order; those, and the originals,
-- were told between $first and $last, and lie near each other.
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
    a.revisions, a.access,
    CASE WHEN b.article_id <> a.article_id THEN coalesce(n.name, b.host) END AS first_outlet
FROM picked AS p
JOIN articles AS a
    ON a.article_id = p.article_id AND a.told_at >= $first AND a.told_at <= $last
JOIN stories AS s ON s.story_id = a.story_id
LEFT JOIN articles AS b
    ON b.article_id = s.original_id AND b.told_at >= $first AND b.told_at <= $last
LEFT JOIN outlets AS o ON o.site = a.site
LEFT JOIN outlets AS n ON n.site = b.site
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
-- The topics, and how many there are: the $most first ones, and the one that was asked for.
SELECT
    topic AS value, topic AS name, NULL AS stories, count(*) OVER () AS of_kind
FROM (SELECT DISTINCT topic FROM mentions)
QUALIFY list_contains($spelled, topic)
    OR row_number() OVER (ORDER BY topic) <= CASE WHEN $kind = 'topic' THEN $all ELSE $most END
ORDER BY topic
