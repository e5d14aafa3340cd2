-- Headlines of news searches: who published them, where their articles were found, and what outlets
-- were asked for that.

ALTER TABLE entries ADD COLUMN outlet_url VARCHAR;
ALTER TABLE entries ADD COLUMN outlet_name VARCHAR;
ALTER TABLE outcomes ADD COLUMN found_url VARCHAR;
ALTER TABLE outcomes ADD COLUMN found_by VARCHAR;
ALTER TABLE outcomes ADD COLUMN found_as VARCHAR;

CREATE TABLE listings (
    site VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    pages BIGINT NOT NULL,
    found BIGINT NOT NULL,
    error VARCHAR,
    batch_id VARCHAR NOT NULL,
    clock_epoch BIGINT
);
