"""A run that is killed anywhere and started again ends with the rows of an undisturbed run.

The long form, two hundred kills, is `make torture`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from flows.newsstand import ServedPress
from flows.steps.subscriptions import newsstand_feeds, subscribe
from tests.settings import settings
from tests.tiers import also_long
from tests.waiting import PATIENCE, eventually
from tests.walk.disturbing import Victim, finish, start
from tests.walk.torture import Torture
from tests.walk.walking import Undisturbed, run, stable_rows
from warehouse.desk import Desk
from warehouse.loading.landing import landed

pytestmark = pytest.mark.xdist_group("walk")
"""One process, one undisturbed run."""
SCRIPT = str(Path(sys.executable).with_name("pressclip"))


@pytest.mark.parametrize(
    ("victim", "kills"),
    [(Victim.GROUP, 1), *also_long((Victim.GROUP, 2), (Victim.PARENT, 2), (Victim.WORKERS, 2))],
)
def test_killed_and_started_again(
    victim: Victim, kills: int, newsstand: ServedPress, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    moments = random.Random(str(victim))
    tortured = Torture(newsstand, undisturbed.rows, undisturbed.seconds, moments, victims=(victim,))
    tortured.desk(tmp_path / "press.duckdb", kills=kills)
    assert tortured.kills[victim]
    assert tortured.wrong == []


def test_terminated_before_the_run_begins_says_so_too(tmp_path: Path) -> None:
    """Audit: a second after its start a command died of SIGTERM without a word."""
    waits_here = tmp_path / "feeds.opml"
    os.mkfifo(waits_here)
    command = [SCRIPT, "ingest", "--feeds", str(waits_here), "-w", str(tmp_path / "press.duckdb")]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as starting,
        waits_here.open("wb"),  # opens when the command does
    ):
        starting.terminate()
        _, said = starting.communicate(timeout=PATIENCE)
    assert starting.returncode == 143
    assert "stopped. What was collected is kept" in said
    assert "Traceback" not in said


def test_terminated_keeps_what_is_in_hand(
    newsstand: ServedPress, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """SIGTERM, as systemd and Kubernetes send it: the outcomes so far are landed, not lost."""
    path = tmp_path / "press.duckdb"
    subscribe(settings(path, proxy=newsstand.proxy_url), newsstand_feeds())
    newsstand.forget_requests()
    run_of_it = start(newsstand, path, PRESSCLIP_BATCH_SIZE="1000", PRESSCLIP_HOST_PAUSE="1")
    eventually(lambda: len(newsstand.requests) >= 50, "fifty requests")
    run_of_it.terminate()
    code, said = finish(run_of_it)
    assert code == 143
    assert "What was collected is kept" in said
    assert len(landed(Desk.at(path))) == 1
    run(settings(path, proxy=newsstand.proxy_url))
    assert stable_rows(path) == undisturbed.rows
