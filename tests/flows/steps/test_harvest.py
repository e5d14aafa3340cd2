"""Harvesting over real HTTP: pages that hide their article, and what the feed carries of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.decisions.plan import plan_chunks
from flows.fetch.fetched import require_body
from flows.run.context import Run, open_run
from flows.steps.add import file_articles
from flows.steps.buffer import open_buffer
from flows.steps.harvest import harvest_chunk
from flows.steps.ingest import ingest
from flows.steps.publish import publish_copy
from parsers.errors import Drop, PressclipError, Retry
from parsers.records import Article, Entry, Page
from tests.flows.pages import CARRIED, CHALLENGE, HTML, OFF_TOPIC, ON_TOPIC, STORY, entry
from tests.servers.site import Handler, Site, answer, redirect
from tests.settings import settings
from warehouse.published.read import read
from warehouse.records import BY_HAND, WaitingEntry


async def outcomes(run: Run, *waiting: WaitingEntry) -> list[tuple[object, ...]]:
    """(link's path, state, reason) of entries that were found and harvested."""
    await run.land(run.batch("poll", entries=tuple(one.entry for one in waiting)))
    (chunk,) = plan_chunks(waiting, 100)
    async with open_buffer(run) as buffer:
        await harvest_chunk(run, chunk, buffer)
    await run.load()
    await publish_copy(run)
    found = read(run.desk, "SELECT link, state, reason FROM entries ORDER BY link, state")
    return [(str(link).rsplit("/", 1)[1], state, reason) for link, state, reason in found.rows]


def own(site: Site, found: Entry) -> WaitingEntry:
    """An entry of a feed of the site."""
    return WaitingEntry(found, attempts=0, feed_addresses=(site.url("/feed"),))


def strange(found: Entry) -> WaitingEntry:
    """An entry of a feed at another site."""
    return WaitingEntry(found, attempts=0, feed_addresses=("https://stranger.example/feed",))


FORGED = "SELECT canonical_url LIKE 'urn:%', url, syndication_url, host, site_name FROM articles"


async def test_a_strangers_text_is_kept_as_the_strangers_and_the_own_entry_is_not_bound_to_it(
    tmp_path: Path,
) -> None:
    claim = (
        '<link rel="canonical" href="https://victim.example/story">'
        '<meta property="og:site_name" content="Victim Post">'
    )
    async with Site({"/a": answer(403)}) as site, open_run(settings(tmp_path)) as run:
        forged = strange(entry(site, "/a", feed_id=2, carried=claim + CARRIED))
        bare = own(site, entry(site, "/a"))
        assert await outcomes(run, forged, bare) == [
            ("a", "dead", "http_403"),
            ("a", "stored", None),
        ]
        link = site.url("/a")
        assert read(run.desk, FORGED).rows == (
            (True, "https://stranger.example/feed", link, "stranger.example", None),
        )


async def test_a_stranger_gives_a_page_neither_date_nor_byline_nor_title(tmp_path: Path) -> None:
    def says(path: str) -> Entry:
        date = datetime(2026, 1, 2, tzinfo=UTC)
        return replace(entry(site, path, feed_id=3), authors=("Mallory",), published_at=date)

    page = answer(200, HTML, ON_TOPIC.encode())
    async with Site({"/a": page, "/b": page}) as site, open_run(settings(tmp_path)) as run:
        await outcomes(
            run,
            strange(says("/a")),
            own(site, says("/b")),
        )
        found = read(run.desk, "SELECT authors, published_at IS NULL FROM articles ORDER BY url")
        assert found.rows == (([], True), (["Mallory"], False))


async def test_a_feed_speaks_for_a_site_whose_page_names_it(tmp_path: Path) -> None:
    """From that page on, also where a page can't be had."""
    names = (
        '<link rel="alternate" type="application/atom+xml" href="https://stranger.example/feed">'
    )
    named = ON_TOPIC.replace("<title>", f"{names}<title>")
    async with (
        Site({"/a": answer(200, HTML, named.encode()), "/b": answer(403)}) as site,
        open_run(settings(tmp_path)) as run,
    ):
        said = replace(entry(site, "/a", feed_id=3), authors=("Jane",))
        await outcomes(run, strange(said))
        assert read(run.desk, "SELECT authors FROM articles").rows == ((["Jane"],),)
        found = read(run.desk, "SELECT naming_page FROM feeds").rows
        assert found == ((site.url("/a"),),)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (answer(200, HTML, CHALLENGE), "bot_challenge"),
        (answer(403, HTML, b"no"), "http_403"),
    ],
)
async def test_a_page_that_hides_its_article_is_named_and_the_feeds_text_is_taken(
    handler: Handler, reason: str, tmp_path: Path
) -> None:
    async with (
        Site({"/bare": handler, "/full": handler}) as site,
        open_run(settings(tmp_path)) as run,
    ):
        bare = WaitingEntry(entry(site, "/bare"), attempts=0)
        full = own(site, entry(site, "/full", carried=CARRIED))
        assert await outcomes(run, bare, full) == [
            ("bare", "dead", reason),
            ("full", "stored", None),
        ]


