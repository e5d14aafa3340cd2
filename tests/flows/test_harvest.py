"""Harvesting over real HTTP: pages that hide their article, and what the feed carries of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from flows.filing import file_articles
from flows.harvest import harvest_chunk
from flows.ingest import ingest
from flows.plan import plan_chunks
from flows.settings import Settings
from flows.tools import Tools, open_tools
from parsers.identity import entry_id
from parsers.records import Entry
from tests.faults.server import Handler, Site, answer, in_loop
from warehouse.reading import read
from warehouse.records import BY_HAND, WaitingEntry

STORY = (
    "Elon Musk spent the morning in the reading room at Port Alder and asked the librarian for "
    "every book about tides that she had. She brought eleven, and a twelfth about knots, in case. "
) * 4
CARRIED = f"<p>{STORY}</p><p>{STORY}</p>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before "
    b"you go on.</h1><p>Please enable JavaScript and cookies to continue.</p></body></html>"
)
TEA = "The tea house on the quay has new cups. They are blue, and larger than the old ones. " * 6
OFF_TOPIC = f"<html><title>Cups</title><body><h1>Cups</h1><p>{TEA}</p></body></html>".encode()


def entry(site: Site, path: str, *, feed_id: int = 1, carried: str | None = None) -> Entry:
    url = site.url(path)
    return Entry(
        entry_id(feed_id, url), feed_id, url, url, title="Elon Musk reads", content_html=carried
    )


def settings(folder: Path, **more: object) -> Settings:
    given: dict[str, object] = {
        "warehouse": folder / "press.duckdb",
        "allow_networks": ("127.0.0.0/8",),
        "host_pause": 0.0,
        "retry_pause": 0.0,
        "workers": 1,
    }
    return Settings(**(given | more))  # type: ignore[arg-type]  # a test names what it needs


async def outcomes(tools: Tools, *waiting: WaitingEntry) -> list[tuple[object, ...]]:
    """(link's path, state, reason) of entries that were found and harvested."""
    await tools.land(tools.batch("poll", entries=tuple(one.entry for one in waiting)))
    (chunk,) = plan_chunks(waiting, 100)
    await harvest_chunk(tools, chunk)
    await tools.load()
    await tools.publish()
    found = read(tools.desk, "SELECT link, state, reason FROM entries ORDER BY link, state")
    return [(str(link).rsplit("/", 1)[1], state, reason) for link, state, reason in found.rows]


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (answer(200, HTML, CHALLENGE), "bot_challenge"),
        (answer(403, HTML, b"no"), "http_403"),
    ],
)
@in_loop
async def test_a_page_that_hides_its_article_is_named_and_the_feeds_text_is_taken(
    handler: Handler, reason: str, tmp_path: Path
) -> None:
    async with (
        Site({"/bare": handler, "/full": handler}) as site,
        open_tools(settings(tmp_path)) as tools,
    ):
        bare = WaitingEntry(entry(site, "/bare"), attempts=0)
        full = WaitingEntry(entry(site, "/full", carried=CARRIED), attempts=0)
        assert await outcomes(tools, bare, full) == [
            ("bare", "dead", reason),
            ("full", "stored", None),
        ]


@in_loop
async def test_a_text_too_short_to_be_the_article_does_not_hide_what_the_page_answered(
    tmp_path: Path,
) -> None:
    async with Site({"/gone": answer(404)}) as site, open_tools(settings(tmp_path)) as tools:
        gone = WaitingEntry(entry(site, "/gone", carried="<p>Elon Musk.</p>"), attempts=0)
        assert await outcomes(tools, gone) == [("gone", "dead", "http_404")]


@in_loop
async def test_any_entry_of_a_link_may_carry_its_text(tmp_path: Path) -> None:
    async with Site({"/a": answer(403)}) as site, open_tools(settings(tmp_path)) as tools:
        bare = WaitingEntry(entry(site, "/a"), attempts=0)
        full = WaitingEntry(entry(site, "/a", feed_id=2, carried=CARRIED), attempts=0)
        assert await outcomes(tools, bare, full) == [
            ("a", "duplicate", "same_article"),
            ("a", "stored", None),
        ]


@in_loop
async def test_the_feeds_text_is_taken_when_the_page_was_tried_often_enough(
    tmp_path: Path,
) -> None:
    async with (
        Site({"/busy": answer(503)}) as site,
        open_tools(settings(tmp_path, max_attempts=3)) as tools,
    ):
        busy = WaitingEntry(entry(site, "/busy", carried=CARRIED), attempts=0)
        assert await outcomes(tools, busy) == [("busy", "waiting", "http_503")]
        assert await outcomes(tools, replace(busy, attempts=2)) == [("busy", "stored", None)]


@in_loop
async def test_what_was_filed_by_hand_is_kept_off_topic_also_at_a_later_try(tmp_path: Path) -> None:
    async with (
        Site({"/cups": answer(200, HTML, OFF_TOPIC)}) as site,
        open_tools(settings(tmp_path)) as tools,
    ):
        later = WaitingEntry(entry(site, "/cups", feed_id=BY_HAND), attempts=1)
        assert await outcomes(tools, later) == [("cups", "stored", None)]


@in_loop
async def test_what_was_filed_is_settled_and_the_next_run_leaves_it_alone(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text(f"Elon Musk Reads\n\n{STORY}\n\n{STORY}\n")
    async with (
        Site({"/cups": answer(200, HTML, OFF_TOPIC)}) as site,
        open_tools(settings(tmp_path)) as tools,
    ):
        await file_articles(tools, [str(note), site.url("/cups")])
        await asyncio.sleep(0.01)
        report = await ingest(tools)
        assert report.entries_harvested == 0
        states = read(tools.desk, "SELECT state, reason, count(*) FROM entries GROUP BY ALL")
        assert states.rows == (("stored", None, 2),)
        assert read(tools.desk, "FROM failures").rows == ()
        assert [target for target in site.asked if target == "/cups"] == ["/cups"]
