"""What of an item is its text, its summary, its link and its date, and what only looks like it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from parsers.feeds.parse import parse_feed
from parsers.identity import entry_id
from parsers.records import DateFlag, Entry, ParsedFeed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://quay.example/feed"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:yandex="http://news.yandex.ru" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
)
SENTENCE = "The harbour master counted the gulls twice and found one more each time. "


def parse(body: str, max_entries: int = 2000, known: tuple[str, ...] = ()) -> ParsedFeed:
    return parse_feed(
        body.encode(),
        url=URL,
        feed_id=1,
        content_type=None,
        now=NOW,
        max_entries=max_entries,
        known=known,
    )


def rss(items: str, head: str = "") -> str:
    return f'<rss version="2.0" {SPACES}><channel><title>Quay</title>{head}{items}</channel></rss>'


def atom(entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}><title>Q</title>{entries}</feed>'


def only(fields: str, head: str = "") -> Entry:
    (entry,) = parse(rss(f"<item><guid>1</guid>{fields}</item>", head)).entries
    return entry


# --- Full texts ---------------------------------------------------------------------------------

PARAGRAPHS = "".join(f"<p>{SENTENCE * 3}{number}</p>" for number in range(4))


@pytest.mark.parametrize(
    "fields",
    [
        f"<description><![CDATA[{PARAGRAPHS}]]></description>",
        f"<dc:description>{PARAGRAPHS.replace('<', '&lt;')}</dc:description>",
        f"<description>{(SENTENCE * 3 + '&lt;br/>') * 6}</description>",
        f"<description>{SENTENCE * 20}</description>",
        f"<description>{PARAGRAPHS}</description>",
    ],
)
def test_a_whole_article_in_a_description_is_content(fields: str) -> None:
    entry = only(fields)
    assert (entry.content_html or "").count("gulls twice") >= 12
    assert (entry.summary or "").startswith("The harbour master")


@pytest.mark.parametrize(
    "fields",
    [
        f"<description>{SENTENCE}</description>",
        f"<description><![CDATA[<p>{SENTENCE}</p><p>{SENTENCE}</p>]]></description>",
        f"<description><![CDATA[<img src='{'x' * 2000}'/>{SENTENCE}]]></description>",
    ],
)
def test_a_teaser_is_no_content(fields: str) -> None:
    assert only(fields).content_html is None


def test_what_the_feed_calls_content_is_content_before_any_description() -> None:
    content = "<content:encoded>&lt;p>It.&lt;/p></content:encoded>"
    told = f"<description>{SENTENCE * 30}</description>{content}"
    assert only(told).content_html == "<p>It.</p>"


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        (
            "<yandex:full-text>One.\nTwo &lt; three.</yandex:full-text>",
            "<p>One.</p><p>Two &lt; three.</p>",
        ),
        ("<yandex:full-text><![CDATA[<p>One.</p>]]></yandex:full-text>", "<p>One.</p>"),
        ("<yandex:genre>message</yandex:genre>", None),
    ],
)
def test_the_full_text_for_yandex_is_content(fields: str, content: str | None) -> None:
    entry = only(f"<description>Short.</description>{fields}")
    assert (entry.summary, entry.content_html) == ("Short.", content)


# --- Captions and drawings ----------------------------------------------------------------------

CAPTION = "<media:description>Gulls over the mole.</media:description>"
PICTURE = '<media:content url="https://quay.example/1" medium="image">{}</media:content>'


@pytest.mark.parametrize(
    "fields",
    [
        PICTURE.format(CAPTION) + "<description>The mole is closed.</description>",
        "<description>The mole is closed.</description>" + PICTURE.format("") + CAPTION,
        f"<media:group>{PICTURE.format(CAPTION)}</media:group>"
        "<description>The mole is closed.</description>",
        '<description>&lt;img alt="Gulls over the mole."&gt;The mole is closed.</description>',
    ],
)
def test_a_caption_is_neither_summary_nor_content(fields: str) -> None:
    entry = only(fields)
    assert (entry.summary, entry.content_html) == ("The mole is closed.", None)


@pytest.mark.parametrize(
    "fields",
    [
        PICTURE.format(CAPTION),
        '<media:content url="https://quay.example/1.jpg" type="image/jpeg"/>' + CAPTION,
        '<media:content url="https://quay.example/1.jpg"/>' + CAPTION,
        '<media:thumbnail url="https://quay.example/1.jpg"/>' + CAPTION,
        '<enclosure url="https://quay.example/1.jpg" type="image/jpeg" length="9"/>' + CAPTION,
    ],
)
def test_a_caption_alone_makes_no_summary(fields: str) -> None:
    assert only(fields).summary is None


@pytest.mark.parametrize(
    "fields",
    [
        f"<media:group><media:content type='application/x-shockwave-flash'/>{CAPTION}"
        "</media:group>",
        f'<media:content url="https://v.example/1" medium="video">{CAPTION}</media:content>',
        f'<media:content url="https://v.example/1.mp4">{CAPTION}</media:content>',
        '<enclosure url="https://v.example/1" type="audio/mpeg" length="9"/>' + CAPTION,
        CAPTION,
    ],
)
def test_the_description_of_a_film_is_its_summary_where_there_is_no_other(fields: str) -> None:
    assert only(fields).summary == "Gulls over the mole."
    entry = only(fields + "<description>A film.</description>")
    assert (entry.summary, entry.content_html) == ("A film.", None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tide <svg><title>wave</title><path d='M0'/></svg>table", "Tide table"),
        ("At <math><mi>x</mi><mo>=</mo><mn>2</mn></math> metres", "At metres"),
        ("<m:math xmlns:m='x'><m:mi>y</m:mi></m:math>High", "High"),
        ("Draw <b>svg</b> by hand", "Draw svg by hand"),
        ("An <svg> that never ends", "An that never ends"),
    ],
)
def test_drawings_and_formulas_are_no_text(written: str, read: str) -> None:
    entry = only(f"<description><![CDATA[{written}]]></description>")
    assert entry.summary == read
    whole = only(f"<content:encoded><![CDATA[<p>{written}</p>]]></content:encoded>")
    assert "wave" not in (whole.content_html or "")


def test_drawings_in_json_are_no_text() -> None:
    items = [{"id": "1", "content_html": "<p>Low <svg><text>M1</text></svg>water</p>"}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    assert parse(body).entries[0].content_html == "<p>Low  water</p>"


def test_drawings_in_xhtml_are_no_text() -> None:
    drawn = '<svg xmlns="http://www.w3.org/2000/svg"><text>M1</text></svg>'
    inside = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>Low {drawn}water</p></div>'
    summary = f'<summary type="xhtml">{inside}</summary>'
    (entry,) = parse(atom(f"<entry><id>1</id>{summary}</entry>")).entries
    assert entry.summary == "Low water"


# --- Links --------------------------------------------------------------------------------------

PAGE = "https://quay.example/1"


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        (f"<link>#</link><guid>{PAGE}</guid>", PAGE),
        (f"<link>{URL}</link><guid>{PAGE}</guid>", PAGE),
        (f"<link>#top</link><guid>{PAGE}</guid>", PAGE),
        ("<link>/1</link>", PAGE),
        ("<link>https://quay.example/#!/1</link>", "https://quay.example/#!/1"),
    ],
)
def test_the_feeds_own_address_is_nobodys_page(fields: str, link: str) -> None:
    (entry,) = parse(rss(f"<item><title>A</title>{fields}</item>")).entries
    assert entry.link == link


@pytest.mark.parametrize(
    ("links", "link", "enclosures"),
    [
        (
            f'<link href="{PAGE}"/>'
            '<link rel="enclosure" type="audio/mpeg">https://a.example/1.mp3</link>',
            PAGE,
            ["https://a.example/1.mp3"],
        ),
        (
            '<link rel="enclosure">https://a.example/1.jpg</link>'
            f'<link rel="alternate" type="text/html" href="{PAGE}"/>',
            PAGE,
            ["https://a.example/1.jpg"],
        ),
        (
            f'<link type="application/pdf" href="/1.pdf"/><link type="text/html" href="{PAGE}"/>',
            PAGE,
            [],
        ),
        (
            f'<link type="application/json" href="/1.json"/><link href="{PAGE}"/>'
            '<link type="text/html" href="/print/1"/>',
            PAGE,
            [],
        ),
        ('<link type="application/pdf" href="/1.pdf"/>', None, []),
        (f'<link rel="related" href="/2"/><link href="{PAGE}"/>', PAGE, []),
        (
            f'<link type="text/html; charset=utf-8" href="{PAGE}"/><link href="/print/1"/>',
            PAGE,
            [],
        ),
        (
            f'<link rel="http://www.iana.org/assignments/relation/alternate" href="{PAGE}"/>',
            PAGE,
            [],
        ),
    ],
)
def test_the_first_alternate_that_is_a_page_is_the_link(
    links: str, link: str | None, enclosures: list[str]
) -> None:
    (entry,) = parse(atom(f"<entry><id>1</id>{links}</entry>")).entries
    assert entry.link == link
    assert [enclosure.url for enclosure in entry.enclosures] == enclosures


# --- Dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "published", "updated"),
    [
        ("<dc:date>2026-11-03</dc:date><dcterms:modified>2026-11-09</dcterms:modified>", 3, 9),
        ("<dcterms:modified>2026-11-09</dcterms:modified><dc:date>2026-11-03</dc:date>", 3, 9),
        (
            "<pubDate>3 Nov 2026</pubDate><dcterms:modified>2026-11-09</dcterms:modified>",
            3,
            9,
        ),
        ("<dcterms:modified>2026-11-09</dcterms:modified>", None, 9),
        ("<dcterms:issued>2026-11-03</dcterms:issued>", 3, None),
        ("<dc:date>2026-11-03</dc:date>", 3, None),
    ],
)
def test_a_change_is_no_publication(
    fields: str, published: int | None, updated: int | None
) -> None:
    entry = only(fields)
    days = [date.day if date else None for date in (entry.published_at, entry.updated_at)]
    assert days == [published, updated]


@pytest.mark.parametrize(
    ("language", "month"), [("pl", 11), ("cs-CZ", None), ("hr", 10), ("en", None), ("", None)]
)
def test_a_month_of_two_meanings_is_read_by_the_feeds_language(
    language: str, month: int | None
) -> None:
    head = f"<language>{language}</language>"
    entry = only("<pubDate>3 listopada 2025 10:00 GMT</pubDate>", head)
    assert (entry.published_at.month if entry.published_at else None) == month
    assert entry.date_flag == (None if month else DateFlag.UNPARSED)
    assert entry.published_raw == "3 listopada 2025 10:00 GMT"


# --- Identity within one document ---------------------------------------------------------------


def items(*fields: str) -> str:
    return rss("".join(f"<item>{each}</item>" for each in fields))


def test_a_better_link_makes_no_other_entry() -> None:
    """An entry without an id is known by the link that the last alternate gave it."""
    links = '<link href="https://quay.example/1"/><link href="https://quay.example/print/1"/>'
    (entry,) = parse(atom(f"<entry><title>A</title>{links}</entry>")).entries
    assert entry.link == "https://quay.example/1"
    assert entry.entry_id == entry_id(1, "https://quay.example/print/1")


# --- Too many entries ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["guid", "link"])
def test_of_too_many_entries_those_not_seen_before_stay_first(form: str) -> None:
    """An entry without a date was cut off for good where others had dates."""
    names = [f"https://quay.example/{number}" for number in range(9)]
    dated = [
        f"<{form}>{name}</{form}><pubDate>{10 + at} Nov 2026</pubDate>"
        for at, name in enumerate(names[:6])
    ]
    undated = [f"<{form}>{name}</{form}><title>t</title>" for name in names[6:]]
    feed = parse(items(*dated, *undated), 4, tuple(names[:6]))
    assert [entry.guid or entry.link for entry in feed.entries] == [names[5], *names[6:]]
    assert feed.entries_dropped == 5
    newest = parse(items(*dated, *undated), 4)
    assert [entry.guid or entry.link for entry in newest.entries] == names[2:6]
