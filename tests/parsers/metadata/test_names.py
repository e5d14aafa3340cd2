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
        ("Jane Roe, Director of Ships & Innovation", ["Jane Roe"]),
        ("Jane Roe, de Recife", ["Jane Roe"]),
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


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Jane Roe, John Doe and correspondent Eva Poe", ["Jane Roe", "John Doe", "Eva Poe"]),
        ("By Jane Roe, John Doe, and Reporter Eva Poe", ["Jane Roe", "John Doe", "Eva Poe"]),
        ("By Jane Roe, Staff Writer, Eva Poe", ["Jane Roe", "Eva Poe"]),
        ("By Jane Roe, Reporter, John Doe", ["Jane Roe", "John Doe"]),
        ("By Jane Roe, CEO, John Doe", ["Jane Roe", "John Doe"]),
        ("By Jane Roe, Head of News and John Doe", ["Jane Roe", "John Doe"]),
        ("By Jane Roe, Editor, Max Muster and Eva Poe", ["Jane Roe", "Max Muster", "Eva Poe"]),
        ("By Jane Roe, John Doe & Staff Reporter", ["Jane Roe", "John Doe"]),
        ("By Jane Roe, John Doe and Eva Head", ["Jane Roe", "John Doe"]),
        ("By Jane Roe, Tom Partner, Eva Poe", ["Jane Roe", "Eva Poe"]),
        ("By John Doe, II and Ann Roe", ["John Doe, II", "Ann Roe"]),
        ("By John Doe, Jr. and Ann Roe", ["John Doe, Jr.", "Ann Roe"]),
        ("By Juan Perfil", ["Juan Perfil"]),
    ],
)
def test_a_title_takes_nobody_with_it(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


def test_a_long_run_of_spaces_holds_no_page_up() -> None:
    spaced = json_ld(f'{{"@type":"NewsArticle","author":"Jane Roe{" " * 100_000}and John Doe"}}')
    assert article(spaced).authors == ("Jane Roe", "John Doe")
    assert split_names(f"By Jane{' ' * 100_000}Roe") == ["Jane Roe"]
    assert split_names(f"Jane Roe{' ' * 50_000}\t{' ' * 50_000}and John Doe") == [
        "Jane Roe",
        "John Doe",
    ]


@pytest.mark.parametrize("line", ["By de Gaulle", "By van Dijk", "Por de Souza"])
def test_a_small_word_may_begin_a_name(line: str) -> None:
    assert article(above=f"<p>{line}</p>").authors == (line.partition(" ")[2],)


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ("", "<p>By Jane Roe</p>"),
        ('<meta name="author" content="Jane Roe">', "<p>Max Muster</p><p>Reporter</p>"),
    ],
)
def test_a_person_whom_the_markup_calls_an_organisation_stays_one(head: str, above: str) -> None:
    body = json_ld('{"@type":"NewsArticle","author":{"@type":"Organization","name":"Jane Roe"}}')
    assert article(head + body, above).authors == ("Jane Roe",)


@pytest.mark.parametrize(
    ("name", "author"),
    [("Suharti", "Suharti"), ("JaneR", "Max Muster"), ("roe_7", "Max Muster")],
)
def test_one_word_that_is_written_as_a_name_is_one(name: str, author: str) -> None:
    body = json_ld(f'{{"@type":"NewsArticle","author":{{"@type":"Person","name":"{name}"}}}}')
    card = '<meta name="author" content="Max Muster">'
    assert article(body + card).authors == (author,)


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
    boss = "<h3>Jane Roe</h3><p>Jane Roe is the founder and CEO of Example Rockets.</p>"
    assert article(behind=boss).authors == ()
    newsroom = '<meta name="author" content="Example Newsroom">'
    assert article(newsroom, behind=f"<h3>Jane Roe</h3>{told}").authors == ("Example Newsroom",)
    assert article(behind="<h3>Snake Plant</h3><p>Snake Plant is a plant.</p>").authors == ()
    opened = "<p class='author'>This post was written by Jane Roe, Head of News and Ships</p>"
    assert article(above=opened).authors == ("Jane Roe",)
