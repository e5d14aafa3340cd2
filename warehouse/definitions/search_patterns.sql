-- What a search looks for, as regular expressions: one for each word or quoted phrase. In a text as it
-- stands they find what `pressclip search` finds in its index (parsers/text/search_words.py): whole
-- words, whatever their case, accents and width, and between two words of a phrase whatever is none.
-- Folding every text would take ten times as long. A pattern made of constants is made once for all.

CREATE MACRO search_patterns(query) AS
list_transform(
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
            -- One sign between words, another beside a sign of a script without spaces; ss is ß.
            lambda part: regexp_replace(
                array_to_string(regexp_extract_all(
                    replace(part, 'ss', 'ß'),
                    search_letter('+')
                ), ' '),
                ' ?' || search_letter('@') || ' ?',
                '_\1_', 'g'
            )
        ),
        lambda phrase: phrase <> ''
    ),
    lambda phrase: '(?i)' || array_to_string(list_transform(
        string_split(regexp_replace(replace('^' || phrase || '$', '__', '_'), '^\^_|_\$$', '', 'g'), ''),
        lambda sign: search_letter(sign)
    ), '')
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_patterns IS 'search_patterns(query): the regular expressions by which search() finds words and quoted phrases, one for each.';
