-- The queue: entries and what became of them.

-- name: waiting
-- Entries that may be harvested now, with the bytes of their own text: news before what a feed
-- brought along at its first poll; of each feed those that have waited longest, and as many of one
-- feed as of another, so that a feed with thousands keeps nobody waiting for rounds. The page of a
-- headline is at its outlet, not where its link leads.
SELECT
    entry_id, coalesce(outlet_url, link) AS link, coalesce(strlen(content_html), 0) + coalesce(strlen(summary), 0) AS size
FROM entries
WHERE state = 'waiting' AND (
    next_try_at IS NULL OR next_try_at <= $now
    -- Decided while the clock was ahead (see clock.sql).
    OR decided_at > $now::TIMESTAMPTZ + INTERVAL 1 HOUR
)
ORDER BY
    coalesce(backfill, false),
    row_number() OVER (
        PARTITION BY feed_id, coalesce(backfill, false)
        ORDER BY coalesce(next_try_at, first_seen_at), entry_id
    ),
    coalesce(next_try_at, first_seen_at), entry_id
LIMIT $limit;

-- name: waiting_of
-- Of those, the ones that are taken, news first; with the addresses of their feeds' sites as they were when they
-- were seen, and when their feeds were last read before and did not show them (an entry that comes as
-- no news says nothing by that).
WITH taken AS MATERIALIZED (
    SELECT * FROM entries SEMI JOIN asked USING (entry_id)
    WHERE state = 'waiting'
),
states AS MATERIALIZED (
    SELECT feed_id, batch_id, recorded_at, succeeded_at, url, former_url FROM feed_states
    WHERE polled_at IS NOT NULL AND feed_id IN (SELECT feed_id FROM taken)
)
SELECT
    e.entry_id, e.feed_id, e.guid, e.link, e.title, e.summary, e.content_html, e.authors,
    e.categories, e.language, e.published_at, e.published_raw, e.updated_at, e.updated_raw,
    e.date_flag, e.enclosures, e.backfill, e.outlet_url, e.outlet_name, e.attempts, e.article_id,
    e.first_seen_at,
    CASE WHEN NOT e.backfill THEN before.succeeded_at END AS not_shown_at,
    coalesce(seen.url, CASE WHEN f.former_url IS NULL THEN f.url END) AS asked_at,
    seen.former_url, f.named_site, f.naming_page
FROM taken AS e
LEFT JOIN feeds AS f ON f.feed_id = e.feed_id
LEFT JOIN states AS seen ON seen.feed_id = e.feed_id AND seen.batch_id = e.version_batch_id
ASOF LEFT JOIN states AS before
    ON before.feed_id = e.feed_id AND before.recorded_at < e.first_seen_at
ORDER BY coalesce(e.backfill, false), coalesce(e.next_try_at, e.first_seen_at), e.entry_id;

-- name: same
-- The stored entries with the ids of those in `shown`. Rows are found by narrow columns, and read where
-- rows of their batches are, as load.sql says.
WITH places AS MATERIALIZED (
    SELECT entry_id, version_batch_id FROM entries
    WHERE entry_id IN (SELECT entry_id FROM shown)
)
SELECT
    entry_id, feed_id, feed_id AS shown_by, guid, link, title, summary, published_at, updated_at,
    coalesce(backfill, false) AS backfill, state = 'waiting' AS waits, first_seen_at
FROM entries SEMI JOIN places USING (entry_id, version_batch_id);

