-- Which letters count as the same in a search, beside capitals: each of `bases` is found in whatever stands
-- at its place in `letters`, and with any accent that is a sign of its own. One literal each, as in search_alphabet.sql.

CREATE MACRO search_accents() AS {
    'bases': '0123456789abcdefghijklmnopqrstuvwxyzæøʒαβεηθικοπρσυφωагежзикоучыэіѵәө',
    'letters': string_split(
        '０ １ ２ ３ ４ ５ ６ ７ ８ ９ àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặａ ḃḅḇｂ çćĉċčḉｃ ďḋḍḏḑḓｄ èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệｅ ḟｆ ĝğġģǧǵḡｇ ĥȟḣḥḧḩḫẖｈ ìíîïĩīĭįǐȉȋḭḯỉịｉ ĵǰｊ ķǩḱḳḵｋ ĺļľḷḹḻḽｌ ḿṁṃｍ ñńņňǹṅṇṉṋｎ òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợｏ ṕṗｐ ｑ ŕŗřȑȓṙṛṝṟｒ śŝşšſșṡṣṥṧṩẛｓ ţťțṫṭṯṱẗｔ ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựｕ ṽṿｖ ŵẁẃẅẇẉẘｗ ẋẍｘ ýÿŷȳẏẙỳỵỷỹｙ źżžẑẓẕｚ ǣǽ ǿ ǯ άἀἁἂἃἄἅἆἇὰάᾰᾱᾶ ϐ έϵἐἑἒἓἔἕὲέ ήἠἡἢἣἤἥἦἧὴήῆ ϑ ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ ϰ όὀὁὂὃὄὅὸό ϖ ϱῤῥ ς ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ ϕ ώὠὡὢὣὤὥὦὧὼώῶ ӑӓ ѓ ѐёӗ ӂӝ ӟ йѝӣӥ ќ ӧ ўӯӱӳ ӵ ӹ ӭ ї ѷ ӛ ӫ',
        ' '
    )
};

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_accents IS 'search_accents(): the letters that search() finds with accents too, and with which.';
