-- What a search looks for, as regular expressions: one for each word or quoted phrase, or for
-- several of which one is enough; `unwanted`, one for all those behind a minus. In a text as it
-- stands they find what `pressclip search` finds in its index (parsers/text/search_words.py): whole
-- words, whatever their case, accents and width, and between two words of a phrase whatever is none.
-- Folding every text would take ten times as long. A pattern made of constants is made once for all.

CREATE MACRO search_patterns(query, unwanted := false) AS
list_transform(
    search_asked(query, unwanted := unwanted),
    lambda phrases: '(?i)' || list_aggregate(list_transform(
        string_split(phrases, '|'),
        lambda phrase: list_aggregate(list_transform(
            string_split(regexp_replace(replace('^' || phrase || '$', '__', '_'), '^\^_|_\$$', '', 'g'), ''),
            lambda sign: search_letter(sign)
        ), 'string_agg', '')
    ), 'string_agg', '|')
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_patterns IS 'search_patterns(query, unwanted := false): the regular expressions by which search() finds words and quoted phrases, one for each; unwanted, one for all that must not be there.';
