"""The whole walk against a hostile site: every fault is named, and the good articles are stored."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import trustme

from flows.run.context import open_run
from flows.steps.ingest import ingest as run_steps
from parsers.feeds.opml import OpmlFeed, write_opml
from tests.faults.hostile import LINKS, PAGES, BadFeed, article, bad_feeds, feed, item, rss, text
from tests.faults.test_client_faults import FAULTS
from tests.flows.cli.running import called
from tests.servers.site import Handler, Site, answer, server_side
from tests.settings import settings
from tests.waiting import PATIENCE
from warehouse.desk import Desk
from warehouse.published.read import read

SCRIPT = str(Path(sys.executable).with_name("pressclip"))
GOOD = ("/good-1", "/good-2", "/good-3")
WIRE = {
    name: (handler, frozenset({error, "timeout", "too_slow"}))
    for name, (handler, _, error) in FAULTS.items()
}
"""Faults on the wire; with the time allowed here some run out of that first."""
DATED = "<pubDate>Fri, 01 Jan 2099 00:00:00 GMT</pubDate>"
FUNNEL = (
    "SELECT (SELECT entries FROM funnel WHERE stage = 'seen'),"
    " (SELECT sum(entries) FROM funnel WHERE stage <> 'seen')"
)


@dataclass
class Ran:
    """What two runs left behind."""

    desk: Desk
    entries: dict[str, tuple[str, str | None]]
    """(state, reason) of every entry, by its guid."""
    feeds: dict[str, dict[str, Any]]
    """What `sources` says, by the name of the feed."""
    bad_feeds: dict[str, BadFeed]
    asked: list[int]
    """Requests to the server after each run."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Two runs against the hostile site: `pressclip ingest`, and its steps in this process."""
    return asyncio.run(run_twice(tmp_path_factory.mktemp("hostile")))


async def run_twice(folder: Path) -> Ran:
    """Every fault has a host of its own, an address of the loopback network."""
    hosts = count(2)
    async with AsyncExitStack() as stack:
        sites: list[Site] = []

        async def serve(routes: dict[str, Handler]) -> str:
            site = Site(routes, host=f"127.7.{next(hosts)}.1")
            sites.append(await stack.enter_async_context(site))
            return site.url().rstrip("/")

        secret = Site({"*": answer()}, tls=server_side(trustme.CA(), "127.0.0.1"))
        await stack.enter_async_context(secret)
        good = await serve({path: text(article(n, CANONICAL[n])) for n, path in enumerate(GOOD)})
        pages = {
            name: await serve({"/page": handler, "*": handler, "/robots.txt": answer(404)})
            for name, (handler, _) in {**WIRE, **PAGES}.items()
        }
        plain = await serve({})
        links = {
            name: link and link.format(plain=plain.removeprefix("http://"), tls=secret.port)
            for name, (link, _) in LINKS.items()
        }
        items = [
            *(item(path, good + path) for path in GOOD[:2]),
            *(item(name, f"{url}/page") for name, url in pages.items()),
            *(item(name, link) for name, link in links.items()),
            item("the same, shouted", (good + GOOD[0]).upper().replace("/GOOD", "/good")),
            item("the same, tracked", f"{good}{GOOD[0]}?utm_source=feed#top"),
            item(GOOD[2], good + GOOD[2], DATED),
        ]
        main = await serve({"/feed": feed(rss(*items))})
        broken = bad_feeds(good + GOOD[0])
        urls = {name: f"{await serve({'*': one.handler})}/feed" for name, one in broken.items()}
        opml = folder / "feeds.opml"
        opml.write_bytes(
            write_opml(
                [OpmlFeed(url, name) for name, url in {"main": f"{main}/feed", **urls}.items()], "x"
            )
        )
        ran = Ran(Desk.at(folder / "press.duckdb"), {}, {}, broken, [])
        for run in (ingest(ran.desk, opml), ingest_again(ran.desk)):
            await asyncio.wait_for(run, 2 * PATIENCE)
            ran.asked.append(sum(len(site.log) for site in sites))
    rows = read(ran.desk, "SELECT guid, state, reason FROM entries").rows
    ran.entries = {str(guid): (str(state), reason) for guid, state, reason in rows}  # type: ignore[misc]
    table = read(ran.desk, "FROM sources")
    ran.feeds = {str(row[0]): dict(zip(table.columns, row, strict=True)) for row in table.rows}
    return ran


CANONICAL = (
    '<link rel="canonical" href="">',
    '<link rel="canonical" href="/good-2"><meta property="og:url" content="javascript:alert(1)">',
    '<link rel="canonical" href="https://another.example/story">',
)
"""To itself in two ways, and to another host, which is a claim and no identity."""


