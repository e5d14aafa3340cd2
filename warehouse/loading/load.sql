-- Loading one batch: one transaction, whose first statement updates the writer-lock row
-- (handle.py) and whose last one records the batch's id. Every table is a function of the set of
-- batches loaded, not of their order: each rule below picks by time and then by id, never by
-- what happens to be stored already. Before time comes the epoch of the clock (see clock.sql in
-- queue/): what was written while the clock was ahead ranks below what came after.
--
-- Rows are found by their keys, and what is put in is final: nothing is updated in the transaction
-- that inserts it. In a DuckLake 1.0 such rows keep row ids that the next transaction gives again, so
-- a row's id names no row there.
--
-- The batch in hand is in `batch` (one row) and in landed_feed, landed_entry, landed_article,
-- landed_outcome, landed_failure, landed_outlet and landed_listing (one column per field of the record).

-- name: is_loaded
-- A batch that was loaded before (its file outlived a kill) is not loaded again.
SELECT count(*) FROM batches WHERE batch_id = $batch_id;

-- name: batch
-- The batch in hand.
CREATE OR REPLACE TEMP TABLE batch AS
SELECT
    $batch_id::VARCHAR AS batch_id,
    $kind::VARCHAR AS kind,
    $created_at::TIMESTAMPTZ AS created_at,
    $topics_digest::VARCHAR AS topics_digest,
    $clock_epoch::BIGINT AS clock_epoch,
    $loaded_at::TIMESTAMPTZ AS loaded_at;

-- name: feed_addresses
-- The sites that these feeds were named for, or else where they are asked, now and ever.
SELECT coalesce(named_site, naming_page, url) FROM landed_feed
UNION
SELECT coalesce(named_site, naming_page, url) FROM feed_states
WHERE feed_id IN (SELECT feed_id FROM landed_feed);

-- name: feeds_history
-- Every state a feed is given is kept; what was polled last is decided over all of them.
INSERT INTO feed_states BY NAME
SELECT f.*, batch.batch_id, batch.created_at AS recorded_at, batch.clock_epoch
FROM landed_feed AS f, batch
QUALIFY row_number() OVER (
    PARTITION BY f.feed_id
    ORDER BY f.changed_at DESC NULLS LAST, f.polled_at DESC NULLS LAST, f.url, f.title, f.naming_page
) = 1;

