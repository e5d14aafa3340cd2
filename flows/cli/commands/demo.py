"""`pressclip demo` and `pressclip newsstand`: the made-up press that comes with pressclip."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows import clock
from flows.cli import options
from flows.cli.commands.ingest import run, summary
from flows.cli.output.console import complain, say
from flows.cli.output.tables import show
from flows.settings import read_settings
from parsers.errors import Drop
from warehouse.published.read import named

if TYPE_CHECKING:
    from flows.newsstand import ServedPress

BETWEEN_EDITIONS = timedelta(days=2)
_QUERIES = (
    "select published_at, outlet, title from clippings limit 10",
    "select * from funnel",
    "select title, health, last_success_at from sources",
)


def command(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="FOLDER", help="Where the demo keeps its warehouse.")
    ] = Path("demo"),
    edition: Annotated[
        int, options.whole_number(1, 2, "1: the press of the first day only, as of today")
    ] = 2,
) -> None:
    """See the whole walk on a made-up press: poll, harvest, load, publish, and the tables.

    The press is served on this machine and reached as real sites are, through a proxy. What it said
    two days ago is collected first, and then what it says today; called again, only the latter.
    One of its feeds is a news search whose links hide the articles, which are found at their
    outlets.

    Examples:
      pressclip demo
      pressclip demo --folder /tmp/demo
    """
    from flows.newsstand import load_press, serve_in_thread
    from flows.steps.subscriptions import newsstand_feeds, subscribe

    say("A made-up press of fictional outlets is served on this machine; nothing leaves it.")
    began = clock.now() - BETWEEN_EDITIONS
    with serve_in_thread(load_press(1, began.date())) as press:
        settings = read_settings(
            warehouse=str(folder / "demo.duckdb"), proxy=press.proxy_url, host_pause=0.02
        )
        # Called again, it must not set back the clock of what it collected: see queue/clock.py.
        first = not settings.desk().private.exists()
        subscribe(settings, (*newsstand_feeds(), *newsstand_feeds("searches.opml")), complain)
        if edition > 1:
            if first:
                say(summary(run(settings, ago=BETWEEN_EDITIONS), settings))
            press.press = load_press(edition, began.date())
        report = run(settings)
    desk = settings.desk()
    wider = "widen the window to see them"
    show(named(desk, "sources"), title="Feeds", more=wider)
    show(named(desk, "funnel"), title="Funnel", more=wider)
    show(named(desk, "clippings", limit=15), title="Newest clippings", more=wider)
    say(summary(report, settings), style="bold")
    say("Try some SQL on it, here or in any DuckDB client (the file is read-only, open it freely):")
    for query in _QUERIES:
        say(f'  {sys.argv[0]} sql -w {settings.warehouse} "{query}"')
    say(f"Or look at it in a browser: {sys.argv[0]} web -w {settings.warehouse}")


def newsstand(
    port: Annotated[int, options.whole_number(0, 65535, "0: any free port")] = 8765,
    edition: Annotated[
        int, options.whole_number(1, 2, "The press of the first day, or of both")
    ] = 1,
) -> None:
    """Serve the made-up press to a browser until Ctrl-C.

    Examples:
      pressclip newsstand --port 8765
    """
    # Ctrl-C is how this one ends; nothing was collected, and nothing went wrong.
    with suppress(KeyboardInterrupt), _served(edition, port) as press:
        say(f"The made-up press is at http://127.0.0.1:{press.port}/ (and a proxy for its hosts).")
        while True:
            time.sleep(3600)


@contextmanager
def _served(edition: int, port: int) -> Iterator[ServedPress]:
    from flows.newsstand import load_press, serve_in_thread

    try:
        with serve_in_thread(load_press(edition), port=port) as press:
            yield press
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Drop(
            "port_taken", f"Port {port} is taken. Name another one with --port; 0 is any free one."
        ) from error
