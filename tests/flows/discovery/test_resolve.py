"""Headlines of a news search, whose links tell nothing, are found at their outlets."""

from __future__ import annotations

from pathlib import Path

from tests.faults.hostile import rss
from tests.flows.discovery.outlets import (
    Outlets,
    an_hour_ago,
    found,
    home_page,
    index,
    item,
    news_sitemap,
)
from tests.servers.site import Site
from warehouse.database.open import open_warehouse
from warehouse.queue.arrivals import stories_in_news

HEADLINE = "OpenAI opens a harbour office for its warden"
PAGE = "http://paper.example/2026/office"
FEED = "http://paper.example/feed.xml"


async def test_the_outlets_own_feed_tells_the_article(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers("http://paper.example/", home_page("/feed.xml"))
        desk.answers(FEED, rss(item(HEADLINE, PAGE)), "application/rss+xml")
        desk.has_article(PAGE, HEADLINE)
        await desk.ingest(found(1, HEADLINE.replace("OpenAI", "OpenAI\u00a0")))
        assert desk.states() == [("stored", None)]
        assert desk.found() == [(PAGE, "feed", "headline")]
        assert desk.rows("SELECT canonical_url, title FROM articles") == [
            ("https://paper.example/2026/office", HEADLINE)
        ]
        assert [url for url in site.asked if "/articles/" in url] == []
        assert desk.asked == [
            "http://paper.example/robots.txt",
            "http://paper.example/",
            FEED,
            PAGE,
        ]


async def test_its_news_sitemap_tells_where_it_has_no_feed(tmp_path: Path) -> None:
    other = "OpenAI closes a harbour office"
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers(
            "http://paper.example/robots.txt", b"Sitemap: http://paper.example/sitemap.xml\n"
        )
        desk.answers("http://paper.example/", home_page())
        listed = index(
            "http://paper.example/sitemap-old.xml", "http://paper.example/sitemap-news.xml"
        )
        desk.answers("http://paper.example/sitemap.xml", listed, "application/xml")
        desk.answers(
            "http://paper.example/sitemap-news.xml",
            news_sitemap((PAGE, HEADLINE, an_hour_ago()), (PAGE + "-2", other, an_hour_ago(2))),
            "application/xml",
        )
        desk.has_article(PAGE, HEADLINE)
        desk.has_article(PAGE + "-2", other)
        await desk.ingest(found(1, HEADLINE), found(2, other, at=an_hour_ago(2)))
        assert desk.states() == [("stored", None), ("stored", None)]
        assert [by for _, by, _ in desk.found()] == ["news_sitemap", "news_sitemap"]
        assert len(desk.asked) == 6, "robots.txt, home page, index, news sitemap, two articles"


async def test_what_the_warehouse_knows_costs_no_request(tmp_path: Path) -> None:
    """The outlet's feed is watched and read before the search."""
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.watch(FEED)
        desk.answers(FEED, rss(item(HEADLINE, PAGE)), "application/rss+xml")
        desk.has_article(PAGE, HEADLINE)
        await desk.ingest(found(1, HEADLINE.upper()))
        assert desk.rows("SELECT state, reason FROM entries ORDER BY ALL") == [
            ("duplicate", "same_article"),
            ("stored", None),
        ]
        assert desk.found() == [(PAGE, "known", "headline")]
        assert desk.asked.count(PAGE) == 1
        assert desk.asked.count("http://paper.example/") == 1, "for the name of the outlet"


async def test_a_headline_resolved_after_its_article_came_is_a_duplicate(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.watch(FEED)
        desk.answers(FEED, rss(item(HEADLINE, PAGE)), "application/rss+xml")
        desk.has_article(PAGE, HEADLINE)
        await desk.ingest()
        before = desk.asked.count(PAGE)
        await desk.ingest(found(1, HEADLINE), hours=2)
        # Which of the two owns it does not depend on which came first.
        assert desk.rows("SELECT state FROM entries ORDER BY ALL") == [("duplicate",), ("stored",)]
        assert desk.rows("SELECT count(*) FROM articles") == [(1,)]
        assert desk.asked.count(PAGE) == before == 1


async def test_an_outlet_is_asked_once_for_all_its_headlines_and_then_left_alone(
    tmp_path: Path,
) -> None:
    headlines = [f"OpenAI sends letter number {word} to us" for word in ("one", "two", "three")]
    pages = [f"http://paper.example/letter-{number}" for number in range(3)]
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers("http://paper.example/", home_page("/feed.xml"))
        listed = rss(*map(item, headlines[:2], pages))
        desk.answers(FEED, listed, "application/rss+xml")
        for headline, page in zip(headlines, pages, strict=True):
            desk.has_article(page, headline)
        await desk.ingest(*(found(n, one) for n, one in enumerate(headlines)))
        assert desk.states() == [("stored", None), ("stored", None), ("waiting", "awaiting_outlet")]
        assert desk.asked.count(FEED) == 1
        desk.answers(FEED, rss(*map(item, headlines, pages)), "application/rss+xml")
        await desk.ingest(hours=0.5)
        assert desk.asked.count(FEED) == 1, "its pause is not over"
        await desk.ingest(hours=3)
        assert desk.states()[2] == ("stored", None)
        assert desk.asked.count(FEED) == 2
        assert desk.asked.count("http://paper.example/") == 1
        assert desk.asked.count("http://paper.example/robots.txt") == 1


async def test_what_is_not_found_is_given_up_with_what_was_tried(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers("http://paper.example/", home_page("/feed.xml"))
        desk.answers(FEED, rss(item("Tea", "http://paper.example/tea")), "application/rss+xml")
        await desk.ingest(found(1, HEADLINE))
        for hours in (3, 12):
            assert desk.states() == [("waiting", "awaiting_outlet")]
            await desk.ingest(hours=hours)
        assert desk.states() == [("dead", "not_found_at_outlet")]
        (message,) = desk.rows("SELECT message FROM failures WHERE error = 'not_found_at_outlet'")
        assert HEADLINE in str(message)
        assert f"{FEED} (1 pages)" in str(message)


async def test_an_outlet_that_lists_nothing_is_not_asked_again(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers("http://paper.example/", home_page())
        await desk.ingest(found(1, HEADLINE))
        assert desk.states() == [("dead", "not_found_at_outlet")]
        assert desk.asked == ["http://paper.example/robots.txt", "http://paper.example/"]


async def test_an_outlet_that_fails_is_asked_again(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers("http://paper.example/", b"", status=503)
        await desk.ingest(found(1, HEADLINE))
        assert desk.states() == [("waiting", "http_503")]
        desk.answers("http://paper.example/", home_page("/feed.xml"))
        desk.answers(FEED, rss(item(HEADLINE, PAGE)), "application/rss+xml")
        desk.has_article(PAGE, HEADLINE)
        await desk.ingest(hours=30)
        assert desk.states() == [("stored", None)]


async def test_two_outlets_with_one_headline_are_two_articles(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        for host in ("paper.example", "gazette.example"):
            desk.answers(f"http://{host}/", home_page("/feed.xml"))
            page = f"http://{host}/office"
            listed = rss(item(HEADLINE, page), item(HEADLINE, "http://elsewhere.example/office"))
            desk.answers(f"http://{host}/feed.xml", listed, "application/rss+xml")
            desk.has_article(page, HEADLINE)
        await desk.ingest(
            found(1, HEADLINE), found(2, HEADLINE, "http://gazette.example", "Gazette")
        )
        assert [url for url, _, _ in desk.found()] == [
            "http://gazette.example/office",
            "http://paper.example/office",
        ]
        assert desk.rows("SELECT count(*) FROM articles") == [(2,)]


async def test_a_changed_headline_is_told_by_time_and_words(tmp_path: Path) -> None:
    changed = "OpenAI opens an office at the harbour for its new warden"
    another = "OpenAI warden closes a road beside the harbour"
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers("http://paper.example/", home_page("/feed.xml"))
        listed = rss(
            item(changed, PAGE, an_hour_ago(1)),
            item(another, "http://paper.example/road", an_hour_ago(1.2)),
        )
        desk.answers(FEED, listed, "application/rss+xml")
        desk.has_article(PAGE, changed)
        await desk.ingest(
            found(1, HEADLINE), found(2, "Nothing of this was ever here", at=an_hour_ago(1))
        )
        assert desk.found() == [(PAGE, "feed", "changed_headline")]
        assert desk.states() == [("stored", None), ("waiting", "awaiting_outlet")]


async def test_only_searches_are_believed_and_private_addresses_never_asked(
    tmp_path: Path,
) -> None:
    """A feed that only says to be a search names an outlet; a search names a private address."""
    liar = "http://liar.example/rss"
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.watch(liar)
        desk.answers(liar, rss(found(1, HEADLINE)), "application/rss+xml")
        await desk.ingest(found(2, HEADLINE, "http://169.254.169.254/latest"))
        assert desk.rows("SELECT state, reason FROM entries ORDER BY ALL") == [
            ("dead", "not_found_at_outlet"),
            ("dead", "wrapper_unresolved"),
        ]
        told = "SELECT contains(message, 'blocked_address') FROM failures WHERE error LIKE 'not_%'"
        assert desk.rows(told) == [(True,)]
        assert [url for url in desk.asked if "paper" in url or "169" in url] == []


async def test_so_many_new_outlets_a_day(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path, new_outlets=2)
        outlets = [(f"http://paper{number}.example", f"Paper {number}") for number in range(4)]
        items = [
            found(number, HEADLINE, url, name, at=an_hour_ago(number + 1))
            for number, (url, name) in enumerate(outlets)
        ]
        await desk.ingest(*items)
        homes = [url for url in desk.asked if url.endswith(".example/")]
        assert sorted(homes) == ["http://paper0.example/", "http://paper1.example/"], "the newest"
        assert [state for state, _ in desk.states()] == ["dead", "dead", "waiting", "waiting"]
        await desk.ingest(hours=25)
        homes = [url for url in desk.asked if url.endswith(".example/")]
        assert len(homes) == 4


async def test_a_found_page_that_fails_is_not_looked_for_again(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.answers("http://paper.example/", home_page("/feed.xml"))
        desk.answers(FEED, rss(item(HEADLINE, PAGE)), "application/rss+xml")
        desk.answers(PAGE, b"", status=503)
        await desk.ingest(found(1, HEADLINE))
        assert desk.states() == [("waiting", "http_503")]
        desk.has_article(PAGE, HEADLINE)
        asked = desk.asked.count(FEED)
        await desk.ingest(hours=3)
        assert desk.states() == [("stored", None)]
        assert desk.asked.count(FEED) == asked


async def test_entries_given_up_before_are_tried_once_more_and_nobody_is_alerted(
    tmp_path: Path,
) -> None:
    """As an earlier version left them: without the outlet's address, which others of the search
    tell by its name."""
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        await desk.ingest(found(1, HEADLINE, source=False), found(2, "Tea", source=False, name="X"))
        gone = [("dead", "wrapper_unresolved"), ("dead", "wrapper_unresolved")]
        assert desk.rows("SELECT state, reason FROM entries ORDER BY guid") == gone
        desk.answers("http://paper.example/", home_page("/feed.xml"))
        other = "OpenAI closes a harbour office"
        listed = rss(item(HEADLINE, PAGE), item(other, PAGE + "-2"))
        desk.answers(FEED, listed, "application/rss+xml")
        desk.has_article(PAGE, HEADLINE)
        desk.has_article(PAGE + "-2", other)
        await desk.ingest(found(3, other), hours=1)
        assert desk.rows("SELECT state, reason FROM entries ORDER BY guid") == [
            ("stored", None),
            ("dead", "wrapper_unresolved"),
            ("stored", None),
        ]
        told = desk.rows("SELECT title FROM articles ORDER BY title")
        assert len(told) == 2
        with open_warehouse(desk.settings.desk()) as wh:
            stories = [int(str(one)) for (one,) in wh.execute("SELECT story_id FROM stories")]
            news = {story.url: story.backfill for story in stories_in_news(wh, stories)}
        page = PAGE.replace("http:", "https:")
        assert news == {page: True, page + "-2": False}
        tries = "SELECT count(*) FROM outcomes WHERE reason = 'resolve_again'"
        assert desk.rows(tries) == [(2,)]
        await desk.ingest(hours=1)
        assert desk.rows(tries) == [(2,)], "once only"
