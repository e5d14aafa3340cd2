-- What is stored, made once more as it follows from what was loaded: rows that stand twice, texts of
-- articles, stories, entries. The loader's own queries decide about them (see loading/); what is here
-- finds what to decide about. As in a load, nothing is inserted and then updated.

-- name: odd_articles
-- The articles that have several rows, or whose revisions are not what their rows say: `known` of a
-- load that brings nothing.
CREATE OR REPLACE TEMP TABLE known AS
WITH latest AS (
    SELECT article_id, count(*) AS copies, max(revisions) AS revisions, max(read_at) AS read_at
    FROM articles
    GROUP BY article_id
),
earlier AS (
    SELECT
        article_id, max(read_at) FILTER (text_kind IS DISTINCT FROM 'feed') AS read_at,
        count(*) AS copies,
        count(DISTINCT (shown_hash, title, text_kind IS NOT DISTINCT FROM 'feed')) AS texts
    FROM superseded
    GROUP BY article_id
),
told AS (
    SELECT article_id, count(*) AS revisions FROM article_revisions GROUP BY article_id
),
odd AS (
    SELECT l.article_id
    FROM latest AS l
    JOIN told AS t ON t.article_id = l.article_id
    LEFT JOIN earlier AS e ON e.article_id = l.article_id
    WHERE l.copies > 1 OR l.revisions <> t.revisions OR e.read_at > l.read_at
        OR e.copies > e.texts
)
SELECT DISTINCT article_id, batch_id FROM articles WHERE article_id IN (SELECT article_id FROM odd);

-- name: count_articles
-- How many articles that are.
SELECT count(DISTINCT article_id) FROM known;

-- name: count_regrouped
-- How many articles are in another story than they should be, or said to be another kind of copy.
SELECT count(*) FROM members WHERE new_story <> old_story OR new_kind <> old_kind;

-- name: wrong_stories
-- The stories whose rows are missing, stand twice, or do not say what they should.
CREATE OR REPLACE TEMP TABLE wrong_stories AS
WITH told AS (
    SELECT
        story_id, started_at, articles, hosts, outlets, list_sort(languages) AS languages,
        list_sort(topics) AS topics, salience, wire, original_id, first_certain,
        list_sort(first_candidates) AS first_candidates
    FROM stories
),
should AS (
    SELECT
        story_id, started_at, articles, hosts, outlets, languages, topics, salience, wire,
        original_id, first_certain, first_candidates
    FROM told_stories
)
SELECT story_id FROM (FROM told EXCEPT FROM should)
UNION
SELECT story_id FROM (FROM should EXCEPT FROM told)
UNION
SELECT story_id FROM stories GROUP BY story_id HAVING count(*) > 1;

-- name: count_stories
-- How many they are.
SELECT count(*) FROM wrong_stories;

-- name: drop_stories
-- Their rows go.
DELETE FROM stories WHERE story_id IN (SELECT story_id FROM wrong_stories);

-- name: stories
-- What there should be takes their place.
INSERT INTO stories BY NAME
FROM told_stories WHERE story_id IN (SELECT story_id FROM wrong_stories);

-- name: doubled_mentions
-- All mentions of the articles that have one of them twice, each once.
CREATE OR REPLACE TEMP TABLE doubled_mentions AS
SELECT * FROM mentions
WHERE article_id IN (
    SELECT article_id FROM mentions
    GROUP BY article_id, revision_hash, topic, alias, place, "offset" HAVING count(*) > 1
)
QUALIFY row_number() OVER (
    PARTITION BY article_id, revision_hash, topic, alias, place, "offset"
    ORDER BY is_latest DESC, salience DESC, count DESC
) = 1;

-- name: drop_mentions
-- The rows that they replace; how many.
DELETE FROM mentions WHERE article_id IN (SELECT article_id FROM doubled_mentions);

-- name: mentions
-- Put them in; how many.
INSERT INTO mentions BY NAME FROM doubled_mentions;

-- name: suspects
-- Entries that are named as another one is: which of them the words belong to, their ids tell.
SELECT entry_id, feed_id, guid, link FROM entries
WHERE guid IS NOT NULL OR link IS NOT NULL
QUALIFY count(*) OVER (PARTITION BY coalesce(guid, link)) > 1;

-- name: strays
-- Those that are not what they say.
CREATE OR REPLACE TEMP TABLE strays AS FROM found_strays;

-- name: recovered
-- What the batches that are still there say of them.
CREATE OR REPLACE TEMP TABLE recovered AS FROM found_words;

