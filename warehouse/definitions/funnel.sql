-- Where all entries are on their walk.
--
-- Articles are joined by one condition: by two, one of which was about entries only, DuckDB compared
-- every entry with every article.

CREATE VIEW funnel AS
WITH counted AS (
    SELECT e.state, e.reason, a.copy_kind, count(*) AS entries
    FROM entries AS e
    LEFT JOIN articles AS a ON a.article_id = CASE WHEN e.state = 'stored' THEN e.article_id END
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
    SELECT
        6, 'stored', CASE WHEN copy_kind = 'original' THEN 'new_story' ELSE 'copy' END, sum(entries)
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

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN funnel.step IS 'To sort by.';
COMMENT ON COLUMN funnel.stage IS 'seen (all of them), then each state.';
COMMENT ON COLUMN funnel.reason IS 'Why, as a short name; for stored entries: new_story, or copy of one.';
COMMENT ON COLUMN funnel.entries IS 'Entries.';
COMMENT ON COLUMN funnel.share IS 'Share of all entries seen.';
