"""`pressclip clippings`, `story`, `sql`, `status` and `web`: reading the published copy."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from flows import clock
from flows.cells import objects
from flows.cli import options
from flows.cli.names import known_topic, languages, require_outlet
from flows.cli.output.console import remark, say
from flows.cli.output.forms import Form, print_json, write
from flows.cli.output.tables import columns, show
from flows.settings import Settings, read_settings
from flows.wording import how_much_time
from parsers.errors import Drop
from warehouse.desk import Desk
from warehouse.published.ask import ask
from warehouse.published.read import Table, named

WEB_PORT = 8321
_EXPLAINED = ("explain_key", "explain_value")
"""What EXPLAIN answers: a drawing, which is nothing to put into the cell of a table."""


def clippings(
    context: typer.Context,
    topic: options.Topic = None,
    language: options.Language = None,
    outlet: options.Outlet = None,
    since: options.Since = None,
    until: options.Until = None,
    days: options.Days = None,
    limit: options.Limit = 20,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """The newest stories on your topics, one row each.

    A story counts from when its original was told. Of an outlet these are the stories in which it
    wrote, whoever was first. In a pipe each story is a line, its cells parted
    by tabs.

    Examples:
      pressclip clippings --topic openai --language id
      pressclip clippings --since 2026-03-01 --until 2026-03-31 --csv > march.csv
      pressclip clippings | cut -f 2
    """
    form = options.form(json=json, csv=csv, tsv=tsv)
    options.refuse_empty_span(since, until)
    settings = read_settings(warehouse=warehouse)
    desk = settings.desk()
    asked = {
        "topic": topic,
        "language": language,
        "outlet": outlet,
        "since": since,
        "until": until,
        "days": days,
    }
    table = named(desk, "clippings", limit=limit, **asked)
    if not table.rows:
        _refuse_unknown(settings, desk, topic, outlet)
    if form:
        write(table, form, as_asked=options.was_given(context, "limit"))
    elif not table.rows:
        remark(_why_none(desk) + languages(desk, language))
    else:
        show(table)


def story(
    asked: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            help="The address of any article of it, as you have it, or an id.",
        ),
    ],
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Tell one story: who was first, how sure that is and why, who has it, what changed.

    An address may have another case, a slash at its end, http for https or a campaign's mark. Every
    id that a story or an article of it ever had will do.

    Examples:
      pressclip story https://wire-pacific.example/2026/10/12/openai-reading-room
      pressclip story 4611686018427387904 --json
    """
    from flows.cli.output.stories import story_lines, story_object
    from warehouse.published.pages.story import asked_story, told_story
    from warehouse.published.read import reading

    with reading(_desk(warehouse)) as connection:
        found = told_story(connection, asked_story(connection, asked))
    if found is None:  # pragma: no cover - both are asked of one copy
        raise Drop("unknown_story", f"There is no story {asked}.")
    if json:
        print_json(story_object(found))
    else:
        for line in story_lines(found):
            say(line)


def _refuse_unknown(settings: Settings, desk: Desk, topic: str | None, outlet: str | None) -> None:
    """Raises Drop where what was asked for is a name that nothing has."""
    if topic is not None:
        known_topic(settings, desk, topic)
    if outlet is not None:
        require_outlet(desk, outlet)


def _why_none(desk: Desk) -> str:
    """What to say where there is no clipping: that nothing fits what was asked for is another
    matter than that nothing is there yet."""
    if named(desk, "clippings", limit=1).rows:
        return "No clippings match. `pressclip clippings` alone shows the newest of all."
    (totals,) = objects(named(desk, "totals"))
    if totals["articles"]:
        return (
            f"No clippings yet: of the articles there are ({totals['articles']}), none is on your "
            "topics. `pressclip search` looks through all of them."
        )
    return "No clippings yet. `pressclip ingest` collects them; `pressclip status` tells how."


def sql(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY",
            help="A query in quotation marks, or - to read it from standard input.",
        ),
    ],
    limit: options.Limit = 100,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
    unlocked: Annotated[
        bool,
        typer.Option(
            "--unlocked",
            help="Run whatever DuckDB can do: read and write files, attach databases, load "
            "extensions. The published copy stays read-only; nothing else does.",
        ),
    ] = False,
) -> None:
    """Run one query on the published copy.

    It can't change anything, nor read other files: only a SELECT runs, or an EXPLAIN of one. With
    --json, --csv and --tsv it gives all rows of the answer, unless --limit says otherwise.

    Tables: feeds, entries, articles, article_revisions, mentions, stories, batches, failures.
    Views: clippings, story_copies, authors, article_feeds, coverage_daily, coverage_total, sources,
    funnel, misses, gaps.

    Examples:
      pressclip sql "SELECT outlet, count(*) FROM clippings GROUP BY ALL"
      pressclip sql - --csv < query.sql > answer.csv
    """
    form = options.form(json=json, csv=csv, tsv=tsv)
    if len(words) > 1:
        # The shell has put the names of files where a * stood.
        raise typer.BadParameter(
            f"put the query in quotation marks; got {len(words)} words.", param_hint="'QUERY'"
        )
    text = sys.stdin.read() if words == ["-"] else words[0]
    # What fits on a screen is no measure for a machine, which would take a part for the whole.
    everything = form is not None and not options.was_given(context, "limit")
    most = None if everything else limit
    table = _answer(_desk(warehouse), text, most, unlocked=unlocked)
    if form:
        write(table, form, as_asked=True)
    elif table.columns == _EXPLAINED:
        for _, plan in table.rows:
            say(str(plan))
    else:
        show(table)


