-- Upkeep of a DuckLake. Each is a transaction of its own; what they read and write stays the same
-- rows. In this order: what is merged leaves files behind, which go when their states go.

-- name: flush
-- Rows that small loads left in the catalogue go into files.
CALL ducklake_flush_inlined_data('wh');

-- name: rewrite
-- Files most of whose rows were deleted are written anew.
CALL ducklake_rewrite_data_files('wh');

-- name: merge
-- Small files become bigger ones.
CALL ducklake_merge_adjacent_files('wh');

-- name: expire
-- Earlier states that nobody will ask for any more.
CALL ducklake_expire_snapshots('wh', older_than => $before::TIMESTAMPTZ);

-- name: clean
-- Files that only such states needed; not at once, since somebody may be reading them.
CALL ducklake_cleanup_old_files('wh', older_than => $before::TIMESTAMPTZ);
