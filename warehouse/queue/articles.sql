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
