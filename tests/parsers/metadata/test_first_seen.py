"""Which day and which heading are the article's, where a page shows several or none is certain."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.articles.from_page import extract_article
from parsers.records import Article
from tests.parsers.metadata.test_as_readers_see import PROSE, article, json_ld

ANEW = json_ld('{"@type":"NewsArticle","datePublished":"2030-06-01T10:00:00Z"}')


def read(body: str, *, url: str = "https://example.org/ships", title: str = "") -> Article:
    head = f"<title>{title or 'Ships come in at last'} | Example Post</title>"
    found = extract_article(f"<html><head>{head}</head><body>{body}</body></html>", url=url)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<div>Published <time>January 9, 2030</time></div>", date(2030, 1, 9)),
        ("<div>Diterbitkan: 9 Januari 2030</div>", date(2030, 1, 9)),
        ("<p>Published January 9, 2030. Updated June 2, 2030</p>", date(2030, 1, 9)),
        ("<p>The harbour opened on January 9, 2030, for ships</p>", date(2030, 6, 1)),
        ("<div>Published June 9, 2030</div>", date(2030, 6, 1)),
    ],
)
def test_a_day_at_the_end_that_is_said_to_be_the_first_is_so(line: str, day: date) -> None:
    assert article(ANEW, behind=line).published_day == day


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2030/october/03/ships", date(2030, 10, 3)),
        ("2030/03/10/ships", date(2030, 3, 10)),
        ("2030/11/03/ships", None),
        ("ships", None),
    ],
)
def test_the_address_tells_which_of_two_days_is_meant(path: str, day: date | None) -> None:
    body = f"<h1>Ships come in at last</h1><div>Posted 03/10/2030</div>{PROSE}"
    assert read(body, url=f"https://example.org/{path}").published_day == day


def test_without_a_first_order_heading_one_like_the_title_shows_where_the_article_is() -> None:
    body = f"<h2>Menu</h2><h2>The ships come in at last</h2><p>9 January 2030</p>{PROSE}"
    found = read(body)
    assert (found.title, found.published_day) == ("Ships come in at last", date(2030, 1, 9))


def test_two_lines_of_a_headline_are_no_one_word() -> None:
    body = f"<h1><span>Ships come in</span><span>At last</span></h1>{PROSE}"
    assert read(body, title="Ships come in, at last").title == "Ships come in At last"
    dropped = f"<h1><b>S</b>hips come <i>i</i>n at last</h1>{PROSE}"
    assert read(dropped).title == "Ships come in at last"


def test_bloggers_label_leads_to_the_author() -> None:
    assert article(above="<p>Eingestellt von <b>Erika Muster</b></p>").authors == ("Erika Muster",)
    assert article(above="<p>Diposkan oleh</p><p>Rani Contoh</p>").authors == ("Rani Contoh",)
