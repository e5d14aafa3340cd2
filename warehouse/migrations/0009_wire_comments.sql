-- What the columns of the view mean, which was made anew.
-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN clippings.started_at IS 'When the original was published, or else first seen.';
COMMENT ON COLUMN clippings.title IS 'Headline of the original.';
COMMENT ON COLUMN clippings.topics IS 'Topics of the story.';
COMMENT ON COLUMN clippings.salience IS 'How much it is about the topic it is most about, 0 to 1.';
COMMENT ON COLUMN clippings.outlet IS 'Name of the outlet, or else its host.';
COMMENT ON COLUMN clippings.language IS 'Language of the original.';
COMMENT ON COLUMN clippings.published_at IS 'When it says it was published; NULL if unknown.';
COMMENT ON COLUMN clippings.first_seen_at IS 'When it first came to the desk.';
COMMENT ON COLUMN clippings.copies IS 'Copies elsewhere, exact and near.';
COMMENT ON COLUMN clippings.hosts IS 'Different hosts that have it, that of the original included.';
COMMENT ON COLUMN clippings.wire IS 'News agency that the story comes from, where one of its articles names it.';
COMMENT ON COLUMN clippings.url IS 'Canonical URL of the original.';
COMMENT ON COLUMN clippings.standfirst IS 'Its standfirst.';
COMMENT ON COLUMN clippings.authors IS 'Its authors.';
COMMENT ON COLUMN clippings.revisions IS 'How many revisions of the original are known.';
COMMENT ON COLUMN clippings.access IS 'free, paywalled or unknown.';
COMMENT ON COLUMN clippings.story_id IS 'The story: see story(story_id).';
