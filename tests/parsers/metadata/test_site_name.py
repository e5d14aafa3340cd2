"""What a home page says that its site is called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.metadata.site_name import HomePage
from parsers.parse import parse_home_page
from parsers.records import Page

URL = "https://www.the-lamp.example/"


def said(head: str, *, lang: str = "en-GB", content_type: str = "text/html") -> HomePage:
    body = f'<html lang="{lang}"><head>{head}</head><body><h1>News</h1></body></html>'
    headers = (("content-type", content_type),)
    page = Page(URL, URL, 200, headers, body.encode(), datetime(2026, 1, 1, tzinfo=UTC))
    return parse_home_page(page, "the-lamp.example")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (
            '<meta property="og:site_name" content="The Lamp"><title>News of today</title>',
            "The Lamp",
        ),
        (
            '<script type="application/ld+json">{"@type": "WebSite", "name": "Lamp"}</script>',
            "Lamp",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A", '
            '"publisher": {"name": "Lamp & Co"}}</script>',
            "Lamp & Co",
        ),
        ("<title>The Lamp - News, weather, tides</title>", "The Lamp"),
        ("<title>Latest news | THE-LAMP.example</title>", "THE-LAMP.example"),
        ("<title>The Lamp: all the light</title>", "The Lamp"),
        ("<title>Just a moment...</title>", None),
        ("<title>Access denied</title>", None),
        (f'<meta property="og:site_name" content="{"long " * 40}">', None),
        ("", None),
    ],
)
def test_names(head: str, name: str | None) -> None:
    assert said(head).name == name


@pytest.mark.parametrize(
    ("lang", "language"), [("en-GB", "en"), ("ID", "id"), ("", None), ("english", None)]
)
def test_languages(lang: str, language: str | None) -> None:
    assert said("", lang=lang).language == language


def test_what_is_no_page_says_nothing() -> None:
    assert said("<title>The Lamp</title>", content_type="image/png") == HomePage(None, None)
