"""`pressclip server up`: idempotent, on loopback only; and the chain that it starts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.server.processes import marked
from tests.flows.server.stations import Up, eventually

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
LISTENING = "0A"


def listening_sockets(pids: set[int]) -> set[str]:
    """The local addresses, in the kernel's hexadecimal, that these processes listen on."""
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                inodes.add(target[len("socket:[") : -1])
    addresses = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in inodes:
                addresses.add(fields[1].partition(":")[0])
    return addresses


def test_everything_listens_on_loopback_only(up: Up) -> None:
    pids = {process.pid for process in marked(str(up.home))}
    assert len(pids) >= 3
    assert listening_sockets(pids) == {"0100007F"}


def test_up_again_changes_nothing(up: Up) -> None:
    processes = marked(str(up.home))
    deployments = {one["id"] for one in up.find("deployments")}
    out = up.call("pressclip", "server", "up", "--newsstand")
    assert "Ready" in out
    assert "Starting" not in out
    leaders = {one for one in processes if one.leads}
    assert leaders <= set(marked(str(up.home)))
    assert {one["id"] for one in up.find("deployments")} == deployments
    assert len(deployments) == 9
    up.wait_for_schedules()
    up.pause_schedules()
    assert "down" not in up.call("pressclip", "server", "status")


def test_the_chain_of_events_from_poll_to_published_copy(up: Up) -> None:
    """One poll by hand; everything else follows by itself."""
    began = datetime.now(UTC)
    assert "COMPLETED" in up.call("pressclip", "trigger", "poll", "--wait")
    eventually(lambda: up.runs("publish", began), "a publish run")
    chain = [run for flow in ("poll", "harvest", "publish") for run in up.runs(flow, began)]
    assert [up.ended(run["id"]) for run in chain] == ["COMPLETED"] * 3
    assert {run["created_by"]["type"] for run in chain[1:]} == {"AUTOMATION"}
    assert {run["parameters"]["warehouse"] for run in chain[1:]} == {str(up.path)}
    (found,) = up.events("pressclip.entries.found")
    assert found["payload"]["new_entries"] == found["payload"]["waiting"] > 20
    assert {one["prefect.resource.role"] for one in found["related"]} >= {"feed", "flow-run"}
    (loaded,) = up.events("pressclip.articles.loaded")
    assert set(loaded["payload"]["topics"]) == {"musk", "openai"}
    assert len(up.clippings()) > 10
    shown = {one["key"]: one["data"] for one in up.find("artifacts")}
    assert shown["harvest-progress"] == 100.0
    assert shown["new-stories"].count("](http") == len(up.clippings())
    assert '"what": "stored"' in shown["harvest-summary"]
    assert {run["name"].split(" ")[0] for run in chain} == {"poll", "harvest", "publish"}
    # What a feed's first poll brings is no news.
    assert up.events("pressclip.story.found") == []


def test_a_link_posted_as_an_event_is_filed(up: Up) -> None:
    link = "http://the-meridian-post.example/technology/2026/10/openai-lantern-notebook.html"
    began = datetime.now(UTC)
    up.emit("pressclip.url.submitted", url=link)
    (run,) = eventually(lambda: up.runs("submit", began), "a submit run")
    assert up.ended(run["id"]) == "COMPLETED"
    assert run["parameters"] == {"links": [link]}


def test_a_new_story_is_told_of(up: Up, path: Path) -> None:
    link = "http://the-meridian-post.example/technology/2026/10/openai-lantern-notebook.html"
    run = up.start("submit", links=[link], warehouse=str(path))
    assert up.ended(run) == "COMPLETED"
    eventually(path.exists, "the published copy")
    (story,), (clipping,) = up.events("pressclip.story.found"), up.clippings(path)
    assert story["payload"]["title"] == clipping["title"]
    assert story["payload"]["topics"] == clipping["topics"] == ["openai"]
    topics = [one for one in story["related"] if one["prefect.resource.role"] == "topic"]
    assert [one["prefect.resource.id"] for one in topics] == ["pressclip.topic.openai"]