-- name: feeds
-- The state of a feed is that of its latest poll. What describes it (title, site, language,
-- category) is the latest that is known; imports come after polls, the earliest first, so that
-- they fill gaps but replace nothing. What a person changed stands against every poll that did
-- not know of it.
MERGE INTO feeds AS t
USING (
    WITH ranked AS (
        SELECT *,
            coalesce(clock_epoch, 0) = max(coalesce(clock_epoch, 0)) OVER (PARTITION BY feed_id)
                AS by_this_clock,
            row_number() OVER (
            PARTITION BY feed_id
            ORDER BY
                coalesce(clock_epoch, 0) DESC,
                changed_at DESC NULLS LAST,
                polled_at DESC NULLS LAST,
                -- A feed whose host rests has a time to be asked at, and perhaps no poll yet.
                CASE WHEN coalesce(polled_at, next_poll_at) IS NOT NULL THEN batch_id END DESC,
                batch_id
        ) AS rank
        FROM feed_states
        LEFT JOIN sites_of_addresses AS o ON o.address = coalesce(named_site, naming_page, url)
        WHERE feed_id IN (SELECT feed_id FROM landed_feed)
    )
    SELECT
        feed_id,
        arg_min(url, rank) AS url,
        arg_min_null(site, rank) AS site,
        arg_min(title, rank) AS title,
        arg_min(site_url, rank) AS site_url,
        arg_min(language, rank) AS language,
        arg_min(category, rank) AS category,
        arg_min_null(format, rank) AS format,
        arg_min_null(etag, rank) AS etag,
        arg_min_null(last_modified, rank) AS last_modified,
        arg_min_null(body_hash, rank) AS body_hash,
        arg_min_null(hub_url, rank) AS hub_url,
        arg_min_null(self_url, rank) AS self_url,
        arg_min(health, rank) AS health,
        arg_min_null(error, rank) AS error,
        arg_min(failures, rank) AS failures,
        max(polled_at) FILTER (by_this_clock) AS polled_at,
        arg_min_null(succeeded_at, rank) AS succeeded_at,
        arg_min_null(full_fetch_at, rank) AS full_fetch_at,
        arg_min_null(next_poll_at, rank) AS next_poll_at,
        arg_min_null(ttl_minutes, rank) AS ttl_minutes,
        coalesce(arg_min_null(skip_hours, rank), []) AS skip_hours,
        coalesce(arg_min_null(skip_days, rank), []) AS skip_days,
        arg_min_null(poll_every, rank) AS poll_every,
        arg_min_null(entry_gap, rank) AS entry_gap,
        arg_min_null(newest_at, rank) AS newest_at,
        arg_min_null(newest_entry_id, rank) AS newest_entry_id,
        arg_min_null(moving_to, rank) AS moving_to,
        coalesce(arg_min_null(moving_polls, rank), 0) AS moving_polls,
        arg_min_null(moving_since, rank) AS moving_since,
        arg_min_null(former_url, rank) AS former_url,
        arg_min_null(proposed_url, rank) AS proposed_url,
        coalesce(arg_min_null(unstable, rank), []) AS unstable,
        coalesce(arg_min_null(suspected, rank), []) AS suspected,
        arg_min_null(read_by, rank) AS read_by,
        arg_min_null(same_feed_id, rank) AS same_feed_id,
        max(changed_at) FILTER (by_this_clock) AS changed_at,
        arg_min(named_site, rank) AS named_site,
        arg_min(naming_page, rank) AS naming_page,
        min(recorded_at) AS added_at
    FROM ranked
    GROUP BY feed_id
) AS s
ON t.feed_id = s.feed_id
WHEN MATCHED THEN UPDATE SET
    url = s.url, title = s.title, site_url = s.site_url, language = s.language,
    category = s.category, format = s.format, etag = s.etag, last_modified = s.last_modified,
    body_hash = s.body_hash, hub_url = s.hub_url, self_url = s.self_url,
    health = s.health, error = s.error,
    failures = s.failures, polled_at = s.polled_at, succeeded_at = s.succeeded_at,
    full_fetch_at = s.full_fetch_at, next_poll_at = s.next_poll_at, added_at = s.added_at,
    ttl_minutes = s.ttl_minutes, skip_hours = s.skip_hours, skip_days = s.skip_days,
    poll_every = s.poll_every, entry_gap = s.entry_gap, newest_at = s.newest_at,
    newest_entry_id = s.newest_entry_id, moving_to = s.moving_to,
    moving_polls = s.moving_polls, moving_since = s.moving_since, former_url = s.former_url,
    proposed_url = s.proposed_url, named_site = s.named_site, naming_page = s.naming_page,
    unstable = s.unstable, suspected = s.suspected, read_by = s.read_by,
    same_feed_id = s.same_feed_id, changed_at = s.changed_at, site = s.site
WHEN NOT MATCHED THEN INSERT BY NAME;

-- name: stage_entries
-- The entries of the batch. Nothing can be asked for where there is neither a link nor
-- content in the feed: such an entry is dead from the start.
CREATE OR REPLACE TEMP TABLE new_entries AS
SELECT
    e.* REPLACE (coalesce(e.backfill, false) AS backfill, coalesce(e.reread, false) AS reread),
    if(e.link IS NULL AND e.content_html IS NULL, 'dead', 'waiting') AS state,
    if(e.link IS NULL AND e.content_html IS NULL, 'no_link', NULL) AS reason,
    0 AS attempts,
    batch.created_at AS first_seen_at,
    batch.created_at AS version_seen_at,
    batch.clock_epoch AS version_epoch,
    batch.batch_id AS version_batch_id
FROM landed_entry AS e, batch;

-- name: one_of_each_entry
-- Of several for one entry, the one that counts.
CREATE OR REPLACE TEMP TABLE new_entries AS
FROM new_entries AS e
QUALIFY row_number() OVER (
    PARTITION BY e.entry_id
    ORDER BY e.revised_at DESC NULLS LAST, e.updated_at DESC NULLS LAST,
        e.published_at DESC NULLS LAST, e.link, e.title, e.summary, e.content_html, e.backfill,
        e.reread
) = 1;

