-- What a feed calls itself: the topic under which its WebSub hub knows it.

ALTER TABLE feed_states ADD COLUMN self_url VARCHAR;
ALTER TABLE feeds ADD COLUMN self_url VARCHAR;
