-- Copies and stories. Pairs of articles that had nearly the same text at nearly the same time are
-- only ever added; which of them are one story, parsers/copies/clustering.py decides over all pairs that hang
-- together, and which article is the original is decided over all of a story's members. So neither
-- depends on the order of batches. Texts too short to be compared have no bands, and so no copies.
-- All of it is decided before the articles of the batch are put in: `settled` has them till then.

-- name: nearby
-- What stories are made of, for every article that is looked at: those of the batch, as they will be
-- stored, and by and by (`look_up`) those that they may be a story with.
-- A date that nothing but its own word bears out is `unproven`. What early versions stored stays as it
-- is.
CREATE OR REPLACE TEMP TABLE nearby AS
WITH texts AS (
    SELECT
        'incoming' AS origin, place, text_hash, host, language, topics, salience, wire, credits, text_kind,
        canonical_url, url, syndication_url
    FROM incoming
    UNION ALL
    SELECT
        'articles', place, text_hash, host, language, topics, salience, wire, credits, text_kind,
        canonical_url, url, syndication_url
    FROM stored_articles
)
SELECT
    s.article_id, r.text_hash, r.host, s.site, r.language, r.topics, r.salience, r.wire, r.credits,
    s.told_at AS started_at,
    s.first_seen_at, r.text_kind = 'carried' AS carried, s.date_evidence = 'word' AS unproven,
    r.canonical_url, r.url, r.syndication_url, s.sighted_at, s.not_shown_at, s.first_said_at,
    s.first_said_flag, s.date_evidence,
    (SELECT max(story_id) FROM stored_articles WHERE article_id = s.article_id) AS old_story,
    NULL::VARCHAR AS old_kind,
    NULL::VARCHAR AS old_batch
FROM settled AS s LEFT JOIN texts AS r ON r.origin = s.origin AND r.place = s.place
WHERE s.age = 1;

-- name: places
-- Which of the articles in `wanted` are to be looked up, and with which batches their rows came (see
-- known_articles).
CREATE OR REPLACE TEMP TABLE places AS
SELECT article_id, batch_id FROM articles
WHERE article_id IN (
    SELECT article_id FROM wanted WHERE article_id NOT IN (SELECT article_id FROM nearby)
);

-- name: look_up
-- The same of these.
INSERT INTO nearby
SELECT
    article_id, text_hash, host, site, language, topics, salience, wire, credits, told_at,
    first_seen_at, text_kind = 'carried', coalesce(date_evidence = 'word', false), canonical_url, url,
    syndication_url, sighted_at, not_shown_at, first_said_at, first_said_flag, date_evidence, story_id,
    copy_kind, batch_id
FROM articles SEMI JOIN places USING (article_id, batch_id);

-- name: stage_fingerprints
-- The texts of this batch, by the day they were read and by their titles, that are not on record yet.
-- What differs in capitals only is one text, and yet has two frames. Of what an early version stored
-- neither title nor frame is known: such a text is not put on record again.
CREATE OR REPLACE TEMP TABLE new_fingerprints AS
WITH texts AS (
    SELECT
        article_id, text_hash, CAST(timezone('UTC', read_at) AS DATE) AS day,
        any_value(sketch) AS sketch, any_value(bands) AS bands, any_value(shingles) AS shingles,
        CASE WHEN incoming.sketch = '' THEN incoming.bands[1] END AS title_band,
        any_value(bigram_sketch) AS bigram_sketch, frame_sketch,
        md5_number_lower(lower(trim(coalesce(title, '')))) AS title_hash
    FROM incoming
    WHERE len(bands) > 0
    GROUP BY article_id, text_hash, day, title_band, title_hash, frame_sketch
),
recorded AS (
    SELECT article_id, text_hash, day, title_band, title_hash, frame_sketch FROM fingerprints
    WHERE day BETWEEN (SELECT min(day) FROM texts) AND (SELECT max(day) FROM texts)
        AND article_id IN (SELECT article_id FROM texts)
)
SELECT texts.* FROM texts
ANTI JOIN recorded
    ON texts.article_id = recorded.article_id AND texts.text_hash = recorded.text_hash
    AND texts.day = recorded.day AND texts.title_band IS NOT DISTINCT FROM recorded.title_band
    AND coalesce(texts.title_hash = recorded.title_hash, true)
    AND (recorded.title_hash IS NULL OR texts.frame_sketch IS NOT DISTINCT FROM recorded.frame_sketch)
