-- A topic, day by day. Where the most copied story has no headline there is none: another's is no
-- name for its URL.

CREATE MACRO timeline(of_topic) AS TABLE
SELECT
    CAST(timezone('UTC', started_at) AS DATE) AS day,
    count(*) AS stories,
    sum(copies + 1)::BIGINT AS articles,
    arg_max_null(title, (copies, salience, story_id)) AS headline,
    arg_max(url, (copies, salience, story_id)) AS url
FROM clippings_on(of_topic)
GROUP BY day
ORDER BY day;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE timeline IS 'timeline(topic): day by day, how many stories began and the headline of the one most copied, as an article says it that mentions the topic; the case of the topic does not matter.';