async def ingest(desk: Desk, opml: Path) -> None:
    env = os.environ | {
        "PRESSCLIP_ALLOW_NETWORKS": "127.0.0.0/8",
        "PRESSCLIP_FETCH_TIMEOUT": "5",
        "PRESSCLIP_HOST_PAUSE": "0",
        "PREFECT_API_URL": "",
    }
    env = {name: value for name, value in env.items() if not name.lower().endswith("_proxy")}
    process = await asyncio.create_subprocess_exec(
        SCRIPT, "ingest", "--feeds", str(opml), "--warehouse", desk.name,
        env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, output.decode()[-3000:]
    assert b"Traceback" not in output
    assert b"\x1b" not in output


async def ingest_again(desk: Desk) -> None:
    """The same in this process."""
    async with open_run(settings(desk.published, fetch_timeout=5.0)) as run:
        await run_steps(run)


def test_the_good_articles_are_stored_and_nothing_else(ran: Ran) -> None:
    stored = read(ran.desk, "SELECT canonical_url FROM articles ORDER BY ALL").rows
    assert [str(url).rpartition("/")[2] for (url,) in stored] == ["good-1", "good-2", "good-3"]
    same = ("the same, shouted", "the same, tracked")
    # Which of the entries that lead to an article owns it is decided by their ids.
    assert {ran.entries[name][0] for name in (*GOOD, *same)} <= {"stored", "duplicate"}
    ((owners,),) = read(ran.desk, "SELECT count(*) FROM entries WHERE state = 'stored'").rows
    assert owners == len(GOOD)


@pytest.mark.parametrize("name", [*WIRE, *PAGES, *LINKS])
def test_each_fault_has_its_name(ran: Ran, name: str) -> None:
    state, reason = ran.entries[name]
    assert state in {"dead", "waiting", "off_topic"}
    assert reason in {**WIRE, **PAGES, **LINKS}[name][1]


@pytest.mark.parametrize("name", bad_feeds(""))
def test_each_bad_feed_has_its_health_and_its_failure(ran: Ran, name: str) -> None:
    expected, source = ran.bad_feeds[name], ran.feeds[name]
    if expected.health != "any":
        assert source["health"] == expected.health
    found = read(
        ran.desk,
        "SELECT error FROM failures WHERE stage = 'poll' AND entry_id IS NULL AND feed_id = $feed",
        {"feed": source["feed_id"]},
    ).rows
    named = {error for (error,) in found}
    assert named & expected.error if expected.error else not named


def test_every_dead_or_waiting_entry_has_a_failure_that_says_why(ran: Ran) -> None:
    orphans = read(
        ran.desk,
        "SELECT guid, reason FROM entries WHERE state IN ('dead', 'waiting') AND entry_id NOT IN "
        "(SELECT entry_id FROM failures WHERE entry_id IS NOT NULL)",
    )
    assert orphans.rows == ()


def test_seen_is_the_sum_of_what_became_of_it(ran: Ran) -> None:
    ((seen, rest),) = read(ran.desk, FUNNEL).rows
    assert seen == rest
    assert int(str(seen)) > 2000


def test_nothing_was_unforeseen(ran: Ran) -> None:
    found = read(ran.desk, "SELECT url, message FROM failures WHERE error = 'unforeseen'")
    assert found.rows == ()


def test_a_page_in_the_place_of_a_feed_is_proposed_as_its_new_address(ran: Ran) -> None:
    source = ran.feeds["is a page"]
    assert source["proposed_url"] == source["url"].replace("/feed", "/new.xml")


def test_the_second_run_asks_for_nothing_again(ran: Ran) -> None:
    assert ran.asked[1] == ran.asked[0]


def test_failures_can_be_listed_retried_and_dropped(ran: Ran) -> None:
    def failures(*args: str) -> Any:
        done = called(Path.cwd(), {}, "failures", *args, "--json", "-w", ran.desk.name)
        return json.loads(done.stdout)

    listed = failures("list", "--limit", "1000")
    assert {one["state"] for one in listed} == {"dead", "waiting"}
    assert all(one["message"] for one in listed)
    assert failures("retry", "--error", "http_404") == {"entries": 1, "feeds": 0, "batches": 0}
    blocked = sum(1 for one in listed if one["error"] == "blocked_address" and one["entry_id"])
    dropped = failures("drop", "--error", "blocked_address", "--stage", "fetch")
    assert dropped["entries"] == blocked > 5
    left = {one["error"] for one in failures("list", "--limit", "1000", "--stage", "fetch")}
    assert not left & {"blocked_address", "http_404"}
    ((seen, rest),) = read(ran.desk, FUNNEL).rows
    assert seen == rest
