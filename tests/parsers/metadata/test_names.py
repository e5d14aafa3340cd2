"""Who is named on a page, and who is not: newsrooms, accounts, titles and jobs."""

from __future__ import annotations

import pytest

from parsers.metadata.bylines import split_names
from tests.parsers.metadata.test_as_readers_see import article, json_ld

ACCOUNT = json_ld('{"@type":"NewsArticle","author":{"@type":"Person","name":"janeroes"}}')


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Jane Roe, Master Gardener & Garden Educator", ["Jane Roe"]),
        ("Jane Roe, Head of Marketing and Community Development", ["Jane Roe"]),
        ("Jane Roe, Sr. Director of Ships, Example Van Lines", ["Jane Roe"]),
        ("Jane Roe, John Doe and Example Staff", ["Jane Roe", "John Doe"]),
        ("Jane Roe, Reporter, John Doe, Editor", ["Jane Roe", "John Doe"]),
        ("Jane Roe, Staff Writer, and John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe, John Doe and Max Muster", ["Jane Roe", "John Doe", "Max Muster"]),
        ("Jane Roe Sr., John Doe", ["Jane Roe Sr.", "John Doe"]),
        ("By the Example Team", ["the Example Team"]),
    ],
)
def test_what_somebody_is_names_nobody(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


def test_whoever_is_named_as_an_organisation_comes_behind_people() -> None:
    body = json_ld(
        '{"@type":"NewsArticle","author":{"@type":"Organization","name":"Example Harbour Works"}}'
    )
    assert article(body, "<p>By Jane Roe</p>").authors == ("Jane Roe",)
    assert article(body).authors == ("Example Harbour Works",)
    repeated = '<meta name="dc.creator" content="Centre for Ships and Harbours">'
    stated = '{"@type":"Organization","name":"Centre for Ships and Harbours"}'
    named = article(repeated + json_ld(f'{{"@type":"NewsArticle","author":{stated}}}'))
    assert named.authors == ("Centre for Ships and Harbours",)


def test_a_whole_name_comes_before_an_account() -> None:
    assert article(ACCOUNT, "<p>by <a href='/x'>Jane O'Roe</a></p>").authors == ("Jane O'Roe",)
    card = '<meta name="author" content="Jane Roe">'
    assert article(ACCOUNT + card).authors == ("Jane Roe",)
    assert article(ACCOUNT).authors == ("janeroes",)
    # What is only marked up somewhere is no reason to leave it.
    assert article(ACCOUNT, behind="<p class='author'>Sponsored Things</p>").authors == (
        "janeroes",
    )


def test_the_end_of_a_page_introduces_who_is_named_alone() -> None:
    told = "<p>Jane Roe is a freelance writer from a harbour that nobody has heard of.</p>"
    assert article(behind=f"<h3>Jane Roe</h3>{told}").authors == ("Jane Roe",)
    assert article(above="<p>Jane Roe</p>", behind=told).authors == ("Jane Roe",)
    assert article(behind=told).authors == ()
    assert article(behind="<h3>Snake Plant</h3><p>Snake Plant is a plant.</p>").authors == ()
    opened = "<p class='author'>This post was written by Jane Roe, Head of News and Ships</p>"
    assert article(above=opened).authors == ("Jane Roe",)
