-- The clock, which may have been ahead. Each batch belongs to an epoch of it: a new one begins where
-- a run finds batches of the last epoch that are from the future.

-- name: latest_epoch
-- The epoch in which batches were made last, and by its clock the latest of them.
SELECT coalesce(clock_epoch, 0) AS epoch, max(created_at) FROM batches
GROUP BY epoch ORDER BY epoch DESC LIMIT 1;
