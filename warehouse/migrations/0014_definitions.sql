-- Views, macros and comments are definitions (warehouse/definitions). Which of them a warehouse has
-- is kept here; migrations made the ones before.

CREATE TABLE schema_definitions (
    revision INTEGER NOT NULL,
    hash VARCHAR NOT NULL,
    views VARCHAR[] NOT NULL,
    macros VARCHAR[] NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
INSERT INTO schema_definitions VALUES (
    0,
    '',
    ['article_revisions', 'clippings', 'coverage_daily', 'funnel', 'open_failures', 'sources'],
    ['diff', 'search', 'story', 'timeline'],
    now()
);
