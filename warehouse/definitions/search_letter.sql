-- How a sign of a search is found in a text (see search_patterns.sql): a letter with whatever accents it
-- may bear there, in one sign or two; `^` and `$` where a word begins and ends; a space between words, and
-- `_` between two of which one is a sign of a script without spaces, which need nothing between.

CREATE MACRO search_letter(sign) AS CASE sign
    WHEN '^' THEN '(?:^|[^' || search_alphabet().words || '\x{300}-\x{36F}]|[' || search_alphabet().alone || '])'
    WHEN '$' THEN '(?:$|[^' || search_alphabet().words || ']|[' || search_alphabet().alone || '])'
    WHEN ' ' THEN '[^' || search_alphabet().words || ']+'
    WHEN '_' THEN '[^' || search_alphabet().words || ']*'
    WHEN 'ß' THEN '(?:ß|[sśŝşšșṡṣｓ][\x{300}-\x{36F}]*[sśŝşšșṡṣｓ])[\x{300}-\x{36F}]*'
    ELSE '[' || sign || coalesce(search_accents().letters[strpos(search_accents().bases, sign)], '')
        || '][\x{300}-\x{36F}]*'
END;

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_letter IS 'search_letter(sign): how search() finds one letter; a part of search_patterns(query).';
