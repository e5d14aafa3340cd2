"""`pressclip feeds`: which feeds are watched."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import options
from flows.cli.console import columns, print_json, say, show, show_json
from flows.feed_state import Poll
from flows.poll import poll_feed
from flows.settings import Settings, read_settings
from flows.subscriptions import published_feeds, read_feeds, subscribe
from flows.together import together
from flows.tools import open_tools
from parsers.errors import Drop
from parsers.identity import feed_id
from parsers.opml import OpmlFeed, write_opml
from parsers.urls import canonical_url
from warehouse.records import Feed

app = typer.Typer(no_args_is_help=True, help="List, add, check, import and export feeds.")


NO_FEEDS = "No feeds yet. `pressclip feeds add URL` adds one, `pressclip feeds import FILE` many."


@app.command("list")
def list_feeds(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """The feeds of the warehouse, and how each is doing."""
    feeds = published_feeds(read_settings(warehouse=warehouse))
    table = columns(
        ("title", "language", "category", "health", "next_poll_at", "url"),
        (
            (f.title, f.language, f.category, f.health.value, f.next_poll_at or "now", f.url)
            for f in feeds
        ),
    )
    if json:
        show_json(table)
    elif not feeds:
        say(NO_FEEDS)
    else:
        show(table)


@app.command("add")
def add(
    url: Annotated[
        str, typer.Argument(help="Its address. A page is answered with the feeds it links to.")
    ],
    title: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as en or id.")] = None,
    category: Annotated[str | None, typer.Option(help="A group of your own.")] = None,
    warehouse: options.Warehouse = None,
) -> None:
    """Watch one more feed. It is asked first, so that a wrong address is known at once.

    Of a feed that is there already nothing is replaced; what is not known of it yet is filled in.
    """
    settings = read_settings(warehouse=warehouse)
    canonical_url(url)
    (poll,) = _ask(settings, [Feed(feed_id(url), url)])
    if poll.failure and poll.feed.failures:
        raise Drop(poll.failure.error, f"{poll.failure.message} It was not added.")
    feed = OpmlFeed(url, title or poll.feed.title or url, poll.feed.site_url, language, category)
    now = f"({len(poll.entries)} entries now)"
    if subscribe(settings, [feed]):
        say(f"Added: {feed.title} {now}.")
    else:
        known = {one.feed_id: one.title for one in published_feeds(settings)}
        say(f"Already there, as {known.get(poll.feed.feed_id) or url} {now}.")


@app.command("check")
def check(
    urls: Annotated[
        list[str] | None, typer.Argument(help="Feeds to ask; none: those of the warehouse.")
    ] = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Ask feeds and show what they answer; stores nothing. Exit code 1 if any of them failed."""
    settings = read_settings(warehouse=warehouse)
    feeds = [Feed(feed_id(url), url) for url in urls or []] or [
        # Without validators, so that the whole feed is looked at.
        replace(feed, full_fetch_at=None, body_hash=None)
        for feed in published_feeds(settings)
    ]
    polls = _ask(settings, feeds) if feeds else ()
    table = columns(
        ("answer", "entries", "format", "url", "remark"),
        (
            (
                "failed" if poll.feed.failures else "ok",
                len(poll.entries),
                poll.feed.format,
                poll.feed.url,
                poll.failure.message if poll.failure else None,
            )
            for poll in polls
        ),
    )
    if json:
        show_json(table)
    elif not feeds:
        say(NO_FEEDS)
    else:
        show(table)
    if any(poll.feed.failures for poll in polls):
        raise typer.Exit(1)


def _ask(settings: Settings, feeds: list[Feed]) -> tuple[Poll, ...]:
    async def ask() -> tuple[Poll, ...]:
        async with open_tools(settings) as tools:
            return tuple(await together(poll_feed(tools, feed) for feed in feeds))

    return asyncio.run(ask())


@app.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="From any feed reader.")],
    warehouse: options.Warehouse = None,
) -> None:
    """Add the feeds of an OPML file.

    Of feeds that are there already nothing is replaced; what is not known of them yet is filled in.
    """
    feeds = read_feeds(file)
    new = subscribe(read_settings(warehouse=warehouse), feeds)
    say(f"{len(feeds)} feeds in {file}, {new} of them new.")


@app.command("export")
def export_feeds(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.opml", help="Where to write; none: to the screen."),
    ] = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Write the feeds of the warehouse as OPML, which every feed reader reads."""
    feeds = [
        OpmlFeed(f.url, f.title or f.url, f.site_url, f.language, f.category)
        for f in published_feeds(read_settings(warehouse=warehouse))
    ]
    if json:
        print_json([{"url": f.url, "title": f.title, "language": f.language} for f in feeds])
        return
    body = write_opml(feeds, "pressclip")
    if file is None:
        typer.echo(body.decode("utf-8"))
    else:
        file.write_bytes(body)
        say(f"{len(feeds)} feeds written to {file}.")
