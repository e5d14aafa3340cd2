"""The whole schema of a warehouse, to compare it with another's."""

from __future__ import annotations

from warehouse.handle import Row, Warehouse

QUERIES = (
    "SELECT 'table', table_name, comment FROM duckdb_tables() WHERE database_name = 'wh'",
    "SELECT 'view', view_name, sql, comment FROM duckdb_views()"
    " WHERE database_name = 'wh' AND NOT internal",
    "SELECT 'column', table_name, column_name, column_index, data_type, is_nullable,"
    " column_default, comment FROM duckdb_columns() WHERE database_name = 'wh' AND NOT internal",
    "SELECT 'macro', function_name, parameters, macro_definition, comment"
    " FROM duckdb_functions() WHERE database_name = 'wh' AND NOT internal",
    "SELECT 'constraint', table_name, constraint_type, constraint_text FROM duckdb_constraints()"
    " WHERE database_name = 'wh'",
    "SELECT 'index', table_name, sql FROM duckdb_indexes() WHERE database_name = 'wh'",
)


def schema_of(wh: Warehouse) -> list[Row]:
    """Tables, views, columns, types, macros, constraints, and what they say of themselves.

    Defaults are compared by their value, and SQL as this version of DuckDB writes it: it writes one
    expression in several ways.
    """
    rows = [row for sql in QUERIES for row in wh.execute(sql + " ORDER BY ALL")]
    return [_REWRITTEN.get(str(row[0]), _as_it_is)(wh, row) for row in rows]


def _as_it_is(_: Warehouse, row: Row) -> Row:
    return row


def _rewritten_view(wh: Warehouse, row: Row) -> Row:
    """2.0 writes CAST('t' AS BOOLEAN) where 1.5 wrote true, and keeps what 1.5 stored."""
    kind, name, sql, comment = row
    body = str(sql).partition(" AS ")[2].rstrip("; ")
    ((tree,),) = wh.execute("SELECT json_serialize_sql($sql)", {"sql": body})
    ((written,),) = wh.execute("SELECT json_deserialize_sql($tree)", {"tree": tree})
    return (kind, name, written, comment)


def _with_value(wh: Warehouse, row: Row) -> Row:
    *before, data_type, nullable, default, comment = row
    if default is not None:
        ((default,),) = wh.execute(f"SELECT CAST({default} AS {data_type})")
    return (*before, data_type, nullable, default, comment)


_REWRITTEN = {"column": _with_value, "view": _rewritten_view}
