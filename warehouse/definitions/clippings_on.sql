-- The press clippings on one topic: what is told of each story is of an article that mentions it. (Why a
-- macro begins with `given`, search.sql says.)

CREATE MACRO clippings_on(of_topic) AS TABLE
WITH given(topic) AS (SELECT of_topic),
known(topic) AS (SELECT DISTINCT topic FROM mentions),
named(topic) AS (SELECT CAST(given.topic AS VARCHAR) FROM given),
asked(topic) AS (
    SELECT coalesce(
        (SELECT min(lower(known.topic)) FROM known WHERE lower(known.topic) = lower(named.topic)),
        error('There is no topic ' || coalesce(named.topic, 'NULL') || '; there is '
            || coalesce((SELECT string_agg(known.topic, ', ' ORDER BY known.topic) FROM known), 'none yet')
            || '.')
    )
    FROM named
),
mentioned AS (
    SELECT
        m.article_id,
        coalesce(max(m.salience) FILTER (m.is_latest), max(m.salience)) AS salience
    FROM mentions AS m JOIN asked ON lower(m.topic) = asked.topic
    GROUP BY ALL
),
telling AS (
    SELECT
        a.story_id, max(m.salience) AS salience,
        arg_min(a.article_id, (a.copy_kind <> 'original', a.told_at, a.article_id)) AS article_id
    FROM mentioned AS m JOIN articles AS a ON a.article_id = m.article_id
    GROUP BY ALL
)
SELECT
    s.started_at,
    a.title,
    s.topics,
    told.salience,
    coalesce(o.name, a.host) AS outlet,
    a.language,
    a.published_at,
    a.date_flag,
    a.first_seen_at,
    s.articles - 1 AS copies,
    s.hosts,
    s.wire,
    a.canonical_url AS url,
    a.standfirst,
    a.authors,
    a.revisions,
    a.access,
    s.story_id,
    s.outlets,
    a.site,
    a.published_day,
    a.published_offset,
    s.original_id,
    s.first_certain
FROM telling AS told
JOIN stories AS s ON s.story_id = told.story_id
JOIN articles AS a ON a.article_id = told.article_id
LEFT JOIN outlets AS o ON o.site = a.site
ORDER BY s.started_at DESC, s.story_id;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE clippings_on IS 'clippings_on(topic): the clippings on one topic, newest first, each told by its original or else its first article that mentions the topic, with the highest salience of this topic in the story; the case of the topic does not matter.';
