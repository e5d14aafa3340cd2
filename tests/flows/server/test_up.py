"""`pressclip server up`: idempotent, on loopback only; and the chain that it starts."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from flows.prefect_flows import poll
from flows.server.processes import Process, marked
from tests.flows.server.conftest import Filed
from tests.servers.prefect_server import Up
from tests.waiting import eventually

pytestmark = pytest.mark.server
ELSEWHERE = {"PRESSCLIP_WAREHOUSE": "", "PREFECT_API_URL": "http://127.0.0.1:1/api"}


def listening_addresses(pids: set[int]) -> set[str]:
    """The addresses that these processes listen on."""
    return {
        connection.laddr.ip
        for pid in pids
        for connection in psutil.Process(pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }


def test_what_shares_a_server_is_run_by_one_worker(request: pytest.FixtureRequest) -> None:
    """pytest-xdist 3.8 names the group in the test's id, and on pytest 9.2 it forgets to."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@server")


def test_up_polls_at_once(up: Up) -> None:
    """Of the runs that nobody planned it is the first. A schedule may have been as quick: then its
    poll is at work, and the server cancels this one. The server answers with 200 runs, of which
    those that are planned may be 200, so that the first of all are asked for."""
    runs = up.find("flow_runs", flows={"name": {"any_": ["poll"]}}, sort="START_TIME_ASC")
    asked = (run for run in runs if not run["auto_scheduled"])
    first = min(asked, key=lambda run: run["created"])
    planned = any(run["auto_scheduled"] and run["state_type"] == "COMPLETED" for run in runs)
    assert first["state_type"] in ({"COMPLETED", "CANCELLED"} if planned else {"COMPLETED"})


def test_everything_listens_on_loopback_only(up: Up) -> None:
    pids = {process.pid for process in marked(str(up.home))}
    assert len(pids) >= 4
    assert listening_addresses(pids) == {"127.0.0.1"}


def test_the_desk_has_its_pages(up: Up) -> None:
    (row,) = (one for one in up.status() if one["part"] == "web")
    assert row["state"] == "up"
    url = row["where"].partition(",")[0]
    assert httpx.get(f"{url}health", trust_env=False).text == "ok\n"
    (page,) = (one for one in marked(str(up.home)) if one.role == "web" and one.leads)
    assert not [name for name in psutil.Process(page.pid).environ() if name.startswith("PREFECT_")]


def test_the_server_keeps_its_ui_and_the_slots_of_runs_with_the_desk(up: Up) -> None:
    """The installed package may be read-only, and a restart must not forget who holds a slot."""
    for version in ("v1", "v2"):
        assert (up.home / "ui" / version / "index.html").exists()
    ui = up.api_url.removesuffix("/api")
    assert "<html" in httpx.get(ui, follow_redirects=True, trust_env=False).text
    assert (up.home / "concurrency_leases" / "expirations.json").exists()


@dataclass(frozen=True)
class Again:
    """What there was before `server up` was called a second time, and what it printed."""

    leaders: frozenset[Process]
    deployments: frozenset[str]
    printed: str


@pytest.fixture(scope="module")
def again(up: Up) -> Again:
    """A second `server up`, with a schedule and a trigger switched off (deployments are paused by
    these tests anyway), where the environment leads to no warehouse and to another server."""
    watch = up.ask("deployments/name/watch/watch")
    schedule = f"deployments/{watch['id']}/schedules/{watch['schedules'][0]['id']}"
    up.change(schedule, active=False)
    up.change(f"automations/{trigger(up)['id']}", enabled=False)
    leaders = frozenset(one for one in marked(str(up.home)) if one.leads)
    deployments = frozenset(one["id"] for one in up.find("deployments"))
    command = ("server", "up", "--newsstand", "--warehouse", str(up.path))
    return Again(leaders, deployments, up.run("pressclip", *command, **ELSEWHERE).stdout)


def trigger(up: Up, name: str = "pressclip: file a submitted link") -> dict[str, Any]:
    """The trigger of a deployment, such as that of submit."""
    return next(one for one in up.find("automations") if one["name"] == name)


def test_up_again_changes_nothing(up: Up, again: Again) -> None:
    assert "Ready" in again.printed
    assert "The desk's pages: http://127.0.0.1:" in again.printed
    assert not re.search("Starting|Serving", again.printed)
    assert again.leaders <= set(marked(str(up.home)))
    assert {one["id"] for one in up.find("deployments")} == again.deployments
    assert len(again.deployments) == 9
    assert {one["state"] for one in up.status()} == {"up"}


def test_what_somebody_switched_off_stays_off(up: Up, again: Again) -> None:
    deployments = {one["name"]: one for one in up.find("deployments")}
    assert all(one["paused"] for one in deployments.values())
    schedules = {name: one["schedules"] for name, one in deployments.items() if one["schedules"]}
    off = {name for name, ours in schedules.items() if not all(one["active"] for one in ours)}
    submitted = trigger(up)
    assert (off, submitted["enabled"]) == ({"watch"}, False)
    path = f"deployments/{deployments['watch']['id']}/schedules/{schedules['watch'][0]['id']}"
    up.change(path, active=True)
    up.change(f"automations/{submitted['id']}", enabled=True)


