-- Copies and stories. A story is a component of the graph whose edges join articles that had
-- nearly the same text at nearly the same time. Edges are only ever added, so the components do
-- not depend on the order of batches; which article is the original is decided over all of a
-- component's members. Texts too short to be compared have no bands, and so no copies.

-- name: stage_fingerprints
-- The texts of this batch, by the day they were read, that are not on record yet.
CREATE OR REPLACE TEMP TABLE new_fingerprints AS
WITH texts AS (
    SELECT
        article_id, text_hash, CAST(timezone('UTC', read_at) AS DATE) AS day, sketch, bands, shingles
    FROM incoming
    WHERE len(bands) > 0
    QUALIFY row_number() OVER (PARTITION BY article_id, text_hash, day) = 1
),
recorded AS (
    SELECT article_id, text_hash, day FROM fingerprints
    WHERE day BETWEEN (SELECT min(day) FROM texts) AND (SELECT max(day) FROM texts)
        AND article_id IN (SELECT article_id FROM texts)
)
SELECT * FROM texts
ANTI JOIN recorded USING (article_id, text_hash, day)
ORDER BY day, article_id, text_hash;

-- name: span
-- The days those texts were read.
SELECT min(day), max(day) FROM new_fingerprints;

-- name: fingerprints
-- Put them on record.
INSERT INTO fingerprints BY NAME SELECT * EXCLUDE (bands) FROM new_fingerprints;

-- name: stage_bands
-- One row per band.
CREATE OR REPLACE TEMP TABLE new_bands AS
SELECT unnest(bands) AS band, article_id, text_hash, day FROM new_fingerprints;

-- name: bands
-- In the order of days, so that a search within some days reads only their part of the table.
INSERT INTO bands BY NAME SELECT * FROM new_bands ORDER BY day, article_id, text_hash;

-- name: candidates
-- Pairs of texts, one of them new, that share a band and were read at most $window days apart.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT DISTINCT
    n.article_id, n.text_hash, n.day,
    b.article_id AS other_id, b.text_hash AS other_hash, b.day AS other_day
FROM bands AS b
JOIN new_bands AS n ON n.band = b.band
WHERE b.day BETWEEN $first AND $last
    AND b.article_id <> n.article_id
    AND abs(b.day - n.day) <= $window;

-- name: sketches
-- The sketches of both sides, where they are to be compared. The number of shingles is not
-- known of texts that were stored by early versions; they count as long ones.
CREATE OR REPLACE TEMP TABLE sketches AS
SELECT DISTINCT ON (article_id, text_hash)
    article_id, text_hash, sketch, coalesce(shingles, 1000) AS shingles
FROM fingerprints
WHERE day BETWEEN $first AND $last
    AND sketch <> ''
    AND (article_id, text_hash, day) IN (
        SELECT (article_id, text_hash, day) FROM candidates WHERE text_hash <> other_hash
        UNION ALL
        SELECT (other_id, other_hash, other_day) FROM candidates WHERE text_hash <> other_hash
    );

