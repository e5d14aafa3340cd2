-- A text as search() compares it: in small letters, without accents, ß as ss.

CREATE MACRO search_fold(text) AS search_bare(
    text,
    list_aggregate(search_accents().letters, 'string_agg', '') || 'µ',
    list_aggregate(list_transform(
        search_accents().letters, lambda letters, place: repeat(search_accents().bases[place], len(letters))
    ), 'string_agg', '') || 'μ'
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_fold IS 'search_fold(text): small letters without accents, as search() compares them.';
