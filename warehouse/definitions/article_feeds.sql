-- Which feeds brought an article. Not columns of clippings: whoever reads the newest would wait for all
-- entries to be read.

CREATE VIEW article_feeds AS
SELECT
    e.article_id, coalesce(f.same_feed_id, e.feed_id) AS feed_id,
    coalesce(k.title, k.url, CASE e.feed_id WHEN 0 THEN 'Filed by hand' WHEN 1 THEN 'Backfilled' END)
        AS feed,
    k.category, k.url AS feed_url, e.first_seen_at AS shown_at,
    e.state = 'stored' AND row_number() OVER (
        PARTITION BY e.article_id ORDER BY e.state <> 'stored', e.first_seen_at, e.entry_id
    ) = 1 AS brought,
    e.entry_id
FROM entries AS e
LEFT JOIN feeds AS f ON f.feed_id = e.feed_id
LEFT JOIN feeds AS k ON k.feed_id = coalesce(f.same_feed_id, e.feed_id)
WHERE e.article_id IS NOT NULL AND e.state IN ('stored', 'duplicate');
COMMENT ON VIEW article_feeds IS 'Which feeds showed each article, with their categories: one row for each entry that is of it.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN article_feeds.article_id IS 'The article.';
COMMENT ON COLUMN article_feeds.feed_id IS 'The feed; where it turned out to be another one, known longer, that one. 0: filed by hand, 1: backfilled.';
COMMENT ON COLUMN article_feeds.feed IS 'Its title, or else its address.';
COMMENT ON COLUMN article_feeds.category IS 'Its category in the list of feeds (OPML); NULL where it has none.';
COMMENT ON COLUMN article_feeds.feed_url IS 'Where it is asked.';
COMMENT ON COLUMN article_feeds.shown_at IS 'When it first showed the article.';
COMMENT ON COLUMN article_feeds.brought IS 'Whether it is the one by which the article came: the first whose entry was stored. True in one row for each article, but for those that came without an entry that was stored.';
COMMENT ON COLUMN article_feeds.entry_id IS 'The entry.';
