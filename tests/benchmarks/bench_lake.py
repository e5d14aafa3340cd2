"""What a DuckLake costs beside a file: opening it, and loading batches of 1,000 articles.

    python -m tests.benchmarks.bench_lake [--batches 3]

The same made-up batches (see bench_warehouse) are loaded in turns into a file, a lake with an
SQLite catalogue and, where PostgreSQL is installed, one with that; in one process, so that
whatever else the machine does hits all alike. Times are medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.bench_warehouse import NEW, Press, load
from tests.servers.postgres import DEBIAN
from tests.warehouse.places import Places
from warehouse.database.extensions import load_extension, trusting_engine
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.published.read import read


def spent(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the clock, and of this process's CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3


def open_and_close(desk: Desk) -> None:
    """What every load begins and ends with."""
    with open_warehouse(desk):
        pass


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, default=3)
    batches = parser.parse_args().batches
    with tempfile.TemporaryDirectory() as folder:
        places = Places()
        kinds = ("file", "sqlite", *(["postgres"] if DEBIAN else []))
        try:
            desks = {kind: places.desk(kind, Path(folder), kind) for kind in kinds}
            measure(desks, batches)
        finally:
            places.stop()


def measure(desks: dict[str, Desk], batches: int) -> None:
    """Load `batches` batches into each desk in turns, and print what each step took."""
    with trusting_engine() as fresh:
        for name in ("ducklake", "sqlite_scanner"):
            wall, cpu = spent(partial(load_extension, fresh, name))
            sys.stdout.write(f"once a process, {name}: {wall:.0f} ms, {cpu:.0f} ms of CPU\n")
    press = Press()
    steps: dict[str, Callable[[Desk], object]] = {
        "open": open_and_close,
        f"load {NEW}": load,
        "read": lambda desk: read(desk, "SELECT count(*) FROM batches") if desk.lake else None,
    }
    times: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for number in range(batches):
        for kind, desk in desks.items():
            press.land(desk, f"batch{number:04}", number * NEW, (number + 1) * NEW)
            for step, act in steps.items():
                times.setdefault((step, kind), []).append(spent(partial(act, desk)))
    for (step, kind), found in times.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        sys.stdout.write(f"{step:>12} {kind:>9} {wall:7.0f} ms, {cpu:6.0f} ms of CPU\n")


if __name__ == "__main__":
    main()
