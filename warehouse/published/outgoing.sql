-- Feeds out: the newest stories, for feed readers.

-- name: stories
-- The $count stories on topic that the desk has known for the shortest time, told by their
-- originals, whose language is meant by $language, as in clippings. A story is known by the article of it that was seen first: that stays so when an
-- earlier original turns up, or when two stories turn out to be one. It is updated when the text of
-- its original changes, also back to what it was; when another becomes the original, what was known
-- before that one counts too, so that no update looks older than the one before. Of a summary
-- $longest characters are read at most: a first paragraph may be the whole text, of many megabytes.
-- What came from a file or under a guid alone may have neither author nor outlet.
WITH newest AS (
    SELECT
        a.story_id,
        min(a.first_seen_at) AS seen_at,
        arg_min(a.article_id, (a.first_seen_at, a.article_id)) AS known_by
    FROM articles AS a
    JOIN stories AS s ON s.story_id = a.story_id
    WHERE len(s.topics) > 0
        AND ($topic IS NULL
            OR list_contains(list_transform(s.topics, lambda name: lower(name)), lower($topic)))
        AND ($language IS NULL
            OR s.original_id IN (SELECT article_id FROM articles WHERE language = lower($language)))
    GROUP BY a.story_id
    ORDER BY seen_at DESC, known_by
    LIMIT $count
)
SELECT
    n.known_by::VARCHAR AS known_by, o.canonical_url AS url, o.title,
    s.started_at AS published_at,
    (SELECT max(a.revision_seen_at) FROM articles AS a
        WHERE a.story_id = n.story_id AND a.first_seen_at <= o.first_seen_at) AS updated_at,
    left(coalesce(o.standfirst, plain_text(string_split(o.text, E'\n\n')[1])), $longest) AS summary,
    if($full_text, o.text, NULL) AS text,
    list_filter(
        coalesce(nullif(o.authors, []), [coalesce(p.name, o.host)]),
        lambda name: name IS NOT NULL
    ) AS authors,
    s.topics, o.language,
    coalesce(p.name, o.host) AS outlet, o.site, p.home_url
FROM newest AS n
JOIN stories AS s ON s.story_id = n.story_id
JOIN articles AS o ON o.article_id = s.original_id
LEFT JOIN outlets AS p ON p.site = o.site
ORDER BY n.seen_at DESC, n.known_by;

-- name: topics
-- The topics that there is something to tell of.
SELECT DISTINCT unnest(topics) AS topic FROM stories ORDER BY topic;