ORDER BY day, article_id, text_hash;

-- name: span
-- The days those texts were read.
SELECT min(day), max(day) FROM new_fingerprints;

-- name: stage_bands
-- One row per band.
CREATE OR REPLACE TEMP TABLE new_bands AS
SELECT DISTINCT unnest(bands) AS band, article_id, text_hash, day, title_band FROM new_fingerprints;

-- name: bands
-- In the order of days, so that a search within some days reads only their part of the table. A text
-- that is on record under another title has its bands there, but for that of the title.
INSERT INTO bands BY NAME
SELECT DISTINCT band, article_id, text_hash, day FROM new_bands
WHERE band = title_band OR (article_id, text_hash, day) NOT IN (
    SELECT (article_id, text_hash, day) FROM fingerprints
    WHERE day BETWEEN $new_first AND $new_last
)
ORDER BY day, article_id, text_hash, band;

-- name: fingerprints
-- Put them on record.
INSERT INTO fingerprints BY NAME SELECT * EXCLUDE (bands) FROM new_fingerprints;

-- name: candidates
-- Pairs of texts, one of them new, that share a band and were read at most $window days apart; those
-- too short for a sketch, under different titles, at most one. Equal texts may be further apart: what
-- is published again weeks later is a copy still.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT
    n.article_id, n.text_hash, n.day,
    b.article_id AS other_id, b.text_hash AS other_hash, b.day AS other_day,
    bool_or(n.title_band IS NULL OR b.band = n.title_band) AS any_site
FROM bands AS b
JOIN new_bands AS n ON n.band = b.band
WHERE b.day BETWEEN $first AND $last
    AND b.article_id <> n.article_id
    AND abs(b.day - n.day) <= $window
GROUP BY ALL
HAVING any_site OR abs(b.day - n.day) <= 1
UNION ALL
SELECT DISTINCT n.article_id, n.text_hash, n.day, f.article_id, f.text_hash, f.day, true
FROM fingerprints AS f
JOIN new_fingerprints AS n
    ON n.text_hash = f.text_hash AND n.title_band IS NOT DISTINCT FROM f.title_band
WHERE f.day BETWEEN $first_again AND $last_again
    AND f.article_id <> n.article_id
    AND abs(f.day - n.day) BETWEEN $window + 1 AND $again;

-- name: sketches
-- The sketches of both sides, where they are to be compared. The number of shingles is not
-- known of texts that were stored by early versions; they count as long ones.
CREATE OR REPLACE TEMP TABLE sketches AS
SELECT DISTINCT
    article_id, text_hash, sketch, coalesce(shingles, 1000) AS shingles,
    coalesce(bigram_sketch, '') AS bigram_sketch, coalesce(frame_sketch, '') AS frame_sketch
FROM fingerprints
WHERE day BETWEEN $first AND $last
    AND sketch <> ''
    AND (article_id, text_hash, day) IN (
        SELECT (article_id, text_hash, day) FROM candidates WHERE text_hash <> other_hash
        UNION ALL
        SELECT (other_id, other_hash, other_day) FROM candidates WHERE text_hash <> other_hash
    );

-- name: editions
-- Those of them that were read under one title at most a day apart.
CREATE OR REPLACE TEMP TABLE editions AS
SELECT DISTINCT c.article_id, c.text_hash, c.other_id, c.other_hash
FROM candidates AS c
JOIN new_fingerprints AS n
    ON n.article_id = c.article_id AND n.text_hash = c.text_hash AND n.day = c.day
JOIN fingerprints AS f
    ON f.article_id = c.other_id AND f.text_hash = c.other_hash AND f.day = c.other_day
    AND f.title_hash = n.title_hash
WHERE f.day BETWEEN $first AND $last
    AND c.text_hash <> c.other_hash
    AND abs(c.day - c.other_day) <= 1
    AND n.title_hash <> md5_number_lower('');

