"""What an operator has switched off on a server, kept off when everything is deployed again.

`prefect deploy` makes schedules and triggers anew, switched on. So what is off is read before, and
written into what is deployed: there is no moment at which it is on.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound


@dataclass(frozen=True, slots=True)
class Switches:
    """What is off, by the names that deploy/prefect.yaml gives."""

    paused: frozenset[str] = frozenset()
    """Deployments."""
    inactive: frozenset[tuple[str, str]] = frozenset()
    """Schedules: their deployment, and when they fire."""
    disabled: frozenset[str] = frozenset()
    """Automations that start deployments."""


async def read_switches(document: Mapping[str, Any]) -> Switches:
    """What of `document` (a prefect.yaml, read) is there on the configured server and off."""
    paused, inactive, disabled = set(), set(), set()
    async with get_client() as client:
        for spec in document["deployments"]:
            name, flow = spec["name"], spec["entrypoint"].partition(":")[2]
            try:
                found = await client.read_deployment_by_name(f"{flow}/{name}")
            except ObjectNotFound:
                continue
            if found.paused:
                paused.add(name)
            inactive |= {
                (name, str(getattr(schedule.schedule, "cron", "")))
                for schedule in found.schedules
                if not schedule.active
            }
            for trigger in spec.get("triggers", ()):
                known = await client.read_automations_by_name(trigger["name"])
                if known and not any(automation.enabled for automation in known):
                    disabled.add(trigger["name"])
    return Switches(frozenset(paused), frozenset(inactive), frozenset(disabled))


def as_switched(document: Mapping[str, Any], off: Switches) -> dict[str, Any]:
    """`document` with what is off written into it."""
    switched = deepcopy(dict(document))
    for spec in switched["deployments"]:
        spec["paused"] = spec["name"] in off.paused
        for schedule in spec.get("schedules", ()):
            schedule["active"] = (spec["name"], schedule["cron"]) not in off.inactive
        for trigger in spec.get("triggers", ()):
            trigger["enabled"] = trigger["name"] not in off.disabled
    return switched