async def test_a_text_too_short_to_be_the_article_does_not_hide_what_the_page_answered(
    tmp_path: Path,
) -> None:
    async with Site({"/gone": answer(404)}) as site, open_run(settings(tmp_path)) as run:
        gone = WaitingEntry(entry(site, "/gone", carried="<p>Elon Musk.</p>"), attempts=0)
        assert await outcomes(run, gone) == [("gone", "dead", "http_404")]


async def test_any_entry_of_a_link_may_carry_its_text(tmp_path: Path) -> None:
    async with Site({"/a": answer(403)}) as site, open_run(settings(tmp_path)) as run:
        bare = WaitingEntry(entry(site, "/a"), attempts=0)
        full = own(site, entry(site, "/a", feed_id=2, carried=CARRIED))
        assert await outcomes(run, bare, full) == [
            ("a", "duplicate", "same_article"),
            ("a", "stored", None),
        ]


async def test_the_feeds_text_is_taken_when_the_page_was_tried_often_enough(
    tmp_path: Path,
) -> None:
    async with (
        Site({"/busy": answer(503)}) as site,
        open_run(settings(tmp_path, max_attempts=3)) as run,
    ):
        busy = own(site, entry(site, "/busy", carried=CARRIED))
        assert await outcomes(run, busy) == [("busy", "waiting", "http_503")]
        assert await outcomes(run, replace(busy, attempts=2)) == [("busy", "stored", None)]


async def test_what_was_filed_by_hand_is_kept_off_topic_also_at_a_later_try(tmp_path: Path) -> None:
    async with (
        Site({"/cups": answer(200, HTML, OFF_TOPIC)}) as site,
        open_run(settings(tmp_path)) as run,
    ):
        later = WaitingEntry(entry(site, "/cups", feed_id=BY_HAND), attempts=1)
        assert await outcomes(run, later) == [("cups", "stored", None)]


