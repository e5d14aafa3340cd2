-- Views and macros for people.

CREATE VIEW article_revisions AS
WITH revisions AS (
    SELECT
        article_id, title, standfirst, text, published_at, modified_at,
        revision_seen_at AS first_seen_at, read_at, text_hash, true AS is_latest, batch_id
    FROM articles
    UNION ALL
    SELECT
        article_id, title, standfirst, text, published_at, modified_at,
        revision_seen_at, read_at, text_hash, false, batch_id
    FROM superseded
)
SELECT
    article_id,
    row_number() OVER history AS revision,
    CASE
        WHEN row_number() OVER history = 1 THEN NULL
        WHEN text_hash = lag(text_hash) OVER history THEN 'title'
        WHEN title IS NOT DISTINCT FROM lag(title) OVER history THEN 'text'
        ELSE 'both'
    END AS changed,
    * EXCLUDE (article_id)
FROM revisions
WINDOW history AS (PARTITION BY article_id ORDER BY first_seen_at, read_at, text_hash, title);
COMMENT ON VIEW article_revisions IS 'Every revision of every article: each text and title it was seen with.';
COMMENT ON COLUMN article_revisions.article_id IS 'The article.';
COMMENT ON COLUMN article_revisions.revision IS 'Number of the revision, in the order they were first seen.';
COMMENT ON COLUMN article_revisions.changed IS 'What changed since the revision before: title, text or both; NULL for the first.';
COMMENT ON COLUMN article_revisions.title IS 'Headline of this revision.';
COMMENT ON COLUMN article_revisions.standfirst IS 'Standfirst of this revision.';
COMMENT ON COLUMN article_revisions.text IS 'Text of this revision.';
COMMENT ON COLUMN article_revisions.published_at IS 'Published time that it gave.';
COMMENT ON COLUMN article_revisions.modified_at IS 'Modified time that it gave.';
COMMENT ON COLUMN article_revisions.first_seen_at IS 'When it was first seen.';
COMMENT ON COLUMN article_revisions.read_at IS 'When it was read last.';
COMMENT ON COLUMN article_revisions.text_hash IS 'Hash of its normalised text.';
COMMENT ON COLUMN article_revisions.is_latest IS 'Whether this is what articles shows.';
COMMENT ON COLUMN article_revisions.batch_id IS 'The batch that brought it.';

CREATE VIEW clippings AS
SELECT
    s.started_at,
    a.title,
    s.topics,
    s.salience,
    coalesce(a.site_name, a.host) AS outlet,
    a.language,
    a.published_at,
    a.first_seen_at,
    s.articles - 1 AS copies,
    s.hosts,
    a.canonical_url AS url,
    a.standfirst,
    a.authors,
    a.revisions,
    a.access,
    s.story_id
FROM stories AS s
JOIN articles AS a ON a.article_id = s.story_id
WHERE len(s.topics) > 0
ORDER BY s.started_at DESC, s.story_id;
COMMENT ON VIEW clippings IS 'What the press said on our topics: one row per story, told by its original, newest first.';
COMMENT ON COLUMN clippings.started_at IS 'When the original was published, or else first seen.';
COMMENT ON COLUMN clippings.title IS 'Headline of the original.';
COMMENT ON COLUMN clippings.topics IS 'Topics of the story.';
COMMENT ON COLUMN clippings.salience IS 'How much it is about the topic it is most about, 0 to 1.';
COMMENT ON COLUMN clippings.outlet IS 'Name of the outlet, or else its host.';
COMMENT ON COLUMN clippings.language IS 'Language of the original.';
COMMENT ON COLUMN clippings.published_at IS 'When it says it was published; NULL if unknown.';
COMMENT ON COLUMN clippings.first_seen_at IS 'When it first came to the desk.';
COMMENT ON COLUMN clippings.copies IS 'Copies elsewhere, exact and near.';
COMMENT ON COLUMN clippings.hosts IS 'Different hosts that have it, that of the original included.';
COMMENT ON COLUMN clippings.url IS 'Canonical URL of the original.';
COMMENT ON COLUMN clippings.standfirst IS 'Its standfirst.';
COMMENT ON COLUMN clippings.authors IS 'Its authors.';
COMMENT ON COLUMN clippings.revisions IS 'How many revisions of the original are known.';
COMMENT ON COLUMN clippings.access IS 'free, paywalled or unknown.';
COMMENT ON COLUMN clippings.story_id IS 'The story: see story(story_id).';

