-- Exports: what is read out of the published copy, and how it is written.
--
-- A query of the first part gives a table its rows; its filters are variables, so that it can be
-- a view from which the second part copies month by month. Every view ends with the month that a
-- row belongs to, told in UTC as in all views.

-- name: variable_topic
-- Only this topic; NULL: all.
SET VARIABLE topic = lower($value::VARCHAR);

-- name: variable_language
-- Only this language; NULL: all.
SET VARIABLE language = lower($value::VARCHAR);

-- name: variable_since
-- Not before; NULL: from the beginning.
SET VARIABLE since = coalesce($value::TIMESTAMPTZ, '-infinity'::TIMESTAMPTZ);

-- name: variable_until
-- Before; NULL: to the end.
SET VARIABLE until = coalesce($value::TIMESTAMPTZ, 'infinity'::TIMESTAMPTZ);

-- name: variable_month
-- The month that is copied; NULL: all.
SET VARIABLE month = $value::VARCHAR;

-- name: view_clippings
-- Stories on topic, as people read them, the newest first. Those on one topic are told by an article
-- that mentions it.
CREATE TEMP VIEW exported AS
WITH of_topic AS (
    SELECT max(topic) AS topic FROM mentions WHERE lower(topic) = getvariable('topic')
    HAVING count(*) > 0
),
found AS (
    FROM clippings WHERE getvariable('topic') IS NULL
    UNION ALL
    SELECT c.* FROM of_topic, clippings_on(of_topic.topic) AS c
)
SELECT *, strftime(timezone('UTC', started_at), '%Y-%m') AS month
FROM found
WHERE (getvariable('language') IS NULL OR language = getvariable('language'))
    AND started_at >= getvariable('since') AND started_at < getvariable('until')
ORDER BY started_at DESC, story_id;

-- name: view_articles
-- The latest revision of each article, with its text.
CREATE TEMP VIEW exported AS
SELECT a.*, o.name AS outlet, strftime(timezone('UTC', told_at), '%Y-%m') AS month
FROM articles AS a
LEFT JOIN outlets AS o ON o.site = a.site
WHERE (getvariable('topic') IS NULL
        OR list_contains(list_transform(topics, lambda name: lower(name)), getvariable('topic')))
    AND (getvariable('language') IS NULL OR a.language = getvariable('language'))
    AND told_at >= getvariable('since')
    AND told_at < getvariable('until');

-- name: view_revisions
-- Every revision of each article, by when it was first seen.
CREATE TEMP VIEW exported AS
SELECT r.*, strftime(timezone('UTC', r.first_seen_at), '%Y-%m') AS month
FROM article_revisions AS r
WHERE r.first_seen_at >= getvariable('since') AND r.first_seen_at < getvariable('until')
    AND ((getvariable('topic') IS NULL AND getvariable('language') IS NULL)
        OR r.article_id IN (
            SELECT article_id FROM articles
            WHERE (getvariable('topic') IS NULL
                    OR list_contains(
                        list_transform(topics, lambda name: lower(name)), getvariable('topic')))
                AND (getvariable('language') IS NULL OR language = getvariable('language'))
        ));

-- name: view_mentions
-- Where articles mention topics, by when the article was told.
CREATE TEMP VIEW exported AS
SELECT
    m.*, a.told_at,
    strftime(timezone('UTC', a.told_at), '%Y-%m') AS month
FROM mentions AS m
JOIN articles AS a ON a.article_id = m.article_id
WHERE (getvariable('topic') IS NULL OR lower(m.topic) = getvariable('topic'))
    AND (getvariable('language') IS NULL OR a.language = getvariable('language'))
    AND a.told_at >= getvariable('since')
    AND a.told_at < getvariable('until');

-- name: view_stories
-- Every story, on topic or not, by when it began.
CREATE TEMP VIEW exported AS
SELECT *, strftime(timezone('UTC', started_at), '%Y-%m') AS month
FROM stories
WHERE (getvariable('topic') IS NULL
        OR list_contains(list_transform(topics, lambda name: lower(name)), getvariable('topic')))
    AND (getvariable('language') IS NULL OR list_contains(languages, getvariable('language')))
    AND started_at >= getvariable('since') AND started_at < getvariable('until');

