-- What each revision of an article changed. (Why a macro begins with `given`, search.sql says.)

CREATE MACRO diff(article) AS TABLE
WITH given(article) AS (SELECT article),
asked AS MATERIALIZED (
    SELECT coalesce(
        (SELECT arg_min(f.article_id, (f.rank, f.article_id)) FROM article_at(given.article) AS f),
        error('There is no article ' || coalesce(CAST(given.article AS VARCHAR), 'NULL')
            || ': none has that id or address. search(''some words'') finds any.')
    ) AS article_id
    FROM given
),
-- Marks of form are nobody's change. Texts are read apart, or else those of all articles would be read for one of them.
texts AS (
    SELECT title, shown_hash, text FROM articles JOIN asked USING (article_id)
    UNION ALL
    SELECT title, shown_hash, text FROM superseded JOIN asked USING (article_id)
),
revisions AS MATERIALIZED (
    SELECT r.revision, r.first_seen_at, r.title,
        string_split_regex(plain_text(t.text), '\n+') AS lines
    FROM article_revisions AS r
    JOIN asked ON asked.article_id = r.article_id
    JOIN texts AS t ON t.shown_hash = r.shown_hash AND t.title IS NOT DISTINCT FROM r.title
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
    QUALIFY CASE
        WHEN count(*) FILTER (up) OVER of_revision <= count(*) FILTER (down) OVER of_revision
        THEN up
        ELSE down
    END
)
SELECT
    c.revision,
    r.first_seen_at,
    CASE WHEN c.place = 0 THEN 'title' ELSE 'text' END AS part,
    c.change,
    nullif(c.place, 0) AS paragraph,
    c.line
FROM changes AS c
JOIN revisions AS r ON r.revision = c.revision
ORDER BY c.revision, c.place, list_position(['-', '+', '~'], c.change);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO TABLE diff IS 'diff(id or address): what each revision of an article took away (-), added (+) and only moved (~), paragraph by paragraph (a row of a table is one), without marks of form.';
