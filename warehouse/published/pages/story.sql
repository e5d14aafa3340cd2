-- One story, as its page shows it.

-- name: present
-- The present story of an id that a story ever had.
SELECT present::VARCHAR AS story_id FROM story_ids WHERE old = $story_id::UBIGINT LIMIT 1;

-- name: story
-- The story itself.
SELECT
    story_id::VARCHAR AS story_id, original_id::VARCHAR AS original_id, started_at, first_certain,
    articles, outlets, hosts, languages, topics, salience, wire
FROM stories WHERE story_id = $story_id::UBIGINT;

-- name: asked
-- The story of an id or address, as the macro finds it.
SELECT story_id::VARCHAR AS story_id FROM story($asked) LIMIT 1;

-- name: tellings
-- Its articles in the order in which they were told, the original first; at most $most.
SELECT
    a.article_id::VARCHAR AS article_id, a.title, c.outlet, a.site, o.country, a.language, c.url,
    a.copy_kind, c.may_be_first, c.told_at, c.behind, a.published_at, a.published_day, a.date_flag,
    a.date_evidence, a.not_shown_at, a.first_seen_at, a.wire, a.syndication_url, a.authors,
    [credit.name for credit in coalesce(a.credits, []) if credit.role = 'source'] AS credited, a.revisions, a.access, c.similarity, c.reason
FROM story_copies AS c
JOIN articles AS a ON a.article_id = c.article_id
LEFT JOIN outlets AS o ON o.site = a.site
WHERE c.story_id = $story_id::UBIGINT AND a.story_id = $story_id::UBIGINT
ORDER BY c.copy_kind <> 'original', c.told_at, a.article_id
LIMIT $most;

-- name: changes
-- What changed in some of its articles, and when.
SELECT article_id::VARCHAR AS article_id, revision, changed, title, first_seen_at
FROM article_revisions
WHERE list_contains($article_ids::UBIGINT[], article_id) AND revision > 1
ORDER BY first_seen_at, article_id, revision
LIMIT $most;
