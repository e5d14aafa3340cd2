"""Several writers on one lake for some minutes, which has to be whole after every load.

    python -m tests.benchmarks.soak_lake [--minutes 10] [--catalogue postgres] [--writers 2]
        [--kill-every 20] [--folder FOLDER]

Every writer is a process with a desk of its own. It loads batches of made-up articles (see
bench_warehouse), a tenth of them copies; every third batch reads again what an earlier one brought.
After each load it checks the whole lake. One of the writers is killed now and then and another one
takes its desk, with what was landed there. At the end every article that was landed is stored.
Prints how many loads there were, how long they took and waited for their turn, and what was broken.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.bench_warehouse import START, Press
from tests.warehouse.places import Places
from warehouse.database.open import open_warehouse
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import landed
from warehouse.loading.load import load_landed
from warehouse.upkeep.checks import check

SIZE = 100
"""Articles in a batch."""
LIFE = 1_000_000
"""Numbers of articles that a writer may use from its start to its end."""
WAIT = 600.0


@dataclass
class Seen:
    """What the writers told."""

    loads: list[float] = field(default_factory=list)
    """Seconds that each took, waiting included."""
    waits: list[float] = field(default_factory=list)
    """Seconds that each of them waited for its turn."""
    broken: list[str] = field(default_factory=list)
    killed: int = 0


class Timed(Warehouse):
    """One that knows how long it waits for its turns."""

    waited = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The same turn, its beginning timed."""
        began = time.perf_counter()
        with super().turn():
            Timed.waited += time.perf_counter() - began
            yield


def write(desk: Desk, life: int) -> None:
    """Load batches for ever, and print a line of JSON after each."""
    press = Press()
    number = 0
    while True:
        first = life * LIFE + number * SIZE
        if number % 3 == 2:
            read_again(press, desk, first, life * LIFE)
        else:
            press.land(desk, f"{life:04}-{number:04}", first, first + SIZE)
        number += 1
        with open_warehouse(desk, wait=WAIT) as opened:
            wh = Timed(opened.desk, opened.connection, wait=WAIT)
            Timed.waited, began = 0.0, time.perf_counter()
            load_landed(wh, desk, loaded_at=START)
            seconds = time.perf_counter() - began
            broken = [f"{rule.name}: {rule.count}" for rule in check(wh)[1]]
        sys.stdout.write(json.dumps([seconds, Timed.waited, broken]) + "\n")
        sys.stdout.flush()


def read_again(press: Press, desk: Desk, name: int, first: int) -> None:
    """Land what the first batch of this writer brought, with another text."""
    at = START + timedelta(days=400, minutes=name % LIFE)
    params: dict[str, object] = {
        "first": first, "last": first + SIZE, "start": START, "a_day": press.a_day
    }  # fmt: skip
    press.write(desk, f"again-{name}", at, press.articles(params, at, name % LIFE))


def soak(lake: Desk, folder: Path, options: argparse.Namespace) -> Seen:
    """Let the writers at it."""
    seen = Seen()
    chooser = random.Random(1)
    deadline = time.monotonic() + options.minutes * 60
    lives = iter(range(1000))
    with ExitStack() as stack:
        logs: list[Path] = []

        def started(writer: int) -> subprocess.Popen[bytes]:
            life = next(lives)
            logs.append(folder / f"life{life}.log")
            command = [sys.executable, "-m", __spec__.name, "--life", str(life),
                       "--lake", lake.name, "--desks", str(folder / f"writer{writer}")]  # fmt: skip
            log = stack.enter_context(logs[-1].open("wb"))
            return subprocess.Popen(command, stdout=log)

        writers = [started(number) for number in range(options.writers)]
        while time.monotonic() < deadline:
            time.sleep(min(options.kill_every, max(0.0, deadline - time.monotonic())))
            number = chooser.randrange(len(writers))
            writers[number].kill()
            writers[number].wait()
            writers[number] = started(number)
            seen.killed += 1
        for writer in writers:
            writer.kill()
            writer.wait()
    told = (line for log in logs for line in log.read_text("utf-8").splitlines(keepends=True))
    for line in told:
        if not line.endswith("\n"):
            continue  # killed while it was told
        seconds, waited, broken = json.loads(line)
        seen.loads.append(seconds)
        seen.waits.append(waited)
        seen.broken += broken
    return seen


def finish(lake: Desk, folder: Path, writers: int) -> tuple[int, int, list[str]]:
    """Load what the killed ones had landed; returns the articles that were brought, and those that
    are there, and what is not whole."""
    for number in range(writers):
        desk = Desk.at(lake.name, folder / f"writer{number}")
        with open_warehouse(desk, wait=WAIT) as wh:
            load_landed(wh, desk, loaded_at=START)
        assert landed(desk) == ()
    with open_warehouse(lake) as wh:
        ((brought, there),) = wh.execute(
            "SELECT (SELECT sum(articles) FROM batches WHERE batch_id NOT LIKE 'again-%'),"
            " (SELECT count(*) FROM articles)"
        )
        broken = [f"{rule.name}: {rule.count}" for rule in check(wh)[1]]
    return int(str(brought)), int(str(there)), broken


def spread(seconds: Sequence[float]) -> str:
    """The middle, the slowest twentieth and the slowest."""
    ordered = sorted(seconds) or [0.0]
    middle, late = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95))
    return f"p50 {middle:.2f}, p95 {late:.2f}, longest {ordered[-1]:.2f}"


def main() -> None:
    """Run, and print what came of it; exit code 1 if anything was ever broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--catalogue", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--kill-every", type=float, default=20, metavar="SECONDS")
    parser.add_argument("--folder", type=Path, help="for the lake and the desks")
    for name in ("--life", "--lake", "--desks"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.lake:
        write(Desk.at(options.lake, Path(options.desks)), int(options.life))
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder, places = Path(name), Places()
        try:
            lake = places.desk(options.catalogue, folder, "soak")
            with open_warehouse(lake):
                pass
            seen = soak(lake, folder, options)
            brought, there, broken = finish(lake, folder, options.writers)
        finally:
            places.stop()
    sys.stdout.write(
        f"{len(seen.loads)} loads, each followed by a check; {seen.killed} writers killed\n"
        f"seconds a load:    {spread(seen.loads)}\n"
        f"of them to wait:   {spread(seen.waits)}\n"
        f"articles:          {brought} brought, {there} stored\n"
        f"broken:            {len(seen.broken)} after loads {seen.broken}, at the end {broken}\n"
    )
    sys.exit(bool(seen.broken or broken or brought != there))


if __name__ == "__main__":
    main()
