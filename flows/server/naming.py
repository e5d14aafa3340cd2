"""What waiting runs are called: by what they will do, and when. Prefect gives those that a schedule
or an automation made two random words, until they begin and name themselves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun

AT_ONCE = 20
"""Runs that are looked at, those due first."""
_OURS = FlowRunFilter(
    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
    tags=FlowRunFilterTags(all_=["pressclip"]),
)


async def name_waiting_runs(client: PrefectClient) -> int:
    """Gives the runs of ours that wait names for people; returns how many."""
    waiting = await client.read_flow_runs(
        flow_run_filter=_OURS, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=AT_ONCE
    )
    unnamed = [run for run in waiting if is_unnamed(run)]
    if not unnamed:
        return 0
    deployments = {one.id: one.name for one in await client.read_deployments(limit=200)}
    for run in unnamed:
        what = deployments.get(run.deployment_id) if run.deployment_id else None
        await client.set_flow_run_name(run.id, waiting_name(what or "run", run.expected_start_time))
    return len(unnamed)


def is_unnamed(run: FlowRun) -> bool:
    """Whether nobody has named `run`: names of ours have blanks, and a person's stay."""
    made_by_itself = run.auto_scheduled or (
        run.created_by is not None and run.created_by.type == "AUTOMATION"
    )
    return made_by_itself and " " not in run.name


def waiting_name(what: str, due: datetime | None) -> str:
    """What a run of the deployment `what` is called until it begins."""
    return f"{what}, due {due:%a %H:%M} UTC" if due else f"{what}, waiting"
