"""Who is named without a word that says so, and whom tags, cards and boxes of others name."""

from __future__ import annotations

import pytest

from parsers.records import CreditRole
from tests.parsers.metadata.test_as_readers_see import article, json_ld

BIO = "<p>Jane Roe is the head of harbours at Example Works.</p>"


@pytest.mark.parametrize(
    ("above", "behind"),
    [
        ("<p>Jane Roe</p><p>9 January 2030 · 6 min read</p>", "<h4>Jane Roe</h4><p>Executive</p>"),
        ("<p>January 9, 2030 · Jane Roe · 4 min</p>", BIO),
        ("<p>9 Januari 2030 | Jane Roe</p>", "<a href='/all'>More articles by Jane Roe</a>"),
        ("", "<div class='author-box'><h4>About Jane Roe</h4><p>Jane writes on ships.</p></div>"),
        ("", f"<div><img alt='Photo of Jane Roe'><h3>Jane Roe</h3>{BIO}</div>"),
        ("", "<p><em>Jane Roe is a staff writer at the Example Post.</em></p>"),
    ],
)
def test_who_is_presented_in_two_places_or_in_words(above: str, behind: str) -> None:
    assert article(above=above, behind=behind).authors == ("Jane Roe",)


@pytest.mark.parametrize(
    ("above", "behind"),
    [
        # A section, a button, a tag.
        ("<p>Personal Finance</p><p>January 9, 2030</p>", ""),
        ("<p>January 9, 2030 · Machine Learning · 4 min</p>", "<p>Machine Learning</p>"),
        ("<p>January 9, 2030</p><p>Follow Us</p>", "<img alt='Jane Roe'><p>Jane Roe</p>"),
        ("<a href='/topics/jane-roe'>Jane Roe</a><p>January 9, 2030</p>", BIO),
    ],
)
def test_who_is_not_presented(above: str, behind: str) -> None:
    assert article(above=above, behind=behind).authors == ()


def test_whom_the_text_is_about_does_not_sign_it() -> None:
    about = "<p>When the ships came in, Jane Roe stood on the quay, " + "and waited, " * 12 + "</p>"
    above = f"<p>Jane Roe</p><p>January 9, 2030</p>{about}"
    assert article(above=above, behind=f"<h4>Jane Roe</h4>{BIO}").authors == ()


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="vr:author" content="Jane Roe">',
        '<meta name="news_authors" content="Jane Roe">',
        '<meta property="shop:author_name" content="Jane Roe">',
        '<meta name="DC.creator" content="Roe, Jane">',
        '<meta name="author" content="Roe, Jane A.">',
        json_ld('{"@type":"NewsArticle","author":"Roe, Jane"}'),
    ],
)
def test_names_that_elements_of_any_name_state_or_catalogues_turn_round(head: str) -> None:
    assert article(head).authors[0].startswith("Jane ")
    assert len(article(head).authors) == 1


@pytest.mark.parametrize(
    "name", ["web_author", "smartbanner:author", "book:author", "authors_url", "vr:authors_id"]
)
def test_whom_elements_name_that_made_something_else(name: str) -> None:
    assert article(f'<meta name="{name}" content="Jane Roe">').authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "<div>Penulis <span>Jane Roe</span></div><div>Editor <span>John Doe</span></div>",
        "<p>By Jane Roe @janeroe | January 9, 2030</p>",
        '<p>Submitted by <span class="username">Jane Roe</span> on Wed, 01/09/2030 - 10:12</p>',
        '<p class="yazar">Jane Roe</p>',
        '<div itemprop="author"><b itemprop="name">Jane Roe</b>'
        '<small itemprop="description">Keeper of Harbours</small></div>',
        '<div itemprop="author" itemscope><meta itemprop="name" content="Jane Roe"></div>',
        '<div class="author"><p class="author-name">Jane Roe</p>'
        '<p class="author-role">Harbour Works</p></div>',
        "<p>By</p><p><a rel='tag' href='/a'>Old Harbours</a></p><p>Jane Roe</p>",
    ],
)
def test_forms_of_bylines(line: str) -> None:
    assert article(above=line).authors == ("Jane Roe",)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p><span>홍길동 기자</span> <span>입력 2030.01.09 10:20</span></p>", ("홍길동",)),
        ("<p><span>정치부 기자</span></p>", ()),
        ("<p><span>연합뉴스 기자</span></p>", ()),
    ],
)
def test_koreans_write_the_job_behind_the_name(line: str, names: tuple[str, ...]) -> None:
    assert article(above=line).authors == names


def test_who_keeps_the_site_is_nobody() -> None:
    assert article('<meta name="author" content="NOC Admin">').authors == ()


def test_a_byline_names_more_authors_than_the_system_states() -> None:
    stated = json_ld('{"@type":"NewsArticle","author":{"name":"Jane Roe"}}')
    line = "<p>By Jane Roe, John Doe and Eva Poe</p>"
    assert article(stated, above=line).authors == ("Jane Roe", "John Doe", "Eva Poe")
    behind = "<p>Translated by Eva Poe</p>"
    assert article(stated, above=line, behind=behind).authors == ("Jane Roe",)
    # The spelling of the place that is made to tell, where both name the same.
    assert article(stated, above="<p>By JANE ROE</p>").authors == ("Jane Roe",)


def test_a_contributor_signs_where_nobody_else_does() -> None:
    label = "<p><b>Contributor:</b> Jane Roe</p>"
    assert article(above=label).authors == ("Jane Roe",)
    page = article(above=f"<p>By John Doe</p>{label}")
    assert page.authors == ("John Doe",)
    assert [one.name for one in page.credits if one.role is CreditRole.CONTRIBUTOR] == ["Jane Roe"]
    assert article(behind="<p>Jane Roe contributed to this article.</p>").authors == ()


@pytest.mark.parametrize(
    "behind",
    [
        f"<div>{'<p>Short line</p>' * 40}</div>"
        '<div><h3><a href="/a">Market moves</a></h3><p class="author">Jane Roe</p></div>',
        '<div class="who">Reviewed by <a class="author-link" href="/r/roe">Jane Roe</a></div>',
        '<div itemscope><h3>Market moves</h3><div itemprop="author" itemscope>'
        '<meta itemprop="name" content="Jane Roe"></div></div>',
        '<p class="author">Zur Person</p><p class="author">Alle Beiträge</p>',
    ],
)
def test_bylines_of_other_articles_and_of_reviewers_are_passed_over(behind: str) -> None:
    assert article(behind=behind).authors == ()
