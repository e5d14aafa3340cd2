"""Kills the walk at random moments, many times, and looks whether it ends as if nothing had been.

    python -m tests.walk.torture [--kills 200] [--seed 1]

Each desk is killed again and again, each time somewhere else, until a run on it gets to its end
unkilled; then its rows are compared with those of an undisturbed run. `make torture` is the long
form; `make test` has a short one.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.newsstand import ServedPress, load_press, serve_in_thread
from flows.steps.subscriptions import newsstand_feeds, subscribe
from tests.settings import settings
from tests.walk.disturbing import Victim, complaints, finish, kill, start, wait_until_gone
from tests.walk.walking import Rows, Undisturbed, stable_rows

KILLS_A_DESK = 5


@dataclass
class Torture:
    """What is tortured, and what that found."""

    newsstand: ServedPress
    expected: dict[str, Rows]
    seconds: float
    """What an undisturbed run takes."""
    moments: random.Random
    victims: tuple[Victim, ...] = tuple(Victim)
    kills: Counter[Victim] = field(default_factory=Counter)
    desks: int = 0
    wrong: list[str] = field(default_factory=list)

    def desk(self, path: Path, kills: int = KILLS_A_DESK) -> None:
        """Kills up to `kills` runs on one desk, lets one end, and notes what is wrong then."""
        subscribe(settings(path, proxy=self.newsstand.proxy_url), newsstand_feeds())
        wrong: list[str] = []
        while kills and self._kill(path, wrong):
            kills -= 1
        if not kills:
            code, said = finish(start(self.newsstand, path))
            wrong += [f"exit code {code}: {said}"] if code else []
        wrong += complaints(path)
        wrong += differences(self.expected, stable_rows(path))
        self.desks += 1
        self.wrong += [f"{path.name}: {one}" for one in wrong]

    def _kill(self, path: Path, wrong: list[str]) -> bool:
        """Starts a run and kills it; False where it came to its end, killed in part or not."""
        victim = self.moments.choice(self.victims)
        run = start(self.newsstand, path)
        self._wait(run)
        hit = kill(run, victim)
        if hit:
            self.kills[victim] += 1
        code, said = finish(run)
        ended = not hit or victim is Victim.WORKERS
        if ended and code:
            wrong.append(f"exit code {code} though it was not killed ({victim} was): {said}")
        wrong += [
            f"process {left} outlives a run whose {victim} was killed"
            for left in wait_until_gone(run.pid)
        ]
        return not ended

    def _wait(self, run: subprocess.Popen[bytes]) -> None:
        """Waits for a moment at which there is something to lose: so many requests after the start,
        and a little more, so that loading and publishing are hit too; or the end of the run."""
        asked = len(self.newsstand.requests)
        requests = self.moments.randint(0, 70)
        # A run that goes on from another one may ask for less than that.
        deadline = time.monotonic() + 2 * self.seconds
        while len(self.newsstand.requests) < asked + requests and time.monotonic() < deadline:
            if run.poll() is not None:
                return
            time.sleep(0.01)
        time.sleep(self.moments.uniform(0.0, 0.1 * self.seconds) if requests else self.seconds / 4)


def differences(expected: dict[str, Rows], got: dict[str, Rows]) -> Iterator[str]:
    """Rows that are missing, and rows too many."""
    for table, wanted in expected.items():
        lost, added = Counter(wanted) - Counter(got[table]), Counter(got[table]) - Counter(wanted)
        if lost or added:
            yield f"{table}: lost {list(lost)}, came in addition {list(added)}"


def main() -> None:
    """Reads the options and tortures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.monotonic()
    with serve_in_thread(load_press(1)) as newsstand, tempfile.TemporaryDirectory() as folder:
        undisturbed = Undisturbed.walked(newsstand, Path(folder) / "undisturbed")
        assert not complaints(undisturbed.path)
        print(f"an undisturbed run takes {undisturbed.seconds:.1f} s", flush=True)  # noqa: T201
        moments = random.Random(options.seed)
        torture = Torture(newsstand, undisturbed.rows, undisturbed.seconds, moments)
        while torture.kills.total() < options.kills:
            path = Path(folder) / f"desk-{torture.desks}.duckdb"
            torture.desk(path)
            print(  # noqa: T201
                f"{torture.kills.total()} kills on {torture.desks} desks, "
                f"{len(torture.wrong)} wrong, {time.monotonic() - started:.0f} s",
                flush=True,
            )
    for line in torture.wrong:
        print(line)  # noqa: T201
    print(f"kills: {dict(torture.kills)}; desks: {torture.desks}; wrong: {len(torture.wrong)}")  # noqa: T201
    sys.exit(1 if torture.wrong else 0)


if __name__ == "__main__":
    main()