CREATE VIEW coverage_daily AS
SELECT
    CAST(timezone('UTC', coalesce(published_at, first_seen_at)) AS DATE) AS day,
    topic,
    language,
    count(*) AS articles,
    count(*) FILTER (copy_kind = 'original') AS stories,
    count(DISTINCT host) AS hosts,
    avg(score) AS salience
FROM (
    SELECT a.article_id, a.published_at, a.first_seen_at, a.language, a.copy_kind, a.host,
        m.topic, m.salience AS score
    FROM articles AS a
    JOIN (SELECT DISTINCT article_id, topic, salience FROM mentions) AS m USING (article_id)
)
GROUP BY ALL
ORDER BY day DESC, topic, language;
COMMENT ON VIEW coverage_daily IS 'How much was written on each topic, by day and language.';
COMMENT ON COLUMN coverage_daily.day IS 'Day (UTC) of publication, or else of first sight.';
COMMENT ON COLUMN coverage_daily.topic IS 'Topic.';
COMMENT ON COLUMN coverage_daily.language IS 'Language of the articles.';
COMMENT ON COLUMN coverage_daily.articles IS 'Articles, copies included.';
COMMENT ON COLUMN coverage_daily.stories IS 'Articles that are not copies.';
COMMENT ON COLUMN coverage_daily.hosts IS 'Different hosts.';
COMMENT ON COLUMN coverage_daily.salience IS 'Mean salience of the topic in them.';

CREATE VIEW sources AS
WITH seen AS (
    SELECT
        feed_id,
        count(*) AS entries,
        count(*) FILTER (state = 'stored') AS stored,
        count(*) FILTER (state = 'off_topic') AS off_topic,
        count(*) FILTER (state = 'duplicate') AS duplicates,
        count(*) FILTER (state = 'dead') AS dead,
        count(*) FILTER (state = 'waiting') AS waiting,
        max(e.first_seen_at) AS last_entry_at,
        max(a.first_seen_at) AS last_article_at,
        count(*) FILTER (e.state = 'stored' AND a.copy_kind <> 'original') AS copies
    FROM entries AS e
    LEFT JOIN articles AS a ON a.article_id = e.article_id AND e.state = 'stored'
    GROUP BY feed_id
)
SELECT
    f.title,
    CASE
        WHEN f.health = 'ok'
            AND f.succeeded_at > coalesce(s.last_entry_at, f.added_at) + INTERVAL 30 DAY
        THEN 'silent'
        ELSE f.health
    END AS health,
    f.error,
    f.failures,
    f.succeeded_at AS last_success_at,
    s.last_entry_at,
    s.last_article_at,
    coalesce(s.entries, 0) AS entries,
    coalesce(s.stored, 0) AS stored,
    coalesce(s.off_topic, 0) AS off_topic,
    coalesce(s.duplicates, 0) AS duplicates,
    coalesce(s.dead, 0) AS dead,
    coalesce(s.waiting, 0) AS waiting,
    (s.duplicates + s.copies) / nullif(s.stored + s.duplicates, 0) AS duplicate_share,
    f.language,
    f.category,
    f.url,
    f.site_url,
    f.polled_at AS last_poll_at,
    f.next_poll_at,
    f.added_at,
    f.feed_id
