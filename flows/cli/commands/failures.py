"""`pressclip failures`: what still fails or was given up, and what to do about it."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from flows.cli import options
from flows.cli.output.console import complain, remark, say
from flows.cli.output.forms import print_json, write
from flows.cli.output.tables import show
from flows.settings import read_settings
from flows.wording import closest, how_many
from warehouse.desk import Desk
from warehouse.queue.failures import FailureFilter, OpenFailure, shown_failures

app = typer.Typer(
    invoke_without_command=True,
    help="What fails or was given up: list it, try it again, or drop it for good.",
)
Stage = Annotated[
    Literal["poll", "fetch", "parse", "load"] | None,
    typer.Option(metavar="STEP", help="Only what failed at this step: poll, fetch, parse or load."),
]
Error = Annotated[str | None, typer.Option(help="Only this error, such as http_503 or timeout.")]
Host = Annotated[str | None, typer.Option(help="Only this host and its subdomains.")]
Dead = Annotated[bool, typer.Option("--dead", help="Only what was given up.")]
Waiting = Annotated[bool, typer.Option("--waiting", help="Only what is tried again by itself.")]
Urls = Annotated[list[str] | None, typer.Argument(metavar="URL", help="Only these.")]
All = Annotated[bool, typer.Option("--all", help="All there are.")]


@app.callback()
def default(
    context: typer.Context,
    limit: options.Limit = 50,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """What fails or was given up: list it, try it again, or drop it for good."""
    if context.invoked_subcommand is None:
        list_failures(context, limit=limit, warehouse=warehouse, json=json, csv=csv, tsv=tsv)


@app.command("list")
def list_failures(
    context: typer.Context,
    stage: Stage = None,
    error: Error = None,
    host: Host = None,
    dead: Dead = False,
    waiting: Waiting = False,
    limit: options.Limit = 50,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """What still fails (waiting: it is tried again by itself) or was given up (dead), newest first.

    The table failures has every failed try there ever was; the view open_failures has these.

    Examples:
      pressclip failures
      pressclip failures list --dead --stage fetch
    """
    form = options.form(json=json, csv=csv, tsv=tsv)
    choice = _choice(stage, error, host, dead=dead, waiting=waiting)
    desk = read_settings(warehouse=warehouse).desk()
    table = shown_failures(desk, choice, limit)
    if form:
        write(table, form, as_asked=options.was_given(context, "limit"))
    elif not table.rows:
        remark("Nothing fails." if choice == FailureFilter() else _why_none(desk, choice))
    else:
        show(table)


@app.command("retry")
def retry_failures(
    urls: Urls = None,
    stage: Stage = None,
    error: Error = None,
    host: Host = None,
    dead: Dead = False,
    waiting: Waiting = False,
    everything: All = False,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Make entries and feeds due now, also those that were given up; the next ingest tries them.

    Examples:
      pressclip failures retry --dead --stage fetch
      pressclip failures retry https://example.com/an-article
    """
    from flows.steps.failures import retry

    choice = _some(_choice(stage, error, host, dead=dead, waiting=waiting, urls=urls), everything)
    chosen = retry(read_settings(warehouse=warehouse), choice, complain)
    _tell(chosen, "due now", json=json)


@app.command("drop")
def drop_failures(
    urls: Urls = None,
    stage: Stage = None,
    error: Error = None,
    host: Host = None,
    dead: Dead = False,
    waiting: Waiting = False,
    everything: All = False,
    reason: Annotated[str, typer.Option(help="Kept with each of them.")] = "nobody needs it.",
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Give up for good: entries stay dead as dropped, feeds are removed, unlisted.

    Examples:
      pressclip failures drop --error http_404 --reason "gone for good"
    """
    from flows.steps.failures import drop

    choice = _some(_choice(stage, error, host, dead=dead, waiting=waiting, urls=urls), everything)
    chosen = drop(read_settings(warehouse=warehouse), choice, reason, complain)
    _tell(chosen, "dropped", json=json)


def _choice(
    stage: str | None,
    error: str | None,
    host: str | None,
    *,
    dead: bool,
    waiting: bool,
    urls: list[str] | None = None,
) -> FailureFilter:
    state = None if dead == waiting else "dead" if dead else "waiting"
    return FailureFilter(state, stage, error, host, tuple(urls) if urls else None)


def _some(choice: FailureFilter, everything: bool) -> FailureFilter:
    """`choice`; ends the command where it chooses nothing and not --all was said."""
    if choice == FailureFilter() and not everything:
        complain("name URLs, or choose by --stage, --error, --host, --dead, --waiting, or --all.")
        raise typer.Exit(2)
    return choice


def _why_none(desk: Desk, choice: FailureFilter) -> str:
    """What to say where nothing is of `choice`."""
    table = shown_failures(desk, FailureFilter())
    errors = {str(error) for error in (row[table.columns.index("error")] for row in table.rows)}
    meant = closest(choice.error, errors) if choice.error and choice.error not in errors else []
    guess = f" Did you mean --error {' or '.join(meant)}?" if meant else ""
    return f"Nothing that fails is of that kind.{guess} `pressclip failures` alone shows all."


def _tell(chosen: tuple[OpenFailure, ...], done: str, *, json: bool) -> None:
    entries = sum(1 for failure in chosen if failure.entry_id is not None)
    feeds = sum(1 for failure in chosen if failure.entry_id is None and failure.feed_id is not None)
    batches = len(chosen) - entries - feeds
    if json:
        print_json({"entries": entries, "feeds": feeds, "batches": batches})
    else:
        parts = [how_many(entries, "entry"), how_many(feeds, "feed")]
        parts += [how_many(batches, "batch")] * bool(batches)
        say(f"{', '.join(parts)} {done}.")
        if not chosen:
            remark(
                "Nothing that fails was chosen by this; `pressclip failures` shows what there is."
            )
