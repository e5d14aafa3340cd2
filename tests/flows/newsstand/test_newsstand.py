"""The made-up press: do its sources say what they should?"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest

from flows.newsstand import Press, load_press
from flows.newsstand.rendering import render
from parsers.feeds.opml import read_opml
from parsers.search_services import service_of_feed
from parsers.urls import direct_link, is_wrapper

EDITIONS = (1, 2)
FEEDS = Path(__file__).parents[3] / "seeds" / "newsstand" / "feeds.opml"
HOME = "http://the-meridian-post.example"
ARTICLE = f"{HOME}/technology/2026/10/musk-brackwater-tunnel-visit.html"


@pytest.fixture(scope="module")
def press() -> Press:
    return load_press()


# ── what the sources say ────────────────────────────────────────────────────────────────────────


def test_size_and_languages(press: Press) -> None:
    articles = press.truth()
    assert 45 <= len(articles) <= 75
    on_topic = [article for article in articles if article.topics]
    assert len(on_topic) >= 25
    languages = Counter(article.language for article in on_topic)
    assert languages["en"] >= 8
    assert languages["id"] >= 5
    assert {"de", "es", "fr", "ja", "ru", "ar"} <= set(languages)


@pytest.mark.parametrize("language", ["en", "id"])
def test_articles_on_topic_are_long_in_the_two_main_languages(language: str) -> None:
    for article in load_press(2).truth():
        if article.language == language and article.topics:
            assert sum(len(p.split()) for p in article.paragraphs) >= 300, article.url


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_two_articles_share_a_url(edition: int) -> None:
    urls = [article.url for article in load_press(edition).truth()]
    assert len(set(urls)) == len(urls)


def test_every_host_is_reserved(press: Press) -> None:
    assert len(press.hosts) == len(press.outlets) + len({plan.host for plan in press.searches})
    assert len(press.outlets) == 19
    assert all(host.endswith(".example") for host in press.hosts)


MENTIONS = {
    # Latin and other spellings that the articles use; the traps are lower case or longer words.
    "musk": re.compile(r"\bElon Musk\b|Маск"),
    "openai": re.compile(r"OpenAI"),
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_topics_are_those_that_the_text_names(edition: int) -> None:
    for article in load_press(edition).truth():
        text = "\n".join((article.title, article.standfirst or "", *article.paragraphs))
        named = {name for name, pattern in MENTIONS.items() if pattern.search(text)}
        assert set(article.topics) == named, article.url


def test_off_topic_pages_name_the_topics_beside_the_article(press: Press) -> None:
    """A mention in a sidebar is not a mention: there must be such pages to try it on."""
    tempting = []
    for article in press.truth():
        reply = press.answer(article.url)
        assert reply is not None
        if not article.topics and re.search(rb"Elon Musk|OpenAI", reply.body):
            tempting.append(article.url)
    assert len(tempting) >= 15


def test_copies_are_as_close_to_their_originals_as_they_claim(press: Press) -> None:
    truth = {article.url: article for article in press.truth()}
    copies = [article for article in truth.values() if article.copy_of]
    assert Counter(copy.copy_kind for copy in copies) == {"exact": 2, "near": 2}
    for copy in copies:
        original = truth[copy.copy_of or ""]
        if copy.copy_kind == "exact":
            assert copy.paragraphs == original.paragraphs
        else:
            assert copy.title != original.title
            assert 0.8 < jaccard(copy.paragraphs, original.paragraphs) < 1


def jaccard(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Similarity of two texts by the five-word shingles they share."""
    ours, theirs = (shingles(" ".join(side).lower().split()) for side in (left, right))
    return len(ours & theirs) / len(ours | theirs)


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def test_originals_and_unrelated_articles_are_far_apart(press: Press) -> None:
    articles = [article for article in press.truth() if not article.copy_of]
    for number, left in enumerate(articles):
        for right in articles[number + 1 :]:
            assert jaccard(left.paragraphs, right.paragraphs) < 0.1, (left.url, right.url)


def test_the_second_edition_changes_one_article_and_adds_two() -> None:
    first = {article.url: article for article in load_press(1).truth()}
    second = {article.url: article for article in load_press(2).truth()}
    assert len(second.keys() - first.keys()) == 2
    assert not first.keys() - second.keys()
    changed = [url for url in first if first[url] != second[url]]
    assert len(changed) == 1
    before, after = first[changed[0]], second[changed[0]]
    assert before.title != after.title
    assert before.paragraphs != after.paragraphs
    assert before.published == after.published


def test_one_article_has_no_date(press: Press) -> None:
    undated = [article for article in press.truth() if article.published is None]
    assert len(undated) == 1
    reply = press.answer(undated[0].url)
    assert reply is not None
    assert not re.search(rb"20\d\d-\d\d-\d\d|October", reply.body)


