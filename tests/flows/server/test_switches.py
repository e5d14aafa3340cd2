"""What is switched off is written into what is deployed."""

from __future__ import annotations

from typing import Any

import yaml

from flows.server.switches import Switches, as_switched
from tests.deploy.files import DEPLOY

DOCUMENT: dict[str, Any] = yaml.safe_load((DEPLOY / "prefect.yaml").read_text("utf-8"))


def test_only_what_is_off_is_off() -> None:
    trigger = "pressclip: harvest what a poll found"
    off = Switches(
        paused=frozenset({"load"}),
        inactive=frozenset({("poll", "3-59/10 * * * *"), ("watch", "0 0 * * *")}),
        disabled=frozenset({trigger}),
    )
    switched = {one["name"]: one for one in as_switched(DOCUMENT, off)["deployments"]}
    assert {name for name, one in switched.items() if one["paused"]} == {"load"}
    schedules = [
        (name, one) for name, spec in switched.items() for one in spec.get("schedules", ())
    ]
    assert {name for name, one in schedules if not one["active"]} == {"poll"}
    triggers = [one for spec in switched.values() for one in spec.get("triggers", ())]
    assert {one["name"] for one in triggers if not one["enabled"]} == {trigger}
    assert "paused" not in DOCUMENT["deployments"][0]
