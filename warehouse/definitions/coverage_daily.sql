-- How much was written on each topic, day by day.

CREATE VIEW coverage_daily AS
SELECT
    CAST(timezone('UTC', told_at) AS DATE) AS day,
    topic,
    language,
    count(*) AS articles,
    count(*) FILTER (copy_kind = 'original') AS stories,
    count(DISTINCT host) AS hosts,
    avg(score) AS salience,
    count(DISTINCT site) AS outlets
FROM (
    SELECT a.told_at, a.language, a.copy_kind, a.host, a.site, m.topic, m.salience AS score
    FROM articles AS a
    JOIN (SELECT DISTINCT article_id, topic, salience FROM mentions) AS m USING (article_id)
)
GROUP BY ALL
ORDER BY day DESC, topic, language;
COMMENT ON VIEW coverage_daily IS 'How much was written on each topic, by day and language.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN coverage_daily.day IS 'Day (UTC) by which they were out for certain (told_at in articles).';
COMMENT ON COLUMN coverage_daily.topic IS 'Topic.';
COMMENT ON COLUMN coverage_daily.language IS 'Language of the articles.';
COMMENT ON COLUMN coverage_daily.articles IS 'Articles, copies included.';
COMMENT ON COLUMN coverage_daily.stories IS 'Articles that are not copies.';
COMMENT ON COLUMN coverage_daily.hosts IS 'Different hosts.';
COMMENT ON COLUMN coverage_daily.salience IS 'Mean salience of the topic in them.';
COMMENT ON COLUMN coverage_daily.outlets IS 'Different outlets.';
