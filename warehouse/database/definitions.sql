-- The views and macros that a warehouse was given.

-- name: ours
-- Those of them that are there, and what kind of thing each is.
SELECT 'VIEW' AS kind, view_name AS name
FROM duckdb_views()
WHERE database_name = 'wh' AND schema_name = 'main'
    AND view_name IN (SELECT unnest(views) FROM schema_definitions)
UNION
SELECT CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END, function_name
FROM duckdb_functions()
WHERE database_name = 'wh' AND schema_name = 'main' AND function_type IN ('macro', 'table_macro')
    AND function_name IN (SELECT unnest(macros) FROM schema_definitions)
ORDER BY ALL;

-- name: taken
-- What somebody else gave one of the names that are to be ours.
SELECT view_name AS name
FROM duckdb_views()
WHERE database_name = 'wh' AND schema_name = 'main'
    AND view_name IN (SELECT unnest($views::VARCHAR[]))
UNION
SELECT table_name
FROM duckdb_tables()
WHERE database_name = 'wh' AND schema_name = 'main'
    AND table_name IN (SELECT unnest($views::VARCHAR[]))
UNION
SELECT function_name
FROM duckdb_functions()
WHERE database_name = 'wh' AND schema_name = 'main' 
    AND function_type IN ('macro', 'table_macro')
    AND function_name IN (SELECT unnest($macros::VARCHAR[]))
ORDER BY ALL;

-- name: forget
-- What it was given before.
DELETE FROM schema_definitions;

-- name: remember
-- What it is given now.
INSERT INTO schema_definitions VALUES ($revision, $hash, $views, $macros, now());
