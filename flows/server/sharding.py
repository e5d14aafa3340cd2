"""The deployments and automations of several shards, made from those of one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

SHARDED = ("poll", "harvest")
"""What asks other people's servers, and so is shared by host."""
_NAME = re.compile(r"-\d+-of-(\d+)")
_MINUTES = re.compile(r"(\d+)(?:-59/(\d+))? (.*)")


def sharded(document: dict[str, Any], shards: int) -> dict[str, Any]:
    """The deployments of `document` (a prefect.yaml, read) with those of a poll and a harvest for
    each of `shards`, at minutes of their own; the same where there is one."""
    if shards == 1:
        return document
    deployments = [
        shard for deployment in document["deployments"] for shard in _each(deployment, shards)
    ]
    return document | {"deployments": deployments}


def automation_of_shards(spec: Mapping[str, Any], shards: int) -> Mapping[str, Any]:
    """The automation `spec` (a file of deploy/automations, read) where it names a deployment that
    `sharded` makes several of: it watches all of these, and what it runs, it runs for each."""
    if shards == 1:
        return spec
    trigger = spec["trigger"]
    related = trigger.get("match_related")
    if isinstance(related, list):
        trigger = {**trigger, "match_related": [_all_of(resource, shards) for resource in related]}
    actions = [each for action in spec["actions"] for each in _actions(action, shards)]
    return {**spec, "trigger": trigger, "actions": actions}


def _all_of(related: Mapping[str, Any], shards: int) -> Mapping[str, Any]:
    name = related.get("prefect.resource.name")
    if related.get("prefect.resource.role") != "deployment" or name not in SHARDED:
        return related
    return {**related, "prefect.resource.name": _names(name, shards)}


def _actions(action: Mapping[str, Any], shards: int) -> Iterator[Mapping[str, Any]]:
    flow, _, name = action.get("deployment", "").partition("/")
    if name not in SHARDED:
        yield action
        return
    for shard in _names(name, shards):
        yield {**action, "deployment": f"{flow}/{shard}"}


def _names(deployment: str, shards: int) -> list[str]:
    return [f"{deployment}-{number}-of-{shards}" for number in range(1, shards + 1)]


def is_of_another_count(flow: str, name: str, shards: int) -> bool:
    """Whether `name` is a deployment of `flow` that `sharded` makes for another number of
    shards; deployments that somebody made by hand are none."""
    if name == flow:
        return shards != 1
    match = _NAME.fullmatch(name.removeprefix(flow))
    return match is not None and int(match[1]) != shards


def _each(deployment: dict[str, Any], shards: int) -> Iterator[dict[str, Any]]:
    if deployment["name"] not in SHARDED:
        yield deployment
        return
    for number, name in enumerate(_names(deployment["name"], shards), start=1):
        shard = deepcopy(deployment)
        shard["name"] = name
        shard["parameters"] = {"shard": f"{number}/{shards}"}
        for schedule in shard.get("schedules", ()):
            schedule["cron"] = _shifted(schedule["cron"], number - 1)
        for trigger in shard.get("triggers", ()):
            trigger["name"] += f" ({number} of {shards})"
            trigger["parameters"] = trigger.get("parameters", {}) | shard["parameters"]
        yield shard


def _shifted(cron: str, minutes: int) -> str:
    """`cron`, which names a minute or every so many from one on, so many minutes later."""
    match = _MINUTES.fullmatch(cron)
    if match is None:
        raise ValueError(f"{cron!r} can't be shifted: its minutes are neither M nor M-59/N")
    first, step, rest = int(match[1]), match[2], match[3]
    if step is None:
        return f"{(first + minutes) % 60} {rest}"
    return f"{(first + minutes) % int(step)}-59/{step} {rest}"