-- name: known_entries
-- Which of these are stored, and with which batch each came as it is. Ids are hashes, so a search for
-- them reads the whole column; it is done once. Rows of one batch lie together: what else is needed
-- of them is read where rows of these batches are, and nowhere else.
CREATE OR REPLACE TEMP TABLE known_entries AS
SELECT entry_id, version_batch_id FROM entries
WHERE entry_id IN (SELECT entry_id FROM new_entries UNION ALL SELECT entry_id FROM landed_outcome);

-- name: stored_entries
-- What is known of them, but for what the feed said.
CREATE OR REPLACE TEMP TABLE stored_entries AS
SELECT
    entry_id, version_batch_id, version_epoch, version_seen_at, updated_at, revised_at, reread,
    first_seen_at, state, reason, article_id, attempts, decided_at, next_try_at, topics_digest
FROM entries SEMI JOIN known_entries USING (entry_id, version_batch_id);

-- name: any_dead
-- Whether any of them is one.
SELECT EXISTS (FROM new_entries WHERE state = 'dead');

-- name: dead_on_arrival
-- An entry that can't be harvested says so once, when it first comes.
INSERT INTO failures BY NAME
SELECT
    batch.batch_id, 'poll' AS stage, coalesce(f.url, e.guid, '') AS url, e.reason AS error,
    'The entry ' || coalesce('"' || e.title || '"', 'without a title')
        || ' gives neither a link that can be asked (http or https) nor its text; it is given up.'
        AS message,
    'drop' AS next_step, batch.created_at AS failed_at, 1 AS attempts, e.feed_id, e.entry_id
FROM new_entries AS e
CROSS JOIN batch
LEFT JOIN (
    SELECT feed_id, min(url) AS url FROM feed_states
    WHERE feed_id IN (SELECT feed_id FROM new_entries WHERE state = 'dead')
    GROUP BY feed_id
) AS f ON f.feed_id = e.feed_id
WHERE e.state = 'dead' AND e.entry_id NOT IN (SELECT entry_id FROM known_entries)
    AND e.entry_id NOT IN (SELECT entry_id FROM landed_outcome);

-- name: settle_entries
-- The entries that are new, or here in a newer version than the stored one. Whoever polled compared
-- what it saw with what was stored, and says when it saw something else: the latest such version
-- counts. Where nothing else was seen, or nobody compared, a version is told by updated_at; of the
-- same version the first sight counts.
CREATE OR REPLACE TEMP TABLE settled_entries AS
SELECT
    n.* REPLACE (
        if(s.decided_at IS NULL, n.state, s.state) AS state,
        if(s.decided_at IS NULL, n.reason, s.reason) AS reason,
        coalesce(s.attempts, n.attempts) AS attempts,
        least(n.first_seen_at, s.first_seen_at) AS first_seen_at
    ),
    s.article_id, s.decided_at, s.next_try_at, s.topics_digest
FROM new_entries AS n
LEFT JOIN stored_entries AS s ON s.entry_id = n.entry_id
WHERE s.entry_id IS NULL OR CASE
    WHEN (n.revised_at IS NULL) <> (s.revised_at IS NULL) THEN n.revised_at IS NOT NULL
    WHEN n.revised_at IS NOT NULL
        AND (n.version_epoch, n.revised_at) <> (coalesce(s.version_epoch, 0), s.revised_at)
        THEN (n.version_epoch, n.revised_at) > (coalesce(s.version_epoch, 0), s.revised_at)
    WHEN n.updated_at IS DISTINCT FROM s.updated_at
        THEN coalesce(n.updated_at > s.updated_at, s.updated_at IS NULL)
    ELSE (n.version_epoch, n.version_seen_at, n.version_batch_id)
        < (coalesce(s.version_epoch, 0), s.version_seen_at, s.version_batch_id)
END;

