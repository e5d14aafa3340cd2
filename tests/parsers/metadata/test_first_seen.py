"""Which day and which heading are the article's, where a page shows several or none is certain."""

from __future__ import annotations

from datetime import date

import pytest
from lxml.html import fromstring

from parsers.articles.from_page import extract_article
from parsers.metadata.facts import read_facts
from parsers.metadata.titles import find_headline
from parsers.records import Article
from tests.parsers.metadata.test_as_readers_see import PROSE, article, json_ld

TITLE = "Ships come in at last | Example Post"
ANEW = json_ld('{"@type":"NewsArticle","datePublished":"2030-06-01T10:00:00Z"}')


def read(body: str, *, url: str = "https://example.org/ships", title: str = "") -> Article:
    head = f"<title>{title or 'Ships come in at last'} | Example Post</title>"
    found = extract_article(f"<html><head>{head}</head><body>{body}</body></html>", url=url)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "<p>Published in the journal Harbours on January 9, 2029</p>",
        "<p>The report was published January 9, 2029</p>",
        "<p>Book: Ships, published 9 January 2029</p>",
        "<p>Photo published January 9, 2029</p>",
        "<p>Comment posted January 9, 2029</p>",
        "<p>Privacy policy published January 9, 2019</p>",
        "<p>Veröffentlicht 9. Januar 2019 vom Verlag Muster</p>",
        "<a href='/x'>Old ships leave</a><p>Posted on January 9, 2029</p>",
    ],
)
def test_what_else_was_published_near_the_text_is_not_the_first_day(line: str) -> None:
    assert article(ANEW, behind=line).published_day == date(2030, 6, 1)
    if "<a" not in line:
        assert article(ANEW, above=line).published_day == date(2030, 6, 1)


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


def test_the_address_says_nothing_of_other_days() -> None:
    body = f"<h1>Ships come in at last</h1><div>Event: 03/10/2030</div>{PROSE}"
    assert read(body, url="https://example.org/2030/10/03/ships").published_day is None


def test_without_a_first_order_heading_one_like_the_title_shows_where_the_article_is() -> None:
    body = f"<h2>Menu</h2><h2>The ships come in at last</h2><p>9 January 2030</p>{PROSE}"
    found = read(body)
    assert (found.title, found.published_day) == ("Ships come in at last", date(2030, 1, 9))


@pytest.mark.parametrize(
    "body",
    [
        f"<p>Intro</p>{PROSE}<h2>Comments on Ships come in at last</h2><p>9 January 2030</p>",
        f"{PROSE}<h2>The ships come in at last</h2><p>9 January 2030</p>",
        f"<h2><a href='/x'>How ships come in at last</a></h2><p>9 January 2030</p>{PROSE}",
        f"<div class='related'><h2>Our ships come in at last</h2></div>{PROSE}",
    ],
    ids=("comments", "behind the text", "a link", "related"),
)
def test_a_lower_heading_of_something_else_is_no_headline(body: str) -> None:
    facts = read_facts(fromstring(f"<head><title>{TITLE}</title></head><body>{body}</body>"))
    assert find_headline(fromstring(f"<div>{body}</div>"), facts, ()) is None


def test_a_word_of_a_headline_that_is_set_in_two_is_one() -> None:
    body = f"<h1>You<b>Tube</b> comes in at last</h1>{PROSE}"
    assert read(body, title="YouTube comes in at last").title == "YouTube comes in at last"


def test_bloggers_label_leads_to_the_author() -> None:
    assert article(above="<p>Eingestellt von <b>Erika Muster</b></p>").authors == ("Erika Muster",)
    assert article(above="<p>Diposkan oleh</p><p>Rani Contoh</p>").authors == ("Rani Contoh",)