-- name: compare
-- The pairs of articles among them that are copies: those with the same text, and the near copies by
-- the rule of `is_copy` in parsers/copies/fingerprints.py, whose numbers the parameters are; but for the last
-- part of it, which is about sites. The letters are those that show which part of a text another is.
CREATE OR REPLACE TEMP TABLE alike AS
-- Step by step: a name that is used in the same list is worked out anew at each place, and planned, too.
WITH sides AS (
    SELECT
        c.*, n.shingles, s.shingles AS other_shingles, n.sketch, s.sketch AS other_sketch,
        n.bigram_sketch, s.bigram_sketch AS other_bigrams,
        n.frame_sketch, s.frame_sketch AS other_frame,
        -- Sketches that an early version made are the first letters of today's.
        least(len(n.sketch), len(s.sketch)) AS letters,
        least(len(n.bigram_sketch), len(s.bigram_sketch)) AS bigram_letters,
        least(len(n.frame_sketch), len(s.frame_sketch)) AS frame_letters
    FROM (
        SELECT DISTINCT article_id, text_hash, other_id, other_hash FROM candidates
        WHERE text_hash <> other_hash
    ) AS c
    JOIN sketches AS n ON n.article_id = c.article_id AND n.text_hash = c.text_hash
    JOIN sketches AS s ON s.article_id = c.other_id AND s.text_hash = c.other_hash
),
measured AS (
    SELECT
        article_id, text_hash, other_id, other_hash, shingles, other_shingles, sketch, other_sketch,
        letters, shingles + other_shingles AS together, least(shingles, other_shingles) AS shorter,
        greatest(0, 1 - hamming(sketch[: letters], other_sketch[: letters]) / letters
            * $letters / ($letters - 1)) AS similarity,
        CASE WHEN bigram_letters = 0 THEN 0 ELSE greatest(0, 1 - $letters / ($letters - 1)
            * hamming(bigram_sketch[: bigram_letters], other_bigrams[: bigram_letters])
            / bigram_letters)
        END AS bigrams,
        CASE WHEN frame_letters = 0 THEN 0 ELSE greatest(0, 1 - $letters / ($letters - 1)
            * hamming(frame_sketch[: frame_letters], other_frame[: frame_letters])
            / frame_letters)
        END AS frame
    FROM sides
),
compared AS (
    SELECT
        *, similarity / (1 + similarity) * together AS shared,
        bigrams / (1 + bigrams) * together AS shared_bigrams
    FROM measured
)
SELECT
    least(article_id, other_id) AS shorter_id, greatest(article_id, other_id) AS longer_id,
    1.0::DOUBLE AS similarity, 1.0::DOUBLE AS contained,
    CASE WHEN any_site THEN 0.0 ELSE 2.0 END::DOUBLE AS least_of_one_site,
    NULL::VARCHAR AS sketch, NULL::VARCHAR AS other_sketch
FROM candidates WHERE text_hash = other_hash
UNION
SELECT
    if((shingles, article_id) < (other_shingles, other_id), article_id, other_id),
    if((shingles, article_id) < (other_shingles, other_id), other_id, article_id),
    similarity, least(1, shared / shorter),
    CASE
        WHEN (article_id, text_hash, other_id, other_hash) IN (
            SELECT (article_id, text_hash, other_id, other_hash) FROM editions
        ) THEN 0
        WHEN shorter < $stub_shingles THEN $stub_copy
        ELSE $one_site_copy
    END,
    sketch, other_sketch
FROM compared
WHERE NOT (frame - similarity > $form_gap AND shared < $form_contained * shorter)
    AND (
        (similarity >= $near_copy AND shared >= greatest($min_shared, $min_contained * shorter))
        OR (
            letters > $permutations AND shared >= $min_shared
            AND (
                (similarity >= $brief_copy AND shared >= $brief_contained * shorter)
                OR (similarity >= $cut_copy AND shared >= $cut_contained * shorter)
                OR (similarity >= $found_copy AND shared >= $found_contained * shorter)
            )
        )
        OR (
            similarity >= $reworded_copy AND bigrams >= $reworded_bigrams
            AND shared_bigrams >= $min_shared
        )
    );