-- name: view_entries
-- Every entry of every feed and what became of it, by when it was first seen. Its topics are those
-- of the article it became. Feeds name regions (en-US), which a language without one includes.
CREATE TEMP VIEW exported AS
SELECT e.*, strftime(timezone('UTC', e.first_seen_at), '%Y-%m') AS month
FROM entries AS e
WHERE (getvariable('language') IS NULL OR lower(e.language) = getvariable('language')
        OR starts_with(lower(e.language), getvariable('language') || '-'))
    AND e.first_seen_at >= getvariable('since') AND e.first_seen_at < getvariable('until')
    AND (getvariable('topic') IS NULL
        OR e.article_id IN (
            SELECT article_id FROM articles
            WHERE list_contains(
                list_transform(topics, lambda name: lower(name)), getvariable('topic'))
        ));

-- name: written
-- The rows as CSV and JSON Lines have them.
CREATE TEMP VIEW written AS FROM exported;

-- name: written_articles
-- The same of articles: DuckDB writes times in lists in a form of its own.
CREATE TEMP VIEW written AS
SELECT * REPLACE (list_transform(
    readings, lambda moment: strftime(timezone('UTC', moment), '%Y-%m-%dT%H:%M:%S.%fZ')
) AS readings)
FROM exported;

-- name: months
-- The months that there is something of.
SELECT DISTINCT month FROM exported ORDER BY month;

-- name: id_text
-- An id as a text that programs take for no number: the letter of what it is the id of, and the
-- number. A spreadsheet and JavaScript round numbers beyond 2^53.
CREATE TEMP MACRO id_text(id) AS left(alias(id), 1) || id::VARCHAR;

-- name: csv_cell
-- A cell of a CSV file: times as spreadsheets take them for such, lists and maps as JSON. A text that a spreadsheet would
-- take for a formula gets an apostrophe in front, which makes it a text there too (OWASP, "CSV
-- Injection": = + - @, their full-width forms, tab, carriage return, line feed), also behind what
-- can't be seen, and behind a semicolon, where some part cells. A sign alone is none, nor is ;-).
CREATE TEMP MACRO csv_cell(value) AS CASE
    WHEN value IS NULL THEN NULL
    WHEN typeof(value) = 'VARCHAR' THEN
        regexp_replace(
            regexp_replace(
                value::VARCHAR,
                '(?s)^([\s\x{200B}-\x{200D}\x{2060}\x{FEFF}]*[=+\-@＝＋－＠].|[\t\r\n].)',
                '''\1'
            ),
            '(?s);([\s\x{200B}-\x{200D}\x{2060}\x{FEFF}]*([=@＝＠].|[+\-＋－]\w))',
            ';''\1',
            'g'
        )
    WHEN typeof(value) = 'TIMESTAMP WITH TIME ZONE' THEN
        regexp_replace(value::VARCHAR, '(\.[0-9]+)?\+00$', '')
    WHEN typeof(value) LIKE '%[]' OR typeof(value) LIKE 'MAP(%' THEN to_json(value)::VARCHAR
    ELSE value::VARCHAR
END;

-- name: copy_csv
-- RFC 4180 with a header, but lines end with a line feed alone, as those of texts do. Last come the
-- ids as texts, and the zone of all times.
COPY (
    SELECT
        csv_cell(COLUMNS(lambda name: name <> 'month')) AS "\0",
        id_text(COLUMNS(lambda name: ends_with(name, '_id') AND NOT ends_with(name, 'batch_id')))
            AS "\0_text",
        'UTC' AS time_zone
    FROM written
    WHERE getvariable('month') IS NULL OR month = getvariable('month')
) TO $path (FORMAT csv, HEADER);

-- name: copy_jsonl
-- One JSON object a line (https://jsonlines.org/), times in RFC 3339, ids as numbers and as texts.
COPY (
    SELECT
        * EXCLUDE (month),
        id_text(COLUMNS(lambda name: ends_with(name, '_id') AND NOT ends_with(name, 'batch_id')))
            AS "\0_text"
    FROM written
    WHERE getvariable('month') IS NULL OR month = getvariable('month')
) TO $path (FORMAT json, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%fZ');

-- name: copy_parquet
-- Row groups of few rows, since articles are long: writing holds one in memory.
COPY (
    SELECT * EXCLUDE (month) FROM exported
    WHERE getvariable('month') IS NULL OR month = getvariable('month')
) TO $path (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192);
