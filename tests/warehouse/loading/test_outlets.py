"""Who publishes: one outlet for each registered site, in whatever order it is heard of."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from tests.warehouse.history import contents
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.queue.outlets import UnnamedOutlet, unnamed_outlets
from warehouse.records import Batch, EntryState, Feed, OutletSource, OutletState

NAMES = "SELECT site, name, name_source FROM outlets ORDER BY site"


def a_feed(number: int, url: str, title: str | None = None, **fields: object) -> Feed:
    return Feed(number, url, title=title, **fields)  # type: ignore[arg-type] # a builder for tests


def said(
    site: str, source: OutletSource, hours: float, name: str | None = None, **fields: str
) -> OutletState:
    return OutletState(site, source, at(hours), name, **fields)


def page(site: str, hours: float, name: str | None = None, **fields: str) -> OutletState:
    return said(site, OutletSource.HOME_PAGE, hours, name, **fields)


def operator(site: str, hours: float, name: str | None = None) -> OutletState:
    return said(site, OutletSource.OPERATOR, hours, name)


@FILE_AND_LAKE
def test_hosts_of_one_owner_are_one_outlet_and_tenants_are_their_own(bench: Bench) -> None:
    hosts = ("paper.co.id", "m.paper.co.id", "edition.paper.co.id", "a.blogspot.com")
    articles = [an_article(f"a{n}", host=host, read=n + 1) for n, host in enumerate(hosts)]
    articles.append(an_article("b", host="b.blogspot.com", read=9))
    bench.load(a_batch("b1", 1, articles=tuple(articles)))
    assert bench.rows(
        "SELECT site, name, name_source, country, country_source, language, first_seen_at, asked_at"
        " FROM outlets ORDER BY site"
    ) == [
        ("a.blogspot.com", "a.blogspot.com", "host", None, None, None, at(4), None),
        ("b.blogspot.com", "b.blogspot.com", "host", None, None, None, at(9), None),
        ("paper.co.id", "paper.co.id", "host", "ID", "tld", None, at(1), None),
    ]
    assert bench.rows("SELECT site, count(*) FROM articles GROUP BY site ORDER BY site") == [
        ("a.blogspot.com", 1),
        ("b.blogspot.com", 1),
        ("paper.co.id", 3),
    ]


WIRE = " ".join(f"w{number}" for number in range(16))


@FILE_AND_LAKE
def test_who_has_a_part_of_a_platform_does_not_name_it(bench: Bench) -> None:
    feeds = (
        a_feed(11, "https://medium.com/feed/@jane", "Jane", language="de"),
        a_feed(12, "https://www.uni.example/~joe/feed", "Joe"),
        a_feed(13, "https://www.uni.example/news.xml", "The University's News"),
    )
    bench.load(a_batch("b1", 1, feeds=feeds))
    assert bench.rows("SELECT site, name, name_source, language FROM outlets ORDER BY site") == [
        ("medium.com", "medium.com", "host", None),
        ("uni.example", "The University's News", "feed", None),
    ]


@FILE_AND_LAKE
def test_a_story_counts_outlets(bench: Bench) -> None:
    hosts = ("paper.example", "m.paper.example", "amp.paper.example", "other.example")
    articles = [an_article(f"a{n}", WIRE, host=host, read=n + 1) for n, host in enumerate(hosts)]
    bench.load(a_batch("b1", 1, articles=tuple(articles[:2])))
    bench.load(a_batch("b2", 2, articles=tuple(articles[2:])))
    assert bench.rows("SELECT articles, hosts, outlets FROM stories") == [(4, 4, 2)]
    assert bench.rows("SELECT outlet, site, hosts, outlets FROM clippings") == [
        ("paper.example", "paper.example", 4, 2)
    ]
    assert bench.rows("SELECT sum(hosts), sum(outlets) FROM coverage_daily") == [(4, 2)]


def test_what_a_page_says_of_its_site_names_no_outlet(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("a", site_name="The Other Paper"),)))
    assert bench.rows(NAMES) == [("news.example", "news.example", "host")]
    assert bench.rows("SELECT outlet FROM clippings") == [("news.example",)]
    assert bench.rows("SELECT outlet FROM story('https://news.example/a')") == [("news.example",)]
    assert bench.rows("SELECT outlet FROM search('w', days := 100000)") == []


def test_a_document_has_no_outlet(bench: Bench) -> None:
    document = an_article("a", host="", site_name="The Paper")
    bench.load(a_batch("b1", articles=(document,)))
    assert bench.rows("SELECT site FROM articles") == [(None,)]
    assert bench.rows("SELECT outlet, outlets FROM clippings") == [(None, 0)]
    assert bench.rows(NAMES) == []


@FILE_AND_LAKE
def test_the_operator_goes_before_the_home_page_and_that_before_the_feed(bench: Bench) -> None:
    feeds = (
        a_feed(1, "https://feeds.paper.example/all", "The Paper: All of it", language="en-GB"),
        a_feed(2, "https://paper.example/tech", "The Paper", language="en"),
        a_feed(3, "https://stranger.example/paper", "Paper"),
    )
    steps = (
        (a_batch("b1", 1, feeds=feeds), ("The Paper", "feed")),
        (a_batch("b2", 2, outlets=(page("paper.example", 2),)), ("The Paper", "feed")),
        (a_batch("b3", 3, outlets=(page("paper.example", 3, "Paper!"),)), ("Paper!", "home_page")),
        (a_batch("b4", 4, outlets=(operator("paper.example", 4, "P"),)), ("P", "operator")),
        (a_batch("b5", 5, outlets=(page("paper.example", 5, "Other"),)), ("P", "operator")),
        (a_batch("b6", 6, outlets=(operator("paper.example", 6),)), ("Other", "home_page")),
        # One that could not be read takes nothing back.
        (a_batch("b7", 7, outlets=(page("paper.example", 7),)), ("Other", "home_page")),
    )
    for batch, expected in steps:
        bench.load(batch)
        name = "SELECT name, name_source FROM outlets WHERE site = 'paper.example'"
        assert bench.rows(name) == [expected], batch.batch_id
    assert bench.rows("SELECT title, outlet, site FROM sources ORDER BY feed_id") == [
        ("The Paper: All of it", "Other", "paper.example"),
        ("The Paper", "Other", "paper.example"),
        ("Paper", "Paper", "stranger.example"),
    ]


def test_a_language_is_what_all_feeds_state_or_the_home_page(bench: Bench) -> None:
    language = "SELECT language, language_source FROM outlets"
    feed = a_feed(1, "https://paper.example/1", language="en-GB")
    bench.load(a_batch("b1", 1, feeds=(feed,)))
    assert bench.rows(language) == [("en", "feed")]
    bench.load(a_batch("b2", 2, feeds=(a_feed(2, "https://paper.example/2", language="id"),)))
    assert bench.rows(language) == [(None, None)]
    bench.load(a_batch("b3", 3, outlets=(page("paper.example", 3, language="id"),)))
    assert bench.rows(language) == [("id", "home_page")]


def test_a_feed_that_moves_takes_its_title_along(bench: Bench) -> None:
    old, new = "https://old.example/feed", "https://new.example/feed"
    bench.load(a_batch("b1", 1, feeds=(a_feed(1, old, "Paper", polled_at=at(1)),)))
    bench.load(a_batch("b2", 2, feeds=(a_feed(1, new, "Paper", polled_at=at(2)),)))
    assert bench.rows(NAMES) == [
        ("new.example", "Paper", "feed"),
        ("old.example", "old.example", "host"),
    ]


def a_history_of_outlets(seed: int) -> list[Batch]:
    """Feeds that move about, articles on many hosts, names given and taken back."""
    chooser = random.Random(seed)
    hosts = ("paper.co.id", "m.paper.co.id", "one.blogspot.com", "other.example", "x.other.example")
    sites = ("paper.co.id", "one.blogspot.com", "other.example", "unheard.example")
    batches = []
    for number in range(8):
        feeds = tuple(
            a_feed(
                feed,
                f"https://{chooser.choice(hosts)}/{feed}",
                chooser.choice((None, "Title", f"Title {number}")),
                language=chooser.choice((None, "en", "id-ID")),
                polled_at=chooser.choice((None, at(number), at(number - 3))),
            )
            for feed in (1, 2)
        )
        articles = tuple(
            an_article(f"a{chooser.randrange(5)}", WIRE, host=host, read=chooser.randrange(50))
            for host in chooser.sample(hosts, 2)
        )
        outlets = tuple(
            said(
                chooser.choice(sites),
                chooser.choice(tuple(OutletSource)),
                chooser.randrange(20),
                chooser.choice((None, f"Name {number}")),
            )
            for _ in range(2)
        )
        batches.append(
            a_batch(f"{number:02}", number, feeds=feeds, articles=articles, outlets=outlets)
        )
    return batches


@FILE_AND_LAKE
@pytest.mark.parametrize("seed", [0, *also_long(1)])
def test_outlets_do_not_depend_on_the_order_of_batches(
    benches: Callable[[str], Bench], seed: int
) -> None:
    batches = a_history_of_outlets(seed)
    found = []
    for name in ("in-order", "shuffled"):
        bench = benches(name)
        with bench.open() as wh:
            for batch in batches:
                bench.load_into(wh, batch)
            found.append(contents(wh))
        random.Random(seed).shuffle(batches)
    assert found[0]["outlets"]
    assert found[0] == found[1]


def unnamed(bench: Bench, now: datetime, most: int = 10) -> tuple[UnnamedOutlet, ...]:
    with bench.open() as wh:
        return unnamed_outlets(wh, now, most)


def test_a_home_page_is_asked_once_in_thirty_days(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("a", host="www.paper.example"),)))
    asked = UnnamedOutlet("paper.example", "https://www.paper.example/")
    assert unnamed(bench, at(2)) == (asked,)
    bench.load(a_batch("b2", 2, outlets=(page("paper.example", 2, error="timeout"),)))
    assert bench.rows("SELECT asked_at, error FROM outlets") == [(at(2), "timeout")]
    assert unnamed(bench, at(2) + timedelta(days=29)) == ()
    assert unnamed(bench, at(2) + timedelta(days=30)) == (asked,)
    bench.load(a_batch("b3", 3, outlets=(operator("paper.example", 3, "Paper"),)))
    assert unnamed(bench, at(2) + timedelta(days=30)) == ()


def test_a_clock_that_was_ahead_once_keeps_no_home_page_from_being_asked(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    bench.load(a_batch("b2", 2, outlets=(page("news.example", 90_000, "Wrong"),)))
    assert len(unnamed(bench, at(3))) == 1
    bench.load(a_batch("b3", 3, outlets=(page("news.example", 3, "Right"),), clock_epoch=1))
    assert unnamed(bench, at(4)) == ()
    assert bench.rows("SELECT name, asked_at FROM outlets") == [("Right", at(3))]


@pytest.mark.parametrize(
    ("hosts", "home"),
    [
        (("paper.example",), "https://paper.example/"),
        (("edition.paper.example",), "https://paper.example/"),
        (("edition.paper.example", "www.paper.example"), "https://www.paper.example/"),
        (("paper.example:8080",), "https://paper.example:8080/"),
        (("paper.example:8080", "paper.example"), "https://paper.example/"),
        (("paper.example.evil.example",), "https://evil.example/"),
    ],
)
def test_which_page_is_the_home_page(bench: Bench, hosts: tuple[str, ...], home: str) -> None:
    articles = tuple(an_article(f"a{n}", host=host, read=n) for n, host in enumerate(hosts))
    bench.load(a_batch("b1", articles=articles))
    assert [outlet.home_url for outlet in unnamed(bench, at(99))] == [home]


def test_only_outlets_with_pages_are_asked(bench: Bench) -> None:
    carried = an_article("a", host="one.example", text_kind="feed")
    feed = a_feed(1, "https://two.example/feed")
    bench.load(a_batch("b1", articles=(carried,), feeds=(feed,)))
    assert len(bench.rows(NAMES)) == 2
    assert unnamed(bench, at(99)) == ()


@pytest.mark.parametrize(("host", "share"), [("m.paper.example", 0.0), ("other.example", 0.5)])
def test_a_copy_within_one_outlet_is_no_duplicate_in_sources(
    bench: Bench, host: str, share: float
) -> None:
    first = an_article("a", WIRE, host="paper.example", read=1)
    copy = an_article("b", WIRE, host=host, read=2)
    outcomes = tuple(
        an_outcome(name, EntryState.STORED, 1, article_id=article.article_id)
        for name, article in (("a", first), ("b", copy))
    )
    bench.load(
        a_batch(
            "b1",
            feeds=(a_feed(1, "https://paper.example/feed"),),
            entries=(an_entry("a"), an_entry("b")),
        ),
        a_batch("b2", articles=(first, copy), outcomes=outcomes),
    )
    assert bench.rows("SELECT stored, duplicate_share FROM sources") == [(2, share)]
