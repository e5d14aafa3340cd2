"""Small warehouses as every version of the schema left them, to be migrated by tests.

    python -m tests.warehouse.record

records the present version into tests/warehouse/recorded/: run it when a migration is added, with
the code that belongs to it, and commit the file. What is recorded is never recorded again.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

import duckdb

from tests.warehouse.builders import Bench
from tests.warehouse.history import a_history
from warehouse.database.migrate import migrations

FOLDER = Path(__file__).parent / "recorded"
SMALL = "STORAGE_VERSION 'v1.5.0', BLOCK_SIZE 16384"
"""A format that DuckDB 1.5 and 2.0 both read, in the smallest blocks there are."""


def recording(version: int) -> Path:
    """Where the warehouse of a version is."""
    return FOLDER / f"version-{version:04}.duckdb.gz"


def record(target: Path) -> None:
    """Write a small warehouse with the code at hand."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench.in_folder(Path(folder))
        bench.load(*a_history(6, 5))
        small = Path(folder) / "small.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{bench.desk.private}' AS wh (READ_ONLY)")
            connection.execute(f"ATTACH '{small}' AS small ({SMALL})")
            connection.execute("COPY FROM DATABASE wh TO small")
            connection.execute("DETACH small")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(gzip.compress(small.read_bytes(), mtime=0))


def replay(version: int, target: Path) -> None:
    """Put the recorded warehouse of a version at `target`."""
    target.write_bytes(gzip.decompress(recording(version).read_bytes()))


def main() -> None:
    """Record the present version, unless it is recorded."""
    version = migrations()[-1].version
    target = recording(version)
    if target.exists():
        sys.exit(f"{target} is there already; a version is recorded once.")
    record(target)
    sys.stdout.write(f"{target}: {target.stat().st_size / 1000:.0f} kB. Commit it.\n")


if __name__ == "__main__":
    main()
