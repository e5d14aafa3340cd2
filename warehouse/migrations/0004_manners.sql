-- How a feed wants to be asked, where it moved, and which entries are no news.

ALTER TABLE feed_states ADD COLUMN ttl_minutes BIGINT;
ALTER TABLE feed_states ADD COLUMN skip_hours BIGINT[];
ALTER TABLE feed_states ADD COLUMN skip_days VARCHAR[];
ALTER TABLE feed_states ADD COLUMN poll_every DOUBLE;
ALTER TABLE feed_states ADD COLUMN entry_gap DOUBLE;
ALTER TABLE feed_states ADD COLUMN newest_at TIMESTAMPTZ;
ALTER TABLE feed_states ADD COLUMN newest_entry_id UBIGINT;
ALTER TABLE feed_states ADD COLUMN moving_to VARCHAR;
ALTER TABLE feed_states ADD COLUMN moving_polls BIGINT;
ALTER TABLE feed_states ADD COLUMN moving_since TIMESTAMPTZ;
ALTER TABLE feed_states ADD COLUMN former_url VARCHAR;
ALTER TABLE feed_states ADD COLUMN proposed_url VARCHAR;
ALTER TABLE feed_states ADD COLUMN changed_at TIMESTAMPTZ;

ALTER TABLE feeds ADD COLUMN ttl_minutes BIGINT;
ALTER TABLE feeds ADD COLUMN skip_hours BIGINT[];
ALTER TABLE feeds ADD COLUMN skip_days VARCHAR[];
ALTER TABLE feeds ADD COLUMN poll_every DOUBLE;
ALTER TABLE feeds ADD COLUMN entry_gap DOUBLE;
ALTER TABLE feeds ADD COLUMN newest_at TIMESTAMPTZ;
ALTER TABLE feeds ADD COLUMN newest_entry_id UBIGINT;
ALTER TABLE feeds ADD COLUMN moving_to VARCHAR;
ALTER TABLE feeds ADD COLUMN moving_polls BIGINT;
ALTER TABLE feeds ADD COLUMN moving_since TIMESTAMPTZ;
ALTER TABLE feeds ADD COLUMN former_url VARCHAR;
ALTER TABLE feeds ADD COLUMN proposed_url VARCHAR;
ALTER TABLE feeds ADD COLUMN changed_at TIMESTAMPTZ;

ALTER TABLE entries ADD COLUMN backfill BOOLEAN DEFAULT 'false';
