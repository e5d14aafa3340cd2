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

-- name: tellings
-- Its articles in the order in which they were told, the original first; at most $most. How like
-- the original each is, only the pairs that were compared say.
WITH story AS (SELECT * FROM stories WHERE story_id = $story_id::UBIGINT),
told AS (
    SELECT
        a.*, s.started_at, s.original_id,
        list_contains(s.first_candidates, a.article_id) AS may_be_first
    FROM articles AS a
    JOIN story AS s ON s.story_id = a.story_id
    WHERE a.story_id = $story_id::UBIGINT
    ORDER BY a.article_id <> s.original_id, a.told_at, a.article_id
    LIMIT $most
),
pairs AS (
    SELECT
        CASE WHEN p.shorter_id = s.original_id THEN p.longer_id ELSE p.shorter_id END AS article_id,
        max(p.similarity) AS similarity
    FROM copy_pairs AS p
    JOIN story AS s ON s.original_id IN (p.shorter_id, p.longer_id)
    GROUP BY ALL
)
SELECT
    t.article_id::VARCHAR AS article_id, t.title, coalesce(o.name, t.host) AS outlet, t.site,
    o.country, t.language, t.canonical_url AS url, t.copy_kind, t.may_be_first,
    t.told_at, t.told_at - t.started_at AS behind,
    t.published_at, t.published_day, t.date_flag, t.date_evidence, t.not_shown_at, t.first_seen_at,
    t.wire, t.syndication_url, t.authors, t.revisions, t.access, p.similarity
FROM told AS t
LEFT JOIN outlets AS o ON o.site = t.site
LEFT JOIN pairs AS p ON p.article_id = t.article_id
ORDER BY t.article_id <> t.original_id, t.told_at, t.article_id;

-- name: changes
-- What changed in some of its articles, and when.
SELECT article_id::VARCHAR AS article_id, revision, changed, title, first_seen_at
FROM article_revisions
WHERE list_contains($article_ids::UBIGINT[], article_id) AND revision > 1
ORDER BY first_seen_at, article_id, revision
LIMIT $most;
