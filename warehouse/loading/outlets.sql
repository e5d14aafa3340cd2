-- Outlets: one row for each site that an article or a feed was ever at. A row is a function of what
-- was loaded, as all are: first sight only ever becomes earlier, and names are chosen among all that
-- were given. What the page of an article says of its site counts for nothing: there are many such
-- pages, and anybody may have written one.

-- name: no_touched_sites
-- The sites that the batch in hand tells something of: when it was first heard of, or NULL.
CREATE OR REPLACE TEMP TABLE touched_sites (site VARCHAR, seen_at TIMESTAMPTZ);

-- name: former_sites
-- Where its feeds were before: their titles may be missing there now.
INSERT INTO touched_sites
SELECT site, NULL FROM feeds WHERE feed_id IN (SELECT feed_id FROM landed_feed);

-- name: sites_of_feeds
-- Where its feeds are, and where the batch says that they are.
INSERT INTO touched_sites
SELECT site, NULL FROM feeds WHERE feed_id IN (SELECT feed_id FROM landed_feed)
UNION ALL
SELECT o.site, batch.created_at
FROM landed_feed AS f
JOIN sites_of_addresses AS o ON o.address = coalesce(f.named_site, f.naming_page, f.url)
CROSS JOIN batch;

-- name: sites_of_articles
-- Where its articles were published, unless the outlet is known since before: nothing else of it depends
-- on articles.
INSERT INTO touched_sites
SELECT s.site, s.first_seen_at FROM settled AS s
ANTI JOIN outlets AS o ON o.site = s.site AND o.first_seen_at <= s.first_seen_at
WHERE s.age = 1;

-- name: said
-- What somebody or a home page said of an outlet is kept, all of it.
INSERT INTO outlet_states BY NAME
SELECT o.*, batch.batch_id, batch.clock_epoch FROM landed_outlet AS o, batch;

-- name: sites_of_said
-- The outlets that it was said of.
INSERT INTO touched_sites SELECT site, recorded_at FROM landed_outlet;

-- name: touched_sites
-- All of these.
SELECT DISTINCT site FROM touched_sites WHERE site IS NOT NULL;

-- name: feeds_of_touched
-- Their feeds, and where those are.
SELECT feed_id, coalesce(named_site, naming_page, url) FROM feeds
WHERE site IN (SELECT site FROM touched_sites);

-- name: settle
-- What is to be stored of them, where it differs from what is. The operator's name for an outlet comes
-- first, then that on its home page, then the title of a feed that is of its site: the shortest, since
-- sections add to it. The feed of somebody who has but a part of a platform ($tenants) is not the platform's. What was recorded under a clock that was ahead ranks below what came after it was set right.
CREATE OR REPLACE TEMP TABLE changed_outlets AS
WITH seen AS (
    SELECT t.site, min(t.seen_at) AS seen_at, max(s.country) AS country
    FROM touched_sites AS t JOIN sites_of_addresses AS s ON s.address = t.site
    GROUP BY t.site
),
known AS (
    FROM outlets WHERE site IN (SELECT site FROM seen)
),
states AS (
    SELECT
        s.*,
        row_number() OVER (
            PARTITION BY s.site, s.source
            ORDER BY coalesce(s.clock_epoch, 0) DESC, s.recorded_at DESC, s.batch_id DESC, s.name
        ) AS rank
    FROM outlet_states AS s
    WHERE s.site IN (SELECT site FROM seen)
),
said AS (
    SELECT
        site,
        arg_min_null(name, rank) FILTER (source = 'operator') AS given_name,
        arg_min(name, rank) FILTER (source = 'home_page') AS page_name,
        arg_min(language, rank) FILTER (source = 'home_page') AS page_language,
        arg_min_null(home_url, rank) FILTER (source = 'home_page') AS home_url,
        arg_min_null(recorded_at, rank) FILTER (source = 'home_page') AS asked_at,
        arg_min_null(error, rank) FILTER (source = 'home_page') AS error
    FROM states
    GROUP BY site
),
told AS (
    SELECT
        site,
        arg_min(trim(title), (len(trim(title)), trim(title)))
            FILTER (trim(title) <> '' AND NOT contains(title, '://')) AS feed_title,
        min(lower(regexp_extract(language, '^[A-Za-z]{2,3}\b'))) AS first_language,
        max(lower(regexp_extract(language, '^[A-Za-z]{2,3}\b'))) AS last_language
    FROM feeds
    WHERE site IN (SELECT site FROM seen)
        AND feed_id NOT IN (SELECT unnest($tenants::UBIGINT[]))
    GROUP BY site
),
settled AS (
    SELECT
        seen.site,
        coalesce(said.given_name, said.page_name, told.feed_title, seen.site) AS name,
        CASE
            WHEN said.given_name IS NOT NULL THEN 'operator'
            WHEN said.page_name IS NOT NULL THEN 'home_page'
            WHEN told.feed_title IS NOT NULL THEN 'feed'
            ELSE 'host'
        END AS name_source,
        seen.country,
        CASE WHEN seen.country IS NOT NULL THEN 'tld' END AS country_source,
        coalesce(said.page_language, CASE
            WHEN told.first_language = told.last_language THEN nullif(told.first_language, '')
        END) AS language,
        CASE
            WHEN said.page_language IS NOT NULL THEN 'home_page'
            WHEN told.first_language = told.last_language AND told.first_language <> '' THEN 'feed'
        END AS language_source,
        least(known.first_seen_at, seen.seen_at) AS first_seen_at,
        said.home_url, said.asked_at, said.error
    FROM seen
    LEFT JOIN known ON known.site = seen.site
    LEFT JOIN said ON said.site = seen.site
    LEFT JOIN told ON told.site = seen.site
)
FROM settled
WHERE first_seen_at IS NOT NULL
EXCEPT
SELECT
    site, name, name_source, country, country_source, language, language_source, first_seen_at,
    home_url, asked_at, error
FROM known;

-- name: drop_changed
-- The rows that these replace.
DELETE FROM outlets WHERE site IN (SELECT site FROM changed_outlets);

-- name: put_changed
-- The outlets as they are to be.
INSERT INTO outlets BY NAME FROM changed_outlets;
