-- What a search looks for, as regular expressions: one for each word or quoted phrase. In a text as it
-- stands they find what `pressclip search` finds in its index (parsers/text/search_words.py): whole
-- words, whatever their case, accents and width, and between two words of a phrase whatever is none.
-- Folding every text would take ten times as long. A pattern made of constants is made once for all.

CREATE MACRO search_patterns(query) AS
list_transform(
    search_asked(query),
    lambda phrase: '(?i)' || array_to_string(list_transform(
        string_split(regexp_replace(replace('^' || phrase || '$', '__', '_'), '^\^_|_\$$', '', 'g'), ''),
        lambda sign: search_letter(sign)
    ), '')
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_patterns IS 'search_patterns(query): the regular expressions by which search() finds words and quoted phrases, one for each.';
