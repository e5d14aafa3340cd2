-- Of a text, sketches of its bigrams and of its frame, and a hash of its title: they tell reworded
-- copies, forms and regional editions. Of a pair, in which letters the sketches agree: it tells which
-- part of the longer text the shorter one is. What is stored already has none of them and is compared
-- as before, so that no stored story changes.

ALTER TABLE fingerprints ADD COLUMN bigram_sketch VARCHAR;
ALTER TABLE fingerprints ADD COLUMN frame_sketch VARCHAR;
ALTER TABLE fingerprints ADD COLUMN title_hash UBIGINT;

ALTER TABLE copy_pairs ADD COLUMN matched VARCHAR;
