-- What a feed calls itself: the topic under which its WebSub hub knows it.

ALTER TABLE feed_states ADD COLUMN self_url VARCHAR;
ALTER TABLE feeds ADD COLUMN self_url VARCHAR;
COMMENT ON COLUMN feed_states.self_url IS 'What the feed calls itself, which is what its hub knows it by.';
COMMENT ON COLUMN feeds.self_url IS 'What the feed calls itself, which is what its hub knows it by.';
