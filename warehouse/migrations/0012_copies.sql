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
COMMENT ON TABLE fingerprints IS 'MinHash sketches of every text of an article, in the order they were read; to tell near copies.';
COMMENT ON COLUMN fingerprints.article_id IS 'The article.';
COMMENT ON COLUMN fingerprints.text_hash IS 'Which text of it.';
COMMENT ON COLUMN fingerprints.day IS 'Day (UTC) on which it was read.';
COMMENT ON COLUMN fingerprints.sketch IS 'A letter for each of 640 MinHash values: the share of equal ones, less the one in 64 that is equal by chance, estimates the similarity. 128 letters where an early version stored it; empty for a text that only exact copies can be told of.';
COMMENT ON COLUMN fingerprints.shingles IS 'Different shingles of the text; NULL where an early version stored it.';
COMMENT ON COLUMN fingerprints.title_band IS 'The only band of a text too short for a sketch: a hash of it and its title; NULL for others, and where an early version stored it.';
COMMENT ON TABLE bands IS 'Bands of MinHash values, appended in the order of days: texts that share one may be copies.';
COMMENT ON COLUMN bands.band IS 'Two neighbouring MinHash values in one number; a hash of the text and its title where the text is too short for them.';

-- Which articles are copies of each other is kept, so that weak ties between two stories no longer
-- make them one. Stories that are stored already stay together: their copies are taken for the same.

CREATE TABLE copy_pairs (
    shorter_id UBIGINT NOT NULL,
    longer_id UBIGINT NOT NULL,
    similarity DOUBLE NOT NULL,
    contained DOUBLE NOT NULL
);
COMMENT ON TABLE copy_pairs IS 'Pairs of articles that had nearly the same text at nearly the same time; which of them are one story is decided over all pairs that hang together. A pair that was compared in several revisions has several rows.';
COMMENT ON COLUMN copy_pairs.shorter_id IS 'The article with the shorter text, or the smaller id.';
COMMENT ON COLUMN copy_pairs.longer_id IS 'The article with the longer text.';
COMMENT ON COLUMN copy_pairs.similarity IS 'Share of their shingles that both have, 0 to 1, estimated from the sketches; 1 for the same text, and where an early version joined them.';
COMMENT ON COLUMN copy_pairs.contained IS 'Share of the shorter text that is in the longer one, 0 to 1.';

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
