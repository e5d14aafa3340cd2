"""Queries that people write: they are answered, and change nothing anywhere.

    SQL ─▶ one SELECT, or an EXPLAIN of one? ─▶ a locked connection to the copy or lake ─▶ rows

Each alone would not do: a locked connection still writes a `.wal` beside the file that it has open
(seen with DuckDB 1.5.5), EXPLAIN ANALYZE runs whatever it explains, and a SELECT may read any file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from parsers.errors import Drop
from warehouse.desk import Desk
from warehouse.published.read import Table, read, reading, table_of
from warehouse.queries import quoted

# A remark within a remark is none that is passed over: in DuckDB's SQL they nest.
_REMARK = r"(?:\s|--[^\n]*(?:\n|$)|/\*(?:(?!/\*).)*?\*/)*"
_EXPLAIN = re.compile(
    rf"{_REMARK}EXPLAIN\b(?:{_REMARK}(?:ANALYZE\b|\([^()]*\)))*", re.IGNORECASE | re.DOTALL
)
"""The beginning of an EXPLAIN, up to what is explained."""
ACTS = (
    r"(?:postgres|sqlite|mysql)_\w+|query(?:_table)?|json_execute_serialized_sql"
    r"|(?:enable|disable)_\w+|truncate_duckdb_logs"
    r"|ducklake_(?:add|cleanup|commit|delete|expire|flush|merge|rewrite|set)_?\w*"
)
"""Functions of a SELECT that do more than to read the lake: they hand SQL to another database, the
catalogue among them, or make such a call out of a text, write a log into the lake's folder, or
change the lake's files."""
_ACTS = re.compile(ACTS, re.IGNORECASE)

_OF_A_FILE = re.compile(r"[/\\*?.:]")
"""In the name of a table that is the path of a file, or of many."""
_OF_A_LAKES_FILES = frozenset(["filename", "file_index", "file_row_number", "snapshot_id"])
"""Columns that each table of a lake has beside its own."""
_NO_CALLS = frozenset(["at_clause", "column_names"])
_WORD = re.compile(r"\w+")
_CALL = re.compile(r"(\w+)\"?\s*\(")
_STORED = """
SELECT lower(view_name), lower(sql) FROM duckdb_views()
WHERE database_name = 'clippings_file' AND sql IS NOT NULL
UNION ALL
SELECT lower(function_name), lower(macro_definition) FROM duckdb_functions()
WHERE database_name = 'clippings_file' AND macro_definition IS NOT NULL
"""


def ask(where: Desk | Path, sql: str, *, limit: int | None = None, unlocked: bool = False) -> Table:
    """The answer of what people read at `where` to one query, at most `limit` rows of it.

    It can't change anything, nor read other files. `unlocked` lifts that, and the copy itself stays
    read-only all the same. Raises as `read` does, and Drop("not_a_query") for all but queries.
    """
    if unlocked:
        return read(where, sql, limit=limit)
    desk = where if isinstance(where, Desk) else Desk.at(where)
    with reading(desk, locked=True) as connection, refusals():
        query = required_query(connection, sql)
        if desk.lake:
            refuse_calls(connection, query.select, _ACTS)
        return table_of(connection, spelled(connection, query), limit=limit)


