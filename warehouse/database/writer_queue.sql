-- What writers of a lake ask its PostgreSQL catalogue (not DuckDB), in a transaction of its own. A
-- database holds one lake, and 1668049264 ("clip") is the number of our lock in it.

-- name: settings
-- Who we are, and how long we wait. A holder whose machine vanished is let go of within a minute, one
-- that is at work never. Settings that a server does not know are left out.
SELECT set_config(name, value, true) FROM pg_settings JOIN (VALUES
    ('application_name', '$name'), ('lock_timeout', '$milliseconds'),
    ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
    ('transaction_timeout', '0'), ('tcp_keepalives_idle', '20'),
    ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3')
) AS wanted(name, value) USING (name)

-- name: lock
-- Ends with the transaction, and that with its connection.
SELECT 1 AS held FROM pg_advisory_xact_lock(1668049264)

-- name: holder
-- Who has it.
SELECT coalesce(nullif(application_name, ''), 'connection ' || pid) AS holder
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND classid = 0 AND objid = 1668049264 AND granted
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
