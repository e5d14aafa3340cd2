-- What search_fold(text) does: letters in `letters` become those at their places in `bases`.

CREATE MACRO search_bare(text, letters, bases) AS replace(
    translate(regexp_replace(lower(text), '[\x{300}-\x{36F}]+', '', 'g'), letters, bases), 'ß', 'ss'
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_bare IS 'search_bare(text, letters, bases): what search_fold(text) is made of.';
