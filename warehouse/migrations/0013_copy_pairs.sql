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

INSERT INTO copy_pairs BY NAME
SELECT
    least(article_id, story_id) AS shorter_id, greatest(article_id, story_id) AS longer_id,
    1.0::DOUBLE AS similarity, 1.0::DOUBLE AS contained
FROM articles
WHERE article_id <> story_id
ORDER BY ALL;
