-- What search() looks at beside the texts of articles, to find out cheaply which may have the words. It
-- looks for a word as it stands in the search, with a capital, and in capitals: most stand so in a text.
-- Those that do not (accents, capitals inside, ß, wide digits) are kept folded, and so are title and
-- standfirst. Whatever the patterns of search_patterns(query) find is found like this, too; the patterns
-- then decide.

CREATE MACRO search_words(title, standfirst, text) AS search_fold(concat_ws(
    ' ', title, standfirst,
    coalesce(list_aggregate(list_sort(list_distinct(regexp_extract_all(
        regexp_replace(text, '[' || search_alphabet().alone || ']', ' ', 'g'),
        replace(
            -- An accent; a capital behind a small letter; one behind another sign, and a small letter.
            '§*(?:(?i:[ß' || replace(list_aggregate(search_accents().letters, 'string_agg', ''), 'ſ', '') || '])|[\x{300}-\x{36F}ſµ\x{212A}]'
            || '|\p{Ll}§*\p{Lu}|§\p{Lu}§*\p{Ll})§*',
            '§', '[' || search_alphabet().words || '\x{300}-\x{36F}]'
        )
    ))), 'string_agg', ' '), '')
));

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_words IS 'search_words(title, standfirst, text): what is kept of an article for search(), in the column of that name.';
