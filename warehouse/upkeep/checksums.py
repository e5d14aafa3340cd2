"""Reading tables in full: it proves that two are the same, and that one can be read at all.

A count reads no block of a table's data, so a damaged file has the right number of rows. Where
values are read, DuckDB checks the checksum of every block that holds them.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.database.open import take_whole_machine
from warehouse.database.warehouse import Warehouse
from warehouse.queries import quoted


@dataclass(frozen=True, slots=True)
class ReadTable:
    """One table, read in full."""

    name: str
    rows: int
    checksum: str
    """The sum of the hashes of all rows, whatever their order, in hexadecimal digits."""


def read_in_full(wh: Warehouse, name: str, database: str = "wh") -> ReadTable:
    """Reads every value of a table of an attached database: rows are hashed whole, and the hashes
    added up. Raises Quarantine("damaged") where the file is."""
    table = f"{database}.{quoted(name)}"
    sql = f"SELECT count(*), coalesce(sum(hash(t)::HUGEINT), 0) FROM {table} AS t"  # noqa: S608
    ((rows, checksum),) = wh.execute(sql)
    return ReadTable(name, int(str(rows)), f"{int(str(checksum)):032x}")


def rows_read(wh: Warehouse) -> dict[str, int]:
    """How many rows each table has, all of them read. Raises Quarantine("damaged") where the file
    is."""
    # DuckDB reads two thousand rows at a time, and texts may be long.
    take_whole_machine(wh)
    return {name: read_in_full(wh, name).rows for name in wh.tables()}
