-- What search_words() is made with, as text. It is the same for each article, and takes longer to work
-- out than the words of some hundreds: whoever stores articles asks for it once.

CREATE MACRO search_signs() AS {
    'alone': '[' || search_alphabet().alone || ']',
    'apart': replace(
        -- An accent; a capital behind a small letter; one behind another sign, and a small letter.
        '§*(?:(?i:[ß' || replace(list_aggregate(search_accents().letters, 'string_agg', ''), 'ſ', '') || '])|[\x{300}-\x{36F}ſµ\x{212A}]'
        || '|\p{Ll}§*\p{Lu}|§\p{Lu}§*\p{Ll})§*',
        '§', '[' || search_alphabet().words || '\x{300}-\x{36F}]'
    ),
    'letters': list_aggregate(search_accents().letters, 'string_agg', '') || 'µ',
    'bases': list_aggregate(list_transform(
        search_accents().letters, lambda letters, place: repeat(search_accents().bases[place], len(letters))
    ), 'string_agg', '') || 'μ'
};

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_signs IS 'search_signs(): the patterns that search_words() is made with.';
