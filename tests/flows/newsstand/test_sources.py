"""The source files of the made-up press: what may stand in them, and what an editor is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.newsstand import load_press
from flows.newsstand.marks import as_html, unmarked
from flows.newsstand.sources import SourceError, read_outlets

OUTLET = """
name = "The Test"
host = "test.example"
language = "en"
category = "Test"
article_path = "/{section}/{published:%Y}/{slug}"
date = "{day} {month} {year}"
months = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"]
utc_offset_hours = 0
related = []

[sections]
news = "News"
"""
ARTICLE = """+++
title = "A title"
published = 2026-10-12T08:30:00+07:00
section = "news"
standfirst = "In short."
topics = ["openai", "musk"]
+++

First
paragraph.

Second paragraph.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    outlet = tmp_path / "test"
    (outlet / "articles").mkdir(parents=True)
    (outlet / "outlet.toml").write_text(OUTLET)
    (outlet / "articles" / "one.md").write_text(ARTICLE)
    return tmp_path


def test_an_article_is_read_from_its_file(folder: Path) -> None:
    (outlet,) = read_outlets(folder, 1)
    (article,) = outlet.manuscripts
    assert article.url == "http://test.example/news/2026/one"
    assert article.blocks == ("First paragraph.", "Second paragraph.")
    assert article.published == datetime(2026, 10, 12, 1, 30, tzinfo=UTC)
    assert article.topics == ("musk", "openai")


def test_editions(folder: Path) -> None:
    articles = folder / "test" / "articles"
    (articles / "one.edition-2.md").write_text(ARTICLE.replace("A title", "Another title"))
    (articles / "two.edition-2.md").write_text(ARTICLE)
    titles = {
        edition: {m.slug: m.title for m in read_outlets(folder, edition)[0].manuscripts}
        for edition in (1, 2)
    }
    assert titles == {1: {"one": "A title"}, 2: {"one": "Another title", "two": "A title"}}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("one.md", "No header", "test.example/articles/one.md: begin with a TOML header"),
        ("one.md", ARTICLE.replace('"A title"', "A title"), "articles/one.md: not valid TOML"),
        (
            "one.md",
            ARTICLE.replace("title", "titel"),
            "articles/one.md: the key title: Field required",
        ),
        ("one.md", ARTICLE.replace("published", "dated"), "one.md: add the key 'published'"),
        ("one.txt", ARTICLE, "articles/one.txt: name it SLUG"),
    ],
)
def test_an_article_that_cannot_be_read(folder: Path, name: str, text: str, told: str) -> None:
    (folder / "test" / "articles" / name).write_text(text)
    with pytest.raises(SourceError, match=told):
        read_outlets(folder, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OUTLET.replace("category", "kind"), "test/outlet.toml: the key category: Field required"),
        (
            OUTLET + '[[answers]]\npath = "/"\nstatsu = 404\n',
            "test/outlet.toml: the key answers.0.status",
        ),
        (OUTLET.replace('"en"', "en"), "test/outlet.toml: not valid TOML"),
    ],
)
def test_an_outlet_that_cannot_be_read(folder: Path, text: str, told: str) -> None:
    (folder / "test" / "outlet.toml").write_text(text)
    with pytest.raises(SourceError, match=told):
        read_outlets(folder, 1)


def test_there_is_no_third_edition() -> None:
    with pytest.raises(ValueError, match="choose 1 or 2"):
        load_press(3)


@pytest.mark.parametrize(
    ("block", "seen", "html"),
    [
        ("Plain & simple", "Plain & simple", "<p>Plain &amp; simple</p>"),
        ("An *odd* word", "An odd word", "<p>An <em>odd</em> word</p>"),
        ("A [link](http://a.example/)", "A link", '<p>A <a href="http://a.example/">link</a></p>'),
        ("## Subheading", "Subheading", "<h2>Subheading</h2>"),
        ("> Said", "Said", "<blockquote><p>Said</p></blockquote>"),
    ],
)
def test_marks(block: str, seen: str, html: str) -> None:
    assert unmarked(block) == seen
    assert as_html(block) == html
