-- How a sign of a search is found in a text (see search_patterns.sql): a letter with whatever accents it
-- may bear there, in one sign or two; `^` and `$` where a word begins and ends; a space between words, and
-- `_` between two of which one is a sign of a script without spaces, which need nothing between; `+` is any
-- word, `@` any sign of such a script. (`~` stands for all signs of words, in blocks, and `@` for those:
-- by category the pattern would take a millisecond to make.)

CREATE MACRO search_letter(sign) AS replace(
    replace(
        CASE sign
            WHEN '+' THEN '[~]+'
            WHEN '@' THEN '([@])'
            WHEN '^' THEN '(?:^|[^~\x{300}-\x{36F}]|[@])'
            WHEN '$' THEN '(?:$|[^~]|[@])'
            WHEN ' ' THEN '[^~]+'
            WHEN '_' THEN '[^~]*'
            WHEN 'ß' THEN '(?:ß|[sśŝşšșṡṣｓ][\x{300}-\x{36F}]*[sśŝşšșṡṣｓ])[\x{300}-\x{36F}]*'
            ELSE '[' || sign || coalesce(string_split(
                    '０ １ ２ ３ ４ ５ ６ ７ ８ ９ àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặａ ḃḅḇｂ çćĉċčḉｃ ďḋḍḏḑḓｄ ' ||
                    'èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệｅ ḟｆ ĝğġģǧǵḡｇ ĥȟḣḥḧḩḫẖｈ ìíîïĩīĭįǐȉȋḭḯỉịｉ ĵǰｊ ķǩḱḳḵｋ ' ||
                    'ĺļľḷḹḻḽｌ ḿṁṃｍ ñńņňǹṅṇṉṋｎ òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợｏ ṕṗｐ ｑ ŕŗřȑȓṙṛṝṟｒ ' ||
                    'śŝşšſșṡṣṥṧṩẛｓ ţťțṫṭṯṱẗｔ ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựｕ ṽṿｖ ŵẁẃẅẇẉẘｗ ẋẍｘ ' ||
                    'ýÿŷȳẏẙỳỵỷỹｙ źżžẑẓẕｚ ǣǽ ǿ ǯ άἀἁἂἃἄἅἆἇὰάᾰᾱᾶ ϐ έϵἐἑἒἓἔἕὲέ ήἠἡἢἣἤἥἦἧὴήῆ ϑ ' ||
                    'ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ ϰ όὀὁὂὃὄὅὸό ϖ ϱῤῥ ς ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ ϕ ώὠὡὢὣὤὥὦὧὼώῶ ӑӓ ' ||
                    'ѓ ѐёӗ ӂӝ ӟ йѝӣӥ ќ ӧ ўӯӱӳ ӵ ӹ ӭ ї ѷ ӛ ӫ',
                    ' '
                )[strpos(
                    '0123456789abcdefghijklmnopqrstuvwxyzæøʒαβεηθικοπρσυφωагежзикоучыэіѵәө', sign
                )], '') || '][\x{300}-\x{36F}]*'
        END,
        '~',
            '0-9A-Za-zª²³µ¹º¼-¾À-ÖØ-öø-\x{2C1}\x{370}-\x{37D}\x{37F}-\x{386}\x{388}-\x{481}' ||
            '\x{48A}-\x{556}\x{560}-\x{588}\x{591}-\x{5BD}\x{5D0}-\x{5F2}\x{620}-\x{669}' ||
            '\x{66E}-\x{6D3}\x{6D5}-\x{7F5}\x{800}-\x{963}\x{966}-\x{96F}\x{971}-\x{1360}' ||
            '\x{1369}-\x{17FF}\x{1810}-\x{1FFF}\x{2070}-\x{2089}\x{2C00}-\x{2DFF}' ||
            '\x{3005}-\x{3007}\x{3040}-\x{D7FF}\x{F900}-\x{FD3D}\x{FD50}-\x{FDFB}' ||
            '\x{FE70}-\x{FEFC}０-９Ａ-Ｚａ-ｚ\x{FF66}-\x{FFDC}\x{10000}-\x{1EFFF}\x{20000}-\x{3FFFF}'
    ),
    '@',
    '\x{E00}-\x{EFF}\x{1000}-\x{109F}\x{1780}-\x{17FF}\x{3040}-\x{30FF}\x{31F0}-\x{31FF}' ||
    '\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{F900}-\x{FAFF}\x{20000}-\x{3FFFF}'
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_letter IS 'search_letter(sign): how search() finds one letter; a part of search_patterns(query).';
