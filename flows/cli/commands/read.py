"""`pressclip clippings`, `status` and `sql`: reading the published copy."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flows import clock
from flows.cli import options
from flows.cli.output.console import print_json, say, show, show_json
from flows.settings import Settings, read_settings
from parsers.errors import Drop
from warehouse.desk import Desk
from warehouse.published.ask import ask
from warehouse.published.read import Table, named

_EXPLAINED = ("explain_key", "explain_value")
"""What EXPLAIN answers: a drawing, which is nothing to put into the cell of a table."""


def clippings(
    context: typer.Context,
    topic: Annotated[str | None, typer.Option(help="Only this topic, such as openai.")] = None,
    language: Annotated[str | None, typer.Option(help="Only this language, such as id.")] = None,
    days: options.Days = None,
    limit: options.Limit = 20,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """The newest stories on your topics, one row each."""
    settings = read_settings(warehouse=warehouse)
    desk = settings.desk()
    table = named(desk, "clippings", limit=limit, topic=topic, language=language, days=days)
    if topic is not None and not table.rows:
        known_topic(settings, desk, topic)
    if json:
        show_json(table, as_asked=options.was_given(context, "limit"))
    elif not table.rows:
        say(_why_none(desk))
    else:
        show(table)


def _why_none(desk: Desk) -> str:
    """What to say where there is no clipping: that nothing fits what was asked for is another
    matter than that nothing is there yet."""
    if named(desk, "clippings", limit=1).rows:
        return "No clippings match. `pressclip clippings` alone shows the newest of all."
    (totals,) = _objects(named(desk, "totals"))
    if totals["articles"]:
        return (
            f"No clippings yet: of the articles there are ({totals['articles']}), none is on your "
            "topics. `pressclip search` looks through all of them."
        )
    return "No clippings yet. `pressclip ingest` collects them; `pressclip status` tells how."


def known_topic(settings: Settings, desk: Desk, topic: str) -> str:
    """`topic` as it is spelled by those who know it.

    Raises Drop where it is neither configured nor has anything in the warehouse.
    """
    from parsers.topics.topics import read_topics  # slow, and few ask for a wrong topic

    found = {str(name) for (name,) in named(desk, "topics").rows}
    known = sorted(found.union(read_topics(settings.topics_toml()).names))
    for name in known:
        if name.lower() == topic.lower():
            return name
    raise Drop("unknown_topic", f"There is no topic {topic}; there is {', '.join(known)}.")


def sql(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A query, or - to read it from standard input.")],
    limit: options.Limit = 100,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    unlocked: Annotated[
        bool,
        typer.Option(
            "--unlocked",
            help="Run whatever DuckDB can do: read and write files, attach databases, load "
            "extensions. The published copy stays read-only; nothing else does.",
        ),
    ] = False,
) -> None:
    """Run one query on the published copy. It can't change anything, nor read other files: only a
    SELECT runs, or an EXPLAIN of one. With --json, all rows of the answer, unless --limit says
    otherwise.

    Tables: feeds, entries, articles, article_revisions, mentions, stories, batches, failures.
    Views: clippings, coverage_daily, sources, funnel.
    """
    text = sys.stdin.read() if query == "-" else query
    # What fits on a screen is no measure for a machine, which would take a part for the whole.
    everything = json and not options.was_given(context, "limit")
    most = None if everything else limit
    table = ask(_desk(warehouse), text, limit=most, unlocked=unlocked)
    if json:
        show_json(table, as_asked=True)
    elif table.columns == _EXPLAINED:
        for _, plan in table.rows:
            say(str(plan))
    else:
        show(table)


def status(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Whether anything is lost or stale: the funnel, the feeds, what waits and what failed."""
    from warehouse.queue.health import shown_resting_hosts

    settings = read_settings(warehouse=warehouse)
    desk = settings.desk()
    tables = {
        "totals": named(desk, "totals"),
        "funnel": named(desk, "funnel"),
        "sources": named(desk, "sources"),
        "waiting": shown_resting_hosts(desk, clock.now()),
        "failures": named(desk, "failures", limit=10),
    }
    # What reads and writes batches takes longer to import than this takes to run.
    from warehouse.loading.landing import landed

    waiting = len(landed(desk))
    ((ahead, ahead_until),) = named(desk, "ahead").rows
    if json:
        print_json(
            {name: _objects(table) for name, table in tables.items()}
            | {"warehouse": settings.warehouse, "landed_batches": waiting}
            | {"batches_ahead": ahead, "clock_ahead_until": ahead_until}
        )
        return
    for name, table in tables.items():
        if table.rows:
            show(table, title=name.capitalize())
    say(f"Warehouse: {settings.warehouse}; batches landed but not loaded: {waiting}.")
    if ahead:
        say(
            f"The clock was ahead once: batches loaded under it ({ahead}) are dated up to "
            f"{ahead_until:%Y-%m-%d %H:%M} UTC. What they decided ranks below all that came since; "
            "articles keep the times that they were given."
        )


def _objects(table: Table) -> list[dict[str, object]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _desk(warehouse: str | None) -> Desk:
    return read_settings(warehouse=warehouse).desk()