def test_every_paragraph_stands_in_its_page(press: Press) -> None:
    charsets = {outlet.host: outlet.charset for outlet in press.outlets}
    waiting = {entry.article_url for entry in press.entries() if entry.state == "waiting"}
    for article in press.truth():
        reply = press.answer(article.url)
        assert reply is not None
        if article.url in waiting:
            assert reply.status == 503
            continue
        seen = unmarked(reply.body.decode(charsets[article.host]))
        for paragraph in (article.title, *article.paragraphs):
            assert paragraph in seen, article.url


def test_templates_escape_what_they_are_given(press: Press) -> None:
    outlet = press.outlets[0]
    page = render("listing.html", outlet=outlet, home=outlet.home, label="<i>&", articles=())
    assert "<h1>&lt;i&gt;&amp;</h1>" in page


def unmarked(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("edition", EDITIONS)
def test_links_within_the_press_resolve(edition: int) -> None:
    press = load_press(edition)
    known = set(press.urls())
    searches = {f"http://{host}/search" for host in press.hosts}
    for url in known:
        reply = press.answer(url)
        assert reply is not None
        if not reply.content_type.startswith("text/html"):
            continue
        for link in re.findall(rb'(?:href|src|action)="(http://[^"]+)"', reply.body):
            parts = urlsplit(link.decode())
            if parts.hostname in press.hosts:
                address = f"http://{parts.hostname}{parts.path}"
                assert address in known | searches or "/images/" in address, (url, address)


# ── feeds ───────────────────────────────────────────────────────────────────────────────────────


def test_the_list_of_feeds_is_that_of_the_outlets(press: Press) -> None:
    listed = {
        (row.attrib["xmlUrl"], row.attrib["title"], row.attrib["language"], row.attrib["category"])
        for row in ET.fromstring(FEEDS.read_bytes()).iter("outline")
        if "xmlUrl" in row.attrib
    }
    assert listed == {
        (f"http://{outlet.host}{plan.path}", plan.title, outlet.language, outlet.category)
        for outlet in press.outlets
        for plan in outlet.feeds
        if plan.watched
    }


def test_every_format_is_on_offer(press: Press) -> None:
    formats = {feed.format for feed in press.feeds().values()}
    assert formats == {"rss20", "rss091", "rdf", "atom10", "json11", "none"}
    problems = {feed.problem for feed in press.feeds().values()}
    assert problems == {None, "not_a_feed", "http_500", "not_well_formed", "wrong_encoding"}


VERSIONS = {"rss20": "rss20", "rss091": "rss091u", "rdf": "rss10", "atom10": "atom10"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_feeds_say_what_is_expected_of_them(edition: int) -> None:
    """Read by feedparser, which did not write them."""
    press = load_press(edition)
    for url, feed in press.feeds().items():
        wanted = [entry for entry in press.entries() if entry.feed_url == url]
        if feed.format in {"json11", "none"}:
            continue
        reply = press.answer(url)
        assert reply is not None
        body = reply.body.replace(b'encoding="iso-8859-1"', b'encoding="utf-8"')
        parsed = feedparser.parse(body)
        assert bool(parsed.bozo) == (feed.problem == "not_well_formed"), url
        assert parsed.version == VERSIONS[feed.format]
        assert [entry.get("link") for entry in parsed.entries] == [e.link for e in wanted]
        assert [entry.get("title") for entry in parsed.entries] == [e.item.title for e in wanted]
        assert [entry.get("id") for entry in parsed.entries] == [e.guid for e in wanted]


def test_a_changed_article_is_told_by_its_feed() -> None:
    """Same link and guid, another title, and a time of change that was not there before."""
    told = []
    for edition in EDITIONS:
        reply = load_press(edition).answer(f"{HOME}/feed.xml")
        assert reply is not None
        items = ET.fromstring(reply.body).iter("item")
        told.append(next(item for item in items if "lantern" in item.findtext("link", "")))
    before, after = told
    for same in ("guid", "link", "pubDate"):
        assert before.findtext(same) == after.findtext(same)
    assert before.findtext("title") != after.findtext("title")
    updated = "{http://www.w3.org/2005/Atom}updated"
    assert (before.findtext(updated), after.findtext(updated)) == (None, "2026-11-02T16:45:00Z")


def test_the_json_feed_says_what_is_expected_of_it(press: Press) -> None:
    (url,) = (url for url, feed in press.feeds().items() if feed.format == "json11")
    reply = press.answer(url)
    assert reply is not None
    items = json.loads(reply.body)["items"]
    wanted = [entry for entry in press.entries() if entry.feed_url == url]
    assert [(i["id"], i["url"], i["title"]) for i in items] == [
        (e.guid, e.link, e.item.title) for e in wanted
    ]


def test_the_wrong_encoding_is_a_lie_that_the_bytes_disprove(press: Press) -> None:
    (url,) = (url for url, feed in press.feeds().items() if feed.problem == "wrong_encoding")
    reply = press.answer(url)
    assert reply is not None
    assert b'encoding="iso-8859-1"' in reply.body
    assert any(ord(letter) > 127 for letter in reply.body.decode("utf-8"))


def test_the_torn_feed_hides_an_article(press: Press) -> None:
    (url,) = (url for url, feed in press.feeds().items() if feed.problem == "not_well_formed")
    outlet = next(outlet for outlet in press.outlets if outlet.host == urlsplit(url).hostname)
    seen = [entry for entry in press.entries() if entry.feed_url == url]
    assert len(seen) == len(outlet.manuscripts) - 1


def test_sitemaps_name_every_article(press: Press) -> None:
    listing = [outlet for outlet in press.outlets if outlet.sitemap in {"news", "plain"}]
    assert len(listing) >= 12
    for outlet in listing:
        reply = press.answer(f"http://{outlet.host}/sitemap.xml")
        assert reply is not None
        found = {
            location.text
            for location in ET.fromstring(reply.body).iter(
                "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
            )
        }
        assert found == {article.url for article in press.truth() if article.host == outlet.host}


def test_entries_end_in_every_way(press: Press) -> None:
    ends = Counter((entry.state, entry.reason) for entry in press.entries())
    assert ends["stored", None] >= 25
    assert ends["off_topic", None] >= 15
    assert ends["duplicate", None] == 2
    assert ends["waiting", "http_503"] == 1
    dead = {reason for state, reason in ends if state == "dead"}
    assert dead == {
        "http_404",
        "http_410",
        "soft_404",
        "paywall_stub",
        "consent_wall",
        "index_page",
        "robots_disallowed",
    }
    later = Counter((entry.state, entry.reason) for entry in load_press(2).entries())
    assert later["waiting", "http_503"] == 0
    assert later["stored", None] == ends["stored", None] + 3


def test_entries_of_one_article_share_it(press: Press) -> None:
    """Through tracking parameters, an AMP address and a redirect."""
    leading = {entry.link: entry.article_url for entry in press.entries()}
    assert leading[f"{ARTICLE}?utm_source=rss&utm_medium=feed&utm_campaign=top"] == ARTICLE
    amp = ARTICLE.replace(".example/", ".example/amp/")
    assert leading[f"{amp}?utm_source=rss&utm_medium=technology"] == ARTICLE
    moved = leading["http://harian-angkasa.example/lama/12345"]
    assert moved is not None
    assert moved in {article.url for article in press.truth()}


# ── searches ────────────────────────────────────────────────────────────────────────────────────


def test_searches_show_articles_of_the_press_in_each_form(press: Press) -> None:
    """Read by feedparser, which did not write them."""
    forms: Counter[str] = Counter()
    for plan, items in press.searches.items():
        reply = press.answer(plan.url)
        assert reply is not None
        parsed = feedparser.parse(reply.body)
        assert not parsed.bozo
        assert [entry.link for entry in parsed.entries] == [found.link for found in items]
        forms[plan.form] += len(items)
        for entry, found in zip(parsed.entries, items, strict=True):
            assert direct_link(found.link) == (
                found.link if plan.form == "opaque" else found.article.url
            )
            assert is_wrapper(found.link) == (plan.form == "opaque")
            if plan.form != "parameter":
                assert entry.title == f"{found.title} - {found.outlet.name}"
                assert entry.source == {"href": found.outlet.home, "title": found.outlet.name}
    assert forms == {"opaque": 9, "decodable": 2, "parameter": 2}


def test_the_searches_of_the_demo_are_those_that_the_press_says(press: Press) -> None:
    listed = read_opml((FEEDS.parent / "searches.opml").read_bytes())
    wanted = [(plan.url, plan.title) for plan in press.searches if plan.watched]
    assert [(feed.url, feed.title) for feed in listed] == wanted
    assert all(service_of_feed(plan.url) for plan in press.searches)


def test_what_is_current_is_of_the_day_before_the_press_was_loaded() -> None:
    today = datetime.now(UTC).date()
    for first_day in (today, today - timedelta(days=2)):
        found = load_press(1, first_day)
        dates = {a.published.date() for a in found.truth() if a.published and a.host in CURRENT}
        assert dates == {first_day - timedelta(days=1)}
    old = {a.url: a.published for a in load_press().truth() if a.host not in CURRENT}
    assert old == {a.url: a.published for a in found.truth() if a.host not in CURRENT}


CURRENT = {outlet.host for outlet in load_press().outlets if outlet.current}


def test_outlets_have_sitemaps_of_each_kind(press: Press) -> None:
    kinds = {outlet.sitemap: outlet for outlet in press.outlets}
    assert set(kinds) == {"news", "plain", "large", "rubbish", "none"}
    sizes = {}
    for kind in ("large", "rubbish", "none"):
        reply = press.answer(f"{kinds[kind].home}/sitemap.xml")
        assert reply is not None
        sizes[kind] = (reply.status, reply.body.count(b"<loc>"))
    assert sizes == {"large": (200, 50_000), "rubbish": (200, 0), "none": (404, 0)}
