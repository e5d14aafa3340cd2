-- A story: the original and its copies. (Why a macro begins with `given`, search.sql says.)

CREATE MACRO story(story) AS TABLE
WITH given(story) AS (SELECT story),
asked(id) AS (
    SELECT coalesce(
        (SELECT arg_min(f.story_id, (f.rank, f.story_id)) FROM article_at(given.story) AS f),
        error('There is no story ' || coalesce(CAST(given.story AS VARCHAR), 'NULL')
            || ': no article has that id or address. '
            || 'There are ' || (SELECT count(*) FROM stories) || ' stories; clippings lists those on topic, '
            || 'and search(''some words'') finds any.')
    )
    FROM given
)
-- What is compared is joined by narrow columns, or else DuckDB would read titles and addresses of all.
SELECT
    a.copy_kind, a.told_at, a.told_at - s.started_at AS behind,
    a.title, coalesce(p.name, a.host) AS outlet, a.language, a.topics,
    a.canonical_url AS url, a.article_id, a.story_id, c.similarity, c.reason, c.may_be_first
FROM asked
JOIN stories AS s ON s.story_id = asked.id
JOIN articles AS a ON a.story_id = s.story_id
JOIN (SELECT article_id, similarity, reason, may_be_first FROM story_copies) AS c
    ON c.article_id = a.article_id
LEFT JOIN outlets AS p ON p.site = a.site
ORDER BY a.copy_kind <> 'original', a.told_at, a.article_id;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE story IS 'story(id or address): the original and its copies, with how long each came behind it, how like it each is and why, as in story_copies; any article of the story will do, its address as it was pasted.';
