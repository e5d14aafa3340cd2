"""What to do about a feed: one sentence for each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.decisions.feed_advice import what_to_do
from flows.decisions.feed_state import Poll, decide_failure, decide_feed
from parsers.errors import Drop, NotAFeed, PressclipError, Retry
from parsers.feeds.parse import parse_feed
from parsers.records import Page, ParsedFeed
from warehouse.records import Feed

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FEED = Feed(feed_id=1, url="https://paper.example/feed?a=1&b=2")
OURS = (FEED.url, "https://paper.example/other")
REMOVE = "pressclip feeds remove 'https://paper.example/feed?a=1&b=2'"


def failed(error: PressclipError) -> Poll:
    return decide_failure(FEED, error, now=NOW, interval=1800.0)


def answered(*items: str, target: str | None = None) -> Poll:
    body = f"<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>".encode()
    parsed = parse_feed(body, url=FEED.url, feed_id=1, content_type=None, now=NOW, max_entries=9)
    page = Page(FEED.url, FEED.url, 200, (), body, NOW)
    return decide_feed(FEED, page, parsed, now=NOW, interval=1800.0, target=target)


def item(at: datetime = NOW) -> str:
    date = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return f"<item><title>A</title><link>https://paper.example/a</link><pubDate>{date}</pubDate></item>"


def test_a_feed_that_brings_news_needs_nothing() -> None:
    assert what_to_do(FEED, answered(item()), NOW, OURS) == "nothing"


@pytest.mark.parametrize(
    ("poll", "told"),
    [
        (answered(), "if it stays empty"),
        (answered(item(NOW - timedelta(days=200))), "its newest entry is of 2026-04-15"),
        (
            answered(item(), target="https://paper.example/new"),
            "moves to https://paper.example/new",
        ),
        (
            failed(Retry("http_404", "No.")),
            f"look for its new address on its site, or else {REMOVE}",
        ),
        (failed(Retry("http_403", "No.")), f"or else {REMOVE}"),
        (failed(Retry("http_503", "No.")), f"wait; if that lasts for days, {REMOVE}"),
        (failed(Retry("something_new", "No.")), "wait; if that lasts"),
        (failed(Retry("http_429", "No.")), "wait until its server allows"),
        (failed(Retry("host_paused", "No.")), "wait until its server allows"),
        (failed(Drop("blocked_address", "No.")), "PRESSCLIP_ALLOW_NETWORKS"),
        (
            failed(NotAFeed("not_a_feed", "A page.", ("https://paper.example/rss",))),
            "pressclip feeds move 'https://paper.example/feed?a=1&b=2' https://paper.example/rss",
        ),
    ],
)
def test_each_answer_says_what_to_do(poll: Poll, told: str) -> None:
    assert told in what_to_do(FEED, poll, NOW, OURS)


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (ParsedFeed("sitemap", (), restamped=3000), "news sitemap instead"),
        (ParsedFeed("news_sitemap", (), unvouched=3), "--site"),
    ],
)
def test_a_sitemap_of_which_nothing_is_taken_is_not_waited_for(read: ParsedFeed, told: str) -> None:
    page = Page(FEED.url, FEED.url, 200, (), b"", NOW)
    poll = decide_feed(FEED, page, read, now=NOW, interval=1800.0)
    assert told in what_to_do(FEED, poll, NOW, OURS)


def test_a_page_that_names_a_feed_which_is_watched_need_not_be() -> None:
    page = failed(NotAFeed("not_a_feed", "A page.", (OURS[1],)))
    told = what_to_do(FEED, page, NOW, OURS)
    assert told == f"{REMOVE}: its page names {OURS[1]}, which is watched"


def test_nobody_is_told_to_remove_what_they_do_not_watch() -> None:
    gone = failed(Retry("http_404", "No."))
    assert what_to_do(FEED, gone, NOW, ()).endswith("or else leave it out")
    page = failed(NotAFeed("not_a_feed", "A page.", ("https://paper.example/rss",)))
    assert what_to_do(FEED, page, NOW, ()).startswith("try https://paper.example/rss")


def test_a_feed_that_failed_before_and_whose_host_rests_is_waited_for() -> None:
    before = replace(FEED, failures=3)
    poll = decide_failure(before, Retry("host_paused", "No."), now=NOW, interval=1800.0)
    assert what_to_do(before, poll, NOW, OURS) == "wait until its server allows"
