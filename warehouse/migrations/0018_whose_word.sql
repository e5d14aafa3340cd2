-- Whose word a feed's is, and what speaks for a date of publication.

ALTER TABLE feed_states ADD COLUMN named_site VARCHAR;
ALTER TABLE feed_states ADD COLUMN naming_page VARCHAR;
ALTER TABLE feeds ADD COLUMN named_site VARCHAR;
ALTER TABLE feeds ADD COLUMN naming_page VARCHAR;
ALTER TABLE articles ADD COLUMN not_shown_at TIMESTAMPTZ;
ALTER TABLE articles ADD COLUMN date_evidence VARCHAR;
ALTER TABLE articles ADD COLUMN first_said_at TIMESTAMPTZ;
ALTER TABLE articles ADD COLUMN first_said_flag VARCHAR;
ALTER TABLE articles ADD COLUMN first_said_read_at TIMESTAMPTZ;
ALTER TABLE articles ADD COLUMN first_said_batch_id VARCHAR;
ALTER TABLE articles ADD COLUMN backdated_to TIMESTAMPTZ;
ALTER TABLE articles ADD COLUMN backdated_flag VARCHAR;
ALTER TABLE superseded ADD COLUMN text_kind VARCHAR;

-- What a feed's text replaced was taken from a feed, as far as is known: it does not come back.
UPDATE superseded SET text_kind = 'feed'
WHERE article_id IN (SELECT article_id FROM articles WHERE text_kind = 'feed');

-- What early versions stored does not tell what the operator wrote from what a feed said of itself.
-- These feeds of the list that ships are asked at another name than their site's.
CREATE TEMP TABLE shipped AS
SELECT unnest([
    {'url': 'https://feeds.bbci.co.uk/news/technology/rss.xml',
        'site': 'https://www.bbc.com/', 'outlet': 'bbc.com'},
    {'url': 'https://feeds.bbci.co.uk/news/business/rss.xml',
        'site': 'https://www.bbc.com/', 'outlet': 'bbc.com'},
    {'url': 'https://feeds.bbci.co.uk/indonesia/rss.xml',
        'site': 'https://www.bbc.com/', 'outlet': 'bbc.com'},
    {'url': 'https://feeds.content.dowjones.io/public/rss/RSSWSJD',
        'site': 'https://www.wsj.com/', 'outlet': 'wsj.com'}
], recursive := true);
UPDATE feeds SET named_site = shipped.site, site = shipped.outlet FROM shipped
WHERE feeds.url = shipped.url;
UPDATE feed_states SET named_site = shipped.site FROM shipped WHERE feed_states.url = shipped.url;
DROP TABLE shipped;
