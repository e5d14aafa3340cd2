-- Articles that contain some words.
--
-- Macros may be asked about each row of a table, as in FROM stories AS s, story(s.story_id). A
-- parameter is text that is put in place: among a macro's own tables, a column that somebody passed
-- was taken for one of theirs. So each macro reads its parameters once, where there is no other
-- table (given, asked), and its own names are all that stands elsewhere. What it gives the columns
-- it names in brackets, for an alias would be in the way of a column of that name, too.

CREATE MACRO search(query, days := 30) AS TABLE
WITH given(query, days) AS (SELECT query, days),
asked(words, since, of_signs) AS (
    SELECT
        string_split(lower(trim(regexp_replace(given.query, '[\s\p{Z}]+', ' ', 'g'))), ' '),
        now() - to_days(given.days),
        regexp_matches(given.query, '(^|\s)[^\p{L}\s]+(\s|$)')
    FROM given
),
read AS (
    SELECT
        article_id, title, coalesce(o.name, host) AS outlet, articles.language, told_at, topics,
        canonical_url AS url, story_id,
        lower(coalesce(title, '')) AS headline,
        -- Marks of form are no words; only what has no letter could be one, and this takes its time.
        lower(concat_ws(
            ' ', title, standfirst,
            CASE WHEN (SELECT asked.of_signs FROM asked) THEN plain_text(text) ELSE text END
        )) AS words
    FROM articles LEFT JOIN outlets AS o ON o.site = articles.site
    WHERE told_at >= (SELECT asked.since FROM asked)
),
told AS (
    SELECT *, strip_accents(headline) AS plain_headline, strip_accents(words) AS plain_words
    FROM read
),
-- The marks of scripts other than these are more than accents.
found AS (
    FROM told
    WHERE len(list_filter(
        (SELECT asked.words FROM asked),
        lambda word: NOT CASE
            WHEN regexp_matches(word, '[\p{Latin}\p{Greek}\p{Cyrillic}]')
            THEN contains(plain_words, strip_accents(word))
            ELSE contains(words, word)
        END
    )) = 0
)
SELECT
    article_id, title, outlet, language, told_at, topics, url, story_id,
    len(list_filter(
        (SELECT asked.words FROM asked),
        lambda word: NOT CASE
            WHEN regexp_matches(word, '[\p{Latin}\p{Greek}\p{Cyrillic}]')
            THEN contains(plain_headline, strip_accents(word))
            ELSE contains(headline, word)
        END
    )) = 0 AS in_title
FROM found
ORDER BY in_title DESC, told_at DESC, article_id;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE search IS 'search(query, days := 30): articles of the last days that contain all the words, as parts of longer words too, whatever their case and accents, those with all of them in the title first, then the newest.';
