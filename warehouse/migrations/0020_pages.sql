-- Articles on several pages.

ALTER TABLE articles ADD COLUMN pages_read BIGINT[];
ALTER TABLE articles ADD COLUMN page_count BIGINT;
ALTER TABLE superseded ADD COLUMN pages_read BIGINT[];
ALTER TABLE superseded ADD COLUMN page_count BIGINT;
