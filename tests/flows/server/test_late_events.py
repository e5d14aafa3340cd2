"""Events that the server holds back: what they would have told is told by our own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.servers.prefect_server import NO_HEARTBEAT, Up
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.long]
WINDOW = 15.0
"""Seconds without a heartbeat after which a run is taken for lost here."""


@pytest.fixture
def impatient(up: Up) -> Iterator[None]:
    """The automation that looks for heartbeats, with a shorter window."""
    usual = up.change_trigger(NO_HEARTBEAT, within=WINDOW)["within"]
    yield
    up.change_trigger(NO_HEARTBEAT, within=usual)


@pytest.fixture
def scheduled(up: Up) -> Iterator[str]:
    """A run that the scheduler planned a moment ago, due in another; its id."""
    deployment = up.ask("deployments/name/load/load")
    path = f"deployments/{deployment['id']}"
    soon = datetime.now(UTC) + timedelta(seconds=30)
    schedule = {"interval": 86400, "anchor_date": soon.isoformat(), "timezone": "UTC"}
    (made,) = up.post(f"{path}/schedules", [{"active": True, "schedule": schedule}])
    up.ask(f"{path}/resume_deployment", because="a test runs")

    def look() -> str | None:
        runs = up.find("flow_runs", deployments={"id": {"any_": [deployment["id"]]}})
        due = [one for one in runs if one["expected_start_time"][:19] == soon.isoformat()[:19]]
        return str(due[0]["id"]) if due else None

    yield eventually(look, "a run planned by the scheduler")
    up.remove(f"{path}/schedules/{made['id']}")
    up.pause_schedules()


def test_a_scheduled_run_that_has_ended_is_not_taken_for_lost(
    up: Up, impatient: None, scheduled: str
) -> None:
    """The server never tells of its planning, which its other events of it are to follow."""
    assert up.ended(scheduled) == "COMPLETED"
    resource = f"prefect.flow-run.{scheduled}"
    (ended,) = eventually(
        lambda: [
            one
            for one in up.events("pressclip.run.ended")
            if one["resource"]["prefect.resource.id"] == resource
        ],
        "the end, told by the run itself",
    )
    assert ended["payload"] == {"state": "COMPLETED"}
    time.sleep(WINDOW + 10)
    taken_for_lost = [
        one
        for one in up.events("prefect.automation.triggered")
        if one["resource"]["prefect.resource.name"] == NO_HEARTBEAT
        and resource in str(one["payload"])
    ]
    assert taken_for_lost == []