-- name: own_words
-- What those of `strays` said themselves, as far as it is known: in a batch that is still there
-- (`recovered`), or else by the page that was read for them. Those that say so already were mended
-- before.
CREATE OR REPLACE TEMP TABLE own_words AS
WITH read_for AS (
    SELECT o.entry_id, a.url, a.title, a.published_at
    FROM outcomes AS o JOIN articles AS a ON a.article_id = o.article_id
    WHERE o.entry_id IN (SELECT entry_id FROM strays)
        AND o.state IN ('stored', 'duplicate')
    QUALIFY row_number() OVER (
        PARTITION BY o.entry_id ORDER BY coalesce(o.clock_epoch, 0) DESC, o.decided_at DESC, a.url
    ) = 1
),
refused AS (
    SELECT entry_id, max(url) AS url FROM failures
    WHERE entry_id IN (SELECT entry_id FROM strays)
    GROUP BY entry_id
)
SELECT
    s.entry_id, b.guid, coalesce(b.link, p.url, f.url) AS link, coalesce(b.title, p.title) AS title,
    b.summary, b.content_html, b.authors, b.categories, b.language,
    coalesce(b.published_at, p.published_at) AS published_at, b.published_raw,
    b.updated_at, b.updated_raw, b.date_flag, b.enclosures
FROM strays AS s
JOIN entries AS e ON e.entry_id = s.entry_id
LEFT JOIN recovered AS b ON b.entry_id = s.entry_id
LEFT JOIN read_for AS p ON p.entry_id = s.entry_id
LEFT JOIN refused AS f ON f.entry_id = s.entry_id
WHERE (e.guid, e.link, e.title) IS DISTINCT FROM
    (b.guid, coalesce(b.link, p.url, f.url), coalesce(b.title, p.title));

-- name: count_known
-- Of how many a link or a text is known.
SELECT count(*) FROM own_words WHERE link IS NOT NULL OR content_html IS NOT NULL;

-- name: count_unknown
-- Of how many neither is known any more.
SELECT count(*) FROM own_words WHERE link IS NULL AND content_html IS NULL;

-- name: give_words_back
-- Tell them. When they were last shown in another version is not known; nothing is to be looked at
-- again for that.
UPDATE entries SET
    guid = w.guid, link = w.link, title = w.title, summary = w.summary,
    content_html = w.content_html, authors = w.authors, categories = w.categories,
    language = w.language, published_at = w.published_at, published_raw = w.published_raw,
    updated_at = w.updated_at, updated_raw = w.updated_raw, date_flag = w.date_flag,
    enclosures = w.enclosures, version_seen_at = entries.first_seen_at, revised_at = NULL
FROM own_words AS w
WHERE entries.entry_id = w.entry_id;

-- name: every_entry
-- Every entry, as if a batch had said something about each.
CREATE OR REPLACE TEMP TABLE known_entries AS SELECT entry_id, version_batch_id FROM entries;

-- name: own_entries
-- The same, and those that something was decided about without their being stored.
CREATE OR REPLACE TEMP TABLE own_entries AS
SELECT entry_id FROM stored_entries UNION SELECT entry_id FROM outcomes;

-- name: other_entries
-- There are no others.
CREATE OR REPLACE TEMP TABLE other_entries AS FROM own_entries LIMIT 0;

-- name: lost
-- Entries that were stored as articles which are not there, or as duplicates of such: with a link they
-- wait to be read again, just after the decision that this overturns.
CREATE OR REPLACE TEMP TABLE lost AS
SELECT
    v.entry_id, 'waiting' AS state, 'lost' AS reason, v.article_id, 0 AS attempts,
    v.decided_at + INTERVAL 1 MICROSECOND AS decided_at, v.topics_digest
FROM verdicts AS v JOIN entries AS e ON e.entry_id = v.entry_id
WHERE v.state IN ('stored', 'duplicate')
    AND coalesce(v.article_id NOT IN (SELECT article_id FROM articles), true)
    AND (e.link IS NOT NULL OR e.content_html IS NOT NULL);

-- name: count_lost
-- How many they are.
SELECT count(*) FROM lost;

-- name: ask_again
-- Record it as a decision like any other, so that it stands whatever is loaded later.
INSERT INTO outcomes BY NAME
SELECT *, (SELECT max(clock_epoch) FROM batches) AS clock_epoch FROM lost;

-- name: drop_verdicts_of_lost
-- It goes before what was decided.
DELETE FROM verdicts WHERE entry_id IN (SELECT entry_id FROM lost);

-- name: verdicts_of_lost
-- It goes before what was decided.
INSERT INTO verdicts BY NAME FROM lost;

-- name: count_states
-- How many entries say something else than was decided.
SELECT count(*) FROM changed_entries ANTI JOIN lost USING (entry_id);
