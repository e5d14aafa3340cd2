-- When readers saw that an article was published, by the clock where they are, and everyone whom it
-- names for a part in it. Earlier rows know neither until their pages are parsed again.

ALTER TABLE articles ADD COLUMN credits STRUCT("name" VARCHAR, "role" VARCHAR)[];
ALTER TABLE articles ADD COLUMN published_offset BIGINT;
ALTER TABLE articles ADD COLUMN published_day DATE;
