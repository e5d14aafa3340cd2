-- One article, as its page shows it. Texts are cut at $longest characters: one may be of megabytes.

-- name: article
-- The article as it stands. (Of a feed's carried text, syndication_url is the page it is of.)
SELECT
    a.article_id::VARCHAR AS article_id, a.story_id::VARCHAR AS story_id,
    a.canonical_url, a.url, a.host, a.site, coalesce(o.name, a.host) AS outlet, o.country,
    a.title, a.standfirst, left(a.text, $longest) AS text, length(a.text) AS characters,
    a.text_kind, a.pages_read, a.page_count, a.authors, a.credits, a.dateline, a.section,
    list_slice(a.tags, 1, 30) AS tags, a.language, a.access, a.access_evidence, a.wire,
    a.syndication_url, a.published_at, a.published_day, a.published_offset, a.date_flag,
    a.date_evidence, a.modified_at, a.told_at, a.first_seen_at, a.fetched_at, a.read_at,
    a.sources, a.removed, a.topics, a.salience, a.copy_kind, a.revisions,
    s.articles AS story_articles, s.outlets AS story_outlets,
    b.batch_id, b.kind AS batch_kind, b.created_at AS batch_created_at
FROM articles AS a
LEFT JOIN outlets AS o ON o.site = a.site
LEFT JOIN stories AS s ON s.story_id = a.story_id
LEFT JOIN batches AS b ON b.batch_id = a.batch_id
WHERE a.article_id = $article_id::UBIGINT
LIMIT 1;

-- name: mentions
-- Where it mentions topics, as it stands.
SELECT topic, salience, alias, place, "offset" AS at, count
FROM mentions
WHERE article_id = $article_id::UBIGINT AND is_latest
ORDER BY salience DESC, topic, list_position(['title', 'lead', 'body'], place), "offset"
LIMIT 200;

-- name: revisions
-- Its last revisions up to one, the latest first.
SELECT
    revision, changed, title, standfirst, left(plain_text(text), $longest) AS text, first_seen_at,
    read_at, is_latest
FROM article_revisions
WHERE article_id = $article_id::UBIGINT AND revision <= $until
ORDER BY revision DESC
LIMIT $most;

-- name: shown_by
-- What showed it first: feeds, searches, people.
SELECT
    coalesce(f.title, f.url, CASE e.feed_id WHEN 0 THEN 'Filed by hand' WHEN 1 THEN 'Backfilled' END)
        AS feed,
    e.feed_id::VARCHAR AS feed_id, e.title, e.state, e.first_seen_at, e.published_at
FROM entries AS e
LEFT JOIN feeds AS f ON f.feed_id = e.feed_id
WHERE e.article_id = $article_id::UBIGINT
ORDER BY e.first_seen_at, e.entry_id
LIMIT $most;
