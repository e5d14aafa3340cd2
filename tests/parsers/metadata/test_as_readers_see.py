"""Times, names and headlines as the readers of a page see them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from parsers.articles.from_page import extract_article
from parsers.records import Article, DateFlag, Entry

PROSE = "".join(
    f"<p>{start} the ships of the harbour came in late again, and nobody on the quay could say why "
    "the weather had kept them so long, or what they carried under their grey covers this time.</p>"
    for start in ("On Friday", "In the evening", "A day later", "At last", "As always", "For once")
)


def article(
    head: str = "", above: str = "", behind: str = "", hint: Entry | None = None
) -> Article:
    """Of a page with a headline, what stands above and behind its text."""
    found = extract_article(
        f"<html><head><title>Ships come in | Example Post</title>{head}</head><body>"
        f"<article><h1>Ships come in</h1>{above}<div class='body'>{PROSE}</div></article>{behind}"
        "<footer><p>© 2030 Example Post</p></footer></body></html>",
        url="https://example.org/news/ships-come-in",
        hint=hint,
    )
    assert isinstance(found, Article)
    return found


def json_ld(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


@pytest.mark.parametrize(
    ("line", "at", "offset"),
    [
        ("Rabu, 9 Januari 2030 | 10:15 WIB", datetime(2030, 1, 9, 3, 15, tzinfo=UTC), 420),
        ("Rabu 9 Januari 2030 10:15 WITA", datetime(2030, 1, 9, 2, 15, tzinfo=UTC), 480),
        ("Example Post - 05/02/2030, 06:15 WIT", datetime(2030, 2, 4, 21, 15, tzinfo=UTC), 540),
        ("2030年1月9日08:15 | 来源：例网", datetime(2030, 1, 9, 0, 15, tzinfo=UTC), 480),
        ("2030年1月9日 8時15分 配信の記事", datetime(2030, 1, 8, 23, 15, tzinfo=UTC), 540),
        ("9 มกราคม 2573 เวลา 10:15 น.", datetime(2030, 1, 9, 3, 15, tzinfo=UTC), 420),
        (
            "الأربعاء ٩ يناير ٢٠٣٠ - ١٠:١٥ بتوقيت غرينتش",
            datetime(2030, 1, 9, 10, 15, tzinfo=UTC),
            0,
        ),
        (
            "Friday November 15, 2030 8:15 am PST by Juli Example",
            datetime(2030, 11, 15, 16, 15, tzinfo=UTC),
            -480,
        ),
        ("Published July 9, 2030 at 8:15 p.m. ET", datetime(2030, 7, 10, 0, 15, tzinfo=UTC), -240),
    ],
)
def test_the_date_below_the_headline(line: str, at: datetime, offset: int) -> None:
    found = article(above=f"<div>{line}</div>")
    assert (found.published_at, found.published_offset) == (at, offset)
    assert dict(found.sources)["published_at"] == "text"


def test_a_local_day_is_not_the_day_in_utc() -> None:
    found = article(above="<div>9 Januari 2030, 06:15 WIB</div>")
    assert found.published_at == datetime(2030, 1, 8, 23, 15, tzinfo=UTC)
    assert found.published_day == date(2030, 1, 9)


def test_readers_see_the_zone_of_what_the_markup_states() -> None:
    meta = '<meta name="publishdate" content="2030/01/09 10:15:00">'
    found = article(meta, "<div>Rabu, 09 Jan 2030 10:15 WIB</div>")
    assert (found.published_at, found.date_flag) == (datetime(2030, 1, 9, 3, 15, tzinfo=UTC), None)
    stated = json_ld('{"@type":"NewsArticle","datePublished":"2030-01-08T23:15:00Z"}')
    found = article(stated, "<div>9 Jan 2030, 06:15 WIB</div>")
    assert (found.published_offset, found.published_day) == (420, date(2030, 1, 9))


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Diperbarui 10 Jan 2030, 12:40 WIB<br>Diterbitkan 9 Jan 2030, 10:15 WIB</p>",
        "<div>Published January 9, 2030. Updated: January 10, 2030</div>",
        "<div><span>Updated</span></div><div>Jan. 10, 2030</div><div>Published 9 Jan 2030</div>",
    ],
)
def test_the_date_of_a_change_is_not_that_of_publication(lines: str) -> None:
    found = article(above=lines)
    assert (found.published_day, found.modified_at is not None) == (date(2030, 1, 9), True)


def test_what_could_be_two_days_is_told_as_unreadable() -> None:
    found = article(above="<div>Posted 05/02/2030</div>")
    assert (found.published_at, found.date_flag) == (None, DateFlag.UNPARSED)


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<div class="related-posts"><p>By Rob Other</p>'
        '<time datetime="2030-02-01">1 Feb</time></div>',
        '<div id="comments"><div class="comment-author"><b>Rob Other</b> says</div>'
        '<time datetime="2030-02-01T10:00:00Z">1 February 2030</time></div>',
        '<aside class="sidebar"><span class="author">Rob Other</span> <time datetime="2030-02-01">'
        "1 February 2030</time></aside>",
    ],
    ids=["related", "comments", "sidebar"],
)
def test_nothing_is_taken_from_what_is_not_the_article(elsewhere: str) -> None:
    found = article(above="<p>By Jane Roe</p><p>9 January 2030</p>", behind=elsewhere)
    assert (found.authors, found.published_day) == (("Jane Roe",), date(2030, 1, 9))
    assert article(behind=elsewhere).authors == ()


@pytest.mark.parametrize(
    ("above", "behind", "authors", "editors"),
    [
        (
            "<p>By <a href='/a'>Jane Roe</a> and <a href='/b'>Max Doe</a></p>",
            "",
            "Jane Roe, Max Doe",
            "",
        ),
        (
            "<div>Penulis: <a>Rani Contoh</a></div><div>Editor: Bayu Misal</div>",
            "",
            "Rani Contoh",
            "Bayu Misal",
        ),
        (
            "<div class='by-line'>Rep: Rani Contoh/ Red: Bayu Misal</div>",
            "",
            "Rani Contoh",
            "Bayu Misal",
        ),
        (
            "",
            "<p>Pewarta: Rani Contoh<br>Editor: Bayu Misal<br>Copyright © 2030</p>",
            "Rani Contoh",
            "Bayu Misal",
        ),
        (
            "<div><h6>Rani Contoh</h6><h6>Bayu Misal</h6></div>"
            "<div><p>Penulis</p><p>Editor</p></div>",
            "",
            "Rani Contoh",
            "Bayu Misal",
        ),
        (
            "<p>Rani Contoh<span>Author</span></p><p>Bayu Misal<span>Editor</span></p>",
            "",
            "Rani Contoh",
            "Bayu Misal",
        ),
        ("<p>Von Erika Muster und Max Beispiel</p>", "", "Erika Muster, Max Beispiel", ""),
        ("<p>Par Marie Exemple · 9 janvier 2030</p>", "", "Marie Exemple", ""),
        ("<p>Par Marie Exemple avec AFP</p>", "", "Marie Exemple", ""),
        ("<p>Text: Erika Muster | Fotos: Max Beispiel</p>", "", "Erika Muster", ""),
        ("<p>Redactado por: Ana Ejemplo</p><p>Por Ana Ejemplo</p>", "", "Ana Ejemplo", ""),
        ("<p>Written by</p><p>Jane Roe</p><p>Reviewed by</p><p>Max Doe</p>", "", "Jane Roe", ""),
        (
            "<p><a href='/x'>Rani Contoh, Jurnalis</a> · 9 Januari 2030 10:15 WIB</p>",
            "",
            "Rani Contoh",
            "",
        ),
        ("<p>Photo by Max Doe</p><p>By Jane Roe</p>", "", "Jane Roe", ""),
        # A date and reading time before the name; what else people do, behind it.
        ("<p>9 January 2030 · 3 min read by Jane Roe, head of a school</p>", "", "Jane Roe", ""),
        ("<p>Trusted by Jane Roe</p>", "", "", ""),
        ("<div class='date-author'>Jan. 9, 2030 · Jane Roe for the team</div>", "", "Jane Roe", ""),
        (
            "<p class='author'><i>By</i> <a>Jane Roe</a><i>, Harbour Expert</i> & <a>Max Doe</a>"
            "<i>, Ships Expert</i></p>",
            "",
            "Jane Roe, Max Doe",
            "",
        ),
        ("<p class='author'><b>Reviewed by</b> <a>Max Doe</a></p>", "", "", ""),
        ("<p class='author'><b>Staff Writer</b></p>", "", "", ""),
        # Right behind "By" one word that has a mark of its own is a name, and no further one.
        (
            "<p class='byline'><i>By</i> <a>Harbourfan</a> in <a>Harbour</a> <a>Sea</a></p>",
            "",
            "Harbourfan",
            "",
        ),
        ("<p>By Jane (Poe) Roe</p>", "", "Jane (Poe) Roe", ""),
        ("<aside class='post-author'>Jane Roe</aside>", "", "Jane Roe", ""),
        # What a site has at its end.
        ("", "<p>What We Do</p><p>Meet the Staff</p>", "", ""),
        ("<p>Image: Getty</p>", "", "", ""),
        ("<p>By the sea, everything was quiet again.</p>", "", "", ""),
    ],
)
def test_names_and_what_they_did(above: str, behind: str, authors: str, editors: str) -> None:
    found = article(above=above, behind=behind)
    assert ", ".join(found.authors) == authors
    named = [credit.name for credit in found.credits if credit.role == "editor"]
    assert ", ".join(named) == editors


def test_people_come_before_the_newsroom_that_the_markup_names() -> None:
    newsroom = json_ld(
        '{"@type":"NewsArticle","author":{"@type":"Organization","name":"Example Broadcasting"}}'
    )
    assert article(newsroom, "<p>By Jane Roe</p>").authors == ("Jane Roe",)
    assert article(newsroom).authors == ("Example Broadcasting",)


def test_the_name_of_an_organisation_with_and_in_it_is_one_name() -> None:
    for name in ("Roe & Roe", "Centre for Ships and Harbours"):
        stated = f'{{"@type":"NewsArticle","author":{{"@type":"Organization","name":"{name}"}}}}'
        assert article(json_ld(stated)).authors == (name,)
    people = '{"@type":"NewsArticle","author":{"@type":"Person","name":"Jane Roe and Max Doe"}}'
    assert article(json_ld(people)).authors == ("Jane Roe", "Max Doe")


def test_the_card_for_sharing_names_the_author() -> None:
    card = (
        '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" '
        'content="Jane Roe"><meta name="twitter:label2" content="Est. reading time">'
        '<meta name="twitter:data2" content="3 minutes">'
    )
    assert article(card).authors == ("Jane Roe",)


def test_an_agency_among_the_authors_is_the_wire() -> None:
    found = article(json_ld('{"@type":"NewsArticle","author":"Jane Roe, Reuters"}'))
    assert (found.authors, found.wire) == (("Jane Roe",), "Reuters")


def test_a_name_inside_a_name_is_read() -> None:
    nested = '{"@type":"NewsArticle","author":{"name":{"@type":"Person","name":"John Roe"}}}'
    assert article(json_ld(nested)).authors == ("John Roe",)


def test_json_ld_of_another_object_does_not_win() -> None:
    own = '{"@type":"NewsArticle","headline":"Ships come in","datePublished":"2030-01-09"}'
    other = (
        '{"@type":"NewsArticle","headline":"Boats go out","datePublished":"2029-01-01","author":'
        '"Rob Other","description":"x","keywords":"boats","articleBody":"x"}'
    )
    updates = (
        '{"@type":"LiveBlogPosting","headline":"Ships come in","datePublished":"2030-01-09",'
        f'"liveBlogUpdate":[{other}]}}'
    )
    listed = f'{{"@type":"ItemList","itemListElement":[{{"item":{other}}}]}}'
    for stated in (json_ld(own) + json_ld(listed), json_ld(f"[{other},{own}]"), json_ld(updates)):
        found = article(stated)
        assert (found.published_day, found.authors, found.tags) == (date(2030, 1, 9), (), ())


def test_the_feed_names_the_author_where_only_a_commenter_is_named() -> None:
    comments = '<ol class="comment-list"><li><b class="fn author">Rob Other</b> says</li></ol>'
    hint = Entry(1, 2, None, None, authors=("Jane Roe",))
    assert article(behind=comments, hint=hint).authors == ("Jane Roe",)


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ('<meta property="og:title" content="Why ships come in">', "", "Ships come in"),
        ("", "<h1>Example Post</h1>", "Ships come in"),
        (
            '<meta property="og:title" content="Ships come in">',
            "<h1>Trending</h1>",
            "Ships come in",
        ),
    ],
)
def test_the_headline_that_readers_see_is_the_title(head: str, heading: str, title: str) -> None:
    found = article(head, behind=heading)
    assert (found.title, dict(found.sources)["title"]) == (title, "h1")


@pytest.mark.parametrize(
    ("edited", "page", "shared", "title"),
    [
        # All other places have more behind the headline.
        (
            "Ships come in - More from the port",
            "Ships come in - More from the port",
            "Ships come in - More from the port",
            "Ships come in - More from the port",
        ),
        # One of them has not.
        ("Ships come in: more", "Ships come in: more", "Ships come in", "Ships come in"),
        # Each place has a title of its own, and two are one.
        ("Late ships come home", "Late ships come home", "Ships: why late", "Late ships come home"),
        # All three are what search engines shall show.
        ("Ships come late 2030", "Ships come late 2030", "Ships come late 2030", "Ships come in"),
        # The name of the site is no more of the title.
        (
            "Ships come in - Example Post",
            "Ships come in",
            "Ships come in - Example Post",
            "Ships come in",
        ),
    ],
)
def test_a_title_that_other_places_agree_on(
    edited: str, page: str, shared: str, title: str
) -> None:
    found = extract_article(
        f"<html><head><title>{page} | Example Post</title>"
        f'<meta property="og:site_name" content="Example Post">'
        f'<meta property="og:title" content="{shared}">'
        + json_ld(f'{{"@type":"NewsArticle","headline":"{edited}"}}')
        + f"</head><body><article><h1>Ships come in</h1>{PROSE}</article></body></html>",
        url="https://example.org/news/ships-come-in",
    )
    assert isinstance(found, Article)
    assert found.title == title


@pytest.mark.parametrize(
    ("line", "day"),
    [
        # Below the headline stands the first day; the page was put into a new system since.
        ("<div>January 9, 2030</div>", date(2030, 1, 9)),
        ("<div>Published on 9 Jan 2030</div>", date(2030, 1, 9)),
        # Some zone has that day still.
        ("<div>January 31, 2030</div>", date(2030, 2, 1)),
        # A line of words may tell of another day.
        ("<div>The last ship came on January 9, 2030</div>", date(2030, 2, 1)),
        ("<div>Updated January 9, 2030</div>", date(2030, 2, 1)),
        # A later day is that of a change.
        ("<div>March 9, 2030</div>", date(2030, 2, 1)),
        # Two days: a list of others, or of what changed.
        ("<div>January 9, 2030</div><div>January 7, 2030</div>", date(2030, 2, 1)),
    ],
)
def test_the_first_day_that_readers_see_comes_before_a_later_one_in_the_markup(
    line: str, day: date
) -> None:
    stated = json_ld('{"@type":"NewsArticle","datePublished":"2030-02-01T10:00:00Z"}')
    assert article(stated, line).published_day == day


@pytest.mark.parametrize(
    "line",
    ["January 9, 2030 March 7, 2030", "Posted on 7 March 2030 9 January 2030", "9 Jan 2030. 8 min"],
)
def test_of_two_days_side_by_side_the_first_in_time_is_that_of_publication(line: str) -> None:
    assert article(above=f"<div>{line}</div>").published_day == date(2030, 1, 9)


def test_a_title_in_the_place_of_the_sites_name_is_still_the_title() -> None:
    title = "Why the ships come in so late this year"
    found = extract_article(
        f'<html><head><title>{title}</title><meta name="application-name" content="{title}">'
        f"</head><body><article><h1>{title}</h1>{PROSE}</article></body></html>",
        url="https://example.org/news/why-late",
    )
    assert isinstance(found, Article)
    assert (found.title, found.site_name) == (title, None)
