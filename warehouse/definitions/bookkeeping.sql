-- What the warehouse keeps about itself.

COMMENT ON TABLE batches IS 'One row per batch of changes that was loaded; a batch is loaded exactly once.';
COMMENT ON COLUMN batches.batch_id IS 'Sorts by time of creation (UUID version 7).';
COMMENT ON COLUMN batches.kind IS 'What made it: poll, harvest, add, feeds, rejudge (topics that changed), reparse, backfill, failures (tried again or dropped), outlets (home pages asked, names given), headlines (outlets asked for the articles of headlines), follow (feeds that the desk subscribed to by itself).';
COMMENT ON COLUMN batches.created_at IS 'When the run made it.';
COMMENT ON COLUMN batches.loaded_at IS 'When it was loaded into the warehouse.';
COMMENT ON COLUMN batches.feeds IS 'Feed states in it.';
COMMENT ON COLUMN batches.entries IS 'Entries in it, seen before or not.';
COMMENT ON COLUMN batches.articles IS 'Articles in it, stored before or not.';
COMMENT ON COLUMN batches.outcomes IS 'Decisions about entries in it.';
COMMENT ON COLUMN batches.failures IS 'Failures in it.';
COMMENT ON COLUMN batches.change IS 'Which change of the warehouse loaded it, counted as in writer_lock: what was loaded later has more, whatever the clock said; NULL where an early version loaded it.';
COMMENT ON COLUMN batches.clock_epoch IS 'How often the clock had been found to be set back until then: what has less ranks below, whatever its times; NULL is 0.';

COMMENT ON TABLE writer_lock IS 'One row, updated first in every change: two writers at once meet here instead of storing an article twice.';
COMMENT ON COLUMN writer_lock.changes IS 'Changes committed so far.';
COMMENT ON COLUMN writer_lock.published_at IS 'When the copy that people read was made.';

COMMENT ON TABLE publications IS 'The copies that were made for readers in the last 30 days; none of a lake, which is read itself.';
COMMENT ON COLUMN publications.changes IS 'The changes that it holds, counted as in writer_lock and batches.change.';
COMMENT ON COLUMN publications.published_at IS 'When it was made.';

COMMENT ON TABLE schema_migrations IS 'Which numbered migrations this warehouse has seen.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration.';
COMMENT ON COLUMN schema_migrations.name IS 'Its file name.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied here.';

COMMENT ON TABLE schema_definitions IS 'Which views, macros and comments this warehouse has: one row.';
COMMENT ON COLUMN schema_definitions.revision IS 'Their number, which rises with every change of them: a pressclip that knows a smaller one is older, and leaves the warehouse alone. 0 for those that early versions made.';
COMMENT ON COLUMN schema_definitions.hash IS 'SHA-256 of what made them.';
COMMENT ON COLUMN schema_definitions.views IS 'The views among them; any other view is somebody''s own, and stays.';
COMMENT ON COLUMN schema_definitions.macros IS 'The macros among them; any other macro is somebody''s own, and stays.';
COMMENT ON COLUMN schema_definitions.applied_at IS 'When they were applied here.';

COMMENT ON TABLE untold_stories IS 'Stories that began and that nobody has been told of yet; none where the runs that load tell nobody.';
COMMENT ON COLUMN untold_stories.story_id IS 'The story as it was called when it began.';
COMMENT ON COLUMN untold_stories.batch_id IS 'The batch that began it.';
