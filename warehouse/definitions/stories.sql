-- Stories, and what tells which articles are copies of each other.

COMMENT ON TABLE stories IS 'One row per story: an original and its copies, wherever they appeared.';
COMMENT ON COLUMN stories.story_id IS 'The article_id of the one that came to the desk first: it stays, whoever turns out to be first. Where stories become one, or one becomes two, story_ids says what became of an id.';
COMMENT ON COLUMN stories.original_id IS 'The original: the article that was told first, by told_at, among those that name no source.';
COMMENT ON COLUMN stories.first_certain IS 'Whether no other article can have been first: each other outlet''s names this one as its source, or says a time after this one was seen, which is borne out, or its feed did not show it yet then; and this one names no source itself, nor a copy one that is not here. NULL where an early version stored it.';
COMMENT ON COLUMN stories.first_candidates IS 'The articles that may have been first, the original among them: one where that is certain, unless it names a source that is not here.';
COMMENT ON COLUMN stories.started_at IS 'When the original was told: its told_at.';
COMMENT ON COLUMN stories.articles IS 'Articles in it, the original included.';
COMMENT ON COLUMN stories.hosts IS 'Different hosts among them.';
COMMENT ON COLUMN stories.outlets IS 'Different outlets among them.';
COMMENT ON COLUMN stories.languages IS 'Languages among them.';
COMMENT ON COLUMN stories.topics IS 'Topics of any of them; empty if all are off topic.';
COMMENT ON COLUMN stories.salience IS 'The highest salience of any topic in any of them.';
COMMENT ON COLUMN stories.wire IS 'News agency that the story comes from: the one that the earliest of its articles which names one names.';

COMMENT ON TABLE copy_pairs IS 'Pairs of articles that had nearly the same text at nearly the same time; which of them are one story is decided over all pairs that hang together. A pair that was compared in several revisions has several rows.';
COMMENT ON COLUMN copy_pairs.shorter_id IS 'The article with the shorter text, or the smaller id.';
COMMENT ON COLUMN copy_pairs.longer_id IS 'The article with the longer text.';
COMMENT ON COLUMN copy_pairs.similarity IS 'Share of their shingles that both have, 0 to 1, estimated from the sketches; 1 for the same text, and where an early version joined them.';
COMMENT ON COLUMN copy_pairs.contained IS 'Share of the shorter text that is in the longer one, 0 to 1.';

COMMENT ON COLUMN copy_pairs.matched IS 'In which letters the sketches agree, a bit each, in hexadecimal: which part of the longer text the shorter one is. Of the first 128 only, or NULL, where an early version stored it; NULL for the same text.';

COMMENT ON TABLE fingerprints IS 'MinHash sketches of every text of an article, in the order they were read; to tell near copies.';
COMMENT ON COLUMN fingerprints.article_id IS 'The article.';
COMMENT ON COLUMN fingerprints.text_hash IS 'Which text of it.';
COMMENT ON COLUMN fingerprints.day IS 'Day (UTC) on which it was read.';
COMMENT ON COLUMN fingerprints.sketch IS 'A letter for each of 640 MinHash values: the share of equal ones, less the one in 64 that is equal by chance, estimates the similarity. 128 letters where an early version stored it; empty for a text that only exact copies can be told of.';
COMMENT ON COLUMN fingerprints.shingles IS 'Different shingles of the text; NULL where an early version stored it.';
COMMENT ON COLUMN fingerprints.title_band IS 'A band of a text too short for a sketch: a hash of it and its title; NULL for others, and where an early version stored it.';
COMMENT ON COLUMN fingerprints.bigram_sketch IS 'The same as sketch, of two words instead of four and in 256 letters: tells copies in which every fourth word is another. NULL where an early version stored it.';
COMMENT ON COLUMN fingerprints.frame_sketch IS 'The same of the text without its numbers and names, in 256 letters: tells texts that fill in one form; empty where that leaves too little, NULL where an early version stored it.';
COMMENT ON COLUMN fingerprints.title_hash IS 'A hash of the title under which it was read: one headline tells regional editions from other texts of a site. NULL where an early version stored it.';

COMMENT ON TABLE bands IS 'Bands of MinHash values and hashes of some phrases, appended in the order of days: texts that share one may be copies.';
COMMENT ON COLUMN bands.band IS 'Two neighbouring MinHash values in one number; where the text is too short for them, a hash of it, and one of it and its title.';
COMMENT ON COLUMN bands.article_id IS 'The article.';
COMMENT ON COLUMN bands.text_hash IS 'Which text of it.';
COMMENT ON COLUMN bands.day IS 'Day (UTC) on which it was read.';
