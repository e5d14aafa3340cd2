-- How much was written on any topic, day by day: what is on two topics is counted once. What a later
-- revision says no more was said that day, as in coverage.sql.

CREATE VIEW coverage_total AS
WITH told AS (
    SELECT article_id, story_id, told_at, host, site FROM articles
    WHERE article_id IN (SELECT article_id FROM mentions)
),
written AS (
    SELECT
        CAST(timezone('UTC', told_at) AS DATE) AS day, count(*) AS articles,
        count(DISTINCT host) AS hosts, count(DISTINCT site) AS outlets
    FROM told
    GROUP BY day
),
begun AS (
    SELECT CAST(timezone('UTC', s.started_at) AS DATE) AS day, count(*) AS stories
    FROM stories AS s
    WHERE s.story_id IN (SELECT story_id FROM told)
    GROUP BY day
),
filled AS (SELECT day FROM written UNION ALL SELECT day FROM begun),
days AS (
    SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day FROM filled
)
SELECT
    days.day, coalesce(written.articles, 0) AS articles, coalesce(begun.stories, 0) AS stories,
    coalesce(written.hosts, 0) AS hosts, coalesce(written.outlets, 0) AS outlets
FROM days
LEFT JOIN written ON written.day = days.day
LEFT JOIN begun ON begun.day = days.day
ORDER BY days.day DESC;
COMMENT ON VIEW coverage_total IS 'How much was written on any topic, by day, over all topics and languages: every day from the first to the last.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN coverage_total.day IS 'Day (UTC), as in coverage_daily.';
COMMENT ON COLUMN coverage_total.articles IS 'Articles that mention any topic, copies included.';
COMMENT ON COLUMN coverage_total.stories IS 'Stories that began then and of which any article mentions any topic.';
COMMENT ON COLUMN coverage_total.hosts IS 'Different hosts of the articles.';
COMMENT ON COLUMN coverage_total.outlets IS 'Different outlets of the articles.';
