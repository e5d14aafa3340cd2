"""How long news takes to readers while a backfill is at work beside the desk.

    python -m tests.benchmarks.bench_freshness [--articles 70000] [--feeds 100] [--seconds 300]
        [--pages 8000] [--on-topic 4]

A warehouse of so many made-up articles (70,000: 300 MB) watches feeds, each on a host of its own,
that were asked before and are due at moments spread over the seconds given; each shows one new
entry then. `pressclip ingest` runs again and again, as a timer would run it, and beside it
`pressclip backfill` of a crawl of recorded pages, one in so many on topic. For each entry counts
the time from the answer that first shows it until a query at the copy for readers finds its
article. Prints the seconds of half, of 19 of 20, and the most; and what `pressclip status` tells.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from flows import clock
from flows.settings import Settings
from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from parsers.identity import stable_id
from tests.benchmarks.bench_backfill import write_crawl
from tests.benchmarks.bench_walk import served
from tests.benchmarks.bench_warehouse import A_DAY, BATCH, START, Press, load
from tests.servers.site import Request, Site, answer
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.published.publish import publish
from warehouse.published.read import read

HOST = "fresh-{}.example"
FRESH = re.compile(r"http://fresh-(?P<number>\d+)\.example/(?:feed\.json|(?P<page>[01])\.html)")
PRESSCLIP = str(Path(sys.executable).with_name("pressclip"))
LATEST = 180
"""Seconds after the last feed was due in which its article may still come."""


def page(*place: object) -> bytes:
    """An article that is like no other."""
    sentences = [
        f"<p>OpenAI said in statement {n} that "
        + " ".join(f"{stable_id(*map(str, (*place, n, k))):x}" for k in range(30))
        + ".</p>"
        for n in range(8)
    ]
    title = f"OpenAI says {stable_id(*map(str, place)):x}"
    return f"<title>{title}</title><article><h1>{title}</h1>{''.join(sentences)}</article>".encode()


async def serve(feeds: int, log: Path) -> None:
    """The feeds and their pages, as a forward proxy; writes to `log` when each new entry is shown
    first. A feed's first answer has an old entry only."""
    answers = [0] * feeds

    def feed(number: int) -> bytes:
        answers[number] += 1
        if answers[number] == 2:
            with log.open("a") as file:
                file.write(f"{number} {time.time()}\n")
        shown = range(min(answers[number], 2))
        url = f"http://{HOST.format(number)}/{{}}.html"
        items = [{"id": url.format(n), "url": url.format(n), "title": f"OpenAI {n}"} for n in shown]
        return json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "Fresh", "items": items}
        ).encode()

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        reply = answer(404)
        if request.method == "CONNECT":
            # Whoever is not told so asks for home pages over HTTPS, and waits for minutes.
            reply = answer(502, {"Connection": "close"})
        elif found := FRESH.fullmatch(request.target):
            number = int(found["number"])
            kind = "text/html" if found["page"] else "application/feed+json"
            body = page(number, found["page"]) if found["page"] else feed(number)
            reply = answer(200, {"Content-Type": kind}, body)
        await reply(request, writer)
        if request.method == "CONNECT":
            writer.close()

    async with Site({"*": handle}) as site:
        sys.stdout.write(f"{site.port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def prepare(settings: Settings, articles: int, feeds: int, command: dict[str, str]) -> None:
    """A warehouse of the size, with the feeds asked once."""
    desk, press = settings.desk(), Press()
    desk.create()
    for start in range(0, articles, BATCH):
        params = {"first": start, "last": min(start + BATCH, articles), "start": START}
        # Without their entries, which would be waiting for a harvest.
        _, made, _ = press.articles(params | {"a_day": A_DAY})
        press.write(desk, f"grow-{start:09}", START, [made])
        load(desk)
    with open_warehouse(desk) as wh:
        # Else the first run looks for the topics anew in all of them.
        wh.execute(
            "UPDATE articles SET topics_digest = $digest", {"digest": settings.read_topics().digest}
        )
    publish(desk, now=clock.now())
    subscribe(
        settings,
        [
            OpmlFeed(f"http://{HOST.format(number)}/feed.json", f"Feed {number}", None, None, None)
            for number in range(feeds)
        ],
    )
    subprocess.run([PRESSCLIP, "ingest"], env=command, check=True, capture_output=True)


def spread(desk: Desk, seconds: int) -> datetime:
    """Make the feeds due at moments spread over the seconds that follow; returns the last."""
    now = clock.now()
    with open_warehouse(desk) as wh:
        wh.execute(
            "UPDATE feeds SET next_poll_at = $now + to_seconds($seconds * n / total) FROM ("
            "SELECT feed_id, row_number() OVER (ORDER BY feed_id) AS n, count(*) OVER () AS total"
            " FROM feeds) AS numbered WHERE numbered.feed_id = feeds.feed_id",
            {"now": now, "seconds": seconds},
        )
    return now + timedelta(seconds=seconds)


def watch(settings: Settings, feeds: int, until: datetime, command: dict[str, str]) -> list[float]:
    """When readers found the article of each feed's new entry, by the feed's number; runs the desk
    meanwhile. Ends when all are found, or some time after `until`."""
    found: dict[int, float] = {}
    run: subprocess.Popen[bytes] | None = None
    while len(found) < feeds and clock.now() < until + timedelta(seconds=LATEST):
        if run is None or run.poll() is not None:
            run = subprocess.Popen(
                [PRESSCLIP, "ingest"],
                env=command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        rows = read(
            settings.desk(), "SELECT url FROM articles WHERE url LIKE 'http://fresh-%/1.html'"
        ).rows
        for (url,) in rows:
            number = int(str(url).partition("fresh-")[2].partition(".")[0])
            found.setdefault(number, time.time())
        time.sleep(0.5)
    if run is not None:
        run.wait()
    return [found.get(number, float("inf")) for number in range(feeds)]


def main(given: argparse.Namespace) -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        crawl, log = folder / "crawl.warc.gz", folder / "shown.log"
        write_crawl(crawl, given.pages, given.on_topic)
        with served("bench_freshness", "--serve", str(log), "--feeds", str(given.feeds)) as proxy:
            settings = Settings(warehouse=str(folder / "fresh.duckdb"), proxy=proxy)
            told = {"PRESSCLIP_WAREHOUSE": settings.warehouse, "PRESSCLIP_PROXY": proxy}
            command = os.environ | told | {"PRESSCLIP_FOLLOW_OUTLETS": "0"}
            prepare(settings, given.articles, given.feeds, command)
            size = settings.desk().published.stat().st_size / 1e6
            until = spread(settings.desk(), given.seconds)
            beside = subprocess.Popen(
                [PRESSCLIP, "backfill", str(crawl), "--json"],
                env=command,
                stdout=subprocess.DEVNULL,
            )
            try:
                seen = watch(settings, given.feeds, until, command)
                still = beside.poll() is None
            finally:
                beside.kill()
            report(size, seen, log, command, still=still)


def report(
    size: float, seen: list[float], log: Path, command: dict[str, str], *, still: bool
) -> None:
    """What was measured."""
    shown = {int(number): float(at) for number, at in map(str.split, log.read_text().splitlines())}
    seconds = sorted(seen[number] - at for number, at in shown.items())
    half, most = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    status = subprocess.run(
        [PRESSCLIP, "status", "--json"], env=command, check=True, capture_output=True
    )
    told = json.loads(status.stdout)
    sys.stdout.write(
        f"{size:.0f} MB, {len(seconds)} entries of {len(seen)} shown, the backfill "
        f"{'still at work' if still else 'done before the end'}: half of them within {half:.0f} s, "
        f"19 of 20 within {most:.0f} s, all within {seconds[-1]:.0f} s; `status`: "
        f"{told['articles_timed']} articles, {told['seconds_to_readers_half']} and "
        f"{told['seconds_to_readers_p95']} s\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=70_000)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--pages", type=int, default=8000)
    parser.add_argument("--on-topic", type=int, default=4)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.feeds, options.serve))
    else:
        main(options)
