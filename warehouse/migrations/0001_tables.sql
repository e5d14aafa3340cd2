-- The tables. No primary keys, checks, enumerations or sequences: the same statements must run
-- on DuckLake, which has none, and on big tables they cost more than they give. Uniqueness
-- comes from the way batches are loaded (see load.sql).

CREATE TABLE schema_migrations (
    version INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'Which numbered migrations this warehouse has seen.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration.';
COMMENT ON COLUMN schema_migrations.name IS 'Its file name.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied here.';

CREATE TABLE writer_lock (
    changes BIGINT NOT NULL,
    published_at TIMESTAMPTZ
);
INSERT INTO writer_lock VALUES (0, NULL);
COMMENT ON TABLE writer_lock IS 'One row, updated first in every change: two writers at once meet here instead of storing an article twice.';
COMMENT ON COLUMN writer_lock.changes IS 'Changes committed so far.';
COMMENT ON COLUMN writer_lock.published_at IS 'When the copy that people read was made.';

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
COMMENT ON TABLE batches IS 'One row per batch of changes that was loaded; a batch is loaded exactly once.';
COMMENT ON COLUMN batches.batch_id IS 'Sorts by time of creation (UUID version 7).';
COMMENT ON COLUMN batches.kind IS 'What made it: poll, harvest, add, feeds.';
COMMENT ON COLUMN batches.created_at IS 'When the run made it.';
COMMENT ON COLUMN batches.loaded_at IS 'When it was loaded into the warehouse.';
COMMENT ON COLUMN batches.feeds IS 'Feed states in it.';
COMMENT ON COLUMN batches.entries IS 'Entries in it, seen before or not.';
COMMENT ON COLUMN batches.articles IS 'Articles in it, stored before or not.';
COMMENT ON COLUMN batches.outcomes IS 'Decisions about entries in it.';
COMMENT ON COLUMN batches.failures IS 'Failures in it.';

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
COMMENT ON TABLE failures IS 'What went wrong, at which step, and what happens next; one row per failed try.';
COMMENT ON COLUMN failures.batch_id IS 'The batch that reported it; NULL where a batch itself could not be read.';
COMMENT ON COLUMN failures.stage IS 'poll, fetch, parse or load.';
COMMENT ON COLUMN failures.url IS 'What was asked for; the file name where a batch could not be read.';
COMMENT ON COLUMN failures.error IS 'Short name to group by, such as http_503 or timeout.';
COMMENT ON COLUMN failures.message IS 'What was wrong, where, and what to do.';
COMMENT ON COLUMN failures.next_step IS 'retry, quarantine or drop.';
COMMENT ON COLUMN failures.failed_at IS 'When it failed.';
COMMENT ON COLUMN failures.attempts IS 'Tries so far, this one included.';
COMMENT ON COLUMN failures.next_try_at IS 'When it will be tried again; NULL if it will not.';
COMMENT ON COLUMN failures.feed_id IS 'The feed, if it was about one.';
COMMENT ON COLUMN failures.entry_id IS 'The entry, if it was about one.';

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
COMMENT ON TABLE feed_states IS 'Every state that a poll, an import or a command gave a feed: the history behind feeds.';
COMMENT ON COLUMN feed_states.feed_id IS 'The feed.';
COMMENT ON COLUMN feed_states.url IS 'Where to ask.';
COMMENT ON COLUMN feed_states.title IS 'Title, if this state gave one.';
COMMENT ON COLUMN feed_states.site_url IS 'The site it belongs to, if this state gave one.';
COMMENT ON COLUMN feed_states.language IS 'Language, if this state gave one.';
COMMENT ON COLUMN feed_states.category IS 'Category, if this state gave one.';
COMMENT ON COLUMN feed_states.format IS 'Format the poll found, such as rss20 or atom10.';
COMMENT ON COLUMN feed_states.etag IS 'ETag as received.';
COMMENT ON COLUMN feed_states.last_modified IS 'Last-Modified as received.';
COMMENT ON COLUMN feed_states.body_hash IS 'Hash of the last body read in full.';
COMMENT ON COLUMN feed_states.hub_url IS 'WebSub hub the feed advertises.';
COMMENT ON COLUMN feed_states.health IS 'new, ok, failing or retired.';
COMMENT ON COLUMN feed_states.error IS 'Short name of the failure, if the poll failed.';
COMMENT ON COLUMN feed_states.failures IS 'Failed polls since the last success.';
COMMENT ON COLUMN feed_states.polled_at IS 'When it was polled; NULL for an import or a command.';
COMMENT ON COLUMN feed_states.succeeded_at IS 'Last successful poll as of then.';
COMMENT ON COLUMN feed_states.full_fetch_at IS 'Last poll with a whole body as of then.';
COMMENT ON COLUMN feed_states.next_poll_at IS 'When to ask again; NULL: as soon as possible.';
COMMENT ON COLUMN feed_states.batch_id IS 'The batch that brought this state.';
COMMENT ON COLUMN feed_states.recorded_at IS 'When that batch was made.';

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
COMMENT ON TABLE feeds IS 'What is known of each feed, and when to ask it again.';
COMMENT ON COLUMN feeds.feed_id IS 'Hash of the URL it was first known by; stays when the feed moves.';
COMMENT ON COLUMN feeds.url IS 'Where to ask now.';
COMMENT ON COLUMN feeds.title IS 'Title: the feed''s own, or else that of the list it was imported from.';
COMMENT ON COLUMN feeds.site_url IS 'The site it belongs to.';
COMMENT ON COLUMN feeds.language IS 'Language the feed states, or the list it was imported from.';
COMMENT ON COLUMN feeds.category IS 'Category in the list it was imported from.';
COMMENT ON COLUMN feeds.format IS 'Format of the last body, such as rss20 or atom10.';
COMMENT ON COLUMN feeds.etag IS 'ETag as received, sent back exactly.';
COMMENT ON COLUMN feeds.last_modified IS 'Last-Modified as received, sent back exactly.';
COMMENT ON COLUMN feeds.body_hash IS 'Hash of the last body read in full.';
COMMENT ON COLUMN feeds.hub_url IS 'WebSub hub the feed advertises.';
COMMENT ON COLUMN feeds.health IS 'new, ok, failing or retired.';
COMMENT ON COLUMN feeds.error IS 'Short name of the last failure; NULL once a poll succeeded.';
COMMENT ON COLUMN feeds.failures IS 'Failed polls since the last success.';
COMMENT ON COLUMN feeds.polled_at IS 'When it was polled last.';
COMMENT ON COLUMN feeds.succeeded_at IS 'When a poll last succeeded.';
COMMENT ON COLUMN feeds.full_fetch_at IS 'When a poll last brought a whole body.';
COMMENT ON COLUMN feeds.next_poll_at IS 'When to ask again; NULL: as soon as possible.';
COMMENT ON COLUMN feeds.added_at IS 'When the warehouse first heard of it.';

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
COMMENT ON TABLE entries IS 'Every item that a feed ever showed, and what became of it: the queue.';
COMMENT ON COLUMN entries.entry_id IS 'Hash of the feed and the guid, or else the link.';
COMMENT ON COLUMN entries.feed_id IS 'The feed that showed it.';
COMMENT ON COLUMN entries.guid IS 'The feed''s own id for it.';
COMMENT ON COLUMN entries.link IS 'Absolute URL of the page; NULL where the feed gives none.';
COMMENT ON COLUMN entries.title IS 'Title in the feed, as plain text.';
COMMENT ON COLUMN entries.summary IS 'Summary in the feed, as plain text.';
COMMENT ON COLUMN entries.content_html IS 'Full content, where the feed carries it.';
COMMENT ON COLUMN entries.authors IS 'Authors in the feed.';
COMMENT ON COLUMN entries.categories IS 'Categories in the feed.';
COMMENT ON COLUMN entries.language IS 'Language the feed states for it.';
COMMENT ON COLUMN entries.published_at IS 'When the feed says it was published; NULL if it does not say so readably.';
COMMENT ON COLUMN entries.published_raw IS 'What published_at was read from.';
COMMENT ON COLUMN entries.updated_at IS 'When the feed says it was updated.';
COMMENT ON COLUMN entries.updated_raw IS 'What updated_at was read from.';
COMMENT ON COLUMN entries.date_flag IS 'future or unparsed where the published date can''t be trusted.';
COMMENT ON COLUMN entries.enclosures IS 'Files the feed attaches to it.';
COMMENT ON COLUMN entries.state IS 'waiting, stored, off_topic, duplicate or dead.';
COMMENT ON COLUMN entries.reason IS 'Why it is in that state, as a short name; for a stored entry: why its last look brought nothing.';
COMMENT ON COLUMN entries.article_id IS 'The article it became, or is a duplicate of.';
COMMENT ON COLUMN entries.attempts IS 'How often it was tried.';
COMMENT ON COLUMN entries.decided_at IS 'When its state was last decided; NULL if it was never tried.';
COMMENT ON COLUMN entries.next_try_at IS 'For a waiting entry: not before; NULL: as soon as possible.';
COMMENT ON COLUMN entries.topics_digest IS 'The topics it was judged by.';
COMMENT ON COLUMN entries.first_seen_at IS 'When a poll first showed it.';
COMMENT ON COLUMN entries.version_seen_at IS 'When a poll first showed it as it is here (updated_at tells versions apart).';
COMMENT ON COLUMN entries.version_batch_id IS 'The batch of that poll.';

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
COMMENT ON TABLE outcomes IS 'Every decision about an entry, in the words of the run that took it: the history behind the state of entries.';
COMMENT ON COLUMN outcomes.entry_id IS 'The entry.';
COMMENT ON COLUMN outcomes.state IS 'waiting (to be tried again), stored, off_topic, duplicate or dead.';
COMMENT ON COLUMN outcomes.decided_at IS 'When it was decided.';
COMMENT ON COLUMN outcomes.reason IS 'Why, as a short name.';
COMMENT ON COLUMN outcomes.article_id IS 'The article it became, or is a duplicate of.';
COMMENT ON COLUMN outcomes.attempts IS 'Tries so far.';
COMMENT ON COLUMN outcomes.next_try_at IS 'Not to be tried before.';
COMMENT ON COLUMN outcomes.topics_digest IS 'The topics it was judged by.';
COMMENT ON COLUMN outcomes.batch_id IS 'The batch that brought it; NULL where entries were put back because the topics changed.';

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
COMMENT ON TABLE articles IS 'The latest revision of every article: one row per canonical URL.';
COMMENT ON COLUMN articles.article_id IS 'Hash of the canonical URL.';
COMMENT ON COLUMN articles.canonical_url IS 'The identity of the article; urn:sha256: and a hash for a document without a link.';
COMMENT ON COLUMN articles.host IS 'Host of the canonical URL, without www.';
COMMENT ON COLUMN articles.url IS 'Where it was read, after redirects.';
COMMENT ON COLUMN articles.title IS 'Headline, without the name of the site.';
COMMENT ON COLUMN articles.standfirst IS 'The summary that the page shows above the text.';
COMMENT ON COLUMN articles.text IS 'The article and nothing but the article; paragraphs separated by a blank line.';
COMMENT ON COLUMN articles.text_kind IS 'What it was read from: page, feed or document.';
COMMENT ON COLUMN articles.authors IS 'Authors as the page names them.';
COMMENT ON COLUMN articles.published_at IS 'When it says it was published; NULL if unknown.';
COMMENT ON COLUMN articles.modified_at IS 'When it says it was changed.';
COMMENT ON COLUMN articles.seen_at IS 'For saved documents: when whoever saved it saw the page.';
COMMENT ON COLUMN articles.fetched_at IS 'When this revision was fetched last; NULL if filed by hand.';
COMMENT ON COLUMN articles.first_seen_at IS 'When any revision of it first came to the desk.';
COMMENT ON COLUMN articles.dateline IS 'The place the text says it was written from.';
COMMENT ON COLUMN articles.section IS 'Section of the site.';
COMMENT ON COLUMN articles.tags IS 'Keywords the page gives.';
COMMENT ON COLUMN articles.language IS 'Language of the text, as a BCP 47 primary subtag such as en or id.';
COMMENT ON COLUMN articles.site_name IS 'Name of the outlet, as the page gives it.';
COMMENT ON COLUMN articles.image_url IS 'Lead image.';
COMMENT ON COLUMN articles.access IS 'free, paywalled or unknown.';
COMMENT ON COLUMN articles.access_evidence IS 'What access was read from.';
COMMENT ON COLUMN articles.syndication_url IS 'Canonical link to another host: a claim of syndication.';
COMMENT ON COLUMN articles.sources IS 'Where each metadata field came from, such as published_at: json-ld.';
COMMENT ON COLUMN articles.removed IS 'Lines of boilerplate removed, by class.';
COMMENT ON COLUMN articles.topics IS 'Topics it mentions, the most salient first; empty if it is off topic.';
COMMENT ON COLUMN articles.salience IS 'Salience of its first topic, 0 to 1.';
COMMENT ON COLUMN articles.topics_digest IS 'The topics it was matched against.';
COMMENT ON COLUMN articles.story_id IS 'The story it belongs to: the article_id of the earliest copy.';
COMMENT ON COLUMN articles.copy_kind IS 'original, exact (the original''s text) or near (an edited copy).';
COMMENT ON COLUMN articles.revisions IS 'How many revisions are known.';
COMMENT ON COLUMN articles.text_hash IS 'Hash of the normalised text: equal for exact copies.';
COMMENT ON COLUMN articles.revision_seen_at IS 'When this revision was first seen.';
COMMENT ON COLUMN articles.read_at IS 'When this revision was read last: fetched, or filed by hand.';
COMMENT ON COLUMN articles.batch_id IS 'The batch that brought this row.';

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
COMMENT ON TABLE superseded IS 'Revisions that are not the latest; article_revisions shows them beside the latest.';
COMMENT ON COLUMN superseded.article_id IS 'The article.';
COMMENT ON COLUMN superseded.title IS 'Headline of this revision.';
COMMENT ON COLUMN superseded.standfirst IS 'Standfirst of this revision.';
COMMENT ON COLUMN superseded.text IS 'Text of this revision.';
COMMENT ON COLUMN superseded.published_at IS 'Published time that it gave.';
COMMENT ON COLUMN superseded.modified_at IS 'Modified time that it gave.';
COMMENT ON COLUMN superseded.fetched_at IS 'When it was fetched last.';
COMMENT ON COLUMN superseded.text_hash IS 'Hash of its normalised text.';
COMMENT ON COLUMN superseded.revision_seen_at IS 'When it was first seen.';
COMMENT ON COLUMN superseded.read_at IS 'When it was read last.';
COMMENT ON COLUMN superseded.batch_id IS 'The batch that brought it.';

CREATE TABLE mentions (
    article_id UBIGINT NOT NULL,
    topic VARCHAR NOT NULL,
    salience DOUBLE NOT NULL,
    alias VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    "offset" BIGINT NOT NULL,
    count BIGINT NOT NULL
);
COMMENT ON TABLE mentions IS 'The evidence that an article is about a topic; of its latest revision.';
COMMENT ON COLUMN mentions.article_id IS 'The article.';
COMMENT ON COLUMN mentions.topic IS 'The topic.';
COMMENT ON COLUMN mentions.salience IS 'How much the article is about the topic, 0 to 1; the same in all rows of the pair.';
COMMENT ON COLUMN mentions.alias IS 'The alias found, as the topics file spells it.';
COMMENT ON COLUMN mentions.place IS 'title, lead or body.';
COMMENT ON COLUMN mentions."offset" IS 'Where it stands first, in characters from the start of the title or the text.';
COMMENT ON COLUMN mentions.count IS 'How often it stands there.';

CREATE TABLE stories (
    story_id UBIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    articles BIGINT NOT NULL,
    hosts BIGINT NOT NULL,
    languages VARCHAR[],
    topics VARCHAR[],
    salience DOUBLE
);
COMMENT ON TABLE stories IS 'One row per story: an original and its copies, wherever they appeared.';
COMMENT ON COLUMN stories.story_id IS 'The article_id of the original: the copy published first, or else seen first.';
COMMENT ON COLUMN stories.started_at IS 'When the original was published, or else first seen.';
COMMENT ON COLUMN stories.articles IS 'Articles in it, the original included.';
COMMENT ON COLUMN stories.hosts IS 'Different hosts among them.';
COMMENT ON COLUMN stories.languages IS 'Languages among them.';
COMMENT ON COLUMN stories.topics IS 'Topics of any of them; empty if all are off topic.';
COMMENT ON COLUMN stories.salience IS 'The highest salience of any topic in any of them.';

CREATE TABLE fingerprints (
    article_id UBIGINT NOT NULL,
    text_hash UBIGINT NOT NULL,
    day DATE NOT NULL,
    signature UINTEGER[]
);
COMMENT ON TABLE fingerprints IS 'MinHash signatures of every text of an article, in the order they were read; to tell near copies.';
COMMENT ON COLUMN fingerprints.article_id IS 'The article.';
COMMENT ON COLUMN fingerprints.text_hash IS 'Which text of it.';
COMMENT ON COLUMN fingerprints.day IS 'Day (UTC) on which it was read.';
COMMENT ON COLUMN fingerprints.signature IS 'MinHash values: the share of equal ones estimates the similarity. Empty for a text that only exact copies can be told of.';

CREATE TABLE bands (
    band UBIGINT NOT NULL,
    article_id UBIGINT NOT NULL,
    text_hash UBIGINT NOT NULL,
    day DATE NOT NULL
);
COMMENT ON TABLE bands IS 'Hashes of signature bands, appended in the order of days: texts that share one may be copies.';
COMMENT ON COLUMN bands.band IS 'Hash of a band of the signature; the hash of the text where it has none.';
COMMENT ON COLUMN bands.article_id IS 'The article.';
COMMENT ON COLUMN bands.text_hash IS 'Which text of it.';
COMMENT ON COLUMN bands.day IS 'Day (UTC) on which it was read.';