def _answer(desk: Desk, sql: str, most: int | None, *, unlocked: bool) -> Table:
    try:
        return ask(desk, sql, limit=most, unlocked=unlocked)
    except Drop as error:
        if error.name != "not_a_query":
            raise
        told = f"{error.message} --unlocked runs what else DuckDB can do."
        raise Drop(error.name, told) from error


def status(
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """Whether anything is lost or stale: the funnel, the feeds, what waits and what failed.

    With --csv and --tsv each cell of these tables is a row: its table, its row there, its column.

    Examples:
      pressclip status
      pressclip status --json
    """
    from warehouse.queue.health import shown_resting_hosts

    form = options.form(json=json, csv=csv, tsv=tsv)
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

    ((ahead, ahead_until),) = named(desk, "ahead").rows
    ((timed, half, most),) = named(desk, "time_to_readers").rows
    facts: dict[str, object] = {
        "warehouse": settings.warehouse,
        "landed_batches": len(landed(desk)),
        "batches_ahead": ahead,
        "clock_ahead_until": ahead_until,
        "articles_timed": timed,
        "seconds_to_readers_half": half,
        "seconds_to_readers_p95": most,
    }
    if form is Form.JSON:
        print_json({name: objects(table) for name, table in tables.items()} | facts)
    elif form:
        write(_cell_by_cell(tables, facts), form)
    else:
        _show_status(tables, facts)


def _show_status(tables: Mapping[str, Table], facts: Mapping[str, object]) -> None:
    for name, table in tables.items():
        if table.rows:
            show(table, title=name.capitalize())
    waiting = facts["landed_batches"]
    say(f"Warehouse: {facts['warehouse']}; batches landed but not loaded: {waiting}.")
    if timed := facts["articles_timed"]:
        half, most = (
            how_much_time(float(str(facts[f"seconds_to_readers_{of}"]))) for of in ("half", "p95")
        )
        say(
            f"From the poll that first showed them to readers, articles of the last week took "
            f"at most {half} (half of them) and {most} (19 of 20); {timed} were timed."
        )
    if facts["batches_ahead"]:
        say(
            f"The clock was ahead once: batches loaded under it ({facts['batches_ahead']}) are "
            f"dated up to {facts['clock_ahead_until']:%Y-%m-%d %H:%M} UTC. What they decided ranks "
            "below all that came since; articles keep the times that they were given."
        )


def _cell_by_cell(tables: Mapping[str, Table], facts: Mapping[str, object]) -> Table:
    """All `tables` as one that has a row for each of their cells."""
    all_of_them = {**tables, "facts": columns(tuple(facts), [tuple(facts.values())])}
    return columns(
        ("table", "row", "column", "value"),
        (
            (name, number, column, value)
            for name, table in all_of_them.items()
            for number, row in enumerate(table.rows, start=1)
            for column, value in zip(table.columns, row, strict=True)
        ),
    )


def _desk(warehouse: str | None) -> Desk:
    return read_settings(warehouse=warehouse).desk()


def web(
    host: Annotated[
        str, typer.Option(help="Address to listen on; a reverse proxy passes readers on to it.")
    ] = "127.0.0.1",
    port: Annotated[
        int, options.whole_number(0, 65535, "Port to listen on; 0 is any free one")
    ] = WEB_PORT,
    warehouse: options.Warehouse = None,
) -> None:
    """Show the desk in a browser: stories, topics, sources, and SQL. It changes nothing.

    It shows what is published last, until Ctrl-C. Without PRESSCLIP_WEB_PASSWORD or
    PRESSCLIP_WEB_TRUSTED_PROXIES it listens on this machine only. docs/web.md tells the rest.

    Examples:
      pressclip web
      pressclip web --port 0 --warehouse demo/demo.duckdb
    """
    settings = read_settings(warehouse=warehouse)
    settings.desk()
    from flows.web.guard import is_loopback
    from flows.web.serving import open_door, serve_pages

    # Who was shut out, and what can't be read: nobody looks at a server until its log says so.
    for package in ("flows", "warehouse"):
        log = logging.getLogger(package)
        log.setLevel(min(log.getEffectiveLevel(), logging.WARNING))
    with open_door(settings, host, port) as door:
        at, number = door.getsockname()[:2]
        if settings.web_root is None and not is_loopback(at):
            remark(
                "Set PRESSCLIP_WEB_ROOT to the address that people will read it at: without it "
                "the pages answer under this machine's names for itself only (127.0.0.1, "
                "localhost), and 421 under any other."
            )
        say(f"Read it at {settings.web_root or _address(at, number)} (Ctrl-C ends it).")
        asyncio.run(serve_pages(settings, door))


def _address(host: str, port: int) -> str:
    """What a browser is told."""
    # Where all addresses are listened on, it is answered at this one.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - to compare with
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
