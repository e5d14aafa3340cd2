-- What may go, and when. What is said about an article never goes: texts, revisions, mentions,
-- stories, decisions about entries, and the batches that say what was loaded.

-- name: days_at_work
-- When batches were loaded, to tell a clock that jumped ahead.
SELECT DISTINCT CAST(timezone('UTC', loaded_at) AS DATE) FROM batches;

-- name: newest_before
-- When a run before the one that `began` then loaded a batch last. Commands change feeds at any time,
-- also just before a run and by the same clock: they prove nothing.
SELECT max(loaded_at) FROM batches WHERE loaded_at < $began AND kind <> 'feeds';

-- name: feed_states
-- What polls told of a feed before $before, except what feeds is still made of (see load.sql): the
-- state that counts, the latest poll, the latest that gave each description, the first word of it.
-- A batch gives a feed one state.
DELETE FROM feed_states
WHERE polled_at IS NOT NULL AND recorded_at < $before AND (feed_id, batch_id) NOT IN (
    WITH ranked AS (
        SELECT
            feed_id, batch_id, title, site_url, named_site, naming_page, language, category,
            polled_at, recorded_at,
            coalesce(clock_epoch, 0) AS epoch,
            row_number() OVER (
                PARTITION BY feed_id
                ORDER BY
                    coalesce(clock_epoch, 0) DESC,
                    changed_at DESC NULLS LAST,
                    polled_at DESC NULLS LAST,
                    CASE WHEN coalesce(polled_at, next_poll_at) IS NOT NULL THEN batch_id END DESC,
                    batch_id
            ) AS rank
        FROM feed_states
    )
    SELECT (feed_id, unnest(list_distinct(list_filter([
        arg_min(batch_id, rank),
        arg_max(batch_id, (epoch, polled_at)) FILTER (polled_at IS NOT NULL),
        arg_min(batch_id, rank) FILTER (title IS NOT NULL),
        arg_min(batch_id, rank) FILTER (site_url IS NOT NULL),
        arg_min(batch_id, rank) FILTER (named_site IS NOT NULL),
        arg_min(batch_id, rank) FILTER (naming_page IS NOT NULL),
        arg_min(batch_id, rank) FILTER (language IS NOT NULL),
        arg_min(batch_id, rank) FILTER (category IS NOT NULL),
        arg_min(batch_id, recorded_at)
    ], lambda batch: batch IS NOT NULL))))
    FROM ranked
    GROUP BY feed_id
);

-- name: failures
-- What went wrong before $before.
DELETE FROM failures WHERE failed_at < $before;

-- name: off_topic
-- What feeds said in entries that were found off topic before $before. The entries themselves
-- stay, or the next poll would take them for new ones.
UPDATE entries SET summary = NULL, content_html = NULL
WHERE state = 'off_topic' AND decided_at < $before
    AND (summary IS NOT NULL OR content_html IS NOT NULL);

-- name: old_days
-- Days before $before, the texts of which no later text is compared with.
SELECT DISTINCT day FROM fingerprints WHERE day < $before ORDER BY day;

-- name: fingerprints
-- The signatures of texts read on a day.
DELETE FROM fingerprints WHERE day = $day;

-- name: bands
-- Their bands.
DELETE FROM bands WHERE day = $day;
