"""`pressclip server`: a Prefect server for this desk, on this machine."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import options
from flows.cli.commands.read import WEB_PORT
from flows.cli.commands.trigger import command as trigger
from flows.cli.output.console import complain, say
from flows.cli.output.forms import Form, write
from flows.cli.output.tables import columns, show
from flows.cli.prefect_server import answering, required_api_url
from flows.server import up
from flows.settings import default_environment, prefect_api_url, read_settings

GRACE = 25.0
"""Seconds that stopped runs have to end well: Kubernetes kills after thirty, unless told more."""

app = typer.Typer(
    no_args_is_help=True,
    help="Run on a Prefect server: scheduled, event-driven, seen in a browser.",
)


@app.command("up")
def bring_up(
    port: Annotated[
        int | None,
        options.whole_number(1, 65535, "Port of the server. Default: 4200, or any free one"),
    ] = None,
    newsstand: Annotated[
        bool, typer.Option("--newsstand", help="Watch the made-up press instead of real feeds.")
    ] = False,
    topics: options.Topics = None,
    warehouse: options.Warehouse = None,
) -> None:
    """Start server, worker, deployments and pages on this machine, wait for them, and poll.

    Starts only what is not up yet. Everything listens on 127.0.0.1 only; logs are in the desk's
    folder.

    Examples:
      pressclip server up
      pressclip server up --newsstand --warehouse demo/press.duckdb
    """
    from flows.steps.subscriptions import newsstand_feeds, shipped_feeds, subscribe, subscribed
    from warehouse.queue.feeds import published_feeds

    settings = read_settings(warehouse=warehouse, topics=topics)
    settings.read_topics()
    if newsstand:
        subscribe(settings, newsstand_feeds(), complain)
    # After an outage a run may be at work: what people read tells without waiting for it.
    elif not published_feeds(settings.desk()) and not subscribed(settings, complain):
        subscribe(settings, shipped_feeds(), complain)
    station = up.bring_up(settings, port=port, web_port=WEB_PORT, newsstand=newsstand, say=say)
    say(f"Ready: {station.ui_url}", style="bold")
    if station.web_url:
        say(f"The desk's pages: {station.web_url}", style="bold")
    # Named also where it need not be, if the environment would lead to another server.
    named = warehouse or (settings.warehouse if prefect_api_url() else None)
    words = ["server", "trigger", "poll", "--wait", *(["--warehouse", named] if named else [])]
    say(f"Feeds are polled now, and then by schedule; for one now: {_as_typed(*words)}")
    say(f"For the prefect command: export PREFECT_API_URL={station.api_url}")


app.command("trigger")(trigger)


def _as_typed(*words: str) -> str:
    """A command of ours as its user has to type it here: by the path by which this one was called,
    unless the shell finds it by its name."""
    program = sys.argv[0]
    found = shutil.which("pressclip")
    if found and Path(found).resolve() == Path(program).resolve():
        program = "pressclip"
    return shlex.join((program, *words))


@app.command("down")
def take_down(warehouse: options.Warehouse = None) -> None:
    """Stop what `server up` started. Runs at work keep what they have collected.

    Examples:
      pressclip server down
    """
    ended = up.take_down(read_settings(warehouse=warehouse))
    roles = [role for role, processes in ended.items() if processes]
    say(f"Stopped: {', '.join(roles)}." if roles else "Nothing was up.")


@app.command("status")
def status(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Show what is up. Exit code 1 where something is not.

    Examples:
      pressclip server status
    """
    settings = read_settings(warehouse=warehouse)
    rows = up.status(settings)
    table = columns(("part", "state", "where"), rows)
    if json:
        write(table, Form.JSON)
    elif rows:
        show(table)
    if not rows or any(state != "up" for _, state, _ in rows):
        if not json:
            say("Not all of it is up; `pressclip server up` starts what is missing.")
        raise typer.Exit(1)


@app.command("deploy")
def deploy(
    shards: Annotated[
        int,
        options.whole_number(1, 999, "Parts of the press that workers share by host"),
    ] = 1,
) -> None:
    """Tell the configured Prefect server of the work pool, deployments and automations.

    Can be repeated: what is there is brought up to date. With several shards, each has a poll and
    a harvest of its own; those of another number are deleted, so end their runs first.
    PRESSCLIP_NOTIFY names a notification block that the automations tell of every alert.

    Examples:
      pressclip server deploy
      pressclip server deploy --shards 4
    """
    # Prefect takes two seconds to import; only these commands need it here.
    from flows.server.automations import apply_automations
    from flows.server.deploying import deploy_all, ensure_pool, retire_others

    settings = read_settings()
    with answering(required_api_url()):
        asyncio.run(ensure_pool(up.POOL))
        with tempfile.TemporaryDirectory() as folder:
            deploy_all(Path(folder), shards)
        changed = asyncio.run(apply_automations(settings.notify, shards))
        # Last: no automation names them any more.
        retired = asyncio.run(retire_others(shards))
    if retired:
        say(f"Deleted, being of another number of shards: {', '.join(retired)}.")
    say(f"Deployed; {len(changed)} automations changed.")


@app.command("worker")
def worker(
    pool: Annotated[str, typer.Option(help="The work pool to take runs from.")] = up.POOL,
    limit: Annotated[int, options.whole_number(1, 1000, "Runs at once")] = up.RUNS_AT_ONCE,
    grace: Annotated[
        float, options.seconds("Seconds that runs have to end well when it is stopped")
    ] = GRACE,
    health: Annotated[
        bool,
        typer.Option("--health", help="Answer at http://127.0.0.1:8080/health, for probes."),
    ] = False,
) -> None:
    """Take runs from the configured Prefect server until SIGTERM or Ctrl-C.

    Like `prefect worker start --type process`, but when it is stopped the runs at work land and
    load what they hold, and the server hears how they ended. PREFECT_WORKER_WEBSERVER_HOST and
    PREFECT_WORKER_WEBSERVER_PORT say where else it answers probes.

    Examples:
      pressclip server worker --limit 8 --health
    """
    api_url = required_api_url()
    default_environment(up.FOR_RUNS | {"PREFECT_WORKER_WEBSERVER_HOST": up.HOST})
    with warnings.catch_warnings():
        # Prefect remarks that ours takes the place of its own worker, as it is meant to.
        warnings.simplefilter("ignore", UserWarning)
        from flows.server.worker import reach, work

    with answering(api_url):
        asyncio.run(reach())
    asyncio.run(work(pool, limit=limit, grace=grace, health=health))
