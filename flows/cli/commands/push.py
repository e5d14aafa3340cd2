"""`pressclip push`: feeds that tell when they have something new."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from flows.cli import options
from flows.cli.output.console import remark, say
from flows.cli.output.forms import Form, write
from flows.cli.output.tables import columns, show
from flows.settings import read_settings
from flows.websub.store import open_subscriptions

app = typer.Typer(no_args_is_help=True, help="Feeds that tell when they have something new.")


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; a reverse proxy passes hubs on to it.")
    ] = "127.0.0.1",
    port: Annotated[int, options.whole_number(0, 65535, "Port to listen on")] = 8040,
    warehouse: options.Warehouse = None,
) -> None:
    """Subscribe to the hubs that feeds advertise, and take their pushes, until stopped.

    A push starts a poll of its feed: by the configured Prefect server, or else in this process.
    docs/push.md tells what it takes.

    Examples:
      pressclip push serve --port 8040
    """
    settings = read_settings(warehouse=warehouse)
    from flows.push.serving import callback_address, receive

    say(f"Hubs are asked to push to {callback_address(settings)}; listening on {host}:{port}.")
    asyncio.run(receive(settings, host=host, port=port))


@app.command("list")
def list_(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Show what is subscribed to, and what came of it. Secrets are not shown.

    Examples:
      pressclip push list
    """
    with open_subscriptions(read_settings(warehouse=warehouse).desk().folder) as known:
        rows = [
            (
                one.topic_url,
                one.hub_url,
                one.state.value,
                one.lease_until,
                one.pushed_at,
                one.missed_at,
                one.refused,
                one.reason,
            )
            for one in (known.all() if known else ())
        ]
    names = ("feed", "hub", "state", "until", "pushed", "missed", "refused", "reason")
    table = columns(names, rows)
    if json:
        write(table, Form.JSON)
    elif rows:
        show(table)
    else:
        remark("No feed is subscribed to. `pressclip push serve` asks the hubs that feeds name.")