-- name: seen
-- Stored entries that any of those in `shown` may be, of the same feeds and of those that turned out to
-- be one with them (those in `united` just now): with the id, the guid, the link, or the path of the
-- link, which says less than it takes to know them again. That is decided elsewhere.
WITH kin AS MATERIALIZED (
    FROM united
    UNION ALL
    SELECT feed_id, same_feed_id FROM feeds
    WHERE same_feed_id IS NOT NULL AND feed_id NOT IN (SELECT feed_id FROM united)
),
families AS MATERIALIZED (
    SELECT feed_id, feed_id AS shown_by FROM shown
    UNION
    SELECT feed_id, same_feed_id FROM kin WHERE same_feed_id IN (SELECT feed_id FROM shown)
),
both_sides AS (
    SELECT entry_id, NULL AS version_batch_id, feed_id AS shown_by, guid, link, title, true AS asked
    FROM shown
    UNION ALL
    SELECT e.entry_id, e.version_batch_id, f.shown_by, e.guid, e.link, e.title, false
    FROM entries AS e JOIN families AS f ON f.feed_id = e.feed_id
),
cut AS (
    SELECT
        *,
        split_part(split_part(split_part(link, '://', 2), '?', 1), '#', 1) || '/' AS host_and_path,
        rtrim(lower(substr(host_and_path, strpos(host_and_path, '/'))), '/') AS bare
    FROM both_sides
),
addressed AS MATERIALIZED (
    SELECT
        * EXCLUDE (host_and_path, bare), NOT contains(link, '?') AS plain,
        CASE WHEN suffix(bare, '/amp') THEN rtrim(left(bare, -4), '/') ELSE bare END AS path
    FROM cut
),
stored AS (SELECT * FROM addressed WHERE NOT asked),
asked AS (SELECT * FROM addressed WHERE asked),
found AS MATERIALIZED (
    SELECT entry_id, version_batch_id FROM stored SEMI JOIN asked USING (entry_id)
    UNION
    SELECT entry_id, version_batch_id FROM stored SEMI JOIN asked USING (shown_by, guid)
    UNION
    SELECT entry_id, version_batch_id FROM stored SEMI JOIN asked USING (shown_by, link)
    UNION
    SELECT entry_id, version_batch_id FROM stored SEMI JOIN asked USING (shown_by, path, title)
    UNION
    SELECT entry_id, version_batch_id
    FROM stored SEMI JOIN (SELECT * FROM asked WHERE plain) USING (shown_by, path)
)
SELECT
    e.entry_id, e.feed_id, coalesce(kin.same_feed_id, e.feed_id) AS shown_by, e.guid, e.link, e.title,
    e.summary, e.published_at, e.updated_at, coalesce(e.backfill, false) AS backfill,
    e.state = 'waiting' AS waits, e.first_seen_at
FROM entries AS e
SEMI JOIN found USING (entry_id, version_batch_id)
LEFT JOIN kin ON kin.feed_id = e.feed_id;

-- name: seen_names
-- The guids and links of a feed's entries, and of those of feeds that turned out to be it.
WITH family AS (
    SELECT feed_id FROM feeds WHERE feed_id = $feed_id OR same_feed_id = $feed_id
)
SELECT guid FROM entries WHERE feed_id IN (FROM family) AND guid IS NOT NULL
UNION
SELECT link FROM entries WHERE feed_id IN (FROM family) AND link IS NOT NULL;

-- name: known_articles
-- Which of these articles are stored, and whether what is stored is less than the whole page.
SELECT article_id, text_kind IN ('feed', 'carried', 'part') FROM articles SEMI JOIN asked USING (article_id);

-- name: count_off_topic
-- How many entries were off topic under other topics.
SELECT count(*) FROM entries
WHERE state = 'off_topic' AND first_seen_at >= $since AND feed_id <> $backfilled
    AND coalesce(topics_digest NOT IN (SELECT unnest(string_split($known, ','))), true);

-- name: requeue_off_topic
-- Put back entries that were off topic under other topics, but for those of backfills, whose pages
-- may be gone and were many: running a backfill again judges them. Recorded as a decision like any
-- other, just after the one it overturns, so that it stands whatever is loaded later.
INSERT INTO outcomes BY NAME
SELECT
    entry_id, 'waiting' AS state, decided_at + INTERVAL 1 MICROSECOND AS decided_at,
    'topics_changed' AS reason, 0 AS attempts, $topics_digest AS topics_digest,
    (SELECT max(clock_epoch) FROM batches) AS clock_epoch
FROM entries
WHERE state = 'off_topic' AND first_seen_at >= $since AND feed_id <> $backfilled
    AND coalesce(topics_digest NOT IN (SELECT unnest(string_split($known, ','))), true);

-- name: apply_requeue
-- Tell the entries.
UPDATE entries SET
    state = 'waiting', reason = 'topics_changed', attempts = 0, next_try_at = NULL,
    decided_at = decided_at + INTERVAL 1 MICROSECOND, topics_digest = $topics_digest
WHERE state = 'off_topic' AND first_seen_at >= $since AND feed_id <> $backfilled
    AND coalesce(topics_digest NOT IN (SELECT unnest(string_split($known, ','))), true);