-- name: seen_earlier
-- Of the others, the first sights that were earlier than what is stored.
CREATE OR REPLACE TEMP TABLE seen_earlier AS
SELECT n.entry_id, n.first_seen_at
FROM new_entries AS n
JOIN stored_entries AS s ON s.entry_id = n.entry_id
WHERE n.first_seen_at < s.first_seen_at
    AND n.entry_id NOT IN (SELECT entry_id FROM settled_entries);

-- name: own_entries
-- The entries that the batch says anything new about. What was decided about all others stands.
CREATE OR REPLACE TEMP TABLE own_entries AS
SELECT entry_id FROM settled_entries
UNION SELECT entry_id FROM seen_earlier
UNION SELECT entry_id FROM landed_outcome;

-- name: own_history
-- What was ever decided about them, this batch included. Found as entries are, by the time of
-- decision.
CREATE OR REPLACE TEMP TABLE own_history AS
WITH places AS MATERIALIZED (
    SELECT entry_id, decided_at FROM outcomes
    WHERE entry_id IN (SELECT entry_id FROM own_entries)
)
SELECT * FROM outcomes SEMI JOIN places USING (entry_id, decided_at)
UNION ALL BY NAME
SELECT o.*, batch.batch_id, batch.clock_epoch FROM landed_outcome AS o, batch;

-- name: outcomes
-- Every decision is kept; which one counts is decided over all of them.
INSERT INTO outcomes BY NAME
SELECT o.*, batch.batch_id, batch.clock_epoch FROM landed_outcome AS o, batch;

-- name: claimed_articles
-- The articles that any of them was ever stored as, or a duplicate of: who owns these is decided
-- anew.
CREATE OR REPLACE TEMP TABLE claimed_articles AS
SELECT DISTINCT article_id FROM own_history
WHERE state IN ('stored', 'duplicate') AND article_id IS NOT NULL;

-- name: other_entries
-- All other entries that ever led to one of those articles.
CREATE OR REPLACE TEMP TABLE other_entries AS
WITH places AS MATERIALIZED (
    SELECT article_id, decided_at FROM outcomes
    WHERE article_id IN (SELECT article_id FROM claimed_articles)
)
SELECT DISTINCT entry_id
FROM outcomes SEMI JOIN places USING (article_id, decided_at)
WHERE state IN ('stored', 'duplicate') AND entry_id NOT IN (SELECT entry_id FROM own_entries);

-- name: others_history
-- What was decided about them.
CREATE OR REPLACE TEMP TABLE others_history AS
WITH places AS MATERIALIZED (
    SELECT entry_id, decided_at FROM outcomes
    WHERE entry_id IN (SELECT entry_id FROM other_entries)
)
SELECT * FROM outcomes SEMI JOIN places USING (entry_id, decided_at);

-- name: no_others_history
-- Where there are no others: a table that has none.
CREATE OR REPLACE TEMP TABLE others_history AS FROM outcomes LIMIT 0;

-- name: other_stored_entries
-- What is known of them.
INSERT INTO stored_entries
WITH places AS MATERIALIZED (
    SELECT entry_id, version_batch_id FROM entries
    WHERE entry_id IN (SELECT entry_id FROM other_entries)
        AND entry_id NOT IN (SELECT entry_id FROM stored_entries)
)
SELECT
    entry_id, version_batch_id, version_epoch, version_seen_at, updated_at, revised_at, reread,
    first_seen_at, state, reason, article_id, attempts, decided_at, next_try_at, topics_digest
FROM entries SEMI JOIN places USING (entry_id, version_batch_id);

-- name: touched_entries
-- All of these as they are now, but for the decisions.
CREATE OR REPLACE TEMP TABLE touched_entries AS
SELECT
    entry_id, first_seen_at, version_epoch, version_seen_at,
    revised_at IS NOT NULL AS revised, reread
FROM settled_entries
UNION ALL
SELECT
    s.entry_id, least(s.first_seen_at, earlier.first_seen_at), s.version_epoch, s.version_seen_at,
    s.revised_at IS NOT NULL, coalesce(s.reread, false)
FROM stored_entries AS s
LEFT JOIN seen_earlier AS earlier ON earlier.entry_id = s.entry_id
WHERE s.entry_id NOT IN (SELECT entry_id FROM settled_entries);