FROM feeds AS f
LEFT JOIN seen AS s ON s.feed_id = f.feed_id
ORDER BY f.title NULLS LAST, f.url;
COMMENT ON VIEW sources IS 'How each feed is doing, and what it brings.';
COMMENT ON COLUMN sources.title IS 'Title of the feed.';
COMMENT ON COLUMN sources.health IS 'new, ok, failing, retired, or silent: alive, but without a new entry for 30 days.';
COMMENT ON COLUMN sources.error IS 'Short name of the last failure; NULL once a poll succeeded.';
COMMENT ON COLUMN sources.failures IS 'Failed polls since the last success.';
COMMENT ON COLUMN sources.last_success_at IS 'When a poll last succeeded.';
COMMENT ON COLUMN sources.last_entry_at IS 'When it last showed a new entry.';
COMMENT ON COLUMN sources.last_article_at IS 'When it last brought a new article.';
COMMENT ON COLUMN sources.entries IS 'Entries it ever showed.';
COMMENT ON COLUMN sources.stored IS 'Of these, stored as articles.';
COMMENT ON COLUMN sources.off_topic IS 'Of these, off topic.';
COMMENT ON COLUMN sources.duplicates IS 'Of these, articles that another entry had brought.';
COMMENT ON COLUMN sources.dead IS 'Of these, given up.';
COMMENT ON COLUMN sources.waiting IS 'Of these, still to be harvested.';
COMMENT ON COLUMN sources.duplicate_share IS 'Share of its on-topic entries that were duplicates, or copies of a story begun elsewhere; NULL if it had none on topic.';
COMMENT ON COLUMN sources.language IS 'Language of the feed.';
COMMENT ON COLUMN sources.category IS 'Category of the feed.';
COMMENT ON COLUMN sources.url IS 'Where it is asked.';
COMMENT ON COLUMN sources.site_url IS 'The site it belongs to.';
COMMENT ON COLUMN sources.last_poll_at IS 'When it was polled last.';
COMMENT ON COLUMN sources.next_poll_at IS 'When it will be polled next; NULL: as soon as possible.';
COMMENT ON COLUMN sources.added_at IS 'When the warehouse first heard of it.';
COMMENT ON COLUMN sources.feed_id IS 'The feed.';

CREATE VIEW funnel AS
WITH counted AS (
    SELECT e.state, e.reason, a.copy_kind, count(*) AS entries
    FROM entries AS e
    LEFT JOIN articles AS a ON a.article_id = e.article_id AND e.state = 'stored'
    GROUP BY ALL
),
steps AS (
    SELECT 1 AS step, 'seen' AS stage, NULL AS reason, sum(entries) AS entries FROM counted
    UNION ALL
    SELECT 2, 'waiting', coalesce(reason, 'new'), sum(entries) FROM counted
    WHERE state = 'waiting' GROUP BY ALL
    UNION ALL
    SELECT 3, 'dead', reason, sum(entries) FROM counted WHERE state = 'dead' GROUP BY ALL
    UNION ALL
    SELECT 4, 'off_topic', reason, sum(entries) FROM counted
    WHERE state = 'off_topic' GROUP BY ALL
    UNION ALL
    SELECT 5, 'duplicate', reason, sum(entries) FROM counted
    WHERE state = 'duplicate' GROUP BY ALL
    UNION ALL
    SELECT 6, 'stored', if(copy_kind = 'original', 'new_story', 'copy'), sum(entries)
    FROM counted WHERE state = 'stored' GROUP BY ALL
)
SELECT
    step,
    stage,
    reason,
    coalesce(entries, 0)::BIGINT AS entries,
    round(entries / nullif((SELECT sum(entries) FROM counted), 0), 4) AS share
FROM steps
ORDER BY step, entries DESC, reason;
COMMENT ON VIEW funnel IS 'Where all entries are on their walk, and why: seen = waiting + dead + off_topic + duplicate + stored.';
COMMENT ON COLUMN funnel.step IS 'To sort by.';
COMMENT ON COLUMN funnel.stage IS 'seen (all of them), then each state.';
COMMENT ON COLUMN funnel.reason IS 'Why, as a short name; for stored entries: new_story, or copy of one.';
COMMENT ON COLUMN funnel.entries IS 'Entries.';
COMMENT ON COLUMN funnel.share IS 'Share of all entries seen.';

CREATE MACRO search(query, days := 30) AS TABLE
WITH found AS (
    SELECT
        a.article_id, a.title, coalesce(a.site_name, a.host) AS outlet, a.language,
        coalesce(a.published_at, a.first_seen_at) AS told_at, a.topics, a.canonical_url AS url,
        a.story_id,
        len(list_filter(
            string_split_regex(lower(trim(query)), '\s+'),
            lambda word: NOT contains(lower(coalesce(a.title, '')), word)
        )) = 0 AS in_title
    FROM articles AS a
    WHERE coalesce(a.published_at, a.first_seen_at) >= now() - to_days(days)
        AND len(list_filter(
            string_split_regex(lower(trim(query)), '\s+'),
            lambda word: NOT contains(lower(concat_ws(' ', a.title, a.standfirst, a.text)), word)
        )) = 0
)
SELECT * FROM found ORDER BY in_title DESC, told_at DESC, article_id;
COMMENT ON MACRO TABLE search IS 'search(query, days := 30): articles of the last days that contain all the words, those with all of them in the title first, then the newest.';

