-- What became of the ids of stories.

CREATE VIEW story_ids AS
SELECT article_id AS old, story_id AS present FROM articles;
COMMENT ON VIEW story_ids IS 'The present story of every id that a story ever had: each was the id of one of its articles, and so every article''s id is here.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN story_ids.old IS 'An id that a story had.';
COMMENT ON COLUMN story_ids.present IS 'The story that it is, or became part of.';
