-- The press clippings: what most people come for.

CREATE VIEW clippings AS
SELECT
    s.started_at,
    a.title,
    s.topics,
    s.salience,
    coalesce(o.name, a.host) AS outlet,
    a.language,
    a.published_at,
    a.date_flag,
    a.first_seen_at,
    s.articles - 1 AS copies,
    s.hosts,
    s.wire,
    a.canonical_url AS url,
    a.standfirst,
    a.authors,
    a.revisions,
    a.access,
    s.story_id,
    s.outlets,
    a.site,
    a.published_day,
    a.published_offset,
    s.original_id,
    s.first_certain
FROM stories AS s
JOIN articles AS a ON a.article_id = s.original_id
LEFT JOIN outlets AS o ON o.site = a.site
WHERE len(s.topics) > 0
ORDER BY s.started_at DESC, s.story_id;
COMMENT ON VIEW clippings IS 'What the press said on our topics: one row per story, told by its original, newest first.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN clippings.started_at IS 'When the original was told: by when it was out for certain (told_at in articles).';
COMMENT ON COLUMN clippings.title IS 'Headline of the original.';
COMMENT ON COLUMN clippings.topics IS 'Topics of the story.';
COMMENT ON COLUMN clippings.salience IS 'How much it is about the topic it is most about, 0 to 1.';
COMMENT ON COLUMN clippings.outlet IS 'Name of its outlet, as in outlets.';
COMMENT ON COLUMN clippings.language IS 'Language of the original.';
COMMENT ON COLUMN clippings.published_at IS 'When it says it was published; NULL if unknown.';
COMMENT ON COLUMN clippings.date_flag IS 'What is wrong with published_at: future, day (no time is known) or no_zone; NULL if nothing.';
COMMENT ON COLUMN clippings.first_seen_at IS 'When it first came to the desk.';
COMMENT ON COLUMN clippings.copies IS 'Its other articles: copies, exact and near, of the same outlet too.';
COMMENT ON COLUMN clippings.hosts IS 'Different hosts that have it, that of the original included.';
COMMENT ON COLUMN clippings.wire IS 'News agency that the story comes from, where one of its articles names it.';
COMMENT ON COLUMN clippings.url IS 'Canonical URL of the original.';
COMMENT ON COLUMN clippings.standfirst IS 'Its standfirst.';
COMMENT ON COLUMN clippings.authors IS 'Its authors.';
COMMENT ON COLUMN clippings.revisions IS 'How many revisions of the original are known.';
COMMENT ON COLUMN clippings.access IS 'free, paywalled or unknown.';
COMMENT ON COLUMN clippings.story_id IS 'The story: see story(story_id).';
COMMENT ON COLUMN clippings.outlets IS 'Different outlets that have it, that of the original included.';
COMMENT ON COLUMN clippings.site IS 'The outlet of the original: see outlets.';
COMMENT ON COLUMN clippings.published_day IS 'The day on which it says it was published, where its clock stands; NULL if unknown.';
COMMENT ON COLUMN clippings.original_id IS 'The article that was first, as far as is known.';
COMMENT ON COLUMN clippings.first_certain IS 'Whether that is certain, as in stories.';
COMMENT ON COLUMN clippings.published_offset IS 'How many minutes east of UTC that clock stands; NULL if unknown.';
