-- A story: the original and its copies. (Why a macro begins with `given`, search.sql says.)

CREATE MACRO story(story) AS TABLE
WITH given(story) AS (SELECT story),
asked(id, url) AS (
    SELECT try_cast(given.story AS UBIGINT), CAST(given.story AS VARCHAR) FROM given
)
SELECT
    a.copy_kind, a.told_at, a.told_at - s.started_at AS behind,
    a.title, coalesce(p.name, a.host) AS outlet, a.language, a.topics,
    a.canonical_url AS url, a.article_id, a.story_id
FROM articles AS a
JOIN stories AS s ON s.story_id = a.story_id
LEFT JOIN outlets AS p ON p.site = a.site
WHERE a.story_id IN (
    SELECT o.story_id FROM articles AS o JOIN asked ON asked.id = o.article_id
    UNION ALL
    SELECT o.story_id FROM articles AS o JOIN asked ON asked.url = o.canonical_url
    UNION ALL
    SELECT o.story_id FROM articles AS o JOIN asked ON asked.url = o.url
)
ORDER BY a.copy_kind <> 'original', a.told_at, a.article_id;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE story IS 'story(id or URL): the original and its copies, with how long each came behind it; any article of the story will do.';
