"""One feed under several addresses: what is asked, stored and shown. Over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.steps.subscriptions import change_feed, removed, revived, subscribe, subscribed
from parsers.errors import Drop
from parsers.feeds.opml import OpmlFeed
from tests.faults.hostile import rss
from tests.flows.steps.walk import ABOUT, OFF, Walk, an_item
from tests.servers.site import Site, answer
from tests.settings import settings
from warehouse.queue.feeds import watched

FEEDS = ("/feed", "/feed/", "/feed?utm_source=reader")


def asked(walk: Walk) -> list[str]:
    return [target for target in walk.site.asked if target.startswith("/feed")]


def shows(walk: Walk, *items: str, at: tuple[str, ...] = FEEDS) -> None:
    for path in at:
        walk.site.routes[path] = answer(200, {}, rss(*items))


async def test_feeds_that_give_the_same_are_asked_once_from_then_on(tmp_path: Path) -> None:
    async with Site({"/a": ABOUT, "/b": OFF}) as site:
        walk = Walk(site, tmp_path, *FEEDS)
        shows(walk, an_item("1", "A", site.url("/a")))
        await walk.run()
        shows(walk, an_item("1", "A", site.url("/a")), an_item("2", "B", site.url("/b")))
        await walk.run()
        assert asked(walk) == [*sorted(FEEDS, key=asked(walk).index), "/feed"]
        assert walk.asked.count("/a") == walk.asked.count("/b") == 1
        assert walk.rows("SELECT guid, state FROM entries ORDER BY guid") == [
            ("1", "stored"),
            ("2", "off_topic"),
        ]
        ((url, entries, others),) = walk.rows("SELECT url, entries, other_urls FROM sources")
        assert (url, entries) == (site.url("/feed"), 2)
        assert others == sorted(map(site.url, FEEDS[1:]))


async def test_feeds_that_were_landed_apart_are_one_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their answers were too large for one batch; none is loaded before the round ends."""
    monkeypatch.setattr("flows.steps.poll.MAX_SIZE", 1)
    async with Site({"/a": ABOUT}) as site:
        walk = Walk(site, tmp_path, *FEEDS)
        shows(walk, an_item("1", "A", site.url("/a")))
        await walk.run()
        assert walk.rows("SELECT url FROM sources") == [(site.url("/feed"),)]
        assert walk.asked.count("/a") == 1


async def test_what_the_younger_row_brought_is_not_asked_again(tmp_path: Path) -> None:
    """It was watched on its own, and knew what the older one never showed."""
    async with Site({"/a": ABOUT, "/b": OFF, "/c": OFF}) as site:
        walk = Walk(site, tmp_path)
        walk.watch("/feed/", category="Harbour")
        pages = {name: an_item(name, name.upper(), site.url(f"/{name}")) for name in "abc"}
        shows(walk, pages["a"], at=("/feed",))
        shows(walk, pages["b"], pages["a"], at=("/feed/",))
        await walk.run()
        assert len(walk.rows("FROM sources")) == 2
        before = walk.rows("SELECT entry_id, feed_id, state, article_id FROM entries ORDER BY 1")
        shows(walk, *pages.values())
        await walk.run()
        await walk.run()
        assert sorted(set(walk.asked) - set(FEEDS)) == ["/a", "/b", "/c"]
        assert all(walk.asked.count(f"/{name}") == 1 for name in "abc")
        after = walk.rows(
            "SELECT entry_id, feed_id, state, article_id FROM entries WHERE guid <> 'c' ORDER BY 1"
        )
        assert after == before
        assert walk.rows("SELECT category, entries FROM sources") == [("Harbour", 4)]


async def test_a_feed_that_redirects_to_another_is_that_one(tmp_path: Path) -> None:
    """Its bytes are others each time; so only where it leads tells."""
    async with Site({"*": OFF}) as site:
        polls = iter(range(100))

        async def feed(request: object, writer: object) -> None:
            item = an_item("1", "A", site.url("/a"))
            body = rss(item, f"<!-- {next(polls)} -->")
            await answer(200, {}, body)(request, writer)  # type: ignore[arg-type]

        walk = Walk(site, tmp_path, "/feed/", "/feed")
        site.routes |= {"/feed/": feed, "/feed": answer(302, {"Location": "/feed/"})}
        await walk.run()
        await walk.run()
        assert len(walk.rows("FROM sources")) == 1
        assert walk.rows("SELECT count(*) FROM entries") == [(1,)]
        assert asked(walk).count("/feed") == 1


async def test_two_feeds_that_differ_stay_two(tmp_path: Path) -> None:
    async with Site({"*": OFF}) as site:
        walk = Walk(site, tmp_path, "/feed", "/feed/", "/feed?page=2")
        for round_ in range(2):
            shows(walk, an_item(f"{round_}", "A", site.url("/a")), at=("/feed", "/feed?page=2"))
            shows(walk, an_item(f"{round_}", "B", site.url("/b")), at=("/feed/",))
            await walk.run()
        assert len(asked(walk)) == 6
        assert walk.rows("SELECT count(*), count(other_urls) FROM sources") == [(3, 0)]


def test_a_feed_is_known_by_any_spelling_of_its_address(tmp_path: Path) -> None:
    given = settings(tmp_path)
    assert subscribe(given, [OpmlFeed("https://quay.example/feed")]) == 1
    again = OpmlFeed("HTTPS://Quay.example:443/%66eed", title="Quay", category="Press")
    assert subscribe(given, [again]) == 0
    (feed,) = subscribed(given)
    assert (feed.url, feed.title, feed.category) == ("https://quay.example/feed", "Quay", "Press")
    assert subscribe(given, [OpmlFeed("https://quay.example/Feed")]) == 1
    change_feed(given, again.url, removed)
    assert [feed.url for feed in watched(subscribed(given))] == ["https://quay.example/Feed"]
    with pytest.raises(Drop, match="no feed"):
        change_feed(given, "https://quay.example/FEED", removed)


def test_what_turned_out_to_be_another_feed_is_found_as_that_one(tmp_path: Path) -> None:
    given = settings(tmp_path)
    subscribe(
        given, [OpmlFeed("https://quay.example/feed"), OpmlFeed("https://quay.example/feed/")]
    )
    elder, younger = sorted(subscribed(given), key=lambda feed: len(feed.url))
    change_feed(given, younger.url, lambda feed: replace(removed(feed), same_feed_id=elder.feed_id))
    assert subscribe(given, [OpmlFeed(younger.url)]) == 0
    assert change_feed(given, younger.url, revived).url == elder.url
