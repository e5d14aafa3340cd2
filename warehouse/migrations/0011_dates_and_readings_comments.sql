-- What the columns of the views and the macros mean that were made anew.
-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON COLUMN article_revisions.article_id IS 'The article.';
COMMENT ON COLUMN article_revisions.revision IS 'Number of the revision, in the order they were shown.';
COMMENT ON COLUMN article_revisions.changed IS 'What changed since the revision before: title, text or both; NULL for the first.';
COMMENT ON COLUMN article_revisions.title IS 'Headline of this revision.';
COMMENT ON COLUMN article_revisions.standfirst IS 'Standfirst of this revision.';
COMMENT ON COLUMN article_revisions.text IS 'Text of this revision.';
COMMENT ON COLUMN article_revisions.published_at IS 'Published time that it gave when it was read last.';
COMMENT ON COLUMN article_revisions.modified_at IS 'Modified time that it gave when it was read last.';
COMMENT ON COLUMN article_revisions.first_seen_at IS 'When it was first seen; of a text that returned: when it was seen again.';
COMMENT ON COLUMN article_revisions.read_at IS 'When it was last read before another was seen.';
COMMENT ON COLUMN article_revisions.text_hash IS 'Hash of its normalised text.';
COMMENT ON COLUMN article_revisions.is_latest IS 'Whether it is what stands now.';
COMMENT ON COLUMN article_revisions.batch_id IS 'The batch that brought it.';
COMMENT ON COLUMN article_revisions.date_flag IS 'What is wrong with published_at, as in articles.';

COMMENT ON COLUMN clippings.started_at IS 'When the original was told, and no copy before it: by when it was out for certain (told_at in articles).';
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
COMMENT ON COLUMN clippings.wire IS 'News agency that the story comes from, where one of its articles names it.';
COMMENT ON COLUMN clippings.date_flag IS 'What is wrong with published_at: future, day (no time is known) or no_zone; NULL if nothing.';

COMMENT ON COLUMN coverage_daily.day IS 'Day (UTC) on which they were told: of publication, or else of first sight.';
COMMENT ON COLUMN coverage_daily.topic IS 'Topic.';
COMMENT ON COLUMN coverage_daily.language IS 'Language of the articles.';
COMMENT ON COLUMN coverage_daily.articles IS 'Articles, copies included.';
COMMENT ON COLUMN coverage_daily.stories IS 'Articles that are not copies.';
COMMENT ON COLUMN coverage_daily.hosts IS 'Different hosts.';
COMMENT ON COLUMN coverage_daily.salience IS 'Mean salience of the topic in them.';

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

COMMENT ON MACRO TABLE search IS 'search(query, days := 30): articles of the last days that contain all the words, whatever their case and accents, those with all of them in the title first, then the newest.';
COMMENT ON MACRO TABLE story IS 'story(id or URL): the original and its copies, with how long each came behind it; any article of the story will do.';
COMMENT ON MACRO TABLE diff IS 'diff(id or URL): what each revision of an article took away (-), added (+) and only moved (~), paragraph by paragraph.';
COMMENT ON MACRO TABLE timeline IS 'timeline(topic): day by day, how many stories began and the headline of the one most copied; the case of the topic does not matter.';
