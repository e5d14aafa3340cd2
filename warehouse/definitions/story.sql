-- A story: the original and its copies. (Why a macro begins with `given`, search.sql says.)

CREATE MACRO story(story) AS TABLE
WITH given(story) AS (SELECT story),
named(id, address, addresses) AS (
    SELECT
        try_cast(given.story AS UBIGINT), CAST(given.story AS VARCHAR),
        page_addresses(CAST(given.story AS VARCHAR))
    FROM given
),
spelled(address) AS (SELECT unnest(named.addresses) FROM named),
found AS (
    SELECT 0 AS rank, a.story_id FROM articles AS a JOIN spelled ON a.canonical_url = spelled.address
    UNION ALL
    SELECT 1, a.story_id FROM articles AS a JOIN named ON a.article_id = named.id
    UNION ALL
    SELECT 2, a.story_id FROM articles AS a JOIN spelled ON a.url = spelled.address
),
asked(id) AS (
    SELECT coalesce(
        (SELECT arg_min(story_id, (rank, story_id)) FROM found),
        error('There is no story ' || coalesce(named.address, 'NULL') || ': no article has that id or address. '
            || 'There are ' || (SELECT count(*) FROM stories) || ' stories; clippings lists those on topic, '
            || 'and search(''some words'') finds any.')
    )
    FROM named
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
