"""`pressclip export`: tables and feeds for other programs."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import options
from flows.cli.names import known_topic
from flows.cli.output.console import complain, say
from flows.cli.output.progress import busy
from flows.settings import Settings, read_settings
from flows.wording import how_many
from parsers.errors import Drop
from warehouse.files import behind_links, is_stream, put
from warehouse.published.export import (
    Exportable,
    Filters,
    Format,
    export_file,
    export_months,
    export_stream,
    whole_months,
)


class Written(StrEnum):
    """Every form that an export may have: tables, then feeds."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    ATOM = "atom"
    JSON_FEED = "json-feed"


_FEEDS = {Written.ATOM, Written.JSON_FEED}
_SUFFIXES = {"parquet", "csv", "jsonl", "atom"}
"""What a file's name may say of its form."""

What = Annotated[
    Exportable,
    typer.Argument(
        help="clippings, articles, revisions, mentions, stories or entries.", metavar="WHAT"
    ),
]
Form = Annotated[
    Written | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="parquet, csv, jsonl, atom or json-feed. Default: as the file's name says, or csv.",
    ),
]
To = Annotated[
    Path | None,
    typer.Option("--to", "-o", metavar="PATH", help="Where to write; none: to the screen."),
]
ByMonth = Annotated[
    bool,
    typer.Option(
        "--by-month",
        help="A folder for each month in --to: month=2026-03/…; its file is written anew, of the "
        "whole month.",
    ),
]
FullText = Annotated[
    bool, typer.Option("--full-text", help="Whole texts instead of summaries in a feed.")
]


def command(
    what: What = Exportable.CLIPPINGS,
    form: Form = None,
    to: To = None,
    by_month: ByMonth = False,
    topic: options.Topic = None,
    language: options.Language = None,
    since: options.Since = None,
    until: options.Until = None,
    full_text: FullText = False,
    warehouse: options.Warehouse = None,
) -> None:
    """Write tables or feeds to a file or the screen.

    Parquet, CSV (texts that a spreadsheet would take for formulas get an apostrophe in front) and
    JSON Lines; clippings also as a feed: Atom, or JSON Feed. A file is there in full or not at all;
    a pipe gets rows as they are read.

    Examples:
      pressclip export clippings --topic openai --to openai.csv
      pressclip export articles --by-month --format parquet --to archive
      pressclip export --format atom --topic musk --to musk.atom
    """
    settings = read_settings(warehouse=warehouse)
    if to is not None and not by_month:
        _refuse_folder(to)
    form = form or _form_of(to, folder=by_month)
    if to is not None and _is_stdout(to):
        to = None
    if topic is not None:
        topic = known_topic(settings, settings.desk(), topic)
    if form in _FEEDS:
        if what is not Exportable.CLIPPINGS or by_month or since or until:
            raise typer.BadParameter(
                "a feed has the newest clippings: no other table, no days, no months."
            )
        _write_feed(settings, form, to, topic, language, full_text=full_text)
        return
    filters = Filters(
        topic,
        language,
        since,
        until,
    )
    _write_table(settings, what, filters, Format(form), to, by_month=by_month)


def _form_of(to: Path | None, *, folder: bool) -> Written:
    """What a file's name says about its form; that of a folder may say nothing."""
    suffix = to.suffix.removeprefix(".").lower() if to else ""
    if suffix in _SUFFIXES:
        return Written(suffix)
    if not suffix or folder:
        return Written.CSV
    more = " (--format json-feed is a feed)" if suffix == "json" else ""
    raise typer.BadParameter(
        f"the name {to} tells no form: end it with .parquet, .csv, .jsonl or .atom, or say which "
        f"with --format{more}."
    )


def _refuse_folder(to: Path) -> None:
    if to.is_dir():
        raise typer.BadParameter(
            f"{to} is a folder: name a file in it, or let --by-month fill it with one for each "
            "month."
        )


def _is_stdout(to: Path) -> bool:
    """Whether `to` is what standard output is already, as /dev/stdout is: there our own messages
    would stand among the rows."""
    try:
        return os.path.samestat(to.stat(), os.fstat(sys.stdout.fileno()))
    except OSError:
        return False


def _write_table(
    settings: Settings,
    what: Exportable,
    filters: Filters,
    kind: Format,
    to: Path | None,
    *,
    by_month: bool,
) -> None:
    desk = settings.desk()
    if to is None:
        if by_month:
            raise typer.BadParameter("--by-month needs a folder: name it with --to.")
        if kind is Format.PARQUET and sys.stdout.isatty():
            raise Drop("binary", "Parquet is nothing to look at: name a file with --to.")
        export_stream(desk, what, filters, kind, sys.stdout.buffer)
        return
    if by_month:
        with busy(f"Writing into {to}"):
            done = export_months(desk, what, filters, kind, to)
        if filters != whole_months(filters):
            complain("a month's file has the whole month: days before and after are in it too.")
        say(f"{done.rows} {what} written to {how_many(len(done.files), 'file')} in {to}.")
    else:
        with busy(f"Writing {to}"):
            done = export_file(desk, what, filters, kind, to)
        say(f"{done.rows} {what} written to {to}.")
    if not done.rows:
        complain("nothing matched; `pressclip status` tells what there is.")


def _write_feed(
    settings: Settings,
    form: Written,
    to: Path | None,
    topic: str | None,
    language: str | None,
    *,
    full_text: bool,
) -> None:
    from parsers.feeds.write import write_atom, write_json_feed
    from warehouse.published.outgoing import outgoing_feed

    feed = outgoing_feed(
        settings.desk(),
        count=settings.feeds_items,
        topic=topic,
        language=language,
        full_text=full_text or settings.feeds_full_text,
    )
    body = write_atom(feed) if form is Written.ATOM else write_json_feed(feed)
    if to is None:
        sys.stdout.buffer.write(body)
        return

    def write(path: Path) -> None:
        path.write_bytes(body)

    if is_stream(to):
        write(to)
    else:
        real = behind_links(to)
        real.parent.mkdir(parents=True, exist_ok=True)
        put(real, write)
    say(f"{how_many(len(feed.items), 'story')} written to {to}.")
