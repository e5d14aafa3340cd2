"""Automations at work: what is lost, left behind or far below the usual is noticed."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.exceptions import TerminationSignal
from prefect.server.events.schemas.events import Resource, ResourceSpecification
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Crashed, exception_to_crashed_state

from flows.prefect_flows import watch
from flows.server.automations import apply_automations, shipped_automations
from tests.servers.prefect_server import Up
from tests.waiting import eventually
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.desk import Desk
from warehouse.loading.landing import land, landed
from warehouse.records import Batch, EntryState, Feed, FeedHealth

pytestmark = pytest.mark.server


def automations(up: Up) -> dict[str, dict[str, Any]]:
    """The automations of the server, by name."""
    found = up.find("automations")
    assert len({one["name"] for one in found}) == len(found)
    return {one["name"]: one for one in found}


def fired(up: Up, name: str) -> list[dict[str, Any]]:
    """The times that an automation fired."""
    events = up.events("prefect.automation.triggered")
    return [one for one in events if one["resource"]["prefect.resource.name"] == name]


def test_all_are_deployed_once_and_stay_as_they_are(up: Up) -> None:
    before = automations(up)
    assert {spec["name"] for spec in shipped_automations()} <= set(before)
    with temporary_settings({PREFECT_API_URL: up.api_url}):
        assert asyncio.run(apply_automations(None)) == ()
    told = up.call("pressclip", "server", "deploy", PREFECT_API_URL=up.api_url)
    assert told.endswith("Deployed; 0 automations changed.\n")
    up.pause_schedules()
    after = automations(up)
    for spec in shipped_automations():
        assert after[spec["name"]]["id"] == before[spec["name"]]["id"]


def crashed(up: Up, deployment: str, **parameters: object) -> dict[str, Any]:
    """The run that follows by itself when one of `deployment` with `parameters` crashes."""
    run, began = up.planned(deployment, **parameters), datetime.now(UTC)
    up.ask(f"flow_runs/{run}/set_state", state={"type": "CRASHED"}, force=True)

    def look() -> dict[str, Any] | None:
        flow = deployment.partition("/")[0]
        runs = up.find("flow_runs", flows={"name": {"any_": [flow]}})
        made = [one for one in runs if datetime.fromisoformat(one["created"]) > began]
        by_itself = [one for one in made if (one["created_by"] or {}).get("type") == "AUTOMATION"]
        return by_itself[0] if by_itself else None

    return eventually(look, f"another run of {deployment}")


@pytest.mark.parametrize(
    ("flow", "parameters"),
    [("load", {}), ("poll", {"warehouse": "PATH", "shard": "2/3", "feeds": ["1"]})],
)
def test_a_run_that_crashed_is_run_again_as_it_was(
    flow: str, parameters: dict[str, object], up: Up, path: Path
) -> None:
    """A scheduled run has no parameters at all; others have some of what a flow may be given."""
    given = {name: str(path) if one == "PATH" else one for name, one in parameters.items()}
    again = crashed(up, f"{flow}/{flow}", **given)
    assert again["parameters"] == given
    assert up.ended(again["id"]) == "COMPLETED"


@pytest.mark.long
def test_shards_are_deployed_looked_after_and_taken_back(up: Up) -> None:
    def deploy(shards: int) -> None:
        command = ("pressclip", "server", "deploy", "--shards", str(shards))
        assert "automations changed" in up.call(*command, PREFECT_API_URL=up.api_url)
        up.pause_schedules()

    def ran_by_automations() -> set[str]:
        actions = [action for one in automations(up).values() for action in one["actions"]]
        return {one["deployment_id"] for one in actions if one.get("deployment_id")}

    before = set(automations(up))
    try:
        deploy(3)
        deployments = {one["name"]: one["id"] for one in up.find("deployments")}
        polls = {one for name, one in deployments.items() if name.startswith("poll-")}
        assert len(polls) == 4
        assert polls <= ran_by_automations() <= set(deployments.values())
        again = crashed(up, "harvest/harvest-2-of-3")
        assert again["deployment_id"] == deployments["harvest-2-of-3"]
        assert again["parameters"] == {"shard": "2/3"}
        up.settle()
    finally:
        deploy(1)
    assert set(automations(up)) == before
    assert ran_by_automations() <= {one["id"] for one in up.find("deployments")}


def test_batches_that_nobody_loads_are_loaded(up: Up, path: Path) -> None:
    desk, began = Desk.at(path), datetime.now(UTC)
    long_ago = time.time() - timedelta(hours=1).total_seconds()
    feed = Feed(feed_id=1, url="http://the-meridian-post.example/feed.xml")
    file = land(desk, Batch("a-batch", "feeds", began, feeds=(feed,)))
    os.utime(desk.folder / "landing" / file, (long_ago, long_ago))
    assert up.ended(up.start("watch", warehouse=str(path))) == "COMPLETED"
    (run,) = eventually(lambda: up.runs("load", began), "a load by itself")
    assert up.ended(run["id"]) == "COMPLETED"
    assert up.ask(f"flow_runs/{run['id']}")["name"] == "load 1 batch"
    assert landed(desk) == ()


def test_an_outlet_that_cannot_be_read_any_more_is_told_once_a_day(up: Up, path: Path) -> None:
    def answers(hours: float) -> Feed:
        url, then = "https://news.example/rss", at(hours)
        return Feed(1, url, health=FeedHealth.OK, succeeded_at=then, poll_every=1800.0)

    article, names = an_article("a", read=0.2), ("b", "c", "d")
    read = an_outcome("a", EntryState.STORED, 0.2, article_id=article.article_id)
    dead = [an_outcome(name, EntryState.DEAD, 3, reason="bot_challenge") for name in names]
    Bench(Desk.at(path)).load(
        a_batch("p0", 0, "poll", feeds=(answers(0),), entries=(an_entry("a"),)),
        a_batch("h0", 0.2, articles=(article,), outcomes=(read,)),
        a_batch("p1", 2, "poll", entries=tuple(map(an_entry, names))),
        a_batch("h1", 3, outcomes=tuple(dead)),
        a_batch("p2", 5, "poll", feeds=(answers(5),)),
    )

    def look() -> None:
        run = up.ran_here(watch, warehouse=str(path))
        assert up.ask(f"flow_runs/{run}")["name"] == "watch: 1 concern"
        (told,) = eventually(lambda: up.events_from("pressclip.outlet.gap", run), "the gap's event")
        assert told["resource"]["prefect.resource.id"] == "pressclip.outlet.news.example"
        assert (told["payload"]["gap"], told["payload"]["headlines"]) == ("unread", 3)
        (shown,) = up.find("artifacts", flow_runs={"id": {"any_": [run]}})
        assert "none of its last 3 pages could be read (bot_challenge)" in shown["data"]

    look()
    look()
    name = "pressclip: an outlet fell silent"
    eventually(lambda: fired(up, name), "the alert")
    time.sleep(3)
    assert len(fired(up, name)) == 1


def test_an_alert_fires_once_a_day_for_each_thing(up: Up) -> None:
    payload = {"kind": "language", "key": "id", "day": "2026-10-01", "observed": 1, "usual": 20}
    for key in ("id", "id", "de"):
        up.emit("pressclip.volume.low", f"pressclip.volume.language.{key}", **payload)
    name = "pressclip: far less than usual"
    eventually(lambda: len(fired(up, name)) >= 2, "both alerts")
    time.sleep(3)
    assert len(fired(up, name)) == 2


@pytest.mark.parametrize(
    ("ended", "stopped"),
    [
        (asyncio.CancelledError(), True),
        (TerminationSignal(signal.SIGTERM), True),
        (SystemExit(), True),
        (KeyboardInterrupt(), True),
        (RuntimeError("Whatever"), False),
        (None, False),
    ],
)
async def test_what_ended_a_run_says_which_automation_runs_it_again(
    ended: BaseException | None, stopped: bool
) -> None:
    """One that was stopped is taken up each time; one that crashed, once in five minutes."""
    state = await exception_to_crashed_state(ended) if ended else Crashed(message="No heartbeat.")
    crash = Resource({"prefect.resource.id": "x", "prefect.state-message": state.message or ""})
    takes_up = {
        spec["trigger"]["within"]
        for spec in shipped_automations()
        if spec["trigger"].get("expect") == ["prefect.flow-run.Crashed"]
        and ResourceSpecification(
            {"prefect.state-message": spec["trigger"]["match"]["prefect.state-message"]}
        ).matches(crash)
    }
    assert takes_up == {10 if stopped else 300}
