"""How long the pages of the desk take, over a made-up warehouse, asked by several readers at once.

    python -m tests.benchmarks.bench_web [--articles 200000] [--readers 10] [--rounds 30]
        [--folder FOLDER]

The warehouse is made once in FOLDER (minutes, most of them for the search index) and kept there.
The pages are asked of the app in this process, without sockets; each reader asks one page after
another, of stories, articles, filters and words that differ, and rests for half a second in the
mean. Beside each page: its first time, and that when it is the only one.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

import httpx

from flows.web.app import web_app
from flows.web.copies import Copies
from tests.benchmarks.made_up_press import built
from warehouse.desk import Desk
from warehouse.published.read import read
from warehouse.published.search_index import index_path, refresh_index

LANGUAGES = ("en", "id", "de", "ar")


def main() -> None:
    """Builds what is missing, asks, and prints a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=200_000)
    options.add_argument("--readers", type=int, default=10)
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bench-web")
    asked = options.parse_args()
    desk = built(asked.folder, asked.articles, growth=2)
    refresh_index(desk)
    asyncio.run(measure(desk, asked.readers, asked.rounds))


async def measure(desk: Desk, readers: int, rounds: int) -> None:
    """Asks every page alone, and then all of them by all readers at once."""
    ids = [str(row[0]) for row in read(
        desk, "SELECT story_id FROM stories ORDER BY hash(story_id) LIMIT 500").rows]  # fmt: skip
    app = web_app(Copies(desk), index=index_path(desk))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        alone: dict[str, list[float]] = defaultdict(list)
        weights: dict[str, int] = {}
        for name, path in [one for _ in range(5) for one in paths(ids, random.Random(_))]:
            spent, weights[name] = await ask(client, path)
            alone[name].append(spent)
        crowd: dict[str, list[float]] = defaultdict(list)

        async def reader(number: int) -> None:
            rng = random.Random(number)
            for _ in range(rounds):
                name, path = rng.choice(paths(ids, rng))
                spent, _size = await ask(client, path)
                crowd[name].append(spent)
                await asyncio.sleep(rng.random())

        await asyncio.gather(*(reader(number) for number in range(readers)))
    say(alone, crowd, weights)


def paths(ids: list[str], rng: random.Random) -> list[tuple[str, str]]:
    """One link to every page, of somebody who chooses by chance."""
    story, days = rng.choice(ids), rng.choice((30, 90, 365))
    language, outlet = rng.choice(LANGUAGES), rng.randrange(300)
    return [
        ("stories", "/stories"),
        ("stories of a topic", f"/stories?topic=openai&days={days}"),
        (
            "stories, filters",
            f"/stories?topic=musk&language={language}&salience=0.{rng.randrange(9)}",
        ),
        ("stories of an outlet", f"/stories?outlet=outlet{outlet}.example"),
        ("search", f"/stories?q=room+number+{rng.randrange(1000)}"),
        ("search, many", f"/stories?q=town+sea&language={language}"),
        ("story", f"/stories/{story}"),
        ("article", f"/articles/{story}"),
        ("topics", f"/topics?days={days}"),
        ("topic", f"/topics/openai?days={days}&with=musk"),
        ("topic, all of time", "/topics/musk?days=36500"),
        ("picture", f"/charts/outlet/openai.svg?days={days}&with=musk"),
        ("sources", "/sources"),
    ]


async def ask(client: httpx.AsyncClient, path: str) -> tuple[float, int]:
    """Milliseconds, and bytes."""
    began = time.perf_counter()
    answer = await client.get(path)
    if answer.status_code not in (200, 307):
        raise SystemExit(f"{path}: {answer.status_code}\n{answer.text[:500]}")
    return (time.perf_counter() - began) * 1000, len(answer.content)


def say(
    alone: dict[str, list[float]], crowd: dict[str, list[float]], weights: dict[str, int]
) -> None:
    """The table, and the whole."""
    print(f"{'page':22} {'first':>7} {'alone':>7} {'p50':>7} {'p95':>7} {'KB':>6}")  # noqa: T201
    for name, times in alone.items():
        many = crowd.get(name) or [0.0]
        print(  # noqa: T201
            f"{name:22} {times[0]:7.0f} {median(times):7.0f} {median(many):7.0f} {p95(many):7.0f}"
            f" {weights[name] / 1000:6.0f}"
        )
    every = [one for many in crowd.values() for one in many]
    print(f"all: p50 {median(every):.0f} ms, p95 {p95(every):.0f} ms of {len(every)}")  # noqa: T201


def p95(times: list[float]) -> float:
    """The time that one of twenty exceeds."""
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


if __name__ == "__main__":
    main()
