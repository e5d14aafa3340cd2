"""What feeds show again, poll after poll, and the pages that are asked for: over real HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.decisions.recognition import recognise
from parsers.feeds.parse import parse_feed
from tests.faults.hostile import rss
from tests.flows.steps.walk import ABOUT, HTML, NEXT, OFF, Walk, an_item, page
from tests.servers.site import Site, answer
from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch
from tests.warehouse.record import replay
from warehouse.database.migrate import migrations
from warehouse.desk import Desk
from warehouse.queue.entries import seen_entries
from warehouse.records import Feed

NEWEST = migrations()[-1].version
HTML_HEAD_DATE = b'<meta property="article:published_time" content="2026-11-20T09:30:00Z">'


async def test_an_old_guid_with_a_new_page_is_read(tmp_path: Path) -> None:
    async with Site({"/a": ABOUT, "/b": answer(200, HTML, page("OpenAI", 7))}) as site:
        walk = Walk(site, tmp_path)
        for path in ("/a", "/b", "/b", "/a"):
            await walk.ingest(an_item("always", f"OpenAI {path}", site.url(path)))
        assert walk.asked == ["/a", "/b"]
        told = walk.rows("SELECT title, link, state FROM entries ORDER BY title")
        assert told == [(f"OpenAI {path}", site.url(path), "stored") for path in ("/a", "/b")]


async def test_what_was_off_topic_or_dead_is_looked_at_when_its_feed_says_it_is_new(
    tmp_path: Path,
) -> None:
    async with Site({"/live": OFF, "/gone": answer(410), "/same": OFF}) as site:
        walk = Walk(site, tmp_path)
        same = an_item("3", "Same", site.url("/same"))
        live, gone = site.url("/live"), site.url("/gone")
        await walk.ingest(an_item("1", "Live", live), an_item("2", "Gone", gone), same)
        states = "SELECT title, state FROM entries ORDER BY guid"
        assert walk.rows(states) == [("Live", "off_topic"), ("Gone", "dead"), ("Same", "off_topic")]
        site.routes |= {"/live": ABOUT, "/gone": answer(200, HTML, page("OpenAI", 3))}
        updated = [an_item("1", "Live: OpenAI", live), an_item("2", "Gone", gone, NEXT), same]
        await walk.ingest(*updated)
        assert walk.rows(states) == [
            ("Live: OpenAI", "stored"),
            ("Gone", "stored"),
            ("Same", "off_topic"),
        ]
        assert walk.asked.count("/same") == 1


async def test_a_flood_of_guids_adds_no_rows_and_is_named(tmp_path: Path) -> None:
    async with Site({"*": OFF}) as site:
        walk = Walk(site, tmp_path)
        for poll in range(4):
            await walk.ingest(
                *(an_item(f"{poll}-{at}", f"Flood {at}", site.url("/p")) for at in range(30))
            )
        assert walk.rows("SELECT count(*) FROM entries") == [(30,)]
        assert walk.rows("SELECT unstable FROM sources") == [(["guid"],)]
        assert len(walk.asked) == 1


async def test_a_parameter_that_changes_is_learnt_and_news_is_still_found(tmp_path: Path) -> None:
    async with Site({"*": OFF}) as site:
        walk = Walk(site, tmp_path)

        def shown(poll: int) -> list[str]:
            return [
                an_item(None, f"Cup {at}", site.url(f"/p{at}?rnd={poll}{at}")) for at in range(8)
            ]

        for poll in range(4):
            await walk.ingest(*shown(poll))
        assert len(walk.asked) <= 8 + 3
        assert walk.rows("SELECT unstable FROM sources") == [(["rnd"],)]
        site.routes["/new?rnd=5"] = ABOUT
        await walk.ingest(an_item(None, "OpenAI", site.url("/new?rnd=5"), NEXT), *shown(5))
        assert walk.rows("SELECT title FROM entries WHERE state = 'stored'") == [("OpenAI",)]


async def test_a_page_that_is_not_there_yet_is_asked_again_before_it_is_dead(
    tmp_path: Path,
) -> None:
    async with Site({"/a": answer(404), "/b": answer(404)}) as site:
        walk = Walk(site, tmp_path)
        shown = [an_item(name, name, site.url(f"/{name}"), "") for name in "ab"]
        await walk.ingest(*shown)
        site.routes["/a"] = ABOUT
        for _ in range(4):
            await walk.ingest(*shown, hours=4)
        assert walk.rows("SELECT state FROM entries ORDER BY guid") == [("stored",), ("dead",)]
        assert walk.asked.count("/b") == 4


async def test_of_a_feed_beyond_the_cap_what_was_not_seen_before_is_read_first(
    tmp_path: Path,
) -> None:
    async with Site({"*": OFF}) as site:
        walk = Walk(site, tmp_path, max_entries=3)
        shown = [an_item(str(at), f"N {at}", site.url(f"/{at}"), "") for at in range(7)]
        await walk.ingest(*shown)
        await walk.ingest(*shown, hours=30)
        await walk.ingest(*shown, "<!-- changed -->", hours=30)
        assert walk.rows("SELECT count(*) FROM entries") == [(6,)]


@pytest.mark.parametrize("version", [2, NEWEST - 1, *also_long(10, NEWEST)])
def test_a_feed_that_is_served_again_after_an_upgrade_is_no_news(
    version: int, tmp_path: Path
) -> None:
    """Not even where it is read otherwise by now: with another title, say."""
    bench = Bench(Desk.at(tmp_path / "clips.duckdb"))
    bench.desk.create()
    replay(version, bench.desk.private)
    kept = (
        "SELECT entry_id, state, reason, article_id, attempts, decided_at FROM entries ORDER BY ALL"
    )
    now = datetime(2026, 11, 29, tzinfo=UTC)
    with bench.open() as wh:
        before = wh.execute(kept)
        stored = wh.records("SELECT feed_id, guid, link, title FROM entries")
        for feed in {int(str(row["feed_id"])) for row in stored}:
            shown = [
                an_item(str(row["guid"]), f"{row['title']} &amp; more", str(row["link"]))
                for row in stored
                if row["feed_id"] == feed
            ]
            url = f"https://feed{feed}.example/"
            parsed = parse_feed(rss(*shown), url=url, feed_id=feed, content_type=None, now=now)
            assert len(parsed.entries) == len(shown)
            known = seen_entries(wh, parsed.entries)
            # As an early version left it: nobody knows what read it.
            entries = recognise(Feed(feed, url), parsed, known, now=now).parsed.entries
            bench.load_into(wh, a_batch(f"again-{feed}", 9000, entries=entries))
        assert wh.execute(kept) == before
        assert wh.execute("SELECT count(*) FROM entries WHERE title NOT LIKE '% & more'") == [(0,)]


@pytest.mark.parametrize("guid", ["1", *also_long(None)])
async def test_an_edited_slug_of_the_same_text_is_no_second_article(
    guid: str | None, tmp_path: Path
) -> None:
    dated = HTML_HEAD_DATE + page("OpenAI")
    async with Site({"/late": answer(200, HTML, dated), "*": OFF}) as site:
        walk = Walk(site, tmp_path, "/feed", "/other")
        site.routes["/other"] = answer(200, {}, rss())
        await walk.ingest(an_item(guid, "OpenAI is late", site.url("/late")))
        site.routes |= {"/sinks": answer(200, HTML, dated), "/late": answer(404)}
        await walk.ingest(an_item(guid, "OpenAI sinks", site.url("/sinks")))
        assert walk.rows("SELECT canonical_url, url FROM articles") == [
            (site.url("/late"), site.url("/sinks"))
        ]
        assert walk.rows("SELECT count(*) FROM clippings") == [(1,)]
        states = "SELECT link, state, reason FROM entries ORDER BY first_seen_at, feed_id"
        told = [(site.url("/late"), "stored", None), (site.url("/sinks"), "duplicate", "same_text")]
        assert walk.rows(states) == told
        site.routes["/other"] = answer(
            200, {}, rss(an_item("9", "OpenAI sinks", site.url("/sinks")))
        )
        await walk.ingest(an_item(guid, "OpenAI sinks", site.url("/sinks")))
        assert walk.asked.count("/sinks") == walk.asked.count("/late") == 1
        assert walk.rows("SELECT state, reason FROM entries WHERE guid = '9'") == [
            ("duplicate", "same_article")
        ]


async def test_the_same_text_of_another_day_is_another_article(tmp_path: Path) -> None:
    async with Site({"/mon": answer(200, HTML, HTML_HEAD_DATE + page("OpenAI")), "*": OFF}) as site:
        walk = Walk(site, tmp_path)
        await walk.ingest(an_item("1", "OpenAI", site.url("/mon")))
        later = HTML_HEAD_DATE.replace(b"20T", b"27T") + page("OpenAI")
        site.routes["/tue"] = answer(200, HTML, later)
        await walk.ingest(an_item("2", "OpenAI", site.url("/tue")))
        assert walk.rows("SELECT count(*), count(DISTINCT story_id) FROM articles") == [(2, 1)]