-- name: verdicts
-- What the decisions about each touched entry come to. Of all entries that led to an article
-- (claim it) one owns it and is stored, the others are duplicates: the owner is the one first
-- seen on an earlier day, or of the same day the one with the smaller id, so that it does not
-- depend on whose page happened to be read first. What owns an article stays stored, whatever a
-- later look at the page brings, so that every article that came from a feed keeps its entry. An
-- entry that the feed shows in a newer version waits to be looked at again, each time as long as it
-- has been known: feeds that stamp every poll as an update would otherwise have every page fetched
-- for ever. What a person gave up stays given up.
CREATE OR REPLACE TEMP TABLE verdicts AS
WITH history AS (
    SELECT
        entry_id, state, reason, article_id, attempts, decided_at, next_try_at, topics_digest,
        clock_epoch, batch_id
    FROM own_history
    UNION ALL
    SELECT
        entry_id, state, reason, article_id, attempts, decided_at, next_try_at, topics_digest,
        clock_epoch, batch_id
    FROM others_history
),
latest AS (
    SELECT * FROM history
    QUALIFY row_number() OVER (
        PARTITION BY entry_id
        ORDER BY coalesce(clock_epoch, 0) DESC, decided_at DESC, attempts DESC,
            batch_id DESC NULLS LAST, state, reason
    ) = 1
),
claims AS (
    SELECT
        entry_id,
        arg_max(article_id, (coalesce(clock_epoch, 0), decided_at, -article_id::HUGEINT))
            AS article_id
    FROM history
    WHERE state IN ('stored', 'duplicate') AND article_id IS NOT NULL
    GROUP BY entry_id
),
owners AS (
    SELECT
        arg_min(e.entry_id, (CAST(timezone('UTC', e.first_seen_at) AS DATE), e.entry_id)) AS entry_id
    FROM claims JOIN touched_entries AS e ON e.entry_id = claims.entry_id
    WHERE claims.article_id IN (SELECT article_id FROM history WHERE state = 'stored')
    GROUP BY claims.article_id
),
facts AS (
    SELECT
        e.entry_id,
        e.first_seen_at,
        latest,
        coalesce(claims.article_id, latest.article_id) AS article_id,
        claims.entry_id IS NOT NULL AS claims,
        owners.entry_id IS NOT NULL AS owns,
        (owners.entry_id IS NOT NULL
                OR (e.revised AND latest.state IN ('stored', 'duplicate', 'off_topic', 'dead')))
            AND NOT e.reread AND latest.reason IS DISTINCT FROM 'dropped'
            AND (coalesce(e.version_epoch, 0), e.version_seen_at)
                > (coalesce(latest.clock_epoch, 0), latest.decided_at) AS look_again
    FROM touched_entries AS e
    JOIN latest ON latest.entry_id = e.entry_id
    LEFT JOIN claims ON claims.entry_id = e.entry_id
    LEFT JOIN owners ON owners.entry_id = e.entry_id
    -- Of the others, some have since been stored as an article that is not at stake here.
    WHERE e.entry_id IN (SELECT entry_id FROM own_entries)
        OR claims.article_id IN (SELECT article_id FROM claimed_articles)
)
SELECT
    entry_id,
    CASE
        WHEN look_again OR latest.state = 'waiting' THEN 'waiting'
        WHEN owns THEN 'stored'
        WHEN claims AND latest.state = 'stored' THEN 'duplicate'
        ELSE latest.state
    END AS state,
    CASE
        WHEN look_again THEN 'updated'
        WHEN owns AND latest.state = 'duplicate' THEN NULL
        WHEN claims AND NOT owns AND latest.state = 'stored' THEN 'same_article'
        ELSE latest.reason
    END AS reason,
    article_id,
    if(look_again, 0, latest.attempts) AS attempts,
    latest.decided_at AS decided_at,
    CASE
        WHEN look_again THEN latest.decided_at + (latest.decided_at - first_seen_at)
        WHEN latest.state = 'waiting' THEN latest.next_try_at
    END AS next_try_at,
    latest.topics_digest AS topics_digest
FROM facts;