@contextmanager
def refusals() -> Iterator[None]:
    """Raises Drop("bad_sql") where DuckDB refuses a query in the block, or Python can't hold its
    parts or its answer."""
    try:
        yield
    except (duckdb.Error, RecursionError, OverflowError) as error:
        raise Drop("bad_sql", f"DuckDB can't answer that: {error}") from error


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A SELECT that somebody wrote, and whether it is to be explained."""

    select: str
    explain: str = ""

    @property
    def sql(self) -> str:
        """What is run. It is put together of what was checked, so that whatever is read wrongly of
        what was written (DuckDB's comments nest) can't run."""
        return f"{self.explain} {self.select}" if self.explain else self.select


def required_query(connection: duckdb.DuckDBPyConnection, sql: str) -> CheckedQuery:
    """The one SELECT in `sql`, explained or not; raises Drop("not_a_query") for anything else."""
    found = connection.extract_statements(sql)
    explain = ""
    if [statement.type for statement in found] == [duckdb.StatementType.EXPLAIN]:
        written = found[0].query
        if beginning := _EXPLAIN.match(written):
            explain = _explain(beginning[0])
            found = connection.extract_statements(written[beginning.end() :])
    kinds = [statement.type for statement in found]
    if kinds != [duckdb.StatementType.SELECT]:
        raise Drop(
            "not_a_query",
            "A query must be one SELECT, or an EXPLAIN of one, since nothing here may change "
            f"anything; got {', '.join(kind.name for kind in kinds) or 'nothing'}. (A PIVOT needs "
            "its values: ON topic IN ('musk', 'openai').)",
        )
    return CheckedQuery(found[0].query, explain)


def _explain(beginning: str) -> str:
    """The beginning of an EXPLAIN anew, of its known words."""
    bare = re.sub(r"--[^\n]*|/\*.*?\*/", " ", beginning, flags=re.DOTALL).upper()
    form = re.search(r"\(\s*FORMAT\s+(\w+)\s*\)", bare)
    analyze = " ANALYZE" if re.search(r"\bANALYZE\b", bare) else ""
    return f"EXPLAIN{analyze}{f' (FORMAT {form[1]})' if form else ''}"


def refuse_calls(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    names: re.Pattern[str],
    only: frozenset[str] | None = None,
) -> None:
    """Raises Drop("not_a_query") where `query` uses a function, table or database called by one of
    `names`, or what is stored and uses one. If `only` is given also where it calls like a table
    what is neither stored nor among these functions, names a file as a table, or asks a lake for
    its files or what it was earlier."""
    ((text,),) = connection.execute("SELECT json_serialize_sql($sql)", {"sql": query}).fetchall()
    tree = json.loads(str(text))
    stored = {str(name): str(text) for name, text in connection.execute(_STORED).fetchall()}
    acting = _that_call(stored, names)
    known = only and only | stored.keys()
    called = {
        name
        for key, name in _names(tree)
        if (key not in _NO_CALLS and (name.lower() in acting or names.fullmatch(name)))
        or (known and _is_no_plain_table(key, name, known))
    }
    if tree["error"] or called:
        what = ", ".join(sorted(called)) or "what is no plain SELECT"
        raise Drop(
            "not_a_query",
            f"A query must not use {what} here: it could change the warehouse or tell its secrets.",
        )


def _is_no_plain_table(key: str, name: str, known: Set[str]) -> bool:
    if key == "table_function":
        return name.lower() not in known
    if key == "table_name":
        return _OF_A_FILE.search(name) is not None
    return key == "at_clause" or (key == "column_names" and name.lower() in _OF_A_LAKES_FILES)


def _that_call(stored: Mapping[str, str], names: re.Pattern[str]) -> set[str]:
    """Those of the `stored` views and macros, by name, whose definitions use one of `names`, or one
    another that does. Anybody who may write into the lake may have made them."""
    acting: set[str] = set()
    while True:
        more = {
            name
            for name, definition in stored.items()
            if name not in acting
            and (
                any(map(names.fullmatch, _CALL.findall(definition)))
                or not acting.isdisjoint(_WORD.findall(definition))
            )
        }
        if not more:
            return acting
        acting |= more


def _names(tree: object) -> Iterator[tuple[str, str]]:
    """What each name in DuckDB's tree of a query is of, and the name: of functions, tables, views
    and their places, and of columns; `table_function` is a function called like a table,
    `at_clause` an earlier state of a lake's table."""
    stack = [(tree, False)]
    while stack:
        node, is_table_function = stack.pop()
        if isinstance(node, dict):
            for key in ("function_name", "table_name", "schema_name", "catalog_name"):
                if isinstance(name := node.get(key), str):
                    is_called = is_table_function and key == "function_name"
                    yield ("table_function" if is_called else key), name
            for key in ("column_names", "using_columns", "groups"):
                yield from (("column_names", name) for name in _texts(node.get(key)))
            if node.get("at_clause"):
                yield "at_clause", "AT"
            inside = node.get("type") == "TABLE_FUNCTION"
            stack.extend((value, inside and key == "function") for key, value in node.items())
        elif isinstance(node, list):
            stack.extend((value, False) for value in node)


def spelled(connection: duckdb.DuckDBPyConnection, query: CheckedQuery) -> str:
    """What is run of `query` so that spans of time, and what has some, come as DuckDB writes them:
    Python's have no months."""
    if query.explain:
        return query.sql
    relation = connection.sql(query.select)
    kinds = [str(kind) for kind in relation.types]
    if not any("INTERVAL" in kind for kind in kinds):
        return query.select
    columns = enumerate(zip(relation.columns, kinds, strict=True), 1)
    cells = (
        f"{f'CAST(#{at} AS VARCHAR)' if 'INTERVAL' in kind else f'#{at}'} AS {quoted(name)}"
        for at, (name, kind) in columns
    )
    return relation.project(", ".join(cells)).sql_query()


def _texts(given: object) -> list[str]:
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
