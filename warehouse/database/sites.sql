-- Sites of addresses (see sites.py).

-- name: stage
-- Some addresses, and what is known of them.
CREATE OR REPLACE TEMP TABLE sites_of_addresses AS
SELECT address, site, country FROM sites_at_hand;

-- name: all_addresses
-- The hosts that articles are at, and the addresses of feeds.
SELECT host FROM articles UNION SELECT url FROM feed_states UNION SELECT url FROM feeds;
