-- What the columns of views mean that were made anew.
-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN funnel.step IS 'To sort by.';
COMMENT ON COLUMN funnel.stage IS 'seen (all of them), then each state.';
COMMENT ON COLUMN funnel.reason IS 'Why, as a short name; for stored entries: new_story, or copy of one.';
COMMENT ON COLUMN funnel.entries IS 'Entries.';
COMMENT ON COLUMN funnel.share IS 'Share of all entries seen.';

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
COMMENT ON COLUMN sources.reason IS 'Why it is failing, silent or retired; NULL if all is well.';
COMMENT ON COLUMN sources.proposed_url IS 'The feed that a page in its place names: pressclip feeds move takes it.';
COMMENT ON COLUMN sources.former_url IS 'Where it was asked before it moved.';
