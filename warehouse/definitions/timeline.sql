-- A topic, day by day. Where the most copied story has no headline there is none: another's is no
-- name for its URL.

CREATE MACRO timeline(of_topic) AS TABLE
WITH asked(topic) AS (SELECT lower(of_topic))
SELECT
    CAST(timezone('UTC', s.started_at) AS DATE) AS day,
    count(*) AS stories,
    sum(s.articles)::BIGINT AS articles,
    arg_max_null(a.title, (s.articles, s.salience, s.story_id)) AS headline,
    arg_max(a.canonical_url, (s.articles, s.salience, s.story_id)) AS url
FROM stories AS s
JOIN articles AS a ON a.article_id = s.story_id
WHERE list_contains(
    list_transform(s.topics, lambda topic: lower(topic)), (SELECT asked.topic FROM asked)
)
GROUP BY day
ORDER BY day;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE timeline IS 'timeline(topic): day by day, how many stories began and the headline of the one most copied; the case of the topic does not matter.';
