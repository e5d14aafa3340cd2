"""`pressclip feeds`: which feeds are watched."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from flows.cli import options
from flows.cli.commands.outlets import for_topics, suggest
from flows.cli.completion import complete_feed
from flows.cli.output.console import complain, remark, say
from flows.cli.output.forms import Form, print_json, write
from flows.cli.output.tables import columns, show
from flows.concurrency import run_all
from flows.settings import Settings, read_settings
from flows.wording import how_many
from parsers.errors import Drop
from warehouse.published.read import Table
from warehouse.queue.feeds import published_feeds, published_healths, watched
from warehouse.records import Feed, FeedHealth

if TYPE_CHECKING:
    from flows.decisions.feed_state import Poll
    from flows.run.context import Run

Result = TypeVar("Result")
app = typer.Typer(
    no_args_is_help=True, help="List, add, move, remove, check, import and export feeds."
)
app.command("suggest")(suggest)
app.command("for-topics")(for_topics)

Known = Annotated[
    str,
    typer.Argument(
        help="Its address, as `pressclip feeds list` shows it; http:// may be left out.",
        autocompletion=complete_feed,
    ),
]
NO_FEEDS = "No feeds yet. `pressclip feeds add URL` adds one, `pressclip feeds import FILE` many."


@app.command("list")
def list_feeds(
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """The feeds of the warehouse, and how each is doing.

    Where a page took a feed's place and names another feed, that is proposed_url: `pressclip feeds
    move` takes it.

    Examples:
      pressclip feeds list
      pressclip feeds list --csv > feeds.csv
    """
    form = options.form(json=json, csv=csv, tsv=tsv)
    desk = read_settings(warehouse=warehouse).desk()
    feeds = watched(published_feeds(desk))
    healths = published_healths(desk)
    names = ("title", "health", "url", "next_poll_at", "language", "category")
    proposed = any(f.proposed_url for f in feeds) or form is not None
    table = columns(
        (*names, *(("error", "proposed_url", "former_url") if proposed else ())),
        (
            (
                *(f.title, healths[f.feed_id], f.url, _next_poll(f), f.language, f.category),
                *((f.error, f.proposed_url, f.former_url) if proposed else ()),
            )
            for f in feeds
        ),
    )
    if form:
        write(table, form)
    elif not feeds:
        remark(NO_FEEDS)
    else:
        show(table)


@app.command("add")
def add(
    url: Annotated[
        str,
        typer.Argument(
            help="Its address. A page is answered with its feeds, or its site's sitemaps."
        ),
    ],
    title: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as en or id.")] = None,
    category: Annotated[str | None, typer.Option(help="A group of your own.")] = None,
    site: Annotated[
        str | None,
        typer.Option(
            help="The address of the site it belongs to, where that has another name than the feed."
        ),
    ] = None,
    warehouse: options.Warehouse = None,
) -> None:
    """Watch one more feed, or sitemap. It is asked first, so that a wrong address is known at once.

    Of a feed that is there already nothing but its site is replaced; what is not known of it yet is
    filled in.
    One that was removed, or retired because it was gone, is watched again.

    Examples:
      pressclip feeds add https://example.com/feed.xml --language en
      pressclip feeds add https://example.com/news-sitemap.xml
    """
    from flows.steps.subscriptions import change_feed, known_addresses, revived, subscribe
    from parsers.feeds.opml import OpmlFeed
    from parsers.identity import feed_id
    from parsers.urls import canonical_url, plain_address

    settings = read_settings(warehouse=warehouse)
    canonical_url(url)
    (poll,) = _ask(settings, [Feed(feed_id(url), url, named_site=site)])
    if poll.failure and poll.feed.failures:
        instead = _sitemaps_instead(settings, poll)
        raise Drop(poll.failure.error, f"{poll.failure.message} {instead}It was not added.")
    if site is not None:
        canonical_url(site)
    feed = OpmlFeed(url, title or poll.feed.title or url, site, language, category)
    now = f"({how_many(len(poll.entries), 'entry')} now)"
    if subscribe(settings, [feed], complain):
        say(f"Added: {feed.title} {now}.")
        return
    known = known_addresses(published_feeds(settings.desk())).get(plain_address(url))
    if known and site is not None and known.named_site != site:
        change_feed(settings, known.url, lambda feed: replace(feed, named_site=site), complain)
    if known and known.health is FeedHealth.RETIRED:
        change_feed(settings, known.url, revived, complain)
        say(f"Watched again: {known.title or url} {now}.")
    else:
        say(f"Already there, as {(known and known.title) or url} {now}.")


def _sitemaps_instead(settings: Settings, poll: Poll) -> str:
    """What to watch at a site that names no feed, in words."""
    from flows.discovery.sitemaps import offered_sitemaps

    if poll.failure is None or poll.failure.error != "not_a_feed" or poll.feed.proposed_url:
        return ""
    found = ", ".join(_in_run(settings, lambda run: offered_sitemaps(run, poll.feed.url)))
    return f"Its sitemaps are watched like feeds, if you add them: {found}. " if found else ""


@app.command("remove")
def remove(
    url: Known,
    warehouse: options.Warehouse = None,
) -> None:
    """Watch a feed no more. Its entries and articles stay; `pressclip feeds add` revives it.

    Examples:
      pressclip feeds remove https://example.com/feed.xml
    """
    from flows.steps.subscriptions import change_feed, removed

    feed = change_feed(read_settings(warehouse=warehouse), url, removed, complain)
    say(f"Removed: {feed.title or feed.url}.")


@app.command("move")
def move(
    url: Known,
    to: Annotated[
        str | None,
        typer.Argument(help="Where it is now; none: the address that is proposed for it."),
    ] = None,
    warehouse: options.Warehouse = None,
) -> None:
    """Ask a feed at another address: the one that was proposed, or any. It stays the same feed.

    `pressclip feeds move NEW OLD` takes it back.

    Examples:
      pressclip feeds move https://example.com/feed.xml
      pressclip feeds move https://example.com/feed.xml https://example.com/new
    """
    from flows.decisions.redirects import with_url
    from flows.steps.subscriptions import change_feed, revived
    from parsers.urls import canonical_url

    if to is not None:
        canonical_url(to)

    def change(feed: Feed) -> Feed:
        target = to or feed.proposed_url
        if target is None:
            raise Drop(
                "nothing_proposed", f"No new address is proposed for {feed.url}: name one after it."
            )
        return revived(with_url(feed, target))

    settings = read_settings(warehouse=warehouse)
    feed = change_feed(settings, url, change, complain)
    say(f"{feed.title or feed.url} is asked at {to or feed.proposed_url} from now on.")


def _next_poll(feed: Feed) -> object:
    if feed.health is FeedHealth.RETIRED:
        return None
    return feed.next_poll_at or "now"


@app.command("check")
def check(
    urls: Annotated[
        list[str] | None,
        typer.Argument(
            help="Feeds to ask; none: those of the warehouse.", autocompletion=complete_feed
        ),
    ] = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Ask feeds and show what they answer and what to do; stores nothing.

    Those that need something stand last. Exit code 1 if any of them failed.

    Examples:
      pressclip feeds check
      pressclip feeds check https://example.com/feed.xml
    """
    from flows import clock
    from flows.decisions.feed_advice import what_to_do
    from parsers.identity import feed_id

    settings = read_settings(warehouse=warehouse)
    known = {feed.url.partition("://")[2]: feed.url for feed in published_feeds(settings.desk())}
    asked = [known.get(url, url) for url in urls or []]
    feeds = [Feed(feed_id(url), url) for url in asked] or [
        # Without validators, so that the whole feed is looked at.
        replace(feed, full_fetch_at=None, body_hash=None)
        for feed in watched(published_feeds(settings.desk()))
    ]
    polls = _ask(settings, feeds) if feeds else ()
    now, ours = clock.now(), set(known.values())
    todo = [what_to_do(feed, poll, now, ours) for feed, poll in zip(feeds, polls, strict=True)]
    checked = sorted(zip(feeds, polls, todo, strict=True), key=_urgency)
    if json:
        write(_for_programs(checked), Form.JSON)
    elif not feeds:
        remark(NO_FEEDS)
    else:
        told = ((poll.feed.title or feed.url, _answer(poll), to) for feed, poll, to in checked)
        show(columns(("feed", "answer", "what_to_do"), told), wrap=True)
    if any(poll.feed.failures for poll in polls):
        raise typer.Exit(1)


def _urgency(checked: tuple[Feed, Poll, str]) -> tuple[bool, bool]:
    _, poll, todo = checked
    return poll.feed.failures > 0, not todo.startswith("nothing")


def _answer(poll: Poll) -> str:
    """In a few words."""
    if poll.failure and not poll.entries:
        return poll.failure.message.partition(". ")[0]
    return how_many(len(poll.entries), "entry")


def _for_programs(checked: Iterable[tuple[Feed, Poll, str]]) -> Table:
    return columns(
        ("answer", "url", "remark", "entries", "format", "title", "what_to_do"),
        (
            (
                "failed" if poll.feed.failures else "ok",
                poll.feed.url,
                poll.failure.message if poll.failure else None,
                len(poll.entries),
                poll.feed.format,
                poll.feed.title,
                todo,
            )
            for _, poll, todo in checked
        ),
    )


def _ask(settings: Settings, feeds: list[Feed]) -> tuple[Poll, ...]:
    from flows.steps.poll import poll_feed

    return tuple(_in_run(settings, lambda run: run_all(poll_feed(run, feed) for feed in feeds)))


def _in_run(settings: Settings, work: Callable[[Run], Awaitable[Result]]) -> Result:
    from flows.run.context import open_run

    async def done() -> Result:
        async with open_run(settings) as run:
            return await work(run)

    return asyncio.run(done())


@app.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="From any feed reader.")],
    warehouse: options.Warehouse = None,
) -> None:
    """Add the feeds of an OPML file.

    Of feeds that are there already nothing is replaced; what is not known of them yet is filled in.

    Examples:
      pressclip feeds import my.opml
    """
    from flows.steps.subscriptions import read_feeds, subscribe

    feeds = read_feeds(file, complain)
    new = subscribe(read_settings(warehouse=warehouse), feeds, complain)
    say(f"{how_many(len(feeds), 'feed')} in {file}, {new} of them new.")


@app.command("export")
def export_feeds(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.opml", help="Where to write; none: to the screen."),
    ] = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Write the feeds of the warehouse as OPML, which every feed reader reads.

    Examples:
      pressclip feeds export backup.opml
    """
    from parsers.feeds.opml import OpmlFeed, write_opml

    feeds = [
        # What a feed says of itself would be the operator's word where the list is read again.
        OpmlFeed(f.url, f.title or f.url, f.named_site, f.language, f.category)
        for f in watched(published_feeds(read_settings(warehouse=warehouse).desk()))
    ]
    if json:
        print_json([{"url": f.url, "title": f.title, "language": f.language} for f in feeds])
        return
    body = write_opml(feeds, "pressclip")
    if file is None:
        typer.echo(body.decode("utf-8"))
    else:
        file.write_bytes(body)
        say(f"{how_many(len(feeds), 'feed')} written to {file}.")
