-- Feeds that turned out to be one: the younger says which.

ALTER TABLE feed_states ADD COLUMN same_feed_id UBIGINT;
ALTER TABLE feeds ADD COLUMN same_feed_id UBIGINT;
