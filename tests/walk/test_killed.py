"""A run that is killed anywhere and started again ends with the rows of an undisturbed run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.newsstand import ServedPress
from flows.subscriptions import newsstand_feeds, subscribe
from tests.walk.walking import Rows, run, settings_for, stable_rows
from warehouse.desk import Desk
from warehouse.landing import landed

KILLS = 4


@pytest.fixture(scope="module")
def undisturbed(
    newsstand: ServedPress, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Rows], float]:
    """The rows of a run that nobody disturbed, and the seconds it took as a process."""
    path = tmp_path_factory.mktemp("undisturbed") / "press.duckdb"
    subscribe(settings_for(newsstand, path), newsstand_feeds())
    started = time.monotonic()
    assert start(newsstand, path).wait() == 0
    return stable_rows(path), time.monotonic() - started


def start(newsstand: ServedPress, path: Path, **more: str) -> subprocess.Popen[bytes]:
    """`pressclip ingest` as a process group of its own, so that its workers die with it."""
    env = os.environ | {
        "PRESSCLIP_PROXY": newsstand.proxy_url,
        "PRESSCLIP_HOST_PAUSE": "0",
        "PRESSCLIP_BATCH_SIZE": "7",
        "PREFECT_API_URL": "",
        **more,
    }
    command = [str(Path(sys.executable).with_name("pressclip")), "ingest", "--warehouse", str(path)]
    return subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.mark.parametrize("share", [(kill + 1) / (KILLS + 1) for kill in range(KILLS)])
def test_killed_and_started_again(
    share: float,
    newsstand: ServedPress,
    undisturbed: tuple[dict[str, Rows], float],
    tmp_path: Path,
) -> None:
    expected, seconds = undisturbed
    path = tmp_path / "press.duckdb"
    subscribe(settings_for(newsstand, path), newsstand_feeds())
    victim = start(newsstand, path)
    time.sleep(seconds * share)
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    run(settings_for(newsstand, path))
    assert stable_rows(path) == expected
    assert landed(Desk.at(path)) == ()


def test_terminated_keeps_what_is_in_hand(
    newsstand: ServedPress, undisturbed: tuple[dict[str, Rows], float], tmp_path: Path
) -> None:
    """SIGTERM, as systemd and Kubernetes send it: the outcomes so far are landed, not lost."""
    path = tmp_path / "press.duckdb"
    subscribe(settings_for(newsstand, path), newsstand_feeds())
    newsstand.forget_requests()
    run_of_it = start(newsstand, path, PRESSCLIP_BATCH_SIZE="1000", PRESSCLIP_HOST_PAUSE="1")
    deadline = time.monotonic() + 60
    while len(newsstand.requests) < 50 and time.monotonic() < deadline:
        time.sleep(0.1)
    run_of_it.terminate()
    assert run_of_it.wait(30) == 143
    assert len(landed(Desk.at(path))) == 1
    run(settings_for(newsstand, path))
    assert stable_rows(path) == undisturbed[0]
