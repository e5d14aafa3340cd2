"""Dates that pages state in places of their own making, and dates that are of something else."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.records import DateFlag
from tests.parsers.metadata.test_as_readers_see import article, json_ld

DAY = date(2030, 1, 9)


@pytest.mark.parametrize(
    "name",
    [
        *("vr:published_time", "pub_date", "releaseDate", "date.created", "shop:publishDate"),
        *("article_date_published", "PostDate", "publish-timestamp"),
    ],
)
def test_a_meta_element_of_any_name_that_tells_when_it_was_published(name: str) -> None:
    assert article(f'<meta name="{name}" content="2030-01-09T10:00:00Z">').published_day == DAY


@pytest.mark.parametrize(
    "name", ["book:release_date", "event-date", "unpublish_date", "video:release_date", "update"]
)
def test_a_meta_element_that_dates_something_else(name: str) -> None:
    assert article(f'<meta name="{name}" content="2030-01-09T10:00:00Z">').published_day is None


def test_one_meta_element_may_be_two_properties() -> None:
    head = '<meta itemprop="dateCreated datePublished" content="2030-01-09T10:00:00-04:00">'
    assert article(head).published_day == DAY


@pytest.mark.parametrize(
    "line",
    [
        '<div><span property="dc:date dc:created" content="2030-01-09T10:12:00-05:00">Submitted on '
        "Wed, 01/09/2030 - 10:12</span></div>",
        '<p itemprop="datePublished" content="2030-01-09">this week</p>',
        '<p><span title="Wed, 09 Jan 2030 09:00:00 GMT">2 years ago</span></p>',
        '<p><time datetime="2030-01-09T09:00:00Z">vor 2 Jahren</time></p>',
        '<p>Posted <span data-timestamp="1894183200">3 months ago</span></p>',
    ],
)
def test_a_date_that_an_element_states_for_machines(line: str) -> None:
    assert article(above=line).published_day == DAY


def test_of_several_properties_the_one_of_the_headline_counts() -> None:
    other = (
        '<div itemscope><h2>Market moves</h2><span itemprop="datePublished" '
        'content="2031-05-05">new</span></div>'
    )
    own = (
        '<div itemscope><h1>Ships come in</h1><span itemprop="datePublished" content="2030-01-09">'
    )
    page = article(above=other, behind=other.replace("2031", "2032"))
    assert page.published_day is None
    assert (
        article(above=f"</article><article>{own}new</span></div>", behind=other).published_day
        == DAY
    )


@pytest.mark.parametrize(
    "behind",
    [
        '<div class="related-posts"><a href="/a">Markets</a> <span>January 9, 2030</span></div>',
        '<ul class="comments"><li>Jane Roe <time datetime="2030-01-09">1/9</time> Fine.</li></ul>',
        '<aside class="sidebar"><ul><li>Bridge closed <b>January 9, 2030</b></li></ul></aside>',
        '<div class="widget-recent">Bridge closed <span class="date">2030-01-09</span></div>',
    ],
)
def test_dates_of_comments_and_other_articles_are_none_of_the_article(behind: str) -> None:
    assert article(behind=behind).published_day is None


def test_two_digits_of_a_year_tell_no_day_where_the_month_is_not_certain() -> None:
    page = article(above='<span class="postdate">03/12/19</span>')
    assert (page.published_day, page.date_flag) == (None, DateFlag.UNPARSED)
    page = article(above='<span class="postdate">12/12/19</span>')
    assert page.published_day == date(2019, 12, 12)


@pytest.mark.parametrize(
    "opening",
    [
        "PORT ALDER, January 9, 2030 /Newswire/ -- A harbour was opened.",
        "Port Alder, Jan. 9, 2030 (NEWS WIRE) -- A harbour was opened.",
        "Jakarta, 9 Januari 2030 – Pelabuhan dibuka.",
    ],
)
def test_the_dateline_of_a_release(opening: str) -> None:
    assert article(above=f"<p>{opening}</p>").published_day == DAY


@pytest.mark.parametrize(
    "opening",
    [
        "On January 9, 2030 the harbour was opened by the mayor and her guests from all over.",
        "Nobody knew why ships came in on January 9, 2030 – and nobody asked them that evening.",
    ],
)
def test_a_day_in_a_sentence_is_no_dateline(opening: str) -> None:
    assert article(above=f"<p>{opening}</p>").published_day is None


def test_a_day_of_publication_goes_before_that_of_the_last_change() -> None:
    changed = json_ld(
        '{"@type":"NewsArticle","datePublished":"2030-06-01T10:00:00Z",'
        '"dateModified":"2030-06-01T10:00:00Z"}'
    )
    said = "<p>Published January 9, 2030</p>"
    assert article(changed, behind=said).published_day == DAY
    stated = changed.replace("06-01T10:00:00Z", "06-01T10:00:01Z", 1)
    assert article(stated, behind=said).published_day == date(2030, 6, 1)


def test_the_head_of_a_newsletters_issue_is_no_box_for_subscribers() -> None:
    line = '<div class="newsletter-details"><p>January 9, 2030</p></div>'
    assert article(above=line).published_day == DAY
