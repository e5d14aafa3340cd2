"""Headlines of a news search, resolved at their outlets: how many, how many wrong, at what price.

    python -m tests.benchmarks.bench_discovery [--seed N] [--waves N] [--decisions N]

The press is made up (`search_press`) and served over loopback with a request log; the walk is the
real `flows.steps.ingest`. Resolvable is what an outlet lists in the wave in which the search shows
it. `--decisions` prints so many decisions to read.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flows.run.context import open_run
from flows.settings import Settings
from flows.steps.ingest import ingest
from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from parsers.urls import canonical_url
from tests.benchmarks.search_press import WAVE, Maker, Paper, Shown, answers, search_item
from tests.faults.hostile import rss
from tests.servers.site import Site, answer
from tests.settings import settings
from warehouse.published.read import read

SEARCHES = 10
AFTER = (2.0, 4.0, 12.0)
"""Hours between the runs after the last wave, in which nothing new comes."""
_FOUND = """
SELECT e.guid, e.state, e.reason, arg_max(o.found_url, o.decided_at) AS url,
    arg_max(o.found_by, o.decided_at), arg_max(o.found_as, o.decided_at)
FROM entries AS e LEFT JOIN outcomes AS o
    ON o.entry_id = e.entry_id AND o.found_url IS NOT NULL
WHERE e.outlet_url IS NOT NULL GROUP BY ALL
"""


@dataclass(frozen=True)
class Decision:
    """What became of a headline, beside what should."""

    paper: Paper
    shown: Shown
    state: str
    reason: str | None
    url: str | None
    by: str | None
    how: str | None

    @property
    def resolvable(self) -> bool:
        piece = self.shown.piece
        return piece is not None and self.paper.lists(piece, self.shown.wave)

    @property
    def right(self) -> bool:
        piece = self.shown.piece
        return bool(self.url and piece) and canonical_url(self.url or "") == canonical_url(
            piece.url if piece else ""
        )


def serve(site: Site, papers: list[Paper], wave: int) -> None:
    """Lets the press answer as in a wave; its articles name no topic, so that reading is cheap."""
    page = answer(200, {"Content-Type": "text/html"}, b"<html><body><p>Gulls.</p></body></html>")
    for paper in papers:
        for url, kind, body in answers(paper, wave):
            site.routes[url] = answer(200, {"Content-Type": kind}, body)
        for piece in paper.pieces:
            site.routes[piece.url] = page
    shown = [(paper, one) for paper in papers for one in paper.shown if one.wave == wave]
    for search in range(SEARCHES):
        items = (search_item(paper, one) for paper, one in shown[search::SEARCHES])
        body = rss(*items)
        site.routes[_search(search)] = answer(200, {"Content-Type": "application/rss+xml"}, body)


def _search(number: int) -> str:
    return f"http://news.google.com/rss/search?q={number}"


async def replay(
    folder: Path, papers: list[Paper], began: datetime, waves: int
) -> tuple[Settings, list[str], float]:
    """Runs through all waves; returns the settings of the desk, what outlets were asked beside
    articles, and the seconds that it took."""
    pieces = {piece.url for paper in papers for piece in paper.pieces}
    async with Site() as site:
        desk = settings(folder, proxy=site.url(), new_outlets=len(papers))
        subscribe(desk, [OpmlFeed(_search(number)) for number in range(SEARCHES)])
        start, ahead = time.perf_counter(), began
        for wave in range(waves):
            serve(site, papers, wave)
            await _run(desk, ahead)
            ahead += WAVE
        for hours in AFTER:
            ahead += timedelta(hours=hours)
            await _run(desk, ahead)
        took = time.perf_counter() - start
        asked = [url for url in site.asked if "google" not in url and url not in pieces]
    return desk, asked, took


async def _run(desk: Settings, at: datetime) -> None:
    off = at - datetime.now(UTC)
    async with open_run(desk, now=lambda: datetime.now(UTC) + off) as run:
        await ingest(run)


def decisions(desk: Settings, papers: list[Paper]) -> list[Decision]:
    """What became of every headline."""
    rows = {str(row[0]): row[1:] for row in read(desk.desk(), _FOUND).rows}
    lost = (None,) * 5
    return [
        Decision(paper, one, *rows.get(one.guid, lost))  # type: ignore[arg-type] # as selected
        for paper in papers
        for one in paper.shown
    ]


def report(made: list[Decision], asked: list[str], took: float) -> list[str]:
    """The figures, a line each."""
    resolvable = [one for one in made if one.resolvable]
    wrong = [one for one in made if one.url and not one.right]
    right = [one for one in resolvable if one.right]
    kinds = Counter(one.shown.kind for one in resolvable)
    got = Counter(one.shown.kind for one in right)
    requests = Counter(urlsplit(url).path.rpartition("/")[2] or "/" for url in asked)
    hosts = Counter(urlsplit(url).hostname for url in asked)
    return [
        f"{len(made)} headlines, {len(resolvable)} resolvable",
        f"resolved of these: {len(right)} ({len(right) / len(resolvable):.2%})",
        f"wrong: {len(wrong)} ({len(wrong) / len(made):.2%})",
        f"requests beyond articles: {len(asked)} ({len(asked) / len(made):.3f} a headline), "
        f"{dict(requests)}; most of one host {max(hosts.values())}",
        f"by kind: { {kind: f'{got[kind]} of {count}' for kind, count in kinds.items()} }",
        f"found: {dict(Counter(f'{one.by} {one.how}' for one in made if one.url))}",
        f"others: {dict(Counter(f'{one.state} {one.reason}' for one in made if not one.url))}",
        f"took {took:.0f} s",
    ]


def told(one: Decision) -> str:
    """A decision in words."""
    truth = one.shown.piece.url if one.shown.piece else "listed nowhere"
    verdict = "right" if one.right else "wrong" if one.url else "open"
    return (
        f"{verdict} [{one.shown.kind}] “{one.shown.title}” ({one.shown.at:%d %H:%M}) of "
        f"{one.paper.host} -> {one.url} by {one.by}, {one.how} ({one.state} {one.reason}); "
        f"in truth {truth}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--waves", type=int, default=3)
    parser.add_argument("--decisions", type=int, default=0)
    options = parser.parse_args()
    began = datetime.now(UTC).replace(microsecond=0)
    papers = Maker(options.seed, began, options.waves).papers()
    with tempfile.TemporaryDirectory() as folder:
        desk, asked, took = asyncio.run(replay(Path(folder), papers, began, options.waves))
        made = decisions(desk, papers)
    lines = report(made, asked, took)
    odd = [one for one in made if (one.url and not one.right) or (one.resolvable and not one.url)]
    if options.decisions:
        chosen = random.Random(options.seed).sample(made, options.decisions)
        lines += [told(one) for one in [*odd[: options.decisions], *chosen]]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
