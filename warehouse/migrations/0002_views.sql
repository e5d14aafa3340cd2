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
