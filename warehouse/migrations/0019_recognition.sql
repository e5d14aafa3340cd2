-- How entries are known again that their feed shows under another guid or link, and when they changed.

ALTER TABLE entries ADD COLUMN revised_at TIMESTAMPTZ;
ALTER TABLE entries ADD COLUMN reread BOOLEAN;
ALTER TABLE feed_states ADD COLUMN unstable VARCHAR[];
ALTER TABLE feed_states ADD COLUMN suspected VARCHAR[];
ALTER TABLE feed_states ADD COLUMN read_by BIGINT;
ALTER TABLE feeds ADD COLUMN unstable VARCHAR[];
ALTER TABLE feeds ADD COLUMN suspected VARCHAR[];
ALTER TABLE feeds ADD COLUMN read_by BIGINT;
