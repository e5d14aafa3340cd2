"""Single runs on a real server with a real worker: tracked, triggered by hand, waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.server.conftest import Filed
from tests.servers.prefect_server import Up
from tests.waiting import eventually

pytestmark = pytest.mark.server


def test_ingest_is_a_tracked_flow_run_where_a_server_is_configured(up: Up, path: Path) -> None:
    done = up.asked_here("ingest", "--feeds", str(up.feeds), "-w", str(path))
    assert done.returncode == 0, done.stderr
    (run,) = up.find("flow_runs", flows={"name": {"any_": ["ingest"]}})
    assert run["state"]["type"] == "COMPLETED"
    assert run["name"].startswith("ingest 13 feeds, ")
    tasks = up.find("task_runs", flow_runs={"id": {"any_": [run["id"]]}})
    assert {task["name"].split(" ", 1)[1] for task in tasks} == {"feeds", "links"}
    assert len(tasks) < 10
    (artifact,) = up.find("artifacts", artifacts={"key": {"any_": ["ingest-summary"]}})
    assert "entries stored" in artifact["data"]
    assert len(up.clippings(path)) > 5


def test_a_step_can_be_triggered_and_waited_for(up: Up, path: Path) -> None:
    done = up.asked_here("trigger", "publish", "-p", f"warehouse={path}", "--wait")
    assert "publish/publish: COMPLETED" in done.stdout, done.stderr
    assert done.stdout.splitlines()[1].startswith("publish"), "its name says what it did"


def test_what_our_modules_log_reaches_the_server(up: Up, filed: Filed) -> None:
    def look() -> list[str]:
        logs = up.find("logs", logs={"flow_run_id": {"any_": [filed.run]}})
        return [one["message"] for one in logs if one["name"] == "flows.settings"]

    (message,) = eventually(look, "our own warning")
    assert message.startswith("PRESSCLIP_NONSENSE is not a setting")


def test_a_parameter_that_the_flow_has_not_is_refused(up: Up) -> None:
    done = up.asked_here("trigger", "poll", "-p", "bogus=1")
    assert done.returncode == 1
    assert "poll/poll has no parameter bogus. It has: warehouse, shard, feeds." in done.stderr
    done = up.asked_here("trigger", "poll", "-p", "shard=second")
    assert done.returncode == 1
    assert "does not match" in done.stderr


def test_an_unknown_deployment_is_named(up: Up) -> None:
    done = up.asked_here("trigger", "sweep")
    assert done.returncode == 1
    assert "no deployment 'sweep'" in done.stderr


def test_a_server_that_does_not_answer_does_not_stop_the_desk(up: Up, path: Path) -> None:
    nobody, command = "http://127.0.0.1:1/api", ("ingest", "--feeds", str(up.one_feed))
    done = up.asked_here(*command, "-w", str(path), api_url=nobody)
    assert done.returncode == 0, done.stderr
    assert "stored" in done.stdout
