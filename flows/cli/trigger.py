"""`pressclip trigger`: start a deployment on the configured Prefect server."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from flows.cli.console import say
from flows.server.up import configured_api_url
from flows.settings import read_settings
from parsers.errors import Drop, Retry

REFUSED = (
    "The Prefect server at {api_url} wants a password, or another one. "
    "Set PREFECT_API_AUTH_STRING=name:password."
)


def command(
    flow: Annotated[
        str,
        typer.Argument(
            metavar="FLOW",
            help="poll, harvest, load, publish, submit or ingest; or FLOW/DEPLOYMENT for another.",
        ),
    ],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter; JSON or text."),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Until the run ends; exit code 1 if it failed.")
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds to wait at most; none: as long as it takes."),
    ] = None,
) -> None:
    """Run a deployment on the configured Prefect server."""
    api_url = configured_api_url(read_settings())
    if api_url is None:
        raise Drop(
            "no_server",
            "No Prefect server is configured. Start one with `pressclip server up`, set "
            "PREFECT_API_URL, or use `pressclip ingest`, which needs no server.",
        )
    name = flow if "/" in flow else f"{flow}/{flow}"
    state, why = asyncio.run(_run(api_url, name, _parameters(param or []), wait, timeout))
    say(f"{name}: {state}" + (f" ({why})" if why else ""))
    if wait and state != "COMPLETED":
        raise typer.Exit(1)


def _parameters(given: list[str]) -> dict[str, object]:
    parameters: dict[str, object] = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals:
            raise Drop("bad_parameter", f"--param {one!r} is not of the form NAME=VALUE.")
        try:
            parameters[name] = json.loads(text)
        except json.JSONDecodeError:
            parameters[name] = text
    return parameters


async def _run(
    api_url: str, name: str, parameters: dict[str, object], wait: bool, timeout: float | None
) -> tuple[str, str | None]:
    """Starts the deployment `name`; the type of its run's state, and what the server says to it."""
    # Prefect takes two seconds to import; only this command needs it here.
    import httpx  # noqa: PLC0415
    from prefect.deployments import arun_deployment  # noqa: PLC0415
    from prefect.exceptions import ObjectNotFound  # noqa: PLC0415

    try:
        run = await arun_deployment(
            name, parameters=parameters, timeout=timeout if wait else 0, poll_interval=1
        )
    except ObjectNotFound as error:
        raise Drop(
            "no_deployment",
            f"The server at {api_url} has no deployment {name}. "
            "`prefect deployment ls` lists those it has; deploy/prefect.yaml describes ours.",
        ) from error
    except httpx.HTTPStatusError as error:
        if error.response.status_code in {401, 403}:
            raise Drop("refused", REFUSED.format(api_url=api_url)) from error
        raise Retry("server_error", f"The server at {api_url} answers {error}.") from error
    except (httpx.HTTPError, RuntimeError) as error:
        raise Retry(
            "server_unreachable", f"The Prefect server at {api_url} does not answer: {error}."
        ) from error
    return (run.state.type.value, run.state.message) if run.state else ("UNKNOWN", None)
