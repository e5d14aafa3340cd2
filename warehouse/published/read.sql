-- The questions that the command line answers from the published copy. The columns that matter
-- most come first: a narrow terminal shows only those.

-- name: funnel
-- Where all entries are.
FROM funnel;

-- name: clippings
-- The newest stories on topic, of one topic or language, of some days or the last ones, where asked so;
-- or those in which an outlet (its name or its site) wrote, on the topic that is asked for, whoever was
-- first. Those on one topic are told by an article that mentions it; of a topic that nothing mentions
-- there are none.
WITH of_topic AS (
    SELECT max(topic) AS topic FROM mentions WHERE lower(topic) = lower($topic) HAVING count(*) > 0
),
found AS (
    FROM clippings WHERE $topic IS NULL
    UNION ALL
    SELECT c.* FROM of_topic, clippings_on(of_topic.topic) AS c
)
SELECT published_at, title, outlet, topics, language, copies, salience, url
FROM found
WHERE ($language IS NULL OR language = lower($language))
  AND ($outlet IS NULL OR story_id IN (
      SELECT a.story_id FROM articles AS a LEFT JOIN outlets AS o ON o.site = a.site
      WHERE (lower(coalesce(o.name, a.host)) = lower($outlet) OR a.site = lower($outlet))
          AND ($topic IS NULL OR a.article_id IN (
              SELECT m.article_id FROM mentions AS m WHERE lower(m.topic) = lower($topic)))
  ))
  AND ($since IS NULL OR started_at >= $since)
  AND ($until IS NULL OR started_at < $until)
  AND ($days IS NULL OR started_at >= now() - to_days($days))
ORDER BY started_at DESC, story_id;

-- name: topics
-- The topics that anything was found on.
SELECT DISTINCT topic FROM mentions ORDER BY topic;

-- name: languages
-- The languages of the articles that there are.
SELECT DISTINCT language FROM articles WHERE language IS NOT NULL ORDER BY language;

-- name: sources
-- The feeds, the troubled ones first, with what they brought.
SELECT title, health, reason, entries, stored, last_success_at, off_topic, duplicates, dead,
    waiting, url, proposed_url
FROM sources
ORDER BY list_position(['failing', 'muted', 'unread', 'silent', 'new', 'ok', 'retired', 'removed'], health) NULLS LAST,
    title, url;

-- name: healths
-- How each feed is doing.
SELECT feed_id, health FROM sources;

-- name: outlets
-- Who publishes, those with most articles first.
SELECT o.name, o.name_source, o.site, coalesce(a.articles, 0) AS articles, o.country, o.language,
    o.first_seen_at, o.asked_at, o.error
FROM outlets AS o
LEFT JOIN (SELECT site, count(*) AS articles FROM articles GROUP BY site) AS a ON a.site = o.site
ORDER BY articles DESC, o.name, o.site;

-- name: unwatched
-- Hosts of outlets that news searches named in the last four weeks of the desk, and at whose site no
-- feed is known.
SELECT
    lower(regexp_extract(outlet_url, '^https?://(?:www\.)?([^/?#@:]+)', 1)) AS host,
    min(outlet_name) AS name
FROM entries
WHERE outlet_url IS NOT NULL
    AND first_seen_at >= (SELECT max(created_at) FROM batches) - INTERVAL 28 DAY
GROUP BY host
HAVING host <> '' AND host NOT IN (SELECT site FROM feeds WHERE site IS NOT NULL)
ORDER BY count(*) DESC, host
LIMIT 200;

-- name: feeds
-- Every feed as it is recorded, retired ones too.
SELECT COLUMNS(lambda name: name NOT IN ('added_at', 'site')) FROM feeds ORDER BY category NULLS LAST, title NULLS LAST, url;

-- name: failures
-- What went wrong lately, the newest first.
SELECT failed_at, error, url, message, stage, attempts, next_step, next_try_at
FROM failures ORDER BY failed_at DESC, url;

-- name: batches
-- What was loaded lately, the newest first.
FROM batches ORDER BY batch_id DESC;

-- name: ahead
-- How many batches are dated after now, and until when: a clock was ahead once.
SELECT count(*) AS batches, max(created_at) AS until
FROM batches WHERE created_at > now() + INTERVAL 1 HOUR;

-- name: totals
-- One row that says how big everything is.
SELECT
    (SELECT count(*) FROM feeds) AS feeds,
    (SELECT count(*) FROM entries) AS entries,
    (SELECT count(*) FROM articles) AS articles,
    (SELECT count(*) FROM stories) AS stories,
    (SELECT count(*) FROM failures) AS failures,
    (SELECT max(loaded_at) FROM batches) AS loaded_at,
    (SELECT max(published_at) FROM writer_lock) AS published_at,
    (SELECT coalesce(sum(revisions) - count(*), 0)::BIGINT FROM articles) AS earlier_revisions;

-- name: time_to_readers
-- How many seconds went by until readers had an article from when the poll of the feed that first
-- showed it was landed, a little after its answer: for half of the articles of the last week, and for 19
-- of 20. Of the news of feeds: what a crawl brought (feed 1), somebody filed (0), or a new feed had from
-- before, is none. What was stored before the first copy that is on record came to readers at a time that
-- nobody knows.
WITH stored AS (
    SELECT min(b.change) AS change, min(b.loaded_at) AS loaded_at, any_value(e.first_seen_at) AS seen_at
    FROM outcomes AS o
    JOIN batches AS b ON b.batch_id = o.batch_id
    JOIN entries AS e ON e.entry_id = o.entry_id
    WHERE o.state = 'stored'
        AND e.first_seen_at >= now() - INTERVAL 7 DAY
        AND e.feed_id > 1
        AND NOT coalesce(e.backfill, false)
    GROUP BY o.entry_id
),
moments AS (
    SELECT change, seen_at, loaded_at, NULL::TIMESTAMPTZ AS published_at FROM stored
    UNION ALL
    SELECT changes, NULL, NULL, published_at FROM publications
),
-- The copy that holds a change first is the one before it, counted from the latest change.
taken AS (
    SELECT seen_at, date_diff('millisecond', seen_at, coalesce(
        last_value(published_at IGNORE NULLS) OVER (
            ORDER BY change DESC, published_at NULLS LAST ROWS UNBOUNDED PRECEDING
        ), loaded_at)) / 1000 AS seconds
    FROM moments
    WHERE change > coalesce((SELECT min(changes) FROM publications), 0)
)
SELECT count(*) AS articles, median(seconds) AS half, quantile_cont(seconds, 0.95) AS most
FROM taken
WHERE seen_at IS NOT NULL;

-- name: freshness
-- What tells one state of what people read from the next, and when it was published, or of a lake,
-- which nobody publishes, last loaded. (One that was moved there still says when it was published.)
SELECT
    (SELECT max(changes) FROM writer_lock) AS changes,
    (SELECT max(published_at) FROM writer_lock) AS published_at,
    (SELECT max(loaded_at) FROM batches) AS loaded_at;