-- name: wanted_alike
-- Where all of these were published is to be known.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT shorter_id AS article_id FROM alike UNION SELECT longer_id FROM alike;

-- name: alike
-- Those pairs, with the hosts of both.
SELECT
    shorter_id, longer_id, similarity, contained, a.host, b.host, least_of_one_site, sketch,
    other_sketch
FROM alike
JOIN nearby AS a ON a.article_id = shorter_id
JOIN nearby AS b ON b.article_id = longer_id;

-- name: pairs
-- Put them on record, unless an earlier reading brought the same.
INSERT INTO copy_pairs BY NAME
WITH found AS MATERIALIZED (
    SELECT DISTINCT * FROM new_pairs
)
SELECT * FROM found
ANTI JOIN (
    SELECT * FROM copy_pairs WHERE shorter_id IN (SELECT shorter_id FROM found)
) AS known
    ON known.shorter_id = found.shorter_id AND known.longer_id = found.longer_id
    AND known.similarity = found.similarity AND known.contained = found.contained
    AND known.matched IS NOT DISTINCT FROM found.matched
ORDER BY ALL;

-- name: reached
-- The articles of the batch, and all that hang together with them by pairs: no story goes further.
CREATE OR REPLACE TEMP TABLE reached AS
WITH RECURSIVE hanging(article_id) AS (
    SELECT article_id FROM settled WHERE age = 1
    UNION
    SELECT other_id
    FROM hanging
    JOIN (
        SELECT shorter_id AS article_id, longer_id AS other_id FROM copy_pairs
        UNION ALL
        SELECT longer_id, shorter_id FROM copy_pairs
    ) USING (article_id)
)
SELECT article_id FROM hanging;

-- name: wanted_reached
-- All of them are looked at.
CREATE OR REPLACE TEMP TABLE wanted AS SELECT article_id FROM reached;

-- name: reached_hosts
-- Where those with pairs were published.
SELECT article_id, host FROM nearby
WHERE host IS NOT NULL AND article_id IN (
    SELECT shorter_id FROM copy_pairs WHERE shorter_id IN (SELECT article_id FROM reached)
    UNION ALL
    SELECT longer_id FROM copy_pairs WHERE longer_id IN (SELECT article_id FROM reached)
);

-- name: reached_pairs
-- Their pairs, each as alike as any two texts of the two ever were.
SELECT shorter_id, longer_id, similarity, contained, matched FROM copy_pairs
WHERE shorter_id IN (SELECT article_id FROM reached)
QUALIFY row_number() OVER (
    PARTITION BY least(shorter_id, longer_id), greatest(shorter_id, longer_id)
    ORDER BY similarity DESC, contained DESC, shorter_id, matched NULLS LAST
) = 1;

-- name: wires
-- Which agencies the texts are said to come from, and where that is said; or where none is named.
SELECT DISTINCT coalesce(wire, '') AS wire, site FROM nearby WHERE site IS NOT NULL;

-- name: credited
-- Which outlets the texts say their news is from.
SELECT DISTINCT credit.name FROM (SELECT unnest(credits) AS credit FROM nearby) WHERE credit.role = 'source';

