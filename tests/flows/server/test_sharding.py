"""The deployments of several shards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from flows.server.automations import shipped_automations
from flows.server.sharding import (
    SHARDED,
    automation_of_shards,
    is_of_another_count,
    sharded,
)
from flows.shards import read_shard
from tests.deploy.files import DEPLOY

DOCUMENT: dict[str, Any] = yaml.safe_load((DEPLOY / "prefect.yaml").read_text("utf-8"))


def test_one_shard_is_what_the_file_says() -> None:
    assert sharded(DOCUMENT, 1) == DOCUMENT


def test_each_shard_has_a_poll_and_a_harvest_at_minutes_of_their_own() -> None:
    made = sharded(DOCUMENT, 3)["deployments"]
    names = [one["name"] for one in made]
    assert len(set(names)) == len(names) == len(DOCUMENT["deployments"]) + 2 * 2
    for flow in SHARDED:
        mine = [one for one in made if re.fullmatch(rf"{flow}-\d-of-3", one["name"])]
        assert [one["parameters"]["shard"] for one in mine] == ["1/3", "2/3", "3/3"]
        assert [read_shard(one["parameters"]["shard"]).of for one in mine] == [3, 3, 3]
        assert len({one["schedules"][0]["cron"] for one in mine}) == 3
        triggers = [trigger for one in mine for trigger in one.get("triggers", ())]
        assert len({trigger["name"] for trigger in triggers}) == len(triggers)
        # A run that an event starts gets the parameters of its trigger, not the deployment's.
        assert all("shard" in trigger["parameters"] for trigger in triggers)
    polls = [one for one in made if re.fullmatch(r"poll-\d-of-3", one["name"])]
    crons = [one["schedules"][0]["cron"] for one in polls]
    assert crons == ["3-59/10 * * * *", "4-59/10 * * * *", "5-59/10 * * * *"]


def deployments_named(spec: Mapping[str, Any]) -> set[str]:
    """The deployments that an automation runs or watches, by name."""
    run = {
        action["deployment"].split("/")[1] for action in spec["actions"] if "deployment" in action
    }
    related = spec["trigger"].get("match_related", [])
    for one in related if isinstance(related, list) else [related]:
        if one["prefect.resource.role"] == "deployment":
            names = one["prefect.resource.name"]
            run |= set(names) if isinstance(names, list) else {names}
    return run


@pytest.mark.parametrize("shards", [1, 3])
def test_no_automation_names_a_deployment_that_is_not_there(shards: int) -> None:
    there = {one["name"] for one in sharded(DOCUMENT, shards)["deployments"]}
    for spec in shipped_automations():
        assert deployments_named(automation_of_shards(spec, shards)) <= there


def test_all_shards_are_polled_where_none_was_for_long() -> None:
    (spec,) = (one for one in shipped_automations() if "no successful poll" in one["name"])
    polls = {"poll-1-of-3", "poll-2-of-3", "poll-3-of-3"}
    assert deployments_named(automation_of_shards(spec, 3)) == polls
    assert len(automation_of_shards(spec, 3)["actions"]) == 3
    assert automation_of_shards(spec, 1) == spec


def test_the_files_themselves_are_not_changed() -> None:
    before = yaml.safe_dump([DOCUMENT, *shipped_automations()])
    sharded(DOCUMENT, 5)
    specs = shipped_automations()
    for spec in specs:
        automation_of_shards(spec, 5)
    assert yaml.safe_dump([DOCUMENT, *specs]) == before


@pytest.mark.parametrize(
    ("name", "shards", "stale"),
    [
        ("poll", 1, False),
        ("poll", 3, True),
        ("poll-1-of-3", 1, True),
        ("poll-1-of-3", 3, False),
        ("poll-4-of-4", 3, True),
        ("poll-pushed", 3, False),
        ("poll-by-hand", 1, False),
    ],
)
def test_deployments_of_another_number_of_shards(name: str, shards: int, stale: bool) -> None:
    assert is_of_another_count("poll", name, shards) is stale
