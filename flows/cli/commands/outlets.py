"""`pressclip outlets`: who publishes, and what they are called. And where further feeds come from,
`pressclip feeds suggest` and `for-topics`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options
from flows.cli.completion import complete_outlet, complete_unwatched
from flows.cli.names import outlet_site, require_outlet
from flows.cli.output.console import complain, remark, say
from flows.cli.output.forms import write
from flows.cli.output.progress import WaitingListener, busy
from flows.cli.output.tables import columns, show
from flows.settings import Settings, read_settings
from flows.wording import how_many, unknown
from parsers.errors import Drop
from warehouse.published.read import Table, named, refuse_absent

if TYPE_CHECKING:
    from flows.decisions.suggestions import Suggestion
    from parsers.feeds.opml import OpmlFeed

Languages = Annotated[
    list[str] | None,
    typer.Option(
        "--language", metavar="CODE", help="Only this language, such as id; may be repeated."
    ),
]

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


def suggest(
    hosts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="HOST",
            help="Only these outlets, as the list shows them.",
            autocompletion=complete_unwatched,
        ),
    ] = None,
    subscribe: Annotated[
        bool, typer.Option("--subscribe", help="Watch the outlets that are named.")
    ] = False,
    limit: options.Limit = 20,
    warehouse: options.Warehouse = None,
    topics: options.Topics = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """Outlets that news searches name and that you do not watch, with their feeds and sitemaps.

    Those with most headlines on your topics in the last four weeks come first. Where it is not
    known yet what an outlet lists its pages in, its home page and robots.txt are asked. Outlets of
    which you removed a feed are left out.

    Examples:
      pressclip feeds suggest
      pressclip feeds suggest --subscribe example.com paper.example
    """
    from flows.steps.subscriptions import subscribe as add_feeds

    form = options.form(json=json, csv=csv, tsv=tsv)
    if subscribe and not hosts:
        raise typer.BadParameter("--subscribe needs the outlets: name their hosts after it.")
    settings = read_settings(warehouse=warehouse, topics=topics)
    refuse_absent(settings.desk())
    with busy("Asking outlets"):
        found = asyncio.run(_suggested(settings, hosts, limit, subscribe=subscribe))
    if not subscribe:
        if form or found:
            table = _suggestions([outlet for outlet, _ in found])
            write(table, form) if form else show(table)
            if not form and not all(outlet.watchable for outlet, _ in found):
                remark(
                    "Those without a feed or sitemap have none that may be asked, or were asked "
                    "for something else within the last hour."
                )
        else:
            remark("Your searches name no outlet that you do not watch.")
        return
    add_feeds(settings, [feed for _, feeds in found for feed in feeds], complain)
    for outlet, feeds in found:
        for feed in feeds:
            say(f"Added: {feed.title}, {feed.url}.")
        if not feeds:
            complain(f"{outlet.site}: nothing that could be watched was found, or answered.")
    if not all(feeds for _, feeds in found):
        raise typer.Exit(1)


async def _suggested(
    settings: Settings, hosts: Sequence[str] | None, limit: int, *, subscribe: bool
) -> list[tuple[Suggestion, tuple[OpmlFeed, ...]]]:
    """The outlets, and of those that are to be watched the feeds that answer."""
    from flows.discovery.suggest import look_up, unwatched
    from flows.run.context import open_run
    from flows.steps.outlets import answering

    async with open_run(settings, WaitingListener()) as run:
        known = await unwatched(run)
        chosen = known.outlets[:limit] if not hosts else _named(known.outlets, hosts)
        found = await look_up(run, chosen, known.feeds)
        if not subscribe:
            return [(outlet, ()) for outlet in found]
        return [(outlet, await answering(run, outlet, outlet.watchable)) for outlet in found]


def _named(outlets: Sequence[Suggestion], hosts: Sequence[str]) -> list[Suggestion]:
    by_host = {host: outlet for outlet in outlets for host in outlet.hosts}
    named = [host.lower().partition("://")[2] or host.lower() for host in hosts]
    for host in (each.rstrip("/") for each in named):
        if host not in by_host:
            raise Drop(
                "no_such_outlet",
                unknown("outlet to suggest", host, by_host, shown_by="pressclip feeds suggest")
                + " None is of which you removed a feed; `pressclip feeds add` adds it.",
            )
    return list(dict.fromkeys(by_host[each.rstrip("/")] for each in named))


def _suggestions(outlets: Sequence[Suggestion]) -> Table:
    names = ("site", "headlines", "languages", "feeds", "sitemaps", "outlet")
    return columns(names, ([getattr(one, name) for name in names] for one in outlets))


def for_topics(
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE.opml", help="Where to write; none: to the screen."),
    ] = None,
    language: Languages = None,
    topics: options.Topics = None,
) -> None:
    """Write the news searches of your topics as OPML, in all languages they have names in.

    It subscribes to nothing: `pressclip feeds import` does, once you have looked at the list. What
    is searched for in a language is its first strong alias in the topics file, unless the topic has
    a `search` table.

    Examples:
      pressclip feeds for-topics --to searches.opml
      pressclip feeds for-topics --language id --language en --to searches.opml
    """
    from flows.decisions.searches import searches_of
    from parsers.feeds.opml import write_opml

    found = searches_of(read_settings(topics=topics).read_topics().rows, language or ())
    if not found.feeds:
        asked = " or ".join(language or ["a language that your topics have names in"])
        raise Drop(
            "nothing_to_search", f"No news search has an edition for your topics in {asked}."
        )
    body = write_opml(found.feeds, "pressclip: searches")
    if to is None:
        typer.echo(body.decode("utf-8"), nl=False)
    else:
        to.write_bytes(body)
        say(f"{how_many(len(found.feeds), 'search')} written to {to}.")
    if found.unserved and not language:
        remark(f"No news search has an edition in {', '.join(found.unserved)}.")
