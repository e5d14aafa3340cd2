-- Who publishes.

COMMENT ON TABLE outlets IS 'One row per outlet: a site that somebody registered, with all its hosts (www, m, amp, edition …). On shared domains, as those of blog platforms, each tenant is an outlet.';
COMMENT ON COLUMN outlets.site IS 'The registered name, such as example.co.uk or jane.blogspot.com, by the Public Suffix List.';
COMMENT ON COLUMN outlets.name IS 'What it is called; name_source says by whom. Never what the page of one article says.';
COMMENT ON COLUMN outlets.name_source IS 'operator (pressclip outlets name), home_page (its own, asked once in 30 days), feed (the title of a feed that is asked at this site, the shortest of several) or host (nobody named it).';
COMMENT ON COLUMN outlets.country IS 'Country, as ISO 3166-1 alpha-2; NULL if unknown.';
COMMENT ON COLUMN outlets.country_source IS 'tld: the site''s name ends with that country''s code, which says where it is registered.';
COMMENT ON COLUMN outlets.language IS 'Language, as a BCP 47 primary subtag; NULL if unknown, or if its feeds have several.';
COMMENT ON COLUMN outlets.language_source IS 'home_page (what it states of itself) or feed (what all its feeds state, or the list they came from).';
COMMENT ON COLUMN outlets.first_seen_at IS 'When an article or a feed of it first came to the desk.';
COMMENT ON COLUMN outlets.home_url IS 'Which home page was asked for its name; NULL: none yet.';
COMMENT ON COLUMN outlets.asked_at IS 'When it was asked last.';
COMMENT ON COLUMN outlets.error IS 'Short name of what kept that from being read; NULL if nothing.';

COMMENT ON TABLE outlet_states IS 'What operators and home pages ever said of outlets: the history behind outlets.';
COMMENT ON COLUMN outlet_states.site IS 'The outlet.';
COMMENT ON COLUMN outlet_states.source IS 'operator or home_page.';
COMMENT ON COLUMN outlet_states.name IS 'The name given; NULL from an operator: the name given before counts no more.';
COMMENT ON COLUMN outlet_states.language IS 'The language stated.';
COMMENT ON COLUMN outlet_states.home_url IS 'The home page that was asked.';
COMMENT ON COLUMN outlet_states.error IS 'Short name of what kept it from being read.';
COMMENT ON COLUMN outlet_states.batch_id IS 'The batch that brought it.';
COMMENT ON COLUMN outlet_states.recorded_at IS 'When it was said, or the home page asked.';
COMMENT ON COLUMN outlet_states.clock_epoch IS 'How often the clock had been found to be set back until then: what has less ranks below, whatever its times; NULL is 0.';

COMMENT ON TABLE listings IS 'What outlets were asked for the articles of headlines that a news search had shown: one row per request.';
COMMENT ON COLUMN listings.site IS 'The outlet.';
COMMENT ON COLUMN listings.url IS 'What was asked.';
COMMENT ON COLUMN listings.kind IS 'home_page, feed, news_sitemap (with titles) or sitemap.';
COMMENT ON COLUMN listings.asked_at IS 'When.';
COMMENT ON COLUMN listings.pages IS 'Pages that it listed.';
COMMENT ON COLUMN listings.found IS 'Headlines whose article was among them.';
COMMENT ON COLUMN listings.error IS 'Short name of what kept it from being read; NULL if nothing.';
COMMENT ON COLUMN listings.batch_id IS 'The batch that brought it.';
COMMENT ON COLUMN listings.clock_epoch IS 'How often the clock had been found to be set back until then; NULL is 0.';
