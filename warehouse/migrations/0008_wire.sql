-- The news agency that a text comes from, where it names one.

ALTER TABLE articles ADD COLUMN wire VARCHAR;
ALTER TABLE stories ADD COLUMN wire VARCHAR;
