"""A whole page to its article: text, metadata, identity, and what was taken away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trafilatura.utils import line_processing

from parsers.articles.from_page import extract_article
from parsers.extraction.extract import release_caches
from parsers.identity import article_id
from parsers.records import Access, Article, DateFlag, Entry, Rejection, RejectionReason
from parsers.urls import canonical_url

URL = "https://www.example.org/harbour/2030/01/09/harbour-opens.html"
TITLE = "Harbour opens after nine years"
STANDFIRST = "A ferry full of children was the first ship to come in, and the mayor got wet."
PARAGRAPHS = [
    (
        "The harbour of the small town opened again on Monday after nine years of work, and the"
        " first ship to come in was a ferry full of children from the islands."
    ),
    (
        "The mayor, who had promised the work in three elections, stood in the rain for an hour and"
        " shook the hand of everyone who came down the gangway."
    ),
    (
        "Fishermen are less happy. They fear that larger ships will drive the price of fish down,"
        " and that the old quay will be turned into a car park before the year is out."
    ),
    (
        "The state has paid half of the cost, and the town has borrowed the other half from its own"
        " savings bank for thirty years."
    ),
]
JSON_LD = """
<script type="application/ld+json">
{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "Harbour opens after nine years",
 "datePublished": "2030-01-09T23:30:00-05:00", "dateModified": "2030-01-10T06:00:00Z",
 "author": [{"@type": "Person", "name": "By Jane Roe"},
            {"@type": "Person", "name": "Max Beispiel"}],
 "articleSection": "Harbour", "keywords": "ships, rain", "isAccessibleForFree": true,
 "publisher": {"@type": "Organization", "name": "The Example Post"}}
