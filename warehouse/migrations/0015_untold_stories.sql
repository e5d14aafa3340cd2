-- Stories that began and that nobody has been told of: kept with the rows that began them, so that a
-- run that is killed, or whose server is away, leaves them to the next one.

CREATE TABLE untold_stories (
    story_id UBIGINT NOT NULL,
    batch_id VARCHAR NOT NULL
);
