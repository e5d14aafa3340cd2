-- Outlets: who publishes, by the name that somebody registered. Needs sites_of_addresses (see migrate.py).

ALTER TABLE articles ADD COLUMN site VARCHAR;
ALTER TABLE feeds ADD COLUMN site VARCHAR;
ALTER TABLE stories ADD COLUMN outlets BIGINT;

CREATE TABLE outlet_states (
    site VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    name VARCHAR,
    language VARCHAR,
    home_url VARCHAR,
    error VARCHAR,
    batch_id VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    clock_epoch BIGINT
);

CREATE TABLE outlets (
    site VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    name_source VARCHAR NOT NULL,
    country VARCHAR,
    country_source VARCHAR,
    language VARCHAR,
    language_source VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    home_url VARCHAR,
    asked_at TIMESTAMPTZ,
    error VARCHAR
);

UPDATE articles SET site = s.site FROM sites_of_addresses AS s WHERE articles.host = s.address;
UPDATE feeds SET site = s.site FROM sites_of_addresses AS s WHERE feeds.url = s.address;
UPDATE stories SET outlets = a.outlets
FROM (SELECT story_id, count(DISTINCT site) AS outlets FROM articles GROUP BY story_id) AS a
WHERE stories.story_id = a.story_id;

-- As warehouse/loading/outlets.sql settles them, while nobody has named one or asked its home page.
INSERT INTO outlets BY NAME
WITH seen AS (
    SELECT site, min(seen_at) AS first_seen_at
    FROM (
        SELECT site, first_seen_at AS seen_at FROM articles
        UNION ALL
        SELECT s.site, f.recorded_at
        FROM feed_states AS f
        JOIN sites_of_addresses AS s ON s.address = f.url
    )
    WHERE site IS NOT NULL
    GROUP BY site
),
told AS (
    SELECT
        site,
        arg_min(trim(title), (len(trim(title)), trim(title)))
            FILTER (trim(title) <> '' AND NOT contains(title, '://')) AS name,
        min(lower(regexp_extract(language, '^[A-Za-z]{2,3}\b'))) AS first_language,
        max(lower(regexp_extract(language, '^[A-Za-z]{2,3}\b'))) AS last_language
    FROM feeds
    GROUP BY site
)
SELECT
    s.site,
    coalesce(t.name, s.site) AS name,
    CASE WHEN t.name IS NULL THEN 'host' ELSE 'feed' END AS name_source,
    c.country,
    CASE WHEN c.country IS NOT NULL THEN 'tld' END AS country_source,
    CASE WHEN t.first_language = t.last_language THEN nullif(t.first_language, '') END AS language,
    CASE WHEN t.first_language = t.last_language AND t.first_language <> '' THEN 'feed' END
        AS language_source,
    s.first_seen_at
FROM seen AS s
LEFT JOIN (SELECT site, max(country) AS country FROM sites_of_addresses GROUP BY site) AS c
    ON c.site = s.site
LEFT JOIN told AS t ON t.site = s.site;
