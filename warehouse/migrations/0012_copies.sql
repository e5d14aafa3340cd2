-- Sketches of 640 MinHash values in six bits each, in place of signatures of 128 in 32: they tell
-- reports that quote one speech from copies. What is stored keeps what is known of its first 128.
-- The table is made anew, since DuckDB drops no column of rows that the transaction changed.

CREATE TABLE sketched (
    article_id UBIGINT NOT NULL,
    text_hash UBIGINT NOT NULL,
    day DATE NOT NULL,
    sketch VARCHAR,
    shingles BIGINT,
    title_band UBIGINT
);
INSERT INTO sketched BY NAME
SELECT
    * EXCLUDE (signature),
    array_to_string(
        list_transform(signature, lambda value: chr((48 + value % 64)::INTEGER)), ''
    ) AS sketch
FROM fingerprints;
DROP TABLE fingerprints;
ALTER TABLE sketched RENAME TO fingerprints;

-- Which articles are copies of each other is kept, so that weak ties between two stories no longer
-- make them one. Stories that are stored already stay together: their copies are taken for the same.

CREATE TABLE copy_pairs (
    shorter_id UBIGINT NOT NULL,
    longer_id UBIGINT NOT NULL,
    similarity DOUBLE NOT NULL,
    contained DOUBLE NOT NULL
);

-- Articles that were read again fell out of their stories, which still counted them.
DELETE FROM stories;
INSERT INTO stories BY NAME
SELECT
    story_id,
    min(coalesce(told_at, first_seen_at)) AS started_at,
    count(*) AS articles,
    count(DISTINCT host) AS hosts,
    coalesce(list_sort(list(DISTINCT language) FILTER (language IS NOT NULL)), []) AS languages,
    coalesce(list_sort(list_distinct(flatten(list(topics) FILTER (topics IS NOT NULL)))), [])
        AS topics,
    max(salience) AS salience,
    arg_min(wire, (told_at, article_id)) FILTER (wire IS NOT NULL) AS wire
FROM articles
GROUP BY story_id
ORDER BY story_id;

INSERT INTO copy_pairs BY NAME
SELECT
    least(article_id, story_id) AS shorter_id, greatest(article_id, story_id) AS longer_id,
    1.0::DOUBLE AS similarity, 1.0::DOUBLE AS contained
FROM articles
WHERE article_id <> story_id
ORDER BY ALL;
