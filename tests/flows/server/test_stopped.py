"""Workers, runs, servers and databases that are stopped, killed or cut off in mid-harvest.

In each case: nothing is lost, the run ends in a true state, and the work goes on by itself.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.run.context import open_run
from flows.server.processes import marked
from flows.steps.ingest import poll
from flows.steps.subscriptions import newsstand_feeds, subscribe
from tests.servers.prefect_server import NO_HEARTBEAT, RESUME, Up
from tests.settings import settings
from tests.waiting import PATIENCE, eventually
from tests.walk.walking import Rows, stable_rows
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import landed

pytestmark = [pytest.mark.server, pytest.mark.long]
OUTAGE = float(os.environ.get("OUTAGE", "20"))
"""Seconds that a server is away; `make test-long` makes it two minutes."""
SLOWLY = {"PRESSCLIP_HOST_PAUSE": "3", "PRESSCLIP_BATCH_SIZE": "1000"}
"""A harvest that takes half a minute and holds everything until its end."""


@pytest.fixture(scope="module")
def undisturbed(up: Up, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """The rows of a run that nobody disturbed."""
    path = tmp_path_factory.mktemp("undisturbed") / "press.duckdb"
    up.call(
        "pressclip", "ingest", "--untracked", "--feeds", str(up.feeds), "-w", str(path),
        PRESSCLIP_PROXY=up.proxy_url,
    )  # fmt: skip
    return stable_rows(path)


@pytest.fixture
def queue(up: Up, path: Path) -> Path:
    """A warehouse whose entries wait to be harvested, of which the server has not heard."""
    given = settings(path, proxy=up.proxy_url)
    subscribe(given, newsstand_feeds())

    async def ask() -> None:
        async with open_run(given) as run:
            await poll(run)

    asyncio.run(ask())
    return path


@pytest.fixture(autouse=True)
def everything_is_up_again(up: Up) -> Iterator[None]:
    """Leaves the station as the next test expects it."""
    yield
    up.call("pressclip", "server", "up", "--newsstand")
    up.change_trigger(RESUME)
    up.pause_schedules()
    up.settle()


def started(up: Up, queue: Path, **env: str) -> str:
    """A harvest of `queue` that has pages in hand; its id."""
    run = up.start("harvest", env=SLOWLY | env, warehouse=str(queue))
    eventually(lambda: up.find("task_runs", flow_runs={"id": {"any_": [run]}}), "the first chunk")
    time.sleep(5)
    assert up.state(run) == "RUNNING"
    return run


def pids(up: Up, role: str, *, leader: bool = True) -> list[int]:
    """The processes of a role: the one that was started, or those that this one started."""
    found = marked(str(up.home))
    return [one.pid for one in found if one.role == role and one.leads == leader]


def next_run(up: Up, began: datetime, but: str) -> str:
    """The harvest that came by itself after the one `but`."""

    def look() -> str | None:
        ids = [str(run["id"]) for run in up.runs("harvest", began) if run["id"] != but]
        return ids[0] if ids else None

    return eventually(look, "another harvest, by itself")


def expect(path: Path, rows: dict[str, Rows]) -> None:
    """The published copy has these rows once the event of the harvest has had it published."""
    with suppress(AssertionError):
        eventually(lambda: stable_rows(path) == rows, "the rows of an undisturbed run")
    assert stable_rows(path) == rows


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_stopped_lets_its_run_end_well(
    number: signal.Signals, up: Up, queue: Path, undisturbed: dict[str, Rows]
) -> None:
    began = datetime.now(UTC)
    run = started(up, queue)
    (worker,) = pids(up, "worker")
    os.kill(worker, number)
    eventually(lambda: not pids(up, "worker"), "the end of the worker")
    assert pids(up, "worker", leader=False) == []
    assert up.state(run) == "CRASHED"
    assert landed(Desk.at(queue)) == ()
    up.call("pressclip", "server", "up", "--newsstand")
    assert up.ended(next_run(up, began, run)) == "COMPLETED"
    expect(queue, undisturbed)


def test_a_run_that_a_person_cancels_ends_as_cancelled_and_keeps_what_it_had(
    up: Up, queue: Path
) -> None:
    began = datetime.now(UTC)
    run = started(up, queue)
    up.ask(f"flow_runs/{run}/set_state", state={"type": "CANCELLING", "name": "Cancelling"})
    assert up.ended(run) == "CANCELLED"
    assert landed(Desk.at(queue)) == ()
    with open_warehouse(Desk.at(queue), wait=PATIENCE) as wh:
        ((decided,),) = wh.execute("SELECT count(*) FROM entries WHERE state <> 'waiting'")
        assert int(str(decided)) > 0
    # Nobody takes it up again.
    time.sleep(10)
    runs = up.runs("harvest", began)
    assert [one["id"] for one in runs if one["parameters"]["warehouse"] == str(queue)] == [run]


def test_a_worker_that_is_killed_leaves_a_run_that_ends_by_itself(
    up: Up, queue: Path, undisturbed: dict[str, Rows]
) -> None:
    """It may complete; or a log line finds nobody to read it, and Rich takes that for a reason to
    exit."""
    run = started(up, queue)
    (worker,) = pids(up, "worker")
    os.kill(worker, signal.SIGKILL)
    assert up.ended(run) in {"COMPLETED", "CRASHED"}
    eventually(lambda: not pids(up, "worker", leader=False), "the end of its process")
    assert landed(Desk.at(queue)) == ()
    up.call("pressclip", "server", "up", "--newsstand")
    expect(queue, undisturbed)


def test_a_worker_that_is_killed_with_its_run_is_found_out(
    up: Up, queue: Path, undisturbed: dict[str, Rows]
) -> None:
    """As when a machine is lost: the missing heartbeats tell, here after a shorter time."""
    began = datetime.now(UTC)
    up.change_trigger(NO_HEARTBEAT, within=75)
    run = started(up, queue)
    for pid in (*pids(up, "worker"), *pids(up, "worker", leader=False)):
        os.kill(pid, signal.SIGKILL)
    assert up.state(run) == "RUNNING"
    assert up.ended(run) == "CRASHED"
    # Not before: it puts the automation back to what is shipped, for heartbeats to come.
    up.call("pressclip", "server", "up", "--newsstand")
    assert up.ended(next_run(up, began, run)) == "COMPLETED"
    expect(queue, undisturbed)


def test_a_run_outlasts_a_server_that_is_away(
    up: Up, queue: Path, undisturbed: dict[str, Rows]
) -> None:
    # It still runs when the server is back; in `make test-long` past the renewal of its slot.
    run = started(up, queue, PRESSCLIP_HOST_PAUSE=f"{8 + OUTAGE / 7:g}")
    lease = up.ask(f"flow_runs/{run}")["state"]["state_details"]["deployment_concurrency_lease_id"]
    (server,) = pids(up, "server")
    os.kill(server, signal.SIGTERM)
    eventually(lambda: not pids(up, "server"), "the end of the server")
    time.sleep(OUTAGE)
    up.call("pressclip", "server", "up", "--newsstand")
    # As the run itself renews its slot every few minutes: refused, it crashes.
    assert up.state(run) == "RUNNING"
    up.ask(f"v2/concurrency_limits/leases/{lease}/renew", lease_duration=300)
    assert up.ended(run, patience=600) == "COMPLETED"
    expect(queue, undisturbed)


def test_a_run_outlasts_a_database_that_is_locked(
    up: Up, queue: Path, undisturbed: dict[str, Rows]
) -> None:
    run = started(up, queue)
    with sqlite3.connect(up.home / "prefect.db", timeout=60, isolation_level=None) as database:
        database.execute("BEGIN EXCLUSIVE")
        time.sleep(OUTAGE)
        database.execute("ROLLBACK")
    assert up.ended(run, patience=400) == "COMPLETED"
    expect(queue, undisturbed)
