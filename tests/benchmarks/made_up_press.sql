-- A made-up warehouse of $articles articles of one year, for tests/benchmarks/made_up_press.py. Four of
-- ten articles are copies; a few outlets have most.

-- name: outlets
INSERT INTO outlets BY NAME
SELECT
    'outlet' || i || '.example' AS site, 'Outlet number ' || i AS name, 'host' AS name_source,
    ['ID', 'DE', 'US', 'FR', 'JP', NULL][1 + i % 6] AS country, now() AS first_seen_at
FROM range(400) AS r(i);

-- name: feeds
INSERT INTO feeds BY NAME
SELECT
    i AS feed_id, 'https://outlet' || i % 400 || '.example/feed' || i AS url, 'Feed ' || i AS title,
    CASE WHEN i % 17 = 0 THEN 'failing' ELSE 'ok' END AS health,
    CASE WHEN i % 17 = 0 THEN 'http_503' END AS error, (i % 17 = 0)::INT * 3 AS failures,
    now() AS polled_at, now() AS succeeded_at, now() AS added_at, 1800 AS poll_every,
    7200 AS entry_gap, 'outlet' || i % 400 || '.example' AS site
FROM range(500) AS r(i);

-- name: articles
INSERT INTO articles BY NAME
WITH numbered AS (
    SELECT
        i, hash(i, 'a') AS article_id,
        -- A copy is of one of the forty before it.
        CASE WHEN i % 10 < 4 AND i > 40 THEN (i - 1 - hash(i) % 40)::BIGINT ELSE i END AS near,
        now() - to_seconds(31536000 * pow(1 - i / $articles::DOUBLE, $growth)) AS moment,
        (400 * pow((hash(i, 's') % 10000) / 10000, 3))::INT AS outlet
    FROM range($articles) AS r(i)
),
rooted AS (
    SELECT
        *, CASE WHEN near % 10 < 4 AND near > 40 THEN i ELSE near END AS root,
        ['en', 'en', 'en', 'en', 'id', 'id', 'de', 'fr', 'ja', 'ar'][1 + root % 10] AS language
    FROM numbered
)
SELECT
    article_id, 'https://outlet' || outlet || '.example/' || i AS canonical_url,
    'outlet' || outlet || '.example' AS host, canonical_url AS url,
    'OpenAI opens room number ' || root || ' in a town by the sea' AS title,
    prose(root, language) AS text,
    'page' AS text_kind, ['Jo Doe'] AS authors, moment AS published_at, moment AS first_seen_at,
    language,
    'free' AS access, MAP {'title': 'h1', 'text': 'trafilatura'} AS sources,
    MAP {'read_also': 2} AS removed,
    CASE root % 3 WHEN 0 THEN ['openai'] WHEN 1 THEN ['musk'] ELSE ['openai', 'musk'] END AS topics,
    (hash(root) % 1000) / 1000 AS salience, hash(root, 'a') AS story_id,
    CASE WHEN root = i THEN 'original' ELSE 'near' END AS copy_kind,
    CASE WHEN i % 50 = 0 THEN 2 ELSE 1 END AS revisions, hash(root, 't') AS text_hash,
    moment AS revision_seen_at, moment AS read_at, 'b' || i // 1000 AS batch_id, moment AS told_at,
    'outlet' || outlet || '.example' AS site, 'sight' AS date_evidence, moment AS sighted_at,
    CAST(moment AS DATE) AS published_day, hash(root, 'h') AS shown_hash
FROM rooted;

-- name: superseded
INSERT INTO superseded BY NAME
SELECT
    article_id, 'Before: ' || title AS title, 'Before. ' || text AS text,
    revision_seen_at - INTERVAL 1 HOUR AS revision_seen_at, read_at - INTERVAL 1 HOUR AS read_at,
    batch_id, text_hash + 1 AS text_hash, shown_hash + 1 AS shown_hash
FROM articles WHERE revisions > 1;

-- name: stories
INSERT INTO stories BY NAME
SELECT
    a.story_id, min(a.told_at) AS started_at, count(*) AS articles, count(DISTINCT host) AS hosts,
    count(DISTINCT site) AS outlets, array_agg(DISTINCT language) AS languages,
    any_value(topics) AS topics, max(salience) AS salience,
    arg_min(article_id, told_at) AS original_id, story_id % 3 = 0 AS first_certain,
    list_slice(array_agg(article_id ORDER BY told_at), 1, 3) AS first_candidates
FROM articles AS a GROUP BY a.story_id ORDER BY started_at;

-- name: mentions
INSERT INTO mentions BY NAME
SELECT
    article_id, unnest(topics) AS topic, salience, 'OpenAI' AS alias, 'body' AS place, 20 AS "offset",
    30 AS count, true AS is_latest
FROM articles;

-- name: copy_pairs
INSERT INTO copy_pairs BY NAME
SELECT a.article_id AS shorter_id, s.original_id AS longer_id, 0.9 AS similarity, 0.95 AS contained
FROM articles AS a JOIN stories AS s ON s.story_id = a.story_id WHERE a.article_id <> s.original_id;

-- name: entries
INSERT INTO entries BY NAME
SELECT
    hash(a.article_id, n) AS entry_id, hash(a.article_id) % 500 AS feed_id, canonical_url AS guid,
    canonical_url AS link, title, ['stored', 'off_topic', 'off_topic'][1 + n] AS state,
    CASE WHEN n > 0 THEN 'mentions_nothing' END AS reason,
    CASE WHEN n = 0 THEN article_id END AS article_id, 1 AS attempts, told_at AS decided_at,
    told_at AS first_seen_at, told_at AS version_seen_at, batch_id AS version_batch_id, false AS backfill
FROM articles AS a CROSS JOIN range(3) AS r(n);

-- name: batches
INSERT INTO batches BY NAME
SELECT
    batch_id, 'harvest' AS kind, min(told_at) AS created_at, min(told_at) AS loaded_at, 0 AS feeds,
    0 AS entries, count(*) AS articles, 0 AS outcomes, 0 AS failures
FROM articles GROUP BY batch_id;
