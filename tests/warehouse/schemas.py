"""The whole schema of a warehouse, to compare it with another's."""

from __future__ import annotations

import duckdb

from warehouse.database.warehouse import Row, Warehouse

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

    Defaults are compared by their value: DuckDB writes one expression in several ways. So does 2.0
    with views and macros that 1.5 stored: their SQL is compared on 1.5 only, all else on both.
    """
    rows = [row for sql in QUERIES for row in wh.execute(sql + " ORDER BY ALL")]
    if not duckdb.__version__.startswith("1."):
        rows = [_without_sql(row) for row in rows]
    return [_with_value(wh, row) if row[0] == "column" else row for row in rows]


def _without_sql(row: Row) -> Row:
    place = {"view": 2, "macro": 3}.get(str(row[0]), len(row))
    return (*row[:place], *row[place + 1 :])


def _with_value(wh: Warehouse, row: Row) -> Row:
    *before, data_type, nullable, default, comment = row
    if default is not None:
        ((default,),) = wh.execute(f"SELECT CAST({default} AS {data_type})")
    return (*before, data_type, nullable, default, comment)
