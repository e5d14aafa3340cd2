-- How much was written on each topic, day by day.

CREATE VIEW coverage_daily AS
SELECT
    CAST(since AS DATE) AS day, topic, language, articles, stories, hosts, salience, outlets
FROM coverage()
ORDER BY day DESC, topic, language;
COMMENT ON VIEW coverage_daily IS 'How much was written on each topic, by day and language: every day from the first of the topic to its last. Articles are counted once for each topic, and so are stories: coverage_total counts nothing twice.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN coverage_daily.day IS 'Day (UTC) by which they were out for certain (told_at in articles; for stories: started_at). coverage(zone := …) tells local days.';
COMMENT ON COLUMN coverage_daily.topic IS 'Topic.';
COMMENT ON COLUMN coverage_daily.language IS 'Language of the articles; of stories, that of their originals.';
COMMENT ON COLUMN coverage_daily.articles IS 'Articles, copies included.';
COMMENT ON COLUMN coverage_daily.stories IS 'Stories that began then and of which any article mentions the topic.';
COMMENT ON COLUMN coverage_daily.hosts IS 'Different hosts.';
COMMENT ON COLUMN coverage_daily.salience IS 'Mean salience of the topic in the articles; NULL where there are none.';
COMMENT ON COLUMN coverage_daily.outlets IS 'Different outlets.';
