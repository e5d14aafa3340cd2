-- The search index, in SQLite. It holds words and no texts: those are in the published copy.
-- A document is never changed: what an article says anew is another document, and the old one is
-- no longer current. The words are cut and folded by parsers/text/search_words.py; what is left for the
-- tokenizer is to split at spaces, so every other sign counts as a letter.

-- name: tables
-- A new index.
CREATE TABLE documents (
    docid INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    language TEXT,
    topics TEXT,
    digest BLOB NOT NULL,
    current INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX documents_of_articles ON documents (article_id);
CREATE VIRTUAL TABLE words USING fts5(
    title, body, content = '',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* S* P* C*'"
);
CREATE TABLE state (form INTEGER, identity TEXT, changes INTEGER, last_batch TEXT);
INSERT INTO state VALUES (NULL, NULL, NULL, NULL);

-- name: drop
-- What there was of another index.
DROP TABLE IF EXISTS documents;
DROP TABLE IF EXISTS words;
DROP TABLE IF EXISTS state;

-- name: state
-- Of which warehouse it is, and how much of it is in.
SELECT form, identity, changes, last_batch FROM state;

-- name: set_state
-- The same, once that much is in.
UPDATE state SET form = ?, identity = ?, changes = ?, last_batch = ?;

-- name: known
-- What is in of an article.
SELECT docid, digest FROM documents WHERE article_id = ? AND current;

-- name: retire
-- An article that says something else now.
UPDATE documents SET current = 0 WHERE docid = ?;

-- name: describe
-- An article that says the same, though other things are known of it.
UPDATE documents SET told_at = ?, language = ?, topics = ? WHERE docid = ?;

-- name: document
-- What is known of a document.
INSERT INTO documents (article_id, told_at, language, topics, digest) VALUES (?, ?, ?, ?, ?);

-- name: words
-- Its words.
INSERT INTO words (rowid, title, body) VALUES (?, ?, ?);

-- name: newest
-- How many documents there were.
SELECT coalesce(max(docid), 0) FROM documents;

-- name: search
-- The best documents: those with everything in the title first, then by BM25, in which a word of
-- the title weighs ten of the body, then the newest. Only those behind :after, in the order in which
-- they came.
SELECT d.article_id, bm25(words, 10.0, 1.0) AS rank
FROM words
JOIN documents AS d ON d.docid = words.rowid
WHERE words MATCH :phrases AND words.rowid > :after AND d.current
    AND (:topic IS NULL OR instr(d.topics, '/' || lower(:topic) || '/'))
    AND (:language IS NULL OR d.language = lower(:language))
    AND (:since IS NULL OR d.told_at >= :since)
ORDER BY
    d.docid IN (SELECT rowid FROM words WHERE words MATCH :in_title AND rowid > :after) DESC,
    round(rank, 3), d.told_at DESC, d.docid
LIMIT :count;