def test_the_command_that_it_prints_works_as_it_is_printed(up: Up, again: Again) -> None:
    (hint,) = re.findall(r"for one now: (.*)", again.printed)
    done = subprocess.run(
        shlex.split(hint), env=up.env | ELSEWHERE, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split("\n")[0]) == (0, "poll/poll: COMPLETED"), done.stderr
    up.settle()


def lose_the_event_of_a_poll(up: Up, path: Path) -> str:
    """Polls while nobody listens; the id of the run."""
    began = datetime.now(UTC)
    path_of_trigger = f"automations/{trigger(up, 'pressclip: harvest what a poll found')['id']}"
    up.change(path_of_trigger, enabled=False)
    lost = up.ran_here(poll, warehouse=str(path))
    eventually(lambda: up.events_from("pressclip.entries.found", lost), "the event")
    time.sleep(3)
    up.change(path_of_trigger, enabled=True)
    assert up.runs("harvest", began) == []
    return lost


def test_the_chain_of_events_from_poll_to_published_copy(up: Up, path: Path) -> None:
    """One poll by hand, and everything else follows by itself: in a warehouse of its own, because
    a scheduled poll of the other one may have come first. It finds nothing new, but entries that
    wait: what an event that got lost would have started is started by the next."""
    up.here("feeds", "import", str(up.feeds), "-w", str(path))
    lost = lose_the_event_of_a_poll(up, path)
    began = datetime.now(UTC)
    done = up.asked_here("trigger", "poll", "-p", f"warehouse={path}", "--wait")
    assert "COMPLETED" in done.stdout, done.stderr

    def runs(flow: str) -> list[dict[str, Any]]:
        return [run for run in up.runs(flow, began) if run["parameters"]["warehouse"] == str(path)]

    eventually(lambda: runs("publish"), "a publish run")
    chain = [run for flow in ("poll", "harvest", "publish") for run in runs(flow)]
    assert [up.ended(run["id"]) for run in chain] == ["COMPLETED"] * 3
    assert {run["created_by"]["type"] for run in chain[1:]} == {"AUTOMATION"}
    assert {run["name"].split(" ")[0] for run in chain} == {"poll", "harvest", "publish"}
    again, found = up.events_of("pressclip.entries.found", path)
    assert up.events_from("pressclip.entries.found", lost) == [found]
    assert found["payload"]["new_entries"] == found["payload"]["waiting"] > 20
    assert {one["prefect.resource.role"] for one in found["related"]} >= {"feed", "flow-run"}
    assert again["payload"]["new_entries"] == 0
    assert again["payload"]["waiting"] == found["payload"]["waiting"]
    (loaded,) = up.events_of("pressclip.articles.loaded", path)
    assert set(loaded["payload"]["topics"]) == {"musk", "openai"}
    clippings = up.clippings(path)
    assert len(clippings) > 10
    # Whoever replaced it told of it: the harvest, or the publish run that came after.
    assert eventually(
        lambda: [
            one
            for one in up.events("pressclip.copy.published")
            if one["payload"]["path"] == str(path)
        ],
        "the copy being told of",
    )
    harvest = chain[1]["id"]
    shown = {
        one["key"]: one["data"]
        for one in up.find("artifacts", artifacts={"flow_run_id": {"any_": [harvest]}})
    }
    assert shown["harvest-progress"] == 100.0
    assert shown["new-stories"].count("](http") == len(clippings)
    assert '"what": "stored"' in shown["harvest-summary"]
    # What a feed's first poll brings is no news.
    assert [up.events_from("pressclip.story.found", run["id"]) for run in chain] == [[], [], []]


def test_a_link_posted_as_an_event_is_filed(up: Up) -> None:
    link = "http://the-meridian-post.example/technology/2026/10/openai-lantern-notebook.html"
    began = datetime.now(UTC)
    up.emit("pressclip.url.submitted", url=link)
    (run,) = eventually(lambda: up.runs("submit", began), "a submit run")
    assert up.ended(run["id"]) == "COMPLETED"
    assert run["parameters"] == {"links": [link]}


def test_a_new_story_is_told_of(up: Up, filed: Filed) -> None:
    # The server writes events down by batches.
    (story,) = eventually(
        lambda: up.events_from("pressclip.story.found", filed.run), "the story's event"
    )
    (clipping,) = up.clippings(filed.path)
    assert story["payload"]["title"] == clipping["title"]
    assert story["payload"]["topics"] == clipping["topics"] == ["musk"]
    topics = [one for one in story["related"] if one["prefect.resource.role"] == "topic"]
    assert [one["prefect.resource.id"] for one in topics] == ["pressclip.topic.musk"]
