-- Articles that contain some words.
--
-- Macros may be asked about each row of a table, as in FROM stories AS s, story(s.story_id). A
-- parameter is text that is put in place: among a macro's own tables, a column that somebody passed
-- was taken for one of theirs. So each macro reads its parameters once, where there is no other
-- table (given, asked), and its own names are all that stands elsewhere. What it gives the columns
-- it names in brackets, for an alias would be in the way of a column of that name, too.
--
-- But here `query` stands beside columns, under names that nobody passes: DuckDB makes a pattern once for
-- all texts where it is made of constants, and else anew for each. So four words are looked for, and all
-- others only where those are. What has a number in it is looked for without marks of form. Between
-- title and text stands a letter that is in no word, so that no phrase is found across.

CREATE MACRO search(query, days := 30) AS TABLE
WITH given(query, days) AS (SELECT query, days),
asked(patterns, since) AS (
    SELECT search_patterns(given.query), now() - to_days(given.days) FROM given
),
read AS (
    SELECT
        article_id AS "article: id", coalesce(title, '') AS "article: title",
        concat_ws(E'\n', title, 'ꙮ', standfirst, text) AS "article: text"
    FROM articles
    WHERE told_at >= (SELECT asked.since FROM asked)
),
plain AS (
    SELECT
        "article: id", "article: title",
        CASE
            WHEN regexp_matches(query, '[0-9]') THEN plain_text("article: text")
            ELSE "article: text"
        END AS "article: words"
    FROM read
),
found AS (
    SELECT
        "article: id" AS article_id,
        (regexp_matches("article: title", coalesce(search_patterns(query)[1], ''))
        AND regexp_matches("article: title", coalesce(search_patterns(query)[2], ''))
        AND regexp_matches("article: title", coalesce(search_patterns(query)[3], ''))
        AND regexp_matches("article: title", coalesce(search_patterns(query)[4], ''))
        AND len(list_filter(
            (SELECT asked.patterns[5:] FROM asked),
            lambda pattern: NOT regexp_matches("article: title", pattern)
        )) = 0) AS in_title
    FROM plain
    WHERE (SELECT len(asked.patterns) > 0 FROM asked)
        AND regexp_matches("article: words", coalesce(search_patterns(query)[1], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[2], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[3], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[4], ''))
        AND len(list_filter(
            (SELECT asked.patterns[5:] FROM asked),
            lambda pattern: NOT regexp_matches("article: words", pattern)
        )) = 0
)
SELECT
    article_id, title, coalesce(o.name, host) AS outlet, articles.language, told_at, topics,
    canonical_url AS url, story_id, in_title
FROM found
JOIN articles USING (article_id)
LEFT JOIN outlets AS o ON o.site = articles.site
ORDER BY in_title DESC, told_at DESC, article_id;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE search IS 'search(query, days := 30): articles of the last days that contain all the words, and phrases in quotation marks, whatever their case and accents, as pressclip search finds them; those with all of them in the title first, then the newest.';
