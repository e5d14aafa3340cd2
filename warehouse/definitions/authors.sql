-- Who wrote what. Articles that early versions stored have authors and no roles of others.

CREATE VIEW authors AS
WITH credited AS (
    SELECT
        article_id,
        list_concat(
            list_transform(coalesce(authors, []), lambda name: {'name': name, 'role': 'author'}),
            coalesce(credits, [])
        ) AS all_credits,
        unnest(all_credits) AS credit,
        unnest(range(1, len(all_credits) + 1)) AS place
    FROM articles
),
named AS (
    SELECT article_id, credit.name AS name, credit.role AS role, min(place) AS first_place
    FROM credited
    WHERE credit.role <> 'source'
    GROUP BY ALL
)
SELECT
    n.name, n.role, a.article_id,
    row_number() OVER (PARTITION BY n.article_id ORDER BY n.first_place) AS place,
    a.title, coalesce(o.name, a.host) AS outlet, a.site, a.told_at, a.topics, a.story_id
FROM named AS n
JOIN articles AS a ON a.article_id = n.article_id
LEFT JOIN outlets AS o ON o.site = a.site;
COMMENT ON VIEW authors IS 'Everybody whom an article names for a part in it: one row for each person, part and article.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN authors.name IS 'The name, as the article has it; of a newsroom where that alone signs.';
COMMENT ON COLUMN authors.role IS 'author, editor, photographer or contributor.';
COMMENT ON COLUMN authors.article_id IS 'The article.';
COMMENT ON COLUMN authors.place IS 'In which place the article names them, authors first.';
COMMENT ON COLUMN authors.title IS 'Headline of the article.';
COMMENT ON COLUMN authors.outlet IS 'Name of its outlet, as in outlets.';
COMMENT ON COLUMN authors.site IS 'Its outlet: see outlets.';
COMMENT ON COLUMN authors.told_at IS 'By when it was out for certain, as in articles.';
COMMENT ON COLUMN authors.topics IS 'Its topics.';
COMMENT ON COLUMN authors.story_id IS 'Its story.';
