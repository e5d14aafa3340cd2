-- The news agency that a text comes from, where it names one.

ALTER TABLE articles ADD COLUMN wire VARCHAR;
ALTER TABLE stories ADD COLUMN wire VARCHAR;
COMMENT ON COLUMN articles.wire IS 'News agency that the text says it comes from; NULL where it names none, or was stored by an early version.';
COMMENT ON COLUMN stories.wire IS 'News agency that the story comes from: the one that the earliest of its articles which names one names.';

CREATE OR REPLACE VIEW clippings AS
SELECT
    s.started_at,
    a.title,
    s.topics,
    s.salience,
    coalesce(a.site_name, a.host) AS outlet,
    a.language,
    a.published_at,
    a.first_seen_at,
    s.articles - 1 AS copies,
    s.hosts,
    s.wire,
    a.canonical_url AS url,
    a.standfirst,
    a.authors,
    a.revisions,
    a.access,
    s.story_id
FROM stories AS s
JOIN articles AS a ON a.article_id = s.story_id
WHERE len(s.topics) > 0
ORDER BY s.started_at DESC, s.story_id;
COMMENT ON VIEW clippings IS 'What the press said on our topics: one row per story, told by its original, newest first.';