-- name: members
-- The articles of all stories that may change, with the original of each. A story bears the id of the
-- article of it that came to the desk first, whoever was first to tell it: its id stays when better
-- evidence comes. `folded` has the group of those with pairs.
--
-- The original is the one that was told first, by what is certain of its date (told_at in articles).
-- Where some of them are proven, and more than one host has the text, what is unproven counts as told
-- by first sight. What names its source comes after what does not: a canonical link to another host, an
-- agency or an outlet whose own page is among them; and what a feed carries of another's page comes after all pages.
-- Of those told at one moment the one that may be the earlier, and then an address, not an id, which
-- would be chance. Whose own a page is that names one of $wires, or none, at the one of $sites beside it, the
-- one of $agencies beside both says; which site is the outlet's that texts credit, $own_sites and $own_names,
-- and $own_known whether that is known or only their names are alike.
CREATE OR REPLACE TEMP TABLE members AS
WITH grouped AS MATERIALIZED (
    -- As it is: a filter pushed into an Arrow table takes no id above 2^63.
    SELECT * FROM folded
),
agencies AS (
    SELECT
        unnest($wires::VARCHAR[]) AS wire, unnest($sites::VARCHAR[]) AS site,
        unnest($agencies::VARCHAR[]) AS agency
),
owners AS (
    SELECT site, list(name) AS own, list(name) FILTER (known) AS surely_own
    FROM (
        SELECT
            unnest($own_sites::VARCHAR[]) AS site, unnest($own_names::VARCHAR[]) AS name,
            unnest($own_known::BOOLEAN[]) AS known
    )
    GROUP BY site
),
found AS (
    SELECT
        nearby.article_id, coalesce(grouped.group_id, nearby.article_id) AS group_id,
        text_hash, host, carried, unproven, nearby.wire, syndication_url, canonical_url, first_seen_at,
        started_at, agency, coalesce(own, []) AS own, surely_own,
        [credit.name for credit in coalesce(credits, []) if credit.role = 'source'] AS credited,
        first_said_at - CASE
            WHEN first_said_flag IN ('day', 'no_zone') THEN INTERVAL 14 HOUR ELSE INTERVAL 0 HOUR
        END AS said_from
    FROM nearby
    LEFT JOIN grouped ON grouped.article_id = nearby.article_id
    LEFT JOIN agencies ON agencies.site = nearby.site AND agencies.wire = coalesce(nearby.wire, '')
    LEFT JOIN owners ON owners.site = nearby.site
    WHERE nearby.article_id IN (SELECT article_id FROM reached)
),
-- Groups are reduced to a row each, not looked at in windows: a window of few rows costs more than
-- these, and by the column.
texts AS (
    SELECT
        group_id,
        min(host) <> max(host) AND NOT bool_and(unproven) AS doubtful,
        list(agency) FILTER (agency IS NOT NULL) AS present,
        flatten(list(own)) AS outlets_present,
        arg_min(article_id, (first_seen_at, article_id)) AS new_story
    FROM found
    GROUP BY group_id
),
judged AS (
    SELECT
        found.*, new_story,
        syndication_url IS NOT NULL
            OR (wire IS NOT NULL AND agency IS NULL AND coalesce(list_contains(present, wire), false))
            OR list_has_any(credited, outlets_present) AS derived,
        CASE WHEN unproven AND doubtful THEN first_seen_at ELSE started_at END AS counts_from
    FROM found JOIN texts ON texts.group_id = found.group_id
),
originals AS (
    SELECT
        new_story,
        arg_min(
            {'article_id': article_id, 'text_hash': text_hash, 'agency': agency},
            (carried, derived, counts_from, said_from IS NOT NULL, said_from, canonical_url, article_id)
        ) AS original
    FROM judged
    GROUP BY new_story
)
SELECT
    nearby.*, j.agency, j.own, j.surely_own, j.credited, j.said_from, j.new_story,
    original.article_id AS original_id,
    -- The agency whose own page the original is; none else may be credited where it is certain.
    coalesce(original.agency, '') AS source,
    CASE
        WHEN j.article_id = original.article_id THEN 'original'
        WHEN j.text_hash = original.text_hash THEN 'exact'
        ELSE 'near'
    END AS new_kind
FROM nearby
JOIN judged AS j ON j.article_id = nearby.article_id
JOIN originals AS o ON o.new_story = j.new_story;

