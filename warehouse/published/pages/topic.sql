-- One topic: how much was written on it, when, where and by whom first. An article is on a topic if
-- any revision of it mentions the topic, as in coverage; it counts when it was told. A story counts when
-- it began, as in the list of stories, so that numbers are what their links lead to.

-- name: topics
-- All topics: articles and stories of a time, in which there may be none, and the newest of all.
SELECT
    m.topic,
    count(*) FILTER (
        ($since IS NULL OR a.told_at >= $since) AND ($until IS NULL OR a.told_at < $until)
    ) AS articles,
    count(DISTINCT s.story_id) FILTER (
        -- Asked here, not of the join: one by more than equality compares all with all.
        list_contains(s.topics, m.topic)
        AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    ) AS stories,
    count(DISTINCT a.site) FILTER (
        ($since IS NULL OR a.told_at >= $since) AND ($until IS NULL OR a.told_at < $until)
    ) AS outlets,
    max(a.told_at) AS last_told_at
FROM (SELECT DISTINCT article_id, topic FROM mentions) AS m
JOIN articles AS a ON a.article_id = m.article_id
LEFT JOIN stories AS s ON s.story_id = a.story_id
GROUP BY m.topic
ORDER BY stories DESC, m.topic LIMIT $most;

-- name: names
-- All topics that anything mentions.
SELECT DISTINCT topic FROM mentions ORDER BY topic LIMIT $most;

-- name: totals
-- How much there is of it.
SELECT
    count(*) AS articles, count(DISTINCT a.site) AS outlets,
    count(DISTINCT a.language) AS languages, min(a.told_at) AS first_told_at,
    max(a.told_at) AS last_told_at,
    (
        SELECT count(DISTINCT s.story_id)
        FROM stories AS s
        JOIN articles AS b ON b.story_id = s.story_id
        SEMI JOIN (SELECT article_id FROM mentions WHERE list_contains($spelled, topic)) AS n
            ON n.article_id = b.article_id
        WHERE list_has_any(s.topics, $spelled)
            AND ($since IS NULL OR s.started_at >= $since)
            AND ($until IS NULL OR s.started_at < $until)
    ) AS stories
FROM articles AS a
SEMI JOIN (SELECT article_id FROM mentions WHERE list_contains($spelled, topic)) AS m
    ON m.article_id = a.article_id
WHERE ($since IS NULL OR a.told_at >= $since) AND ($until IS NULL OR a.told_at < $until);

-- name: attention
-- Articles by step of time, for each language and each outlet: the $most biggest of either, and the
-- others together, without a name. Steps without any are not there.
WITH told AS MATERIALIZED (
    SELECT date_trunc($step, timezone('UTC', a.told_at)) AS since, a.language, a.site
    FROM articles AS a
    SEMI JOIN (SELECT article_id FROM mentions WHERE list_contains($spelled, topic)) AS m
        ON m.article_id = a.article_id
    WHERE ($since IS NULL OR a.told_at >= $since) AND ($until IS NULL OR a.told_at < $until)
),
named AS (
    SELECT 'language' AS kind, since, language AS name, count(*) AS articles FROM told GROUP BY ALL
    UNION ALL
    SELECT 'outlet', since, site, count(*) FROM told GROUP BY ALL
),
biggest AS (
    SELECT kind, name FROM named WHERE name IS NOT NULL GROUP BY kind, name
    QUALIFY row_number() OVER (PARTITION BY kind ORDER BY sum(articles) DESC, name) <= $most
)
SELECT
    n.kind, coalesce(o.name, b.name, '') AS name, coalesce(b.name, '') AS value,
    CAST(n.since AS DATE) AS since, sum(n.articles)::BIGINT AS articles
FROM named AS n
LEFT JOIN biggest AS b ON b.kind = n.kind AND b.name = n.name
LEFT JOIN outlets AS o ON o.site = CASE WHEN n.kind = 'outlet' THEN b.name END
GROUP BY ALL
ORDER BY ALL;

-- name: voices
-- Outlets by their share of what was written on it, and how often each was first.
WITH told AS (
    SELECT
        a.site,
        count(*) FILTER (
            ($since IS NULL OR a.told_at >= $since) AND ($until IS NULL OR a.told_at < $until)
        ) AS articles,
        count(DISTINCT s.story_id) FILTER (
            list_has_any(s.topics, $spelled)
            AND ($since IS NULL OR s.started_at >= $since)
            AND ($until IS NULL OR s.started_at < $until)
        ) AS stories
    FROM articles AS a
    SEMI JOIN (SELECT article_id FROM mentions WHERE list_contains($spelled, topic)) AS m
        ON m.article_id = a.article_id
    JOIN stories AS s ON s.story_id = a.story_id
    GROUP BY a.site
),
begun AS (
    SELECT
        a.site, count(*) AS first,
        count(*) FILTER (s.first_certain) AS first_certain
    FROM stories AS s
    JOIN articles AS a ON a.article_id = s.original_id
    WHERE s.outlets > 1 AND list_has_any(s.topics, $spelled)
        AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    GROUP BY a.site
)
SELECT
    t.site, coalesce(o.name, t.site, 'Filed by hand') AS outlet, o.country, t.articles, t.stories,
    t.articles / sum(t.articles) OVER () AS share,
    coalesce(b.first, 0) AS first, coalesce(b.first_certain, 0) AS first_certain
FROM told AS t
LEFT JOIN begun AS b ON b.site IS NOT DISTINCT FROM t.site
LEFT JOIN outlets AS o ON o.site = t.site
WHERE t.articles > 0
ORDER BY t.articles DESC, outlet, t.site
LIMIT $most;

-- name: compared
-- Articles on each of two topics, and on both, by step of time.
WITH on_topic AS (
    SELECT
        article_id, bool_or(list_contains($spelled, topic)) AS one,
        bool_or(list_contains($others, topic)) AS other
    FROM mentions WHERE list_contains(list_concat($spelled, $others), topic)
    GROUP BY ALL
)
SELECT
    CAST(date_trunc($step, timezone('UTC', a.told_at)) AS DATE) AS since,
    count(*) FILTER (m.one) AS one, count(*) FILTER (m.other) AS other,
    count(*) FILTER (m.one AND m.other) AS both
FROM on_topic AS m
JOIN articles AS a ON a.article_id = m.article_id
WHERE ($since IS NULL OR a.told_at >= $since) AND ($until IS NULL OR a.told_at < $until)
GROUP BY ALL
ORDER BY ALL;

-- name: biggest
-- Its stories that most outlets have, and more than one.
SELECT
    s.story_id::VARCHAR AS story_id, s.started_at, a.title, a.language,
    coalesce(o.name, a.host) AS outlet, s.articles, s.outlets
FROM (
    SELECT * FROM stories AS s
    WHERE s.outlets > 1
        AND list_has_any(s.topics, $spelled)
        AND ($since IS NULL OR s.started_at >= $since) AND ($until IS NULL OR s.started_at < $until)
    ORDER BY s.outlets DESC, s.articles DESC, s.started_at DESC, s.story_id
    LIMIT 8
) AS s
JOIN articles AS a ON a.article_id = s.original_id
LEFT JOIN outlets AS o ON o.site = a.site
ORDER BY s.outlets DESC, s.articles DESC, s.started_at DESC, s.story_id;