-- name: no_verdicts
-- Where nothing was ever decided about any of them: a table to put the undecided in.
CREATE OR REPLACE TEMP TABLE verdicts AS
SELECT
    entry_id, state, reason, article_id, attempts, decided_at, next_try_at, topics_digest
FROM settled_entries LIMIT 0;

-- name: undecided_entries
-- Whatever nothing was decided about stays as it is.
INSERT INTO verdicts
SELECT
    entry_id, state, reason, article_id, attempts, decided_at, next_try_at, topics_digest
FROM settled_entries ANTI JOIN verdicts USING (entry_id)
UNION ALL
SELECT
    entry_id, state, reason, article_id, attempts, decided_at, next_try_at, topics_digest
FROM stored_entries
ANTI JOIN verdicts USING (entry_id)
ANTI JOIN settled_entries USING (entry_id);

-- name: changed_entries
-- The stored rows that stay and yet have to say something new.
CREATE OR REPLACE TEMP TABLE changed_entries AS
SELECT v.*, e.first_seen_at, s.version_batch_id
FROM stored_entries AS s
ANTI JOIN settled_entries USING (entry_id)
JOIN touched_entries AS e ON e.entry_id = s.entry_id
JOIN verdicts AS v ON v.entry_id = s.entry_id
WHERE (s.first_seen_at, s.state, s.reason, s.article_id, s.attempts, s.decided_at, s.next_try_at,
        s.topics_digest)
    IS DISTINCT FROM (e.first_seen_at, v.state, v.reason, v.article_id, v.attempts, v.decided_at,
        v.next_try_at, v.topics_digest);

-- name: entry_states
-- Tell them.
UPDATE entries SET
    first_seen_at = c.first_seen_at, state = c.state, reason = c.reason,
    article_id = c.article_id, attempts = c.attempts, decided_at = c.decided_at,
    next_try_at = c.next_try_at, topics_digest = c.topics_digest
FROM changed_entries AS c
WHERE entries.entry_id = c.entry_id AND entries.version_batch_id = c.version_batch_id;

-- name: drop_replaced_entries
-- The rows that newer versions replace.
DELETE FROM entries USING (
    SELECT entry_id, version_batch_id FROM stored_entries SEMI JOIN settled_entries USING (entry_id)
) AS s
WHERE entries.entry_id = s.entry_id AND entries.version_batch_id = s.version_batch_id;

-- name: entries
-- The new ones and the newer versions, as they were decided to be.
INSERT INTO entries BY NAME
SELECT
    e.* REPLACE (
        v.state AS state, v.reason AS reason, v.article_id AS article_id,
        v.attempts AS attempts, v.decided_at AS decided_at, v.next_try_at AS next_try_at,
        v.topics_digest AS topics_digest
    )
FROM settled_entries AS e JOIN verdicts AS v ON v.entry_id = e.entry_id;

-- name: failures
-- Failures are only ever added.
INSERT INTO failures BY NAME
SELECT batch.batch_id, f.* FROM landed_failure AS f, batch;

-- name: listings
-- What was asked of outlets is only ever added.
INSERT INTO listings BY NAME
SELECT l.*, batch.batch_id, batch.clock_epoch FROM landed_listing AS l, batch;

-- name: record_batch
-- The last statement: from here on the batch is loaded.
INSERT INTO batches BY NAME
SELECT
    batch_id, kind, created_at, loaded_at,
    $feeds AS feeds, $entries AS entries, $articles AS articles, $outcomes AS outcomes,
    $failures AS failures,
    (SELECT changes FROM writer_lock) AS change,
    clock_epoch
FROM batch;

-- name: forget_unreadable
-- A batch that can't be read is reported once, also when the report was cut short before.
DELETE FROM failures WHERE stage = 'load' AND url = $url;

-- name: report_unreadable
-- A batch that can't be read.
INSERT INTO failures BY NAME
SELECT
    'load' AS stage, $url AS url, $error AS error, $message AS message,
    'quarantine' AS next_step, $failed_at::TIMESTAMPTZ AS failed_at, 1 AS attempts;

-- name: keep_untold
-- Stories that this batch began, until somebody has been told of them.
INSERT INTO untold_stories
SELECT story_id, $batch_id FROM (SELECT unnest($stories::UBIGINT[]) AS story_id);
