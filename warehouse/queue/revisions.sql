-- What is stored of pages that are parsed again from the archive.

-- name: entries
-- The entries that pages were fetched for, and what became of them.
SELECT
    entry_id, feed_id, guid, link, title, summary, content_html, authors, categories, language,
    published_at, published_raw, updated_at, updated_raw, date_flag, enclosures, backfill,
    attempts, article_id, state, topics_digest
FROM entries
WHERE entry_id IN (SELECT unnest($entry_ids::UBIGINT[]));

-- name: readings
-- Every stored revision of these articles, by the page it was read from: the article and the moment
-- at which that page was fetched.
SELECT
    article_id, read_at, TRUE AS latest, title, text, text_kind, standfirst, authors, published_at,
    date_flag, modified_at, language, section, site_name, list_sort(topics) AS topics
FROM articles WHERE article_id IN (SELECT unnest($article_ids::UBIGINT[]))
UNION ALL BY NAME
SELECT article_id, read_at, FALSE AS latest, title, text, 'page' AS text_kind, standfirst,
    published_at, date_flag, modified_at
FROM superseded WHERE article_id IN (SELECT unnest($article_ids::UBIGINT[]));
