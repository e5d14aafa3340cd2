-- What somebody looks for: words and quoted phrases, folded, a bar between those of which one is enough (OR);
-- `unwanted`, those that have a minus before them, all in one. A space stands between words, `_` between
-- two of which one is a sign of a script without spaces; ss is ß.

CREATE MACRO search_asked(query, unwanted := false) AS
list_filter(
    string_split(
        -- OR is a letter that is in no word: between two phrases it joins them, elsewhere it counts for nothing.
        regexp_replace(regexp_replace(
            coalesce(list_aggregate(list_filter(list_transform(
                list_transform(
                    list_filter(
                        regexp_extract_all(query, '-?"[^"]*"?|[^\s\p{Z}]+'),
                        lambda part: starts_with(part, '-') = unwanted
                    ),
                    lambda part: translate(
                        CASE
                            WHEN part = 'OR' THEN 'ꙮ'
                            WHEN regexp_matches(part, '[\p{Latin}\p{Greek}\p{Cyrillic}]')
                            THEN strip_accents(lower(part))
                            ELSE lower(part)
                        END,
                        '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
                        '0123456789abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz'
                    )
                ),
                lambda part: regexp_replace(
                    coalesce(list_aggregate(regexp_extract_all(
                        replace(part, 'ss', 'ß'),
                        '[' || search_alphabet().words || ']+'
                    ), 'string_agg', ' '), ''),
                    ' ?([' || search_alphabet().alone || ']) ?',
                    '_\1_', 'g'
                )
            ), lambda phrase: phrase <> ''), 'string_agg', chr(1)), ''),
            '^(?:ꙮ\x01?)+|(?:\x01ꙮ)+$', '', 'g'),
            CASE WHEN unwanted THEN '\x01' ELSE '(?:\x01ꙮ)+\x01' END, '|', 'g'
        ),
        chr(1)
    ),
    lambda phrases: phrases <> ''
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_asked IS 'search_asked(query, unwanted := false): the words and quoted phrases of a search, folded; unwanted, those behind a minus.';