</script>"""
HEAD = f"""
<title>{TITLE} | The Example Post</title>
<meta property="og:title" content="{TITLE} - The Example Post">
<meta property="og:site_name" content="The Example Post">
<meta property="og:image" content="/ferry.jpg">
<link rel="canonical" href="https://www.example.org/harbour/2030/01/09/harbour-opens.html?utm_source=x">
"""


def page(
    *,
    head: str = HEAD + JSON_LD,
    before: str = "",
    inside: str = "",
    after: str = "",
    lang: str = "en",
) -> str:
    """A page with our article in it, and with furniture where the arguments put it."""
    first, *others = (f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"""<!doctype html><html lang="{lang}"><head>{head}</head><body>
    <nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
    <main><article><header><h1>{TITLE}</h1>{before}</header>
    <div class="body">{first}{inside}{"".join(others)}</div>{after}</article></main>
    <footer>© The Example Post</footer></body></html>"""


def article(html: str, *, url: str = URL, hint: Entry | None = None) -> Article:
    found = extract_article(html, url=url, hint=hint)
    assert isinstance(found, Article), found
    return found


def test_text_and_metadata_of_a_plain_page() -> None:
    found = article(page())
    assert found.text.split("\n\n") == PARAGRAPHS
    assert found.title == TITLE
    assert found.authors == ("Jane Roe", "Max Beispiel")
    assert found.published_at == datetime(2030, 1, 10, 4, 30, tzinfo=UTC)
    assert found.modified_at == datetime(2030, 1, 10, 6, tzinfo=UTC)
    assert (found.section, found.tags) == ("Harbour", ("ships", "rain"))
    assert found.language == "en"
    assert found.site_name == "The Example Post"
    assert found.image_url == "https://www.example.org/ferry.jpg"
    assert (found.access, found.access_evidence) == (Access.FREE, "isAccessibleForFree=true")
    assert dict(found.sources)["published_at"] == "json-ld"


@pytest.mark.parametrize(
    "standfirst",
    [
        f'<p class="article__standfirst">{STANDFIRST}</p>',
        f'<div class="teaser-text"><p>{STANDFIRST}</p></div>',
        f'<h2 class="subtitle">{STANDFIRST}</h2>',
        (
            f'<meta name="description" content="{STANDFIRST}"><div'
            f' class="x1"><p>{STANDFIRST}</p></div>'
        ),
    ],
)
def test_the_standfirst_is_kept_in_text_and_column(standfirst: str) -> None:
    found = article(page(before=standfirst))
    assert found.standfirst == STANDFIRST
    assert found.text.split("\n\n") == [STANDFIRST, *PARAGRAPHS]


@pytest.mark.parametrize(
    ("name", "html"),
    [
        (
            "photo_credit",
            (
                "<figure><img src='a.jpg'><figcaption>The ferry on Monday, seen from the"
                " quay.</figcaption></figure>"
            ),
        ),
        (
            "read_also",
            "<p><a href='/harbour/old.html'>Why the harbour was closed for nine years</a></p>",
        ),
        ("read_also", "<p>Read also: <a href='/harbour/old.html'>Why the harbour closed</a></p>"),
        ("advert", "<p>Advertisement</p>"),
        (
            "fact_box",
            "<div class='infobox'><p>The harbour was built in 1903 and closed in 2021.</p></div>",
        ),
        ("newsletter", "<p>Sign up for our newsletter and never miss a ship.</p>"),
    ],
)
def test_furniture_between_the_paragraphs_goes(name: str, html: str) -> None:
    assert article(page(inside=html)).text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    "html",
    [
        "<div class='author-bio'><p>Jane Roe has written about ships since 2010.</p></div>",
        (
            "<section class='related'><h3>Related articles</h3><ul><li><a href='/a'>Rain"
            " again</a></li></ul></section>"
        ),
        "<p>© 2030 The Example Post. All rights reserved.</p>",
        (
            "<div id='respond'><h3>Leave a reply</h3><p>Your email address will not be"
            " published.</p></div>"
        ),
    ],
)
def test_furniture_below_the_text_goes(html: str) -> None:
    assert article(page(after=html)).text.split("\n\n") == PARAGRAPHS


def test_subheadings_lists_and_quotes_stay_in_order() -> None:
    inside = (
        "<h2>What the fishermen say</h2><ul><li>More noise in the bay</li><li>Fewer fish in the "
        "nets</li></ul><blockquote>We were never asked, and we shall not forget it.</blockquote>"
    )
    text = article(page(inside=inside)).text
    places = [
        text.index(part)
        for part in ("What the fish", "More noise", "Fewer", "We were", "The mayor")
    ]
    assert places == sorted(places)


def test_a_link_to_another_site_alone_in_its_paragraph_stays() -> None:
    link = (
        "<p><a href='https://petition.example.net/harbour'>The petition of the fishermen to the"
        " king</a></p>"
    )
    assert "petition of the fishermen" in article(page(inside=link)).text


def test_canonical_link_of_the_same_site_is_the_identity() -> None:
    found = article(page(), url=URL + "?fbclid=1")
    assert found.article_id == article_id(found.canonical_url)
    assert "utm_source" not in found.canonical_url
    assert found.url.endswith("fbclid=1")
    assert found.syndication_url is None


@pytest.mark.parametrize(
    "canonical", ["https://www.example.org/", "https://www.example.org/harbour/"]
)
def test_a_canonical_link_to_front_page_or_section_is_not_believed(canonical: str) -> None:
    html = page(head=f'<title>{TITLE}</title><link rel="canonical" href="{canonical}">')
    assert article(html).canonical_url.endswith("harbour-opens.html")


def test_a_canonical_link_to_another_host_is_a_claim_of_syndication() -> None:
    html = page(head='<link rel="canonical" href="https://wire.example.com/a/1">')
    found = article(html)
    assert "example.org" in found.canonical_url
    assert found.syndication_url == "https://wire.example.com/a/1"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.org:8443/a/story", "https://example.org/b/story"),
        ("https://m.github.io/a/story", "https://www.github.io/b/story"),
        ("https://medium.com/@mallory/story", "https://medium.com/@jane/essay"),
        ("https://example.edu/~mallory/story", "https://example.edu/~jane/essay"),
    ],
)
def test_a_canonical_link_crosses_neither_ports_nor_tenants(url: str, canonical: str) -> None:
    found = article(page(head=f'<link rel="canonical" href="{canonical}">'), url=url)
    assert found.canonical_url == canonical_url(url)


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2026-02-30T10:00:00Z">',
        '<meta name="date" content="2026-02-30">',
        '<meta name="pubdate" content="31/06/2026">',
        '<meta name="date" content="20261345">',
        '<script type="application/ld+json">{"@type":"Article","datePublished":"2026-02-30"}'
        "</script>",
        '</head><body><time datetime="2026-02-30">Monday</time>',
        '</head><body><p class="date">30.02.2026</p>',
    ],
)
def test_a_day_that_no_calendar_has_is_no_date(head: str) -> None:
    found = article(page(head=head))
    assert (found.published_at, found.date_flag) == (None, DateFlag.UNPARSED)
    assert dict(found.sources)["published_text"] in head


def test_the_feeds_entry_fills_what_the_page_leaves_open() -> None:
    entry = Entry(
        entry_id=1,
        feed_id=1,
        guid="g",
        link=URL,
        authors=("Erika Muster",),
        published_at=datetime(2030, 1, 9, 8, tzinfo=UTC),
    )
    found = article(page(head="<title>x</title>"), hint=entry)
    assert found.authors == ("Erika Muster",)
    assert found.published_at == entry.published_at
    assert dict(found.sources)["published_at"] == "feed"
    flagged = article(page(head="<title>x</title>"), hint=replace(entry, date_flag=DateFlag.FUTURE))
    assert dict(flagged.sources).get("published_at") != "feed"


@pytest.mark.parametrize(
    ("stated", "flag"),
    [
        ("2030-01-09", DateFlag.DAY),
        ("2030-01-09T10:00:00", DateFlag.NO_ZONE),
        ("2030-01-09T10:00:00Z", None),
    ],
)
def test_an_article_says_what_is_missing_from_its_date(stated: str, flag: DateFlag | None) -> None:
    head = f'<meta property="article:published_time" content="{stated}">'
    assert article(page(head=head)).date_flag == flag
    hint = Entry(1, 1, "g", URL, published_at=datetime(2030, 1, 9, tzinfo=UTC), date_flag=flag)
    assert article(page(head="<title>x</title>"), hint=hint).date_flag == flag


def test_a_page_given_by_a_name_that_is_no_url_is_identified_by_its_content() -> None:
    found = article(page(head="<title>x</title>"), url="file:saved.html")
    assert found.canonical_url.startswith("urn:sha256:")


@pytest.mark.parametrize("html", ["", "   \n", "\x00", "<!-- -->"])
def test_what_holds_no_markup_is_rejected(html: str) -> None:
    found = extract_article(html, url=URL)
    assert isinstance(found, Rejection)
    assert found.extracted


def test_text_in_a_container_with_a_misleading_name_is_rescued() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f"<html><body><div class='comment-content'>{text}</div></body></html>"
    found = article(html)
    assert found.text.split("\n\n") == PARAGRAPHS
    assert dict(found.sources)["text"] == "readability"


def test_text_that_only_json_ld_has_in_full_is_taken_from_there() -> None:
    body = "\n".join(PARAGRAPHS)
    stated = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": body})
    html = (
        f'<html><head><script type="application/ld+json">{stated}</script></head><body>'
        f"<article><p>{PARAGRAPHS[0]}</p></article></body></html>"
    )
    found = article(html)
    assert found.text.split("\n\n") == PARAGRAPHS
    assert dict(found.sources)["text"] == "json-ld"


def test_authors_named_only_in_the_text_are_found_there() -> None:
    html = page(head=f"<title>{TITLE}</title>").replace("<p>", "<p>Von: Erika MUSTER</p><p>", 1)
    found = article(html)
    assert found.authors == ("Erika MUSTER",)
    assert dict(found.sources)["authors"] == "byline"
    assert found.text.split("\n\n") == PARAGRAPHS


def test_caches_can_be_released() -> None:
    article(page())
    assert line_processing.cache_info().currsize
    release_caches()
    assert line_processing.cache_info().currsize == 0


def test_rejections_say_why() -> None:
    found = extract_article(
        "<html><body><h1>Page not found</h1><p>Sorry.</p></body></html>", url=URL
    )
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.SOFT_404


@settings(max_examples=60)
@given(
    st.text(max_size=500), st.sampled_from([URL, "x", "", "http://[", "https://example.org:99999/"])
)
def test_any_text_gives_a_result(html: str, url: str) -> None:
    assert isinstance(extract_article(html, url=url), Article | Rejection)


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div class='related'>",
            "</div>",
            "<h1>",
            "<br>",
            "<table><tr><td>",
            "<a href='//['>",
            "<script type='application/ld+json'>",
            "</script>",
            '{"@type":"NewsArticle","author":[{}]}',
            "<meta property='og:title'>",
            "<time datetime='9999-99-99' class='publish'>",
            "<html lang=''>",
            "text ",
            "&#xD800;",
            "\ud800",
            "\x00",
            "<svg>",
            "<frameset>",
            PARAGRAPHS[0],
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=150)
@given(MARKUP)
def test_any_markup_gives_a_result(html: str) -> None:
    found = extract_article(html, url=URL)
    assert isinstance(found, Article | Rejection)
    if isinstance(found, Article):
        found.text.encode("utf-8")


HUGE = {
    "100,000 nested elements": "<div>" * 100_000 + f"<p>{PARAGRAPHS[0]}</p>",
    "100,000 nested inline elements": "<p><b>" * 50_000 + PARAGRAPHS[0],
    "a 5 MB attribute": f"<div class='{'a ' * 2_500_000}'><p>{PARAGRAPHS[0]}</p></div>",
    "a 5 MB meta content": (
        f"<meta property='og:title' content='{'a - ' * 1_250_000}'><p>{PARAGRAPHS[0]}</p>"
    ),
    "NULs": page().replace("e", "e\x00"),
    "lone surrogates": page().replace("harbour", "\ud800harbour\udfff"),
    "2 MB of text without a space": f"<article><p>{'a' * 2_000_000}</p></article>",
    "deep JSON-LD": (
        f"<script type='application/ld+json'>{'[' * 100_000}</script><p>{PARAGRAPHS[0]}</p>"
    ),
    "200,000 siblings": "<p>x</p>" * 200_000,
}


@pytest.mark.parametrize("html", HUGE.values(), ids=HUGE.keys())
def test_huge_and_broken_pages_end_in_a_result(html: str) -> None:
    assert isinstance(extract_article(html, url=URL), Article | Rejection)


CLOSING = (
    "Nobody has said yet who will sweep the new quay, although three departments of the town have"
    " written to each other about it since the summer."
)
LINKS = '<ul><li><a href="/a">Rain in the valley</a></li><li><a href="/b">A new quay</a></li></ul>'


@pytest.mark.parametrize(
    ("below", "last"),
    [
        (f"<p><b>Hot in the harbour</b></p>{LINKS}", PARAGRAPHS[-1]),
        (f"<h3>Also on this page:</h3>{LINKS}", PARAGRAPHS[-1]),
        (f"<p>And then it rained.</p>{LINKS}", "And then it rained."),
        ("<p><b>Hot in the harbour</b></p>", "Hot in the harbour"),
        (f"<p><b>Hot in the harbour</b></p><p>{CLOSING}</p>{LINKS}", CLOSING),
    ],
    ids=["bold line", "heading", "sentence", "no list", "not last"],
)
def test_a_line_below_the_text_that_heads_a_list_of_links_goes(below: str, last: str) -> None:
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1>{text}{below}</body></html>"
    assert article(html).text.split("\n\n")[-1] == last


def test_a_bare_page_names_its_author_and_day_in_one_line() -> None:
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    byline = "<p><i>Jane Roe</i> <small>January 9, 2020</small></p>"
    found = article(
        f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1>{byline}{text}</body></html>"
    )
    assert found.text.split("\n\n") == PARAGRAPHS
    assert found.authors == ("Jane Roe",)
    assert found.published_at == datetime(2020, 1, 9, tzinfo=UTC)