-- name: rivals
-- Of each story with several articles, those that may have been first: its original, and all that
-- nothing proves to be later. What is of the original's outlet is no rival, nor what names it as its
-- source: that is one only where nothing says that it came later, for it may have taken the text back, and
-- of outlets only one whose site is known. Proof is a feed of the other's site that did not show it once the
-- original was seen, or that the other itself says a later time, which is borne out. What the original
-- itself says proves nothing: between a poll that did not show it and the next that did, it may say any time.
CREATE OR REPLACE TEMP TABLE rivals AS
SELECT m.new_story, m.article_id
FROM members AS m JOIN members AS o ON o.article_id = m.original_id
WHERE m.article_id <> o.article_id
    AND m.site IS DISTINCT FROM o.site
    AND coalesce(m.syndication_url NOT IN (o.canonical_url, o.url), true)
    AND NOT (
        (
            coalesce(m.wire = o.agency, false)
            OR coalesce(list_has_any(m.credited, o.surely_own), false)
            AND NOT list_has_any(o.credited, m.own)
            AND coalesce(m.said_from >= o.said_from, true)
        )
        AND coalesce(m.sighted_at >= o.said_from, true)
        AND coalesce(m.sighted_at > o.not_shown_at, true)
    )
    AND NOT coalesce(
        m.not_shown_at < m.sighted_at
        -- A feed may be an hour late: where the other itself says an earlier time, that is not proof.
        AND m.not_shown_at >= o.sighted_at + CASE
            WHEN m.said_from < o.sighted_at THEN INTERVAL 1 HOUR ELSE INTERVAL 0 HOUR
        END,
        false
    )
    AND NOT coalesce(m.date_evidence IN ('sight', 'poll') AND m.said_from > o.sighted_at, false);

-- name: any_others
-- Whether any of them are stored, and not in the batch.
SELECT EXISTS (FROM members WHERE old_batch IS NOT NULL);

-- name: regroup
-- Tell the stored articles; those of the batch are put in as they are to be.
UPDATE articles SET story_id = m.new_story, copy_kind = m.new_kind
FROM members AS m
WHERE articles.article_id = m.article_id AND articles.batch_id = m.old_batch
    AND (m.new_story <> m.old_story OR m.new_kind <> m.old_kind);

-- name: new_stories
-- Stories that none of the stored ones became part of: all of their articles are new.
SELECT new_story FROM members
GROUP BY new_story
HAVING bool_and(article_id IN (
    SELECT article_id FROM incoming ANTI JOIN known USING (article_id)
))
ORDER BY new_story;

-- name: tell_stories
-- The regrouped stories.
CREATE OR REPLACE TEMP TABLE told_stories AS
WITH named AS (
    SELECT
        new_story,
        regexp_extract(lower(syndication_url), '^https?://(?:www\.)?([^/:?#]+)', 1) AS host
    FROM members WHERE syndication_url IS NOT NULL
),
absent AS (
    SELECT new_story FROM named
    ANTI JOIN (SELECT new_story, host FROM members WHERE NOT carried) AS here USING (new_story, host)
)
SELECT
    new_story AS story_id,
    any_value(original_id) AS original_id,
    any_value(started_at) FILTER (article_id = original_id) AS started_at,
    count(*) AS articles,
    count(DISTINCT host) AS hosts,
    count(DISTINCT site) AS outlets,
    coalesce(list_sort(list(DISTINCT language) FILTER (language IS NOT NULL)), []) AS languages,
    coalesce(list_sort(list_distinct(flatten(list(topics) FILTER (topics IS NOT NULL)))), [])
        AS topics,
    max(salience) AS salience,
    arg_min(wire, (started_at, article_id)) FILTER (wire IS NOT NULL) AS wire,
    -- Who says that it has the text from elsewhere was not first; nor, perhaps, who has what others say
    -- is an agency's, or of a host that is not here.
    bool_and(article_id NOT IN (SELECT article_id FROM rivals))
        AND NOT bool_or(
            article_id = original_id AND (carried OR syndication_url IS NOT NULL OR credited <> [])
        )
        AND new_story NOT IN (SELECT new_story FROM absent)
        AND coalesce(
            bool_and(wire = source) FILTER (wire IS NOT NULL), true
        ) AS first_certain,
    list_sort(list(article_id) FILTER (
        article_id = original_id OR article_id IN (SELECT article_id FROM rivals)
    )) AS first_candidates
FROM members
GROUP BY new_story;

-- name: drop_stories
-- The rows that they replace.
DELETE FROM stories WHERE story_id IN (SELECT old_story FROM members);

-- name: stories
-- Put them in.
INSERT INTO stories BY NAME FROM told_stories;

-- name: all_articles
-- For a rebuild: every article is looked at.
CREATE OR REPLACE TEMP TABLE reached AS SELECT DISTINCT article_id FROM articles;
