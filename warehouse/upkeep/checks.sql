-- What must hold in every warehouse, whatever was loaded, in whatever order. Each query gives
-- the ids of what breaks its rule; the first comment line is the rule, as people read it. A line
-- that begins with "To mend:" says what to do where that is not to restore a backup.

-- name: batches_once
-- A batch is loaded once.
SELECT batch_id FROM batches GROUP BY batch_id HAVING count(*) > 1;

-- name: feeds_once
-- A feed has one row.
SELECT feed_id FROM feeds GROUP BY feed_id HAVING count(*) > 1;

-- name: entries_once
-- An entry has one row.
SELECT entry_id FROM entries GROUP BY entry_id HAVING count(*) > 1;

-- name: articles_once
-- An article has one row.
SELECT article_id FROM articles GROUP BY article_id HAVING count(*) > 1;

-- name: canonical_urls_once
-- A canonical URL belongs to one article.
SELECT canonical_url FROM articles GROUP BY canonical_url HAVING count(*) > 1;

-- name: entries_in_a_state
-- Every entry is waiting, stored, off topic, a duplicate or dead, so that the funnel adds up.
SELECT entry_id FROM entries
WHERE state NOT IN ('waiting', 'stored', 'off_topic', 'duplicate', 'dead');

-- name: reasons_given
-- What was given up says why.
SELECT entry_id FROM entries WHERE state = 'dead' AND reason IS NULL;

-- name: stored_entries_have_articles
-- A stored entry has its article.
-- To mend: `pressclip warehouse rebuild` has these entries read again; report it.
SELECT entry_id FROM entries
WHERE state = 'stored' AND (
    article_id IS NULL OR article_id NOT IN (SELECT article_id FROM articles)
);

-- name: duplicates_have_articles
-- An entry that is a duplicate names the stored article that it is one of.
-- To mend: `pressclip warehouse rebuild` has these entries read again; report it.
SELECT entry_id FROM entries
WHERE state = 'duplicate' AND (
    article_id IS NULL OR article_id NOT IN (SELECT article_id FROM articles)
);

-- name: entries_say_what_was_decided
-- When an entry was decided about, and which article it became, was decided about that entry.
SELECT entry_id FROM entries
WHERE decided_at IS NOT NULL
    AND (entry_id, decided_at) NOT IN (SELECT (entry_id, decided_at) FROM outcomes)
UNION
SELECT entry_id FROM entries
WHERE article_id IS NOT NULL AND (entry_id, article_id) NOT IN (
    SELECT (entry_id, article_id) FROM outcomes WHERE article_id IS NOT NULL
);

-- name: articles_of_one_entry
-- No two entries are stored as one article.
SELECT article_id FROM entries WHERE state = 'stored'
GROUP BY article_id HAVING count(*) > 1;

-- name: articles_have_entries
-- Every article was decided to be stored for some entry.
SELECT article_id FROM articles
WHERE article_id NOT IN (
    SELECT article_id FROM outcomes WHERE state = 'stored' AND article_id IS NOT NULL
);

-- name: articles_have_batches
-- Every article came with a batch that is on record.
SELECT article_id FROM articles WHERE batch_id NOT IN (SELECT batch_id FROM batches);

-- name: mentions_have_articles
-- Every mention is of a stored article.
SELECT DISTINCT article_id FROM mentions
WHERE article_id NOT IN (SELECT article_id FROM articles);

-- name: mentions_once
-- A mention is on record once.
SELECT article_id FROM mentions
GROUP BY article_id, revision_hash, topic, alias, place, "offset" HAVING count(*) > 1;

-- name: topics_have_mentions
-- The topics of an article are those that its latest revision mentions.
SELECT a.article_id
FROM articles AS a
LEFT JOIN (
    SELECT article_id, list_sort(list(DISTINCT topic)) AS topics FROM mentions
    WHERE is_latest GROUP BY article_id
) AS m ON m.article_id = a.article_id
WHERE list_sort(coalesce(a.topics, [])) <> coalesce(m.topics, []);

-- name: revisions_counted
-- An article counts its revisions right.
SELECT a.article_id
FROM articles AS a
LEFT JOIN (
    SELECT article_id, count(*) AS revisions FROM article_revisions GROUP BY article_id
) AS r ON r.article_id = a.article_id
WHERE a.revisions IS DISTINCT FROM r.revisions;

-- name: revisions_have_articles
-- Every earlier revision is of a stored article.
SELECT DISTINCT article_id FROM superseded
WHERE article_id NOT IN (SELECT article_id FROM articles);

