-- What somebody looks for: words and quoted phrases, folded. A space stands between words, `_` between two
-- of which one is a sign of a script without spaces; ss is ß.

CREATE MACRO search_asked(query) AS
list_filter(
    list_transform(
        list_transform(
            regexp_extract_all(query, '"[^"]*"?|[^\s\p{Z}]+'),
            lambda part: translate(
                CASE
                    WHEN regexp_matches(part, '[\p{Latin}\p{Greek}\p{Cyrillic}]')
                    THEN strip_accents(lower(part))
                    ELSE lower(part)
                END,
                '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
                '0123456789abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz'
            )
        ),
        lambda part: regexp_replace(
            array_to_string(regexp_extract_all(
                replace(part, 'ss', 'ß'),
                '[' || search_alphabet().words || ']+'
            ), ' '),
            ' ?([' || search_alphabet().alone || ']) ?',
            '_\1_', 'g'
        )
    ),
    lambda phrase: phrase <> ''
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_asked IS 'search_asked(query): the words and quoted phrases of a search, folded.';
