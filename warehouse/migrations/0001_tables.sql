-- The tables. No primary keys, checks, enumerations or sequences: the same statements must run
-- on DuckLake, which has none, and on big tables they cost more than they give. Uniqueness
-- comes from the way batches are loaded (see load.sql).

CREATE TABLE schema_migrations (
    version INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE writer_lock (
    changes BIGINT NOT NULL,
    published_at TIMESTAMPTZ
);
INSERT INTO writer_lock VALUES (0, NULL);

CREATE TABLE batches (
    batch_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    feeds BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    articles BIGINT NOT NULL,
    outcomes BIGINT NOT NULL,
    failures BIGINT NOT NULL
);

CREATE TABLE failures (
    batch_id VARCHAR,
    stage VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    error VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    next_step VARCHAR NOT NULL,
    failed_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL,
    next_try_at TIMESTAMPTZ,
    feed_id UBIGINT,
    entry_id UBIGINT
);

CREATE TABLE feed_states (
    feed_id UBIGINT NOT NULL,
    url VARCHAR NOT NULL,
    title VARCHAR,
    site_url VARCHAR,
    language VARCHAR,
    category VARCHAR,
    format VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    body_hash VARCHAR,
    hub_url VARCHAR,
    health VARCHAR NOT NULL,
    error VARCHAR,
    failures BIGINT NOT NULL,
    polled_at TIMESTAMPTZ,
    succeeded_at TIMESTAMPTZ,
    full_fetch_at TIMESTAMPTZ,
    next_poll_at TIMESTAMPTZ,
    batch_id VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE feeds (
    feed_id UBIGINT NOT NULL,
    url VARCHAR NOT NULL,
    title VARCHAR,
    site_url VARCHAR,
    language VARCHAR,
    category VARCHAR,
    format VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    body_hash VARCHAR,
    hub_url VARCHAR,
    health VARCHAR NOT NULL,
    error VARCHAR,
    failures BIGINT NOT NULL,
    polled_at TIMESTAMPTZ,
    succeeded_at TIMESTAMPTZ,
    full_fetch_at TIMESTAMPTZ,
    next_poll_at TIMESTAMPTZ,
    added_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE entries (
    entry_id UBIGINT NOT NULL,
    feed_id UBIGINT NOT NULL,
    guid VARCHAR,
    link VARCHAR,
    title VARCHAR,
    summary VARCHAR,
    content_html VARCHAR,
    authors VARCHAR[],
    categories VARCHAR[],
    language VARCHAR,
    published_at TIMESTAMPTZ,
    published_raw VARCHAR,
    updated_at TIMESTAMPTZ,
    updated_raw VARCHAR,
    date_flag VARCHAR,
    enclosures STRUCT(url VARCHAR, media_type VARCHAR, length BIGINT)[],
    state VARCHAR NOT NULL,
    reason VARCHAR,
    article_id UBIGINT,
    attempts BIGINT NOT NULL,
    decided_at TIMESTAMPTZ,
    next_try_at TIMESTAMPTZ,
    topics_digest VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    version_seen_at TIMESTAMPTZ NOT NULL,
    version_batch_id VARCHAR NOT NULL
);

CREATE TABLE outcomes (
    entry_id UBIGINT NOT NULL,
    state VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    reason VARCHAR,
    article_id UBIGINT,
    attempts BIGINT NOT NULL,
    next_try_at TIMESTAMPTZ,
    topics_digest VARCHAR,
    batch_id VARCHAR
);

CREATE TABLE articles (
    article_id UBIGINT NOT NULL,
    canonical_url VARCHAR NOT NULL,
    host VARCHAR,
    url VARCHAR NOT NULL,
    title VARCHAR,
    standfirst VARCHAR,
    text VARCHAR NOT NULL,
    text_kind VARCHAR NOT NULL,
    authors VARCHAR[],
    published_at TIMESTAMPTZ,
    modified_at TIMESTAMPTZ,
    seen_at TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ,
    first_seen_at TIMESTAMPTZ NOT NULL,
    dateline VARCHAR,
    section VARCHAR,
    tags VARCHAR[],
    language VARCHAR,
    site_name VARCHAR,
    image_url VARCHAR,
    access VARCHAR NOT NULL,
    access_evidence VARCHAR,
    syndication_url VARCHAR,
    sources MAP(VARCHAR, VARCHAR),
    removed MAP(VARCHAR, BIGINT),
    topics VARCHAR[],
    salience DOUBLE,
    topics_digest VARCHAR,
    story_id UBIGINT NOT NULL,
    copy_kind VARCHAR NOT NULL,
    revisions BIGINT NOT NULL,
    text_hash UBIGINT NOT NULL,
    revision_seen_at TIMESTAMPTZ NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    batch_id VARCHAR NOT NULL
);

CREATE TABLE superseded (
    article_id UBIGINT NOT NULL,
    title VARCHAR,
    standfirst VARCHAR,
    text VARCHAR NOT NULL,
    published_at TIMESTAMPTZ,
    modified_at TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ,
    text_hash UBIGINT NOT NULL,
    revision_seen_at TIMESTAMPTZ NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    batch_id VARCHAR NOT NULL
);

CREATE TABLE mentions (
    article_id UBIGINT NOT NULL,
    topic VARCHAR NOT NULL,
    salience DOUBLE NOT NULL,
    alias VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    "offset" BIGINT NOT NULL,
    count BIGINT NOT NULL
);

CREATE TABLE stories (
    story_id UBIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    articles BIGINT NOT NULL,
    hosts BIGINT NOT NULL,
    languages VARCHAR[],
    topics VARCHAR[],
    salience DOUBLE
);

CREATE TABLE fingerprints (
    article_id UBIGINT NOT NULL,
    text_hash UBIGINT NOT NULL,
    day DATE NOT NULL,
    signature UINTEGER[]
);

CREATE TABLE bands (
    band UBIGINT NOT NULL,
    article_id UBIGINT NOT NULL,
    text_hash UBIGINT NOT NULL,
    day DATE NOT NULL
);