-- name: latest_is_latest
-- No earlier revision was read after the latest, but for what a feed carried of a page that was read.
SELECT s.article_id FROM superseded AS s JOIN articles AS a USING (article_id)
WHERE s.read_at > a.read_at
    AND (s.text_kind IS DISTINCT FROM 'feed' OR a.text_kind IN ('feed', 'carried'));

-- name: stories_once
-- A story has one row.
SELECT story_id FROM stories GROUP BY story_id HAVING count(*) > 1;

-- name: articles_have_stories
-- Every article is in a story.
SELECT article_id FROM articles WHERE story_id NOT IN (SELECT story_id FROM stories);

-- name: stories_have_one_original
-- A story has exactly one original, bears the id of one of its articles, and counts them right.
SELECT s.story_id
FROM stories AS s
LEFT JOIN articles AS a ON a.story_id = s.story_id
GROUP BY s.story_id, s.original_id, s.articles
HAVING count(*) FILTER (a.copy_kind = 'original') <> 1
    OR count(*) FILTER (a.article_id = s.original_id AND a.copy_kind = 'original') <> 1
    OR count(*) FILTER (a.article_id = s.story_id) <> 1
    OR count(a.article_id) <> s.articles;

-- name: stories_tell_of_their_articles
-- A story tells of all its articles: when its original was told, hosts, outlets, languages, topics, salience.
SELECT s.story_id
FROM stories AS s
JOIN (
    SELECT
        story_id,
        any_value(told_at) FILTER (copy_kind = 'original') AS started_at,
        count(DISTINCT host) AS hosts,
        count(DISTINCT site) AS outlets,
        list_sort(list(DISTINCT language) FILTER (language IS NOT NULL)) AS languages,
        list_sort(list_distinct(flatten(list(topics) FILTER (topics IS NOT NULL)))) AS topics,
        max(salience) AS salience
    FROM articles
    GROUP BY story_id
) AS a ON a.story_id = s.story_id
WHERE s.started_at IS DISTINCT FROM a.started_at
    OR s.hosts <> a.hosts
    OR s.outlets IS DISTINCT FROM a.outlets
    OR list_sort(coalesce(s.languages, [])) <> coalesce(a.languages, [])
    OR list_sort(coalesce(s.topics, [])) <> coalesce(a.topics, [])
    OR s.salience IS DISTINCT FROM a.salience;

-- name: exact_copies_are_exact
-- A copy is exact where it has the text of its original, and near where not.
SELECT a.article_id
FROM articles AS a
JOIN stories AS s ON s.story_id = a.story_id
JOIN articles AS o ON o.article_id = s.original_id
WHERE a.copy_kind <> 'original'
    AND (a.copy_kind = 'exact') <> coalesce(a.text_hash = o.text_hash, false);

-- name: originals_are_first
-- No copy is older than its original, unless nothing but its own word says so, or it names a source.
SELECT a.article_id
FROM articles AS a
JOIN stories AS s ON s.story_id = a.story_id
WHERE a.told_at < s.started_at
    AND a.text_kind <> 'carried' AND a.date_evidence IS DISTINCT FROM 'word'
    AND a.syndication_url IS NULL AND a.wire IS NULL;

-- name: fingerprints_have_articles
-- Every fingerprint is of a stored article.
SELECT DISTINCT article_id FROM fingerprints
WHERE article_id NOT IN (SELECT article_id FROM articles);

-- name: rows_have_batches
-- Every decision, feed state and earlier revision came with a batch that is on record.
SELECT DISTINCT batch_id FROM (
    SELECT batch_id FROM outcomes
    UNION ALL
    SELECT batch_id FROM feed_states
    UNION ALL
    SELECT batch_id FROM superseded
    UNION ALL
    SELECT batch_id FROM outlet_states
    UNION ALL
    SELECT batch_id FROM listings
    UNION ALL
    SELECT version_batch_id FROM entries
)
WHERE batch_id NOT IN (SELECT batch_id FROM batches);

-- name: outlets_once
-- An outlet has one row.
SELECT site FROM outlets GROUP BY site HAVING count(*) > 1;

-- name: articles_have_outlets
-- Every article and every feed is of an outlet that is on record.
SELECT site FROM articles WHERE site IS NOT NULL AND site NOT IN (SELECT site FROM outlets)
UNION
SELECT site FROM feeds WHERE site IS NOT NULL AND site NOT IN (SELECT site FROM outlets);

-- name: one_writer_lock
-- The writer-lock row, which keeps two writers apart, is there once.
SELECT count(*) FROM writer_lock HAVING count(*) <> 1;
