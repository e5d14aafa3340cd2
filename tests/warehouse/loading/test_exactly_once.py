"""Every batch exactly once: in any order, twice, killed, two loaders at once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiers import also_long
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench
from tests.warehouse.history import a_history, contents, reparsed
from warehouse.database.warehouse import Row
from warehouse.loading.landing import land, landed

FEW, MANY = 4, 8
"""Rounds of a history: of `make test`, and of `make test-long`."""


def loaded(bench: Bench, batches: list, seed: int | None = None) -> dict[str, list[Row]]:  # type: ignore[type-arg]
    """All tables, once the batches are loaded one by one, some of them twice."""
    chooser = random.Random(seed)
    with bench.open() as wh:
        for batch in batches:
            bench.load_into(wh, batch)
            if seed is not None and chooser.random() < 0.3:
                assert (
                    bench.load_into(
                        wh, chooser.choice(batches[: batches.index(batch) + 1])
                    ).repeated
                    == 1
                )
        return contents(wh)


@pytest.mark.parametrize(("seed", "rounds"), [(0, FEW), *also_long((0, MANY), (1, MANY))])
def test_order_and_repetition_do_not_matter(
    benches: Callable[[str], Bench], seed: int, rounds: int
) -> None:
    batches = a_history(seed, rounds)
    batches.append(reparsed(batches, seed))
    expected = loaded(benches("in-order"), batches)
    assert all(expected.values())
    random.Random(seed).shuffle(batches)
    shuffled = loaded(benches("shuffled"), batches, seed)
    for table, rows in expected.items():
        assert shuffled[table] == rows, table


@pytest.mark.parametrize("rounds", [FEW, *also_long(MANY)])
def test_nor_do_they_where_what_feeds_said_was_compared(
    benches: Callable[[str], Bench], rounds: int
) -> None:
    """Versions are told by when a poll saw something else than was stored."""
    chooser = random.Random(3)
    batches = [
        replace(
            batch,
            entries=tuple(
                replace(
                    entry,
                    revised_at=chooser.choice((None, batch.created_at)),
                    reread=chooser.random() < 0.3,
                )
                for entry in batch.entries
            ),
        )
        for batch in a_history(3, rounds)
    ]
    expected = loaded(benches("in-order"), batches)
    chooser.shuffle(batches)
    shuffled = loaded(benches("shuffled"), batches, 3)
    for table, rows in expected.items():
        assert shuffled[table] == rows, table


def test_one_load_of_many_batches_is_many_loads_of_one(benches: Callable[[str], Bench]) -> None:
    batches = a_history(1, 3)
    at_once = benches("at-once")
    report = at_once.load(*batches)
    assert report.batches == tuple(sorted(batch.batch_id for batch in batches))
    with at_once.open() as wh:
        assert contents(wh) == loaded(benches("one-by-one"), batches)


@pytest.mark.parametrize(("rounds", "kills"), [(FEW, 3), *also_long((MANY, 6))])
def test_killed_again_and_again(benches: Callable[[str], Bench], rounds: int, kills: int) -> None:
    """A process that lands and loads is killed at random moments until it gets through."""
    expected = loaded(benches("undisturbed"), a_history(7, rounds))
    bench = benches("killed")
    chooser = random.Random(3)
    command = [
        sys.executable,
        "-m",
        "tests.warehouse.history",
        bench.desk.name,
        str(rounds),
        str(bench.desk.folder.parent),
    ]
    root = Path(__file__).parents[3]
    for _ in range(kills):
        process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        time.sleep(chooser.uniform(0, 1))
        process.kill()
        process.communicate()
    subprocess.run(command, check=True, cwd=root)
    with bench.open() as wh:
        assert contents(wh) == expected
    assert landed(bench.desk) == ()


def test_two_loaders_at_once(benches: Callable[[str], Bench]) -> None:
    """Both land everything and load what they find; neither waits for the other's batches."""
    expected = loaded(benches("alone"), a_history(7, 4))
    bench = benches("together")
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from tests.warehouse.builders import at\n"
        "from tests.warehouse.history import a_history\n"
        "from warehouse.database.open import open_warehouse\n"
        "from warehouse.desk import Desk\n"
        "from warehouse.loading.landing import land\n"
        "from warehouse.loading.load import load_landed\n"
        "desk = Desk.at(sys.argv[1], Path(sys.argv[2]))\n"
        "for batch in a_history(7, 4):\n"
        "    land(desk, batch)\n"
        "    with open_warehouse(desk, wait=600) as wh:\n"
        "        load_landed(wh, desk, loaded_at=at(1000))\n"
    )
    command = [sys.executable, "-c", script, bench.desk.name, str(bench.desk.folder.parent)]
    root = Path(__file__).parents[3]
    processes = [subprocess.Popen(command, cwd=root) for _ in range(2)]
    assert [process.wait(timeout=4 * PATIENCE) for process in processes] == [0, 0]
    with bench.open() as wh:
        assert contents(wh) == expected


def test_a_batch_whose_file_outlived_its_load_is_only_removed(bench: Bench) -> None:
    (batch, *_) = a_history(1, 1)
    bench.load(batch)
    land(bench.desk, batch)
    with bench.open() as wh:
        before = contents(wh)
    report = bench.load()
    assert (report.repeated, report.batches) == (1, ())
    with bench.open() as wh:
        assert contents(wh) == before
