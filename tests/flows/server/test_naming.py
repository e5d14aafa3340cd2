"""What runs are called before they begin."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from flows.server.naming import is_unnamed, waiting_name
from tests.servers.prefect_server import Up
from tests.waiting import eventually


@pytest.mark.parametrize(
    ("name", "auto", "maker", "unnamed"),
    [
        ("amber-otter", True, None, True),
        ("amber-otter", False, "AUTOMATION", True),
        ("amber-otter", False, "USER", False),
        ("poll, due Sun 12:43 UTC", True, None, False),
    ],
)
def test_a_persons_names_stay(name: str, auto: bool, maker: str | None, unnamed: bool) -> None:
    by = SimpleNamespace(type=maker) if maker else None
    run: Any = SimpleNamespace(name=name, auto_scheduled=auto, created_by=by)
    assert is_unnamed(run) is unnamed


def test_a_waiting_run_says_what_it_will_do_and_when() -> None:
    due = datetime(2026, 3, 1, 12, 43, tzinfo=UTC)
    assert waiting_name("poll", due) == "poll, due Sun 12:43 UTC"
    assert waiting_name("poll", None) == "poll, waiting"


def test_what_is_scheduled_is_named_by_the_worker(up: Up) -> None:
    maintain = up.ask("deployments/name/maintain/maintain")["id"]
    up.ask(f"deployments/{maintain}/resume_deployment", because="a test looks at its runs")

    def look() -> list[str]:
        wanted = {"deployment_id": {"any_": [maintain]}, "state": {"type": {"any_": ["SCHEDULED"]}}}
        return [run["name"] for run in up.find("flow_runs", flow_runs=wanted) if " " in run["name"]]

    names = eventually(look, "names of scheduled runs")
    up.ask(f"deployments/{maintain}/pause_deployment", because="a test has seen them")
    assert all(re.fullmatch(r"maintain, due \w{3} 03:51 UTC", name) for name in names)
