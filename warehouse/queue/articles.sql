-- name: for_matching
-- Articles that were matched against other topics than these.
SELECT
    article_id, canonical_url, url, title, text, text_kind, syndication_url, standfirst, authors,
    credits, published_at, published_offset, published_day, date_flag, modified_at, seen_at, dateline,
    wire, section, tags, language, site_name, image_url, access, access_evidence, sources, removed,
    fetched_at, text_hash, coalesce(pages_read, []) AS pages_read, page_count
FROM articles
WHERE topics_digest IS DISTINCT FROM $topics_digest
ORDER BY article_id
LIMIT $limit;

-- name: same_texts
-- The stored articles that have the text of one in `asked`, which is not stored, and whether a feed
-- gave both one guid. Only what was read from pages: a feed's text may be an excerpt.
WITH found AS MATERIALIZED (
    SELECT
        asked.article_id AS asked_id, asked.entry_id, a.article_id, a.canonical_url, a.title,
        a.published_at, a.first_seen_at
    FROM articles AS a JOIN asked ON asked.text_hash = a.text_hash
    WHERE a.text_kind = 'page' AND asked.article_id NOT IN (
        SELECT article_id FROM articles WHERE article_id IN (SELECT article_id FROM asked)
    )
),
named AS (
    SELECT DISTINCT f.asked_id, f.article_id
    FROM found AS f
    JOIN entries AS e ON e.entry_id = f.entry_id
    JOIN entries AS o ON o.article_id = f.article_id AND o.feed_id = e.feed_id AND o.guid = e.guid
)
SELECT
    f.asked_id, f.article_id, f.canonical_url, f.title, f.published_at,
    named.article_id IS NOT NULL AS same_guid
FROM found AS f
LEFT JOIN named ON named.asked_id = f.asked_id AND named.article_id = f.article_id
ORDER BY f.first_seen_at, f.article_id;

-- name: renamed
-- Which of these links led to an article that is known under another address.
SELECT link, min(article_id) FROM entries
WHERE state = 'duplicate' AND reason = 'same_text' AND article_id IS NOT NULL
    AND link IN (SELECT link FROM asked)
GROUP BY link;
