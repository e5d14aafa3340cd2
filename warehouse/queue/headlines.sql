-- Headlines of news searches: what is known of the outlets that they name.

-- name: outlets_called
-- Where the outlets with these names are, by what news searches said of other headlines; not those
-- whose name several have.
SELECT outlet_name, any_value(outlet_url) FROM entries
WHERE outlet_url IS NOT NULL AND outlet_name IN (SELECT unnest($names::VARCHAR[]))
GROUP BY outlet_name
HAVING count(DISTINCT outlet_url) = 1;

-- name: found_before
-- Where the articles of these entries were found at an earlier try, the latest.
SELECT entry_id, found_url, found_by, found_as FROM outcomes
WHERE entry_id IN (SELECT unnest($entry_ids::UBIGINT[])) AND found_url IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY entry_id
    ORDER BY coalesce(clock_epoch, 0) DESC, decided_at DESC, batch_id DESC
) = 1;

-- name: known_pages
-- The pages of these sites that are known since then: what their feeds showed, and articles.
SELECT f.site, e.link AS url, e.title, e.published_at AS "at", e.date_flag IS NOT DISTINCT FROM 'day' AS day_only
FROM entries AS e JOIN feeds AS f ON f.feed_id = e.feed_id
WHERE f.site IN (SELECT unnest($sites::VARCHAR[])) AND e.first_seen_at >= $since
    AND e.outlet_url IS NULL AND e.link IS NOT NULL AND e.title IS NOT NULL
UNION ALL
SELECT site, url, title, published_at, date_flag IS NOT DISTINCT FROM 'day'
FROM articles
WHERE site IN (SELECT unnest($sites::VARCHAR[])) AND first_seen_at >= $since
    AND title IS NOT NULL AND text_kind IN ('page', 'part', 'feed')
ORDER BY ALL;

-- name: names_of_sites
-- What these outlets are called.
SELECT site, name FROM outlets WHERE site IN (SELECT unnest($sites::VARCHAR[])) AND name_source <> 'host';

-- name: watched
-- The feeds of these sites that are watched: the poll asks them.
SELECT site, url FROM feeds
WHERE site IN (SELECT unnest($sites::VARCHAR[])) AND health <> 'retired'
ORDER BY ALL;

-- name: listings
-- What these outlets list their pages in, as they were asked last; when each was first asked at all.
-- What was asked in the future was so under a clock that was ahead.
SELECT site, url, kind, asked_at, pages, found, error FROM listings
WHERE site IN (SELECT unnest($sites::VARCHAR[])) AND asked_at <= $now::TIMESTAMPTZ + INTERVAL 1 HOUR
QUALIFY row_number() OVER (
    PARTITION BY site, url
    ORDER BY coalesce(clock_epoch, 0) DESC, asked_at DESC, batch_id DESC
) = 1
ORDER BY ALL;

-- name: new_sites
-- How many outlets were asked for the first time since then.
SELECT count(*) FROM (
    SELECT site FROM listings GROUP BY site
    HAVING min(asked_at) > $since AND min(asked_at) <= $now::TIMESTAMPTZ + INTERVAL 1 HOUR
);

-- name: given_up
-- Entries that were given up since then because nothing told where their links lead, and that were
-- not tried again for that reason before; the newest first.
SELECT entry_id, link FROM entries
WHERE state = 'dead' AND reason = 'wrapper_unresolved' AND decided_at >= $since
    AND entry_id NOT IN (SELECT entry_id FROM outcomes WHERE reason = $again)
ORDER BY coalesce(published_at, first_seen_at) DESC, entry_id;