-- name: edges
-- Pairs of stories that these join: of copies with the same text, and of those that are near
-- copies by the rule of `is_copy` in parsers/fingerprints.py, whose numbers the parameters are.
-- A site is what is under one domain; `domain_of` in flows/shards.py reads it off a name alike.
WITH compared AS (
    SELECT
        c.article_id, c.other_id, n.shingles + s.shingles AS shingles,
        least(n.shingles, s.shingles) AS shorter,
        -- Sketches that an early version made are the first letters of today's.
        least(len(n.sketch), len(s.sketch)) AS letters,
        hamming(n.sketch[: letters], s.sketch[: letters]) / letters AS different,
        greatest(0, 1 - different * $letters / ($letters - 1)) AS share
    FROM (SELECT DISTINCT article_id, text_hash, other_id, other_hash FROM candidates) AS c
    JOIN sketches AS n ON n.article_id = c.article_id AND n.text_hash = c.text_hash
    JOIN sketches AS s ON s.article_id = c.other_id AND s.text_hash = c.other_hash
),
pairs AS MATERIALIZED (
    SELECT article_id, other_id, 1 AS share, 0 AS least_of_one_site
    FROM candidates WHERE text_hash = other_hash
    UNION
    SELECT
        article_id, other_id, share, if(shorter < $stub_shingles, $stub_copy, $one_site_copy)
    FROM compared
    WHERE share >= $near_copy
        AND share / (1 + share) * shingles
            >= if(share >= $sure_copy, $min_shared, $min_shared_part)
),
told AS MATERIALIZED (
    SELECT
        article_id, story_id,
        CASE
            WHEN regexp_full_match(host, '[0-9.]+|\[.*') THEN host
            ELSE array_to_string(
                string_split(host, '.')[
                    -2 - (regexp_matches(host, '\.[^.]{1,3}\.[^.]{2}$'))::INTEGER :
                ],
                '.'
            )
        END AS site
    FROM articles
    WHERE rowid IN (
        SELECT rowid FROM articles
        WHERE article_id IN (SELECT article_id FROM pairs UNION ALL SELECT other_id FROM pairs)
    )
)
SELECT DISTINCT a.story_id, other.story_id
FROM pairs
JOIN told AS a ON a.article_id = pairs.article_id
JOIN told AS other ON other.article_id = pairs.other_id
WHERE share >= least_of_one_site OR a.site IS DISTINCT FROM other.site OR a.site IS NULL;

-- name: touched_stories
-- The stories that may change, each with the group that it becomes part of: those of the
-- batch's articles, and those that its edges join. `joined` has the latter.
CREATE OR REPLACE TEMP TABLE touched_stories AS
SELECT story_id, group_id FROM joined
UNION ALL
SELECT DISTINCT story_id, story_id FROM settled
WHERE age = 1 AND story_id NOT IN (SELECT story_id FROM joined);

-- name: members
-- Their articles, with the original of each group: the one that was told first, by what is certain
-- of its date (told_at in articles).
CREATE OR REPLACE TEMP TABLE members AS
WITH found AS (
    SELECT
        group_id, a.article_id, a.story_id, a.copy_kind, a.text_hash, a.host, a.language,
        a.topics, a.salience, a.wire, a.told_at AS started_at
    FROM articles AS a JOIN touched_stories USING (story_id)
    WHERE a.rowid IN (
        SELECT rowid FROM articles WHERE story_id IN (SELECT story_id FROM touched_stories)
    )
)
SELECT
    * EXCLUDE (story_id, copy_kind),
    story_id AS old_story,
    copy_kind AS old_kind,
    first_value(article_id) OVER earliest AS new_story,
    CASE
        WHEN article_id = first_value(article_id) OVER earliest THEN 'original'
        WHEN text_hash = first_value(text_hash) OVER earliest THEN 'exact'
        ELSE 'near'
    END AS new_kind
FROM found
WINDOW earliest AS (PARTITION BY group_id ORDER BY started_at, article_id);

-- name: regroup
-- Tell the articles.
UPDATE articles SET story_id = m.new_story, copy_kind = m.new_kind
FROM members AS m
WHERE articles.article_id = m.article_id
    AND (m.new_story <> m.old_story OR m.new_kind <> m.old_kind);

-- name: new_stories
-- Stories that none of the stored ones became part of: all of their articles are new.
SELECT new_story FROM members
GROUP BY new_story
HAVING bool_and(article_id IN (
    SELECT article_id FROM incoming ANTI JOIN known USING (article_id)
))
ORDER BY new_story;

-- name: drop_stories
-- The rows that the regrouped ones replace.
DELETE FROM stories WHERE story_id IN (SELECT story_id FROM touched_stories);

-- name: stories
-- The regrouped stories.
INSERT INTO stories BY NAME
SELECT
    new_story AS story_id,
    min(started_at) AS started_at,
    count(*) AS articles,
    count(DISTINCT host) AS hosts,
    coalesce(list_sort(list(DISTINCT language) FILTER (language IS NOT NULL)), []) AS languages,
    coalesce(list_sort(list_distinct(flatten(list(topics) FILTER (topics IS NOT NULL)))), [])
        AS topics,
    max(salience) AS salience,
    arg_min(wire, (started_at, article_id)) FILTER (wire IS NOT NULL) AS wire
FROM members
GROUP BY new_story;
