-- How much was written on each topic, by hour, day or month where somebody lives. (Why a macro begins
-- with `given`, search.sql says.)

CREATE MACRO coverage(step := 'day', zone := 'UTC') AS TABLE
WITH given(step, zone) AS (SELECT step, zone),
written AS (
    SELECT
        date_trunc(given.step, timezone(given.zone, a.told_at)) AS since, m.topic, a.language,
        count(*) AS articles, count(DISTINCT a.host) AS hosts, count(DISTINCT a.site) AS outlets,
        avg(m.salience) AS salience
    FROM articles AS a
    JOIN (
        -- What a later revision says no more was said that day.
        SELECT
            article_id, topic,
            coalesce(max(salience) FILTER (is_latest), max(salience)) AS salience
        FROM mentions
        GROUP BY ALL
    ) AS m ON m.article_id = a.article_id
    CROSS JOIN given
    GROUP BY ALL
),
-- A story is on every topic that any of its articles mentions.
begun AS (
    SELECT
        date_trunc(given.step, timezone(given.zone, s.started_at)) AS since, told.topic, o.language,
        count(*) AS stories
    FROM (
        SELECT DISTINCT a.story_id, m.topic
        FROM articles AS a JOIN mentions AS m ON m.article_id = a.article_id
    ) AS told
    JOIN stories AS s ON s.story_id = told.story_id
    JOIN articles AS o ON o.article_id = s.original_id
    CROSS JOIN given
    GROUP BY ALL
),
filled AS (
    SELECT since, topic, language FROM written UNION SELECT since, topic, language FROM begun
),
spans AS (
    SELECT topic, list(DISTINCT coalesce(language, '')) AS languages, unnest(generate_series(
        min(since), max(since), CAST('1 ' || (SELECT given.step FROM given) AS INTERVAL)
    )) AS since
    FROM filled
    GROUP BY topic
),
steps AS (SELECT since, topic, unnest(languages) AS language FROM spans)
SELECT
    steps.since, steps.topic, nullif(steps.language, '') AS language,
    coalesce(written.articles, 0) AS articles, coalesce(begun.stories, 0) AS stories,
    coalesce(written.hosts, 0) AS hosts, written.salience, coalesce(written.outlets, 0) AS outlets
FROM steps
LEFT JOIN written
    ON written.since = steps.since AND written.topic = steps.topic
    AND coalesce(written.language, '') = steps.language
LEFT JOIN begun
    ON begun.since = steps.since AND begun.topic = steps.topic
    AND coalesce(begun.language, '') = steps.language
ORDER BY ALL;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE coverage IS 'coverage(step := ''day'', zone := ''UTC''): coverage_daily by hour, day, week, month or year, as clocks tell them in a time zone such as Asia/Jakarta; since is when each begins there.';
