"""`pressclip warehouse`: looking after the warehouse itself."""

from __future__ import annotations

from dataclasses import asdict

import typer

from flows.cli import options
from flows.cli.console import columns, complain, print_json, say, show
from flows.settings import read_settings
from warehouse.checks import check as check_warehouse
from warehouse.connection import open_warehouse
from warehouse.desk import Desk

app = typer.Typer(no_args_is_help=True, help="Check, back up and look after the warehouse.")


@app.command("check")
def check(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Check that the warehouse is whole: no row lost, doubled or left without its article.

    Exit code 1 if a rule is broken; what to do is said with each.
    """
    settings = read_settings(warehouse=warehouse)
    desk = Desk.at(settings.warehouse)
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=complain) as wh:
        checked, broken = check_warehouse(wh)
    if json:
        print_json({"checked": checked, "broken": [asdict(one) for one in broken]})
    elif broken:
        show(
            columns(
                ("rule", "broken", "what to do", "examples"),
                ((one.rule, one.count, one.advice, one.examples) for one in broken),
            ),
            wrap=True,
        )
    else:
        say(f"{desk.published} is whole: {checked} rules hold.")
    if broken:
        raise typer.Exit(1)
