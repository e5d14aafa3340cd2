-- Macros that may be asked about each row of a table, as in FROM stories AS s, story(s.story_id).
--
-- A parameter is text that is put in place: among a macro's own tables, a column that somebody
-- passed was taken for one of theirs. So each macro reads its parameters once, where there is no
-- other table (given), and its own names are all that stands elsewhere. What it gives the columns
-- it names in brackets, for an alias would be in the way of a column of that name, too.

CREATE OR REPLACE MACRO search(query, days := 30) AS TABLE
WITH given(query, days) AS (SELECT query, days),
asked(words, since) AS (
    SELECT
        string_split(lower(trim(regexp_replace(given.query, '[\s\p{Z}]+', ' ', 'g'))), ' '),
        now() - to_days(given.days)
    FROM given
),
told AS (
    SELECT
        article_id, title, coalesce(site_name, host) AS outlet, language, told_at, topics,
        canonical_url AS url, story_id,
        lower(coalesce(title, '')) AS headline,
        lower(concat_ws(' ', title, standfirst, text)) AS words,
        strip_accents(headline) AS plain_headline,
        strip_accents(words) AS plain_words
    FROM articles
    WHERE told_at >= (SELECT asked.since FROM asked)
),
-- The marks of scripts other than these are more than accents.
found AS (
    FROM told
    WHERE len(list_filter(
        (SELECT asked.words FROM asked),
        lambda word: NOT if(
            regexp_matches(word, '[\p{Latin}\p{Greek}\p{Cyrillic}]'),
            contains(plain_words, strip_accents(word)), contains(words, word)
        )
    )) = 0
)
SELECT
    article_id, title, outlet, language, told_at, topics, url, story_id,
    len(list_filter(
        (SELECT asked.words FROM asked),
        lambda word: NOT if(
            regexp_matches(word, '[\p{Latin}\p{Greek}\p{Cyrillic}]'),
            contains(plain_headline, strip_accents(word)), contains(headline, word)
        )
    )) = 0 AS in_title
FROM found
ORDER BY in_title DESC, told_at DESC, article_id;

CREATE OR REPLACE MACRO story(story) AS TABLE
WITH given(story) AS (SELECT story),
asked(id, url) AS (
    SELECT try_cast(given.story AS UBIGINT), CAST(given.story AS VARCHAR) FROM given
)
SELECT
    a.copy_kind, a.told_at, a.told_at - s.started_at AS behind,
    a.title, coalesce(a.site_name, a.host) AS outlet, a.language, a.topics,
    a.canonical_url AS url, a.article_id, a.story_id
FROM articles AS a
JOIN stories AS s ON s.story_id = a.story_id
WHERE a.story_id IN (
    SELECT o.story_id FROM articles AS o JOIN asked ON asked.id = o.article_id
    UNION ALL
    SELECT o.story_id FROM articles AS o JOIN asked ON asked.url = o.canonical_url
    UNION ALL
    SELECT o.story_id FROM articles AS o JOIN asked ON asked.url = o.url
)
ORDER BY a.copy_kind <> 'original', a.told_at, a.article_id;

