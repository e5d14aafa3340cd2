-- Revisions are told by what readers see of a text, signs and currencies too. Of what is stored that
-- is worked out here, so nothing that was read before counts as changed. Mentions say which revision
-- they were read from: those that are stored are of the latest.

ALTER TABLE articles ADD COLUMN shown_hash UBIGINT;
ALTER TABLE superseded ADD COLUMN shown_hash UBIGINT;
UPDATE articles SET shown_hash = md5_number_lower(trim(regexp_replace(
    translate(
        replace(lower(nfc_normalize(regexp_replace(
                regexp_replace(text, '(?m)^(?:> )*(?:## |- |[0-9]{1,9}\.\x{00A0}|\| )?', '', 'g'),
                '(?m)(?: \|)+( |$)', '\1', 'g'
            ))), '…', '...'),
        '“”„‟«»‘’‚‛`´‐‑‒–—―−',
        '""""""''''''''''''-------'
    ),
    '[\s\p{Z}\x{AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}]+', ' ', 'g'
)));
UPDATE superseded SET shown_hash = md5_number_lower(trim(regexp_replace(
    translate(
        replace(lower(nfc_normalize(regexp_replace(
                regexp_replace(text, '(?m)^(?:> )*(?:## |- |[0-9]{1,9}\.\x{00A0}|\| )?', '', 'g'),
                '(?m)(?: \|)+( |$)', '\1', 'g'
            ))), '…', '...'),
        '“”„‟«»‘’‚‛`´‐‑‒–—―−',
        '""""""''''''''''''-------'
    ),
    '[\s\p{Z}\x{AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}]+', ' ', 'g'
)));

ALTER TABLE mentions ADD COLUMN revision_hash UBIGINT;
ALTER TABLE mentions ADD COLUMN is_latest BOOLEAN;
UPDATE mentions SET
    revision_hash = md5_number_lower(concat_ws(
        ' ', shown_hash::VARCHAR, coalesce(text_kind IN ('feed', 'carried'), false), title
    )),
    is_latest = true
FROM articles WHERE articles.article_id = mentions.article_id;