async def test_what_was_filed_is_settled_and_the_next_run_leaves_it_alone(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text(f"Elon Musk Reads\n\n{STORY}\n\n{STORY}\n")
    async with (
        Site({"/cups": answer(200, HTML, OFF_TOPIC)}) as site,
        open_run(settings(tmp_path)) as run,
    ):
        await file_articles(run, [str(note), site.url("/cups")])
        await asyncio.sleep(0.01)
        report = await ingest(run)
        assert report.entries_harvested == 0
        states = read(run.desk, "SELECT state, reason, count(*) FROM entries GROUP BY ALL")
        assert states.rows == (("stored", None, 2),)
        assert read(run.desk, "FROM failures").rows == ()
        assert [target for target in site.asked if target == "/cups"] == ["/cups"]


GOOGLE = "http://news.google.com/rss/articles/"


async def test_a_wrapper_is_resolved_by_its_text_or_by_asking_or_named_as_unresolved(
    tmp_path: Path,
) -> None:
    """The site is a proxy, so that the wrappers may have the names they have."""
    page = answer(200, HTML, ON_TOPIC.encode())
    routes = {
        "http://paper.example/text": page,
        "http://paper.example/asked": page,
        "http://t.co/abc": redirect("http://paper.example/asked"),
        f"{GOOGLE}CBMiAAA": page,
        f"{GOOGLE}CBMiBBB": page,
    }
    links = (
        "http://www.bing.com/news/apiclick.aspx?url=http%3A%2F%2Fpaper.example%2Ftext&c=1",
        "http://t.co/abc",
        f"{GOOGLE}CBMiAAA",
    )
    async with (
        Site(routes) as site,
        open_run(settings(tmp_path, proxy=site.url())) as run,
    ):
        found = [Entry(number, 1, link, link, title="Musk") for number, link in enumerate(links)]
        link = f"{GOOGLE}CBMiBBB"
        found.append(Entry(9, 1, link, link, title="Musk", content_html=CARRIED))
        states = await outcomes(run, *(WaitingEntry(one, attempts=0) for one in found))
        stored = read(run.desk, "SELECT canonical_url FROM articles ORDER BY ALL").rows
    assert sorted(states) == [
        ("CBMiAAA", "dead", "wrapper_unresolved"),
        ("CBMiBBB", "stored", None),
        ("abc", "stored", None),
        ("apiclick.aspx?url=http%3A%2F%2Fpaper.example%2Ftext&c=1", "stored", None),
    ]
    *pages, carried = (str(url) for (url,) in stored)
    assert pages == ["https://paper.example/asked", "https://paper.example/text"]
    assert carried.startswith("urn:sha256:")
    assert not [target for target in site.asked if "apiclick" in target]


async def test_an_amp_page_is_its_canonical_page(tmp_path: Path) -> None:
    """Not the AMP form of the address tells, but what the page says of itself."""
    head = '<link rel="canonical" href="/story.html">'
    page = ON_TOPIC.replace("<title>", head + "<title>")
    async with (
        Site({"/fast/7": answer(200, HTML, page.encode())}) as site,
        open_run(settings(tmp_path)) as run,
    ):
        await outcomes(run, WaitingEntry(entry(site, "/fast/7"), attempts=0))
        (found,) = read(run.desk, "SELECT canonical_url, url FROM articles").rows
    assert found == (site.url("/story.html"), site.url("/fast/7"))


async def test_a_link_that_no_browser_would_take_costs_its_entry_and_nothing_else(
    tmp_path: Path,
) -> None:
    bad = Entry(5, 1, "bad", "http://paper.example:99999/story")
    async with (
        Site({"/cups": answer(200, HTML, OFF_TOPIC)}) as site,
        open_run(settings(tmp_path)) as run,
    ):
        good = WaitingEntry(entry(site, "/cups"), attempts=0)
        states = await outcomes(run, WaitingEntry(bad, attempts=0), good)
    assert {name: state for name, state, _ in states} == {"cups": "off_topic", "story": "dead"}


@pytest.mark.parametrize(("status", "kind"), [(204, Drop), (205, Drop), (206, Retry)])
def test_a_success_that_brings_no_whole_page_is_named(
    status: int, kind: type[PressclipError]
) -> None:
    """Half an article came with 206 and was stored as a whole one."""
    half = Page(
        "https://paper.example/a",
        "https://paper.example/a",
        status,
        (),
        b"<p>Half of it",
        datetime(2026, 11, 1, tzinfo=UTC),
    )
    with pytest.raises(kind) as caught:
        require_body(half)
    assert caught.value.name == f"http_{status}"


@pytest.mark.parametrize("name", ["parsers_lost", "parser_died"])
async def test_a_parser_lost_over_a_feeds_text_leaves_the_entry_waiting(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(entry: Entry, fetched_at: datetime) -> Article:
        raise Retry(name, f"The parser of {entry.link} was lost at {fetched_at}.")

    async with Site({"/full": answer(403)}) as site, open_run(settings(tmp_path)) as run:
        full = WaitingEntry(entry(site, "/full", carried=CARRIED), attempts=0)
        with monkeypatch.context() as patch:
            patch.setattr(run.pool, "content", lost)
            assert await outcomes(run, full) == [("full", "waiting", name)]
        assert await outcomes(run, replace(full, attempts=1)) == [("full", "stored", None)]
