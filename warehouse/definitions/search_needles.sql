-- For which strings search() looks first, as search_words.sql says: each word in small letters, with a
-- capital and in capitals, but for those of which one is enough. The longest words come first: of those
-- there are the fewest.

CREATE MACRO search_needles(query) AS
list_transform(
    list_sort(list_transform(
        list_distinct(list_filter(
            string_split_regex(
                coalesce(list_aggregate(
                    list_filter(search_asked(query), lambda phrases: NOT contains(phrases, '|')),
                    'string_agg', ' '
                ), ''),
                -- Digraphs have three cases (ǆ, ǅ, Ǆ): what stands beside them is looked for.
                '[ _ǆǉǌǳ]+'
            ),
            lambda word: word <> ''
        )),
        lambda word: {'shortness': -len(word), 'word': search_fold(word)}
    )),
    lambda each: {
        'small': each.word,
        'capital': upper(each.word[1]) || each.word[2:],
        'capitals': upper(each.word)
    }
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_needles IS 'search_needles(query): the words of a search as they may stand in a text, the longest first.';
