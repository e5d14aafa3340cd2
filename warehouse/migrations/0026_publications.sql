-- Which changes each copy for readers was the first to hold, and when it was made: so it can be told
-- how long an article takes from its feed to them.

CREATE TABLE publications (
    changes BIGINT NOT NULL,
    published_at TIMESTAMPTZ NOT NULL
);
