-- What readers see of a text: its signs, currencies and quotation marks too, but neither marks of form
-- nor how it is set (spaces and lines, the shape of quotation marks and dashes, capitals). Revisions are
-- told by it.

CREATE MACRO shown_text(text) AS
trim(regexp_replace(
    translate(
        replace(lower(nfc_normalize(plain_text(text))), '…', '...'),
        '“”„‟«»‘’‚‛`´‐‑‒–—―−',
        '""""""''''''''''''-------'
    ),
    '[\s\p{Z}\x{AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}]+', ' ', 'g'
));

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO shown_text IS 'shown_text(text): what readers see of a text, however it is set; two that differ in it are two revisions.';
