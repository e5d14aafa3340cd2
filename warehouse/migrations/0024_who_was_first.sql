-- Who was first is said beside the story's id: a story bears the id of the article of it that came to
-- the desk first, so that no better evidence takes its name away. What early versions decided stays
-- until something of the story is loaded again; how certain it is, they did not know.

ALTER TABLE articles ADD COLUMN sighted_at TIMESTAMPTZ;
UPDATE articles SET sighted_at = least(first_seen_at, seen_at);

ALTER TABLE stories ADD COLUMN original_id UBIGINT;
ALTER TABLE stories ADD COLUMN first_certain BOOLEAN;
ALTER TABLE stories ADD COLUMN first_candidates UBIGINT[];

UPDATE stories SET original_id = story_id;
UPDATE stories SET story_id = known.article_id
FROM (
    SELECT story_id, arg_min(article_id, (first_seen_at, article_id)) AS article_id
    FROM articles GROUP BY story_id
) AS known
WHERE stories.story_id = known.story_id AND known.story_id <> known.article_id;
UPDATE articles SET story_id = known.article_id
FROM (
    SELECT story_id, arg_min(article_id, (first_seen_at, article_id)) AS article_id
    FROM articles GROUP BY story_id
) AS known
WHERE articles.story_id = known.story_id AND known.story_id <> known.article_id;
UPDATE untold_stories SET story_id = a.story_id
FROM articles AS a
WHERE untold_stories.story_id = a.article_id AND a.story_id <> a.article_id;