CREATE OR REPLACE MACRO diff(article) AS TABLE
WITH given(article) AS (SELECT article),
named(id, url) AS (
    SELECT try_cast(given.article AS UBIGINT), CAST(given.article AS VARCHAR) FROM given
),
asked AS MATERIALIZED (
    SELECT arg_min(article_id, (rank, article_id)) AS article_id
    FROM (
        SELECT 0 AS rank, a.article_id FROM articles AS a JOIN named ON a.canonical_url = named.url
        UNION ALL
        SELECT 1, a.article_id FROM articles AS a JOIN named ON a.article_id = named.id
        UNION ALL
        SELECT 1, a.article_id FROM articles AS a JOIN named ON a.url = named.url
    )
),
-- Texts are read apart, or else those of all articles would be read for one of them.
texts AS (
    SELECT title, text_hash, text FROM articles JOIN asked USING (article_id)
    UNION ALL
    SELECT title, text_hash, text FROM superseded JOIN asked USING (article_id)
),
revisions AS MATERIALIZED (
    SELECT r.revision, r.first_seen_at, r.title, string_split(t.text, E'\n\n') AS lines
    FROM article_revisions AS r
    JOIN asked ON asked.article_id = r.article_id
    JOIN texts AS t ON t.text_hash = r.text_hash AND t.title IS NOT DISTINCT FROM r.title
),
paragraphs AS (
    SELECT revision, 0 AS place, coalesce(title, '') AS line, 0 AS nth FROM revisions
    UNION ALL
    SELECT
        revision, place, line,
        row_number() OVER (PARTITION BY revision, line ORDER BY place) AS nth
    FROM (
        SELECT revision, unnest(generate_series(1, len(lines))) AS place, unnest(lines) AS line
        FROM revisions
    )
),
kept AS (
    SELECT new.revision, old.place AS old_place, new.place, new.line, new.nth
    FROM paragraphs AS new
    JOIN paragraphs AS old
        ON old.revision = new.revision - 1 AND old.line = new.line AND old.nth = new.nth
),
-- Told from above, a paragraph moved up past others; told from below, it moved down past them.
-- Whichever names fewer of them tells it better.
moved AS (
    SELECT
        *,
        old_place < max(old_place) OVER (
            PARTITION BY revision ORDER BY place ROWS UNBOUNDED PRECEDING
        ) AS up,
        old_place > min(old_place) OVER (
            PARTITION BY revision ORDER BY place
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS down
    FROM kept
),
-- Without ANTI JOIN and NOT IN, of which DuckDB 1.5 does not take one for each row of another
-- table, and finds too little with the other.
changes AS (
    SELECT new.revision, '+' AS change, new.place, new.line
    FROM paragraphs AS new
    LEFT JOIN kept ON kept.revision = new.revision AND kept.place = new.place
    WHERE new.revision > 1 AND kept.place IS NULL
    UNION ALL
    SELECT old.revision + 1, '-', old.place, old.line
    FROM paragraphs AS old
    LEFT JOIN kept ON kept.revision = old.revision + 1 AND kept.old_place = old.place
    WHERE old.revision < (SELECT max(revision) FROM revisions) AND kept.place IS NULL
    UNION ALL
    SELECT revision, '~', place, line
    FROM moved
    WINDOW of_revision AS (PARTITION BY revision)
    QUALIFY if(
        count(*) FILTER (up) OVER of_revision <= count(*) FILTER (down) OVER of_revision, up, down
    )
)
SELECT
    c.revision, r.first_seen_at, if(c.place = 0, 'title', 'text') AS part, c.change,
    nullif(c.place, 0) AS paragraph, c.line
FROM changes AS c
JOIN revisions AS r ON r.revision = c.revision
ORDER BY c.revision, c.place, list_position(['-', '+', '~'], c.change);

-- Where the most copied one has no headline there is none: another's is no name for its URL.
CREATE OR REPLACE MACRO timeline(of_topic) AS TABLE
WITH asked(topic) AS (SELECT lower(of_topic))
SELECT
    CAST(timezone('UTC', s.started_at) AS DATE) AS day,
    count(*) AS stories,
    sum(s.articles)::BIGINT AS articles,
    arg_max_null(a.title, (s.articles, s.salience, s.story_id)) AS headline,
    arg_max(a.canonical_url, (s.articles, s.salience, s.story_id)) AS url
FROM stories AS s
JOIN articles AS a ON a.article_id = s.story_id
WHERE list_contains(
    list_transform(s.topics, lambda topic: lower(topic)), (SELECT asked.topic FROM asked)
)
GROUP BY day
ORDER BY day;

COMMENT ON COLUMN batches.kind IS 'What made it: poll, harvest, add, feeds, rejudge (topics that changed), reparse, backfill, failures (tried again or dropped).';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN clippings.copies IS 'Its other articles: copies, exact and near, on the same host too.';
COMMENT ON COLUMN coverage_daily.day IS 'Day (UTC) by which they were out for certain (told_at in articles).';
COMMENT ON MACRO TABLE search IS 'search(query, days := 30): articles of the last days that contain all the words, as parts of longer words too, whatever their case and accents, those with all of them in the title first, then the newest.';
COMMENT ON MACRO TABLE story IS 'story(id or URL): the original and its copies, with how long each came behind it; any article of the story will do.';
COMMENT ON MACRO TABLE diff IS 'diff(id or URL): what each revision of an article took away (-), added (+) and only moved (~), paragraph by paragraph.';
COMMENT ON MACRO TABLE timeline IS 'timeline(topic): day by day, how many stories began and the headline of the one most copied; the case of the topic does not matter.';
