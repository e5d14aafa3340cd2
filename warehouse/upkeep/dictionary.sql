-- What the warehouse says about itself.

-- name: views
-- Views and their columns.
SELECT v.view_name, v.comment, c.column_name, c.data_type, c.comment
FROM duckdb_views() AS v
JOIN duckdb_columns() AS c ON c.table_oid = v.view_oid AND c.database_name = v.database_name
WHERE v.database_name = current_database() AND NOT v.internal
ORDER BY v.view_name, c.column_index;

-- name: tables
-- Tables and their columns.
SELECT t.table_name, t.comment, c.column_name, c.data_type, c.comment
FROM duckdb_tables() AS t
JOIN duckdb_columns() AS c ON c.table_oid = t.table_oid AND c.database_name = t.database_name
WHERE t.database_name = current_database() AND NOT t.internal
ORDER BY t.table_name, c.column_index;

-- name: macros
-- Macros; their comments begin with how to call them.
SELECT DISTINCT function_name, comment
FROM duckdb_functions()
WHERE database_name = current_database() AND NOT internal
ORDER BY function_name;
