-- What search() looks at beside the texts of articles, to find out cheaply which may have the words. It
-- looks for a word as it stands in the search, with a capital, and in capitals: most stand so in a text.
-- Those that do not (accents, capitals inside, ß, wide digits) are kept folded, and so are title and
-- standfirst. Whatever the patterns of search_patterns(query) find is found like this, too; the patterns
-- then decide.

CREATE MACRO search_words(title, standfirst, text, signs) AS search_bare(
    concat_ws(' ', title, standfirst, coalesce(list_aggregate(list_sort(list_distinct(regexp_extract_all(
        regexp_replace(text, signs.alone, ' ', 'g'), signs.apart
    ))), 'string_agg', ' '), '')),
    signs.letters,
    signs.bases
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_words IS 'search_words(title, standfirst, text, signs): what is kept of an article for search(), in the column of that name; signs are search_signs().';