CREATE MACRO story(story) AS TABLE
SELECT
    a.copy_kind, coalesce(a.published_at, a.first_seen_at) AS told_at,
    coalesce(a.published_at, a.first_seen_at) - s.started_at AS behind,
    a.title, coalesce(a.site_name, a.host) AS outlet, a.language, a.topics,
    a.canonical_url AS url, a.article_id, a.story_id
FROM articles AS a
JOIN stories AS s ON s.story_id = a.story_id
WHERE a.story_id IN (
    SELECT o.story_id FROM articles AS o
    WHERE o.article_id = try_cast(story AS UBIGINT)
        OR o.canonical_url = CAST(story AS VARCHAR)
)
ORDER BY a.copy_kind <> 'original', told_at, a.article_id;
COMMENT ON MACRO TABLE story IS 'story(id or URL): the original and its copies, with how long each came behind it; any article of the story will do.';

CREATE MACRO diff(article) AS TABLE
WITH paragraphs AS (
    SELECT
        revision, first_seen_at, 0 AS place, coalesce(title, '') AS line
    FROM article_revisions
    WHERE article_id IN (
        SELECT o.article_id FROM articles AS o
        WHERE o.article_id = try_cast(article AS UBIGINT)
            OR o.canonical_url = CAST(article AS VARCHAR)
    )
    UNION ALL
    SELECT revision, first_seen_at, unnest(generate_series(1, len(lines))), unnest(lines)
    FROM (
        SELECT revision, first_seen_at, string_split(text, E'\n\n') AS lines
        FROM article_revisions
        WHERE article_id IN (
            SELECT o.article_id FROM articles AS o
            WHERE o.article_id = try_cast(article AS UBIGINT)
                OR o.canonical_url = CAST(article AS VARCHAR)
        )
    )
),
changes AS (
    SELECT new.revision, new.first_seen_at, '+' AS change, new.place, new.line
    FROM paragraphs AS new
    WHERE new.revision > 1 AND NOT EXISTS (
        FROM paragraphs AS old
        WHERE old.revision = new.revision - 1 AND old.line = new.line
            AND (old.place = 0) = (new.place = 0)
    )
    UNION ALL
    SELECT old.revision + 1, next.first_seen_at, '-', old.place, old.line
    FROM paragraphs AS old
    JOIN (SELECT DISTINCT revision, first_seen_at FROM paragraphs) AS next
        ON next.revision = old.revision + 1
    WHERE NOT EXISTS (
        FROM paragraphs AS new
        WHERE new.revision = old.revision + 1 AND old.line = new.line
            AND (old.place = 0) = (new.place = 0)
    )
)
SELECT
    revision, first_seen_at, if(place = 0, 'title', 'text') AS part, change,
    nullif(place, 0) AS paragraph, line
FROM changes
ORDER BY revision, place, change DESC;
COMMENT ON MACRO TABLE diff IS 'diff(id or URL): what each revision of an article took away (-) and added (+), paragraph by paragraph.';

CREATE MACRO timeline(of_topic) AS TABLE
SELECT
    CAST(timezone('UTC', s.started_at) AS DATE) AS day,
    count(*) AS stories,
    sum(s.articles)::BIGINT AS articles,
    arg_max(a.title, (s.articles, s.salience, s.story_id)) AS headline,
    arg_max(a.canonical_url, (s.articles, s.salience, s.story_id)) AS url
FROM stories AS s
JOIN articles AS a ON a.article_id = s.story_id
WHERE list_contains(s.topics, of_topic)
GROUP BY day
ORDER BY day;
COMMENT ON MACRO TABLE timeline IS 'timeline(topic): day by day, how many stories began and the headline of the one most copied.';
