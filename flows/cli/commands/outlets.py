"""`pressclip outlets`: who publishes, and what they are called."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli import options
from flows.cli.completion import complete_outlet
from flows.cli.names import outlet_site, require_outlet
from flows.cli.output.console import complain, say
from flows.cli.output.forms import write
from flows.cli.output.tables import show
from flows.settings import read_settings
from parsers.errors import Drop
from warehouse.published.read import named

app = typer.Typer(no_args_is_help=True, help="List outlets, and say what they are called.")


@app.command("list")
def list_outlets(
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """The outlets that articles and feeds are of, and where each name comes from.

    Examples:
      pressclip outlets list
    """
    form = options.form(json=json, csv=csv, tsv=tsv)
    table = named(read_settings(warehouse=warehouse).desk(), "outlets")
    if form:
        write(table, form)
    else:
        show(table)


@app.command("name")
def name(
    site: Annotated[
        str,
        typer.Argument(
            help="Its name or site, as `pressclip outlets list` shows it, or any address of it.",
            autocompletion=complete_outlet,
        ),
    ],
    called: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="What to call it; none: no longer as was said before."),
    ] = None,
    warehouse: options.Warehouse = None,
) -> None:
    """Call an outlet by a name of your own, which goes before all others.

    Examples:
      pressclip outlets name example.com "The Example"
    """
    from flows.steps.outlets import name_outlet

    settings = read_settings(warehouse=warehouse)
    found = outlet_site(settings.desk(), site)
    wanted = " ".join((called or "").split()) or None
    try:
        name_outlet(settings, found, wanted, complain)
    except Drop as error:
        if error.name == "no_such_outlet":
            require_outlet(settings.desk(), found)  # tells which one may be meant
        raise
    say(f"{found} is called {wanted} now." if wanted else f"{found} is called as others call it.")
