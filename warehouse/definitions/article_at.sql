-- Which articles an id or a pasted address may mean; that of the lowest rank counts. (Why a macro begins
-- with `given`, search.sql says.)

CREATE MACRO article_at(article) AS TABLE
WITH given(article) AS (SELECT article),
named(id, addresses) AS (
    SELECT try_cast(given.article AS UBIGINT), page_addresses(CAST(given.article AS VARCHAR))
    FROM given
),
spelled(address) AS (SELECT unnest(named.addresses) FROM named)
SELECT 0 AS rank, a.article_id, a.story_id
FROM articles AS a JOIN spelled ON a.canonical_url = spelled.address
UNION ALL
SELECT 1, a.article_id, a.story_id FROM articles AS a JOIN named ON a.article_id = named.id
UNION ALL
SELECT 2, a.article_id, a.story_id FROM articles AS a JOIN spelled ON a.url = spelled.address;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE article_at IS 'article_at(id or address): the articles that it may mean, and their stories; story() and diff() take that of the lowest rank.';
