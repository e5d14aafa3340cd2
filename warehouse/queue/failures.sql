-- name: open_failures
-- What still fails or was given up, those chosen: the newest first.
SELECT state, error, url, message, stage, attempts, next_try_at, failed_at, feed_id, entry_id
FROM open_failures
WHERE ($state IS NULL OR state = $state)
    AND ($stage IS NULL OR stage = $stage)
    AND ($error IS NULL OR error = $error)
    AND ($host IS NULL OR host = lower($host) OR ends_with(host, '.' || lower($host)))
    AND ($urls IS NULL OR list_contains($urls, url))
ORDER BY failed_at DESC, url, entry_id;
