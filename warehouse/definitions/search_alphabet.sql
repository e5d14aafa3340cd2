-- Of which signs words are made, in blocks, to stand in the class of a regular expression: by category a
-- pattern would take a millisecond to make. One literal each: every piece is planned wherever this
-- stands, and so is what array_to_string is asked about, twice (list_aggregate once). `alone`: those of scripts that write no spaces between words.

CREATE MACRO search_alphabet() AS {
    'words':
        '0-9A-Za-zª²³µ¹º¼-¾À-ÖØ-öø-\x{2C1}\x{370}-\x{37D}\x{37F}-\x{386}\x{388}-\x{481}\x{48A}-\x{556}\x{560}-\x{588}\x{591}-\x{5BD}\x{5D0}-\x{5F2}\x{620}-\x{669}\x{66E}-\x{6D3}\x{6D5}-\x{7F5}\x{800}-\x{963}\x{966}-\x{96F}\x{971}-\x{1360}\x{1369}-\x{17FF}\x{1810}-\x{1FFF}\x{2070}-\x{2089}\x{2C00}-\x{2DFF}\x{3005}-\x{3007}\x{3040}-\x{D7FF}\x{F900}-\x{FD3D}\x{FD50}-\x{FDFB}\x{FE70}-\x{FEFC}０-９Ａ-Ｚａ-ｚ\x{FF66}-\x{FFDC}\x{10000}-\x{1EFFF}\x{20000}-\x{3FFFF}',
    'alone':
        '\x{E00}-\x{EFF}\x{1000}-\x{109F}\x{1780}-\x{17FF}\x{3040}-\x{30FF}\x{31F0}-\x{31FF}\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{F900}-\x{FAFF}\x{20000}-\x{3FFFF}'
};

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO search_alphabet IS 'search_alphabet(): the signs of words, and those that are a word each.';
