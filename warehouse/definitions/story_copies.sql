-- Everybody who has a story, how like the original each is, and why the original counts as such.

CREATE VIEW story_copies AS
WITH compared AS (
    SELECT
        least(shorter_id, longer_id) AS low, greatest(shorter_id, longer_id) AS high,
        max(similarity) AS similarity
    FROM copy_pairs
    GROUP BY ALL
)
SELECT
    s.story_id, a.article_id, a.copy_kind, a.told_at, a.told_at - s.started_at AS behind,
    CASE WHEN a.text_hash = o.text_hash THEN 1 ELSE p.similarity END AS similarity,
    CASE
        WHEN a.article_id <> o.article_id THEN CASE
            WHEN a.told_at > s.started_at + INTERVAL 14 DAY THEN 'republication'
            WHEN a.copy_kind = 'exact' THEN 'same_text'
            WHEN p.similarity IS NOT NULL THEN 'near_text'
            ELSE 'like_another_copy'
        END
        WHEN s.articles = 1 THEN 'alone'
        WHEN s.outlets = 1 THEN 'one_outlet'
        WHEN s.first_certain IS NULL THEN 'early_version'
        WHEN s.first_certain THEN 'certain'
        WHEN len(s.first_candidates) = 1 THEN 'names_source'
        WHEN coalesce(a.date_evidence, 'none') = 'none' THEN 'no_date'
        WHEN a.date_flag IN ('day', 'no_zone') THEN a.date_flag
        WHEN a.date_evidence IN ('word', 'refuted') THEN a.date_evidence
        ELSE 'tie'
    END AS reason,
    list_contains(s.first_candidates, a.article_id) AS may_be_first,
    a.title, coalesce(outlet_of.name, a.host) AS outlet, a.site, a.language, a.topics,
    a.canonical_url AS url
FROM stories AS s
JOIN articles AS a ON a.story_id = s.story_id
JOIN articles AS o ON o.article_id = s.original_id
LEFT JOIN outlets AS outlet_of ON outlet_of.site = a.site
LEFT JOIN compared AS p
    ON p.low = least(a.article_id, o.article_id) AND p.high = greatest(a.article_id, o.article_id);
COMMENT ON VIEW story_copies IS 'Every article of every story, the original among them: how far behind it each came, how like it each is, and why.';

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN story_copies.story_id IS 'The story.';
COMMENT ON COLUMN story_copies.article_id IS 'An article of it.';
COMMENT ON COLUMN story_copies.copy_kind IS 'original, exact (the same text) or near.';
COMMENT ON COLUMN story_copies.told_at IS 'By when it was out for certain, as in articles.';
COMMENT ON COLUMN story_copies.behind IS 'How long after the original that is.';
COMMENT ON COLUMN story_copies.similarity IS 'Share of their shingles that it and the original both have, 0 to 1; NULL where the two were never found alike, but each like another copy.';
COMMENT ON COLUMN story_copies.reason IS 'Of a copy: republication (told more than 14 days after the original), same_text, near_text or like_another_copy. Of the original, why it counts as such. Without a doubt: alone (nobody else has it), one_outlet (all articles are of one), certain (as first_certain in stories says). With one: names_source (it, or a copy, names a source that is not here), no_date, day, no_zone, word or refuted (what is wrong with its date, as in articles), tie (times that are borne out do not tell it from others), early_version (which kept no evidence).';
COMMENT ON COLUMN story_copies.may_be_first IS 'Whether it may have been first, as first_candidates in stories says.';
COMMENT ON COLUMN story_copies.title IS 'Its headline.';
COMMENT ON COLUMN story_copies.outlet IS 'Name of its outlet, as in outlets.';
COMMENT ON COLUMN story_copies.site IS 'Its outlet: see outlets.';
COMMENT ON COLUMN story_copies.language IS 'Its language.';
COMMENT ON COLUMN story_copies.topics IS 'Its topics.';
COMMENT ON COLUMN story_copies.url IS 'Its canonical URL.';
