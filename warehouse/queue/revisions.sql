-- What is stored of pages that are parsed again from the archive.

-- name: entries
-- The entries that pages were fetched for, and what became of them.
SELECT
    e.entry_id, e.feed_id, e.guid, e.link, e.title, e.summary, e.content_html, e.authors,
    e.categories, e.language, e.published_at, e.published_raw, e.updated_at, e.updated_raw,
    e.date_flag, e.enclosures, e.backfill, e.attempts, e.article_id, e.state, e.topics_digest,
    coalesce(seen.url, CASE WHEN f.former_url IS NULL THEN f.url END) AS asked_at,
    seen.former_url, f.named_site, f.naming_page
FROM entries AS e
LEFT JOIN feeds AS f ON f.feed_id = e.feed_id
LEFT JOIN feed_states AS seen ON seen.feed_id = e.feed_id AND seen.batch_id = e.version_batch_id
WHERE e.entry_id IN (SELECT unnest($entry_ids::UBIGINT[]));

-- name: readings
-- Every stored revision of these articles, by the page it was read from: the article and the moment
-- at which that page was fetched.
SELECT
    article_id, read_at, TRUE AS latest, title, text, text_kind, standfirst, authors,
    credits, published_offset,
    CASE WHEN published_day IS NOT NULL THEN
        CAST(timezone(
            'UTC',
            coalesce(backdated_to, published_at) + to_minutes(coalesce(published_offset, 0))
        ) AS DATE)
    END AS published_day,
    coalesce(backdated_to, published_at) AS published_at,
    CASE WHEN backdated_to IS NULL THEN date_flag ELSE backdated_flag END AS date_flag,
    modified_at, language, section, site_name, list_sort(topics) AS topics
FROM articles WHERE article_id IN (SELECT unnest($article_ids::UBIGINT[]))
UNION ALL BY NAME
SELECT article_id, read_at, FALSE AS latest, title, text, coalesce(text_kind, 'page') AS text_kind,
    standfirst,
    published_at, date_flag, modified_at
FROM superseded WHERE article_id IN (SELECT unnest($article_ids::UBIGINT[]));

-- name: settled_backfills
-- The entries that backfills decided, but for what was off topic under other topics.
SELECT entry_id FROM entries
WHERE feed_id = $backfilled AND (state <> 'off_topic' OR topics_digest = $topics_digest)
ORDER BY entry_id;

-- name: whole_articles
-- The articles that are stored as their page shows them.
SELECT article_id FROM articles
WHERE text_kind NOT IN ('feed', 'carried', 'part')
ORDER BY article_id;
