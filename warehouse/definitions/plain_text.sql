-- A text without its marks of form, as `without_marks` of parsers/text/marks.py.

CREATE MACRO plain_text(text) AS
regexp_replace(
    regexp_replace(text, '(?m)^(?:> )*(?:## |- |[0-9]{1,9}\.\x{00A0}|\| )?', '', 'g'),
    '(?m)(?: \|)+( |$)', '\1', 'g'
);

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO plain_text IS 'plain_text(text): a text without the marks of its subheadings (## ), quotations (> ), items of lists (- , 1. ) and cells of tables ( | ).';
