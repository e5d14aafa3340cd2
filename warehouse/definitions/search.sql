-- Articles that contain some words.
--
-- Macros may be asked about each row of a table, as in FROM stories AS s, story(s.story_id). A
-- parameter is text that is put in place: among a macro's own tables, a column that somebody passed
-- was taken for one of theirs. So each macro reads its parameters once, where there is no other
-- table (given, asked), and its own names are all that stands elsewhere. What it gives the columns
-- it names in brackets, for an alias would be in the way of a column of that name, too.
--
-- But here `query` stands beside columns, under names that nobody passes: DuckDB makes a pattern once for
-- all texts where it is made of constants, and else anew for each. So six words are looked for, and all
-- others only where those are; patterns are matched only with what has all the words somewhere, in the
-- text or in search_words. Marks of form matter only where they are numbers. Between title and text
-- stands a letter that is in no word, so that no phrase is found across; what is in the title is in the
-- whole, so both are matched in one go.

CREATE MACRO search(query, days := 30) AS TABLE
WITH given(query, days) AS (SELECT query, days),
asked(patterns, needles, numbers, since) AS (
    SELECT
        search_patterns(given.query), search_needles(given.query),
        regexp_matches(given.query, '[0-9]'), now() - to_days(given.days)
    FROM given
),
possible AS (
    SELECT article_id, title, standfirst, text
    FROM (
        SELECT *, (SELECT asked.needles FROM asked) AS needles
        FROM articles
        WHERE told_at >= (SELECT asked.since FROM asked)
    )
    WHERE (SELECT len(asked.patterns) > 0 FROM asked)
        AND (len(needles) = 0 OR contains(text, needles[1].small) OR contains(text, needles[1].capital)
            OR contains(search_words, needles[1].small) OR contains(text, needles[1].capitals))
        AND len(list_filter(
            needles[2:],
            lambda needle: NOT (contains(text, needle.small) OR contains(text, needle.capital)
                OR contains(search_words, needle.small) OR contains(text, needle.capitals))
        )) = 0
),
read AS (
    SELECT
        article_id AS "article: id", unnest([true, false]) AS "article: title",
        unnest([title, concat_ws(
            E'\n', title, 'ꙮ', standfirst,
            CASE
                WHEN contains(text, '.' || chr(160)) AND (SELECT asked.numbers FROM asked)
                THEN plain_text(text)
                ELSE text
            END
        )]) AS "article: words"
    FROM possible
),
found(article_id, in_title) AS (
    SELECT "article: id", bool_or("article: title")
    FROM read
    WHERE NOT regexp_matches(
            "article: words", coalesce(search_patterns(query, unwanted := true)[1], '[^\s\S]'))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[1], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[2], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[3], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[4], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[5], ''))
        AND regexp_matches("article: words", coalesce(search_patterns(query)[6], ''))
        AND len(list_filter(
            (SELECT asked.patterns[7:] FROM asked),
            lambda pattern: NOT regexp_matches("article: words", pattern)
        )) = 0
    GROUP BY "article: id"
    -- What is not wanted may stand in the text alone.
    HAVING bool_or(NOT "article: title")
)
SELECT
    article_id, title, coalesce(o.name, host) AS outlet, articles.language, told_at, topics,
    canonical_url AS url, story_id, in_title
FROM found
JOIN articles USING (article_id)
LEFT JOIN outlets AS o ON o.site = articles.site
ORDER BY in_title DESC, told_at DESC, article_id;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE search IS 'search(query, days := 30): articles of the last days that contain all the words, and phrases in quotation marks, none that has a minus before it, either of two with OR between them, whatever their case and accents, as pressclip search finds them; those with all of them in the title first, then the newest.';
