"""`pressclip server trigger`: start a deployment on a Prefect server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options
from flows.cli.completion import complete_flow
from flows.cli.output.console import complain, say
from flows.cli.output.progress import busy
from flows.cli.output.tables import columns, show
from flows.cli.prefect_server import answering, required_api_url
from flows.wording import unknown
from parsers.errors import Drop

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun, State

UNTAKEN = 15.0
"""Seconds that a worker which is well needs at most to take a run up."""


def command(
    flow: Annotated[
        str,
        typer.Argument(
            metavar="FLOW",
            autocompletion=complete_flow,
            help="poll, harvest, load, publish, submit or ingest; or FLOW/DEPLOYMENT for another.",
        ),
    ],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter; JSON or text."),
    ] = None,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait",
            help="Wait until the run ends, and tell what came of it; exit code 1 if it failed.",
        ),
    ] = False,
    timeout: Annotated[
        float | None,
        options.seconds("Seconds to wait at most; unset: as long as it takes"),
    ] = None,
    warehouse: Annotated[
        str | None,
        typer.Option(
            "--warehouse",
            "-w",
            metavar="PATH|URL",
            help="Use the server that `server up` started for this warehouse.",
        ),
    ] = None,
) -> None:
    """Run a deployment on the Prefect server that is configured, or that `server up` started.

    Examples:
      pressclip server trigger poll --wait
      pressclip server trigger harvest -p topics=my.toml --wait --timeout 600
    """
    api_url = required_api_url(warehouse)
    name = flow if "/" in flow else f"{flow}/{flow}"
    with answering(api_url), busy(f"Waiting for {name}") if wait else nullcontext():
        patience = timeout if wait else 0.0
        came = asyncio.run(_run(api_url, name, _parameters(param or []), patience))
    say(f"{name}: {came.state}" + (f" ({came.why})" if came.why else ""))
    if came.state == "COMPLETED":
        say(came.run)
    elif came.state == "CANCELLED" and "concurrency limit" in (came.why or ""):
        say("Another run of it is at work, and takes everything there is to do.")
    if came.counts:
        show(columns(("what", "result"), came.counts))
    if wait and came.state != "COMPLETED":
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a run."""

    run: str
    """Its name: once it has ended well, that says what it did."""
    state: str
    why: str | None = None
    counts: tuple[tuple[object, ...], ...] = ()
    """What it showed in the UI of what it did."""


def _parameters(given: list[str]) -> dict[str, object]:
    parameters: dict[str, object] = {}
    for option in given:
        name, equals, text = option.partition("=")
        if not equals:
            raise Drop("bad_parameter", f"--param {option!r} is not of the form NAME=VALUE.")
        try:
            parameters[name] = json.loads(text)
        except json.JSONDecodeError:
            parameters[name] = text
    return parameters


async def _run(
    api_url: str, name: str, parameters: dict[str, object], patience: float | None
) -> Came:
    """Starts the deployment `name`, waits for its run for `patience` seconds; what came of it."""
    # Prefect takes two seconds to import; only this command needs it here.
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    async with get_client() as client:
        try:
            deployment = await client.read_deployment_by_name(name)
        except ObjectNotFound as error:
            known = sorted({one.name for one in await client.read_deployments(limit=200)})
            asked = unknown("deployment", name.rpartition("/")[2], known)
            raise Drop("no_deployment", f"On the server at {api_url}: {asked}") from error
        schema = deployment.parameter_openapi_schema or {}
        _check(name, parameters, schema.get("properties", {}))
        try:
            run = await client.create_flow_run_from_deployment(
                deployment.id, parameters=parameters, name=f"{deployment.name}, by hand"
            )
        except httpx.HTTPStatusError as error:
            if error.response.status_code in {409, 422}:
                raise Drop("bad_parameter", f"{name}: {error.response.text}") from error
            raise
        state = await _ended(client, run, patience)
        if state is None or not state.is_final():
            return Came(run.name, state.type.value if state else "UNKNOWN")
        run = await client.read_flow_run(run.id)
        return Came(run.name, state.type.value, state.message, await _counts(client, run))


async def _counts(client: PrefectClient, run: FlowRun) -> tuple[tuple[object, ...], ...]:
    """The rows of the table that a run of ours leaves in the UI."""
    from prefect.client.schemas.filters import (
        ArtifactFilter,
        ArtifactFilterFlowRunId,
        ArtifactFilterType,
    )

    wanted = ArtifactFilter(
        flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]), type=ArtifactFilterType(any_=["table"])
    )
    tables = await client.read_artifacts(artifact_filter=wanted)
    return tuple(tuple(row.values()) for table in tables for row in json.loads(str(table.data)))


def _check(name: str, parameters: Mapping[str, object], known: Mapping[str, object]) -> None:
    """Refuses what the flow would only refuse once it is run."""
    for parameter in parameters:
        if parameter not in known:
            raise Drop(
                "bad_parameter",
                f"{name} has no parameter {parameter}. It has: {', '.join(known) or 'none'}.",
            )


async def _ended(client: PrefectClient, run: FlowRun, patience: float | None) -> State | None:
    """The last state of a run, or the one it is in after `patience` seconds. Says so where nobody
    takes it up."""
    clock = asyncio.get_running_loop().time
    began, told = clock(), False
    while run.state and not run.state.is_final():
        waited = clock() - began
        if patience is not None and waited >= patience:
            break
        if not told and waited >= UNTAKEN and run.state.is_scheduled():
            told = True
            complain(
                f"no worker has taken the run up in {UNTAKEN:.0f} s; waiting on. "
                "`pressclip server worker` starts one, `pressclip server status` shows ours."
            )
        await asyncio.sleep(1)
        run = await client.read_flow_run(run.id)
    return run.state
