"""News searches: each row of the table on its own."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

import pytest

from parsers.feeds.parse import parse_feed
from parsers.search_services import (
    SERVICES,
    Edition,
    SearchService,
    is_written_in,
    script_of_language,
    service_of_feed,
    service_of_link,
)
from parsers.urls import is_wrapper

ROWS = tomllib.loads(
    files("parsers").joinpath("data", "search_services.toml").read_text(encoding="utf-8")
)["services"]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_service_is_known_by_its_feeds_and_links(row: dict[str, str]) -> None:
    found = service_of_feed(row["example_feed"])
    assert found is not None
    assert found.name == row["name"]
    if "link" in row:
        assert service_of_link(row["example_link"]) == found
        assert is_wrapper(row["example_link"])


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/rss?u=https://news.google.com/rss/search",
        "https://news.google.com.paper.example/rss/search?q=a",
        "https://news.google.com/",
        "https://paper.example/bing.com/news/search?q=a",
    ],
)
def test_whoever_only_looks_like_one_is_none(url: str) -> None:
    assert service_of_feed(url) is None


def test_a_link_that_holds_its_address_is_asked_there() -> None:
    old = "https://news.google.com/rss/articles/CBMiImh0dHBzOi8vd3d3LmV4YW1wbGUuY29tL25ld3Mvc3RvcnnSAQA?oc=5"
    assert not is_wrapper(old)


def test_only_a_search_may_name_an_outlet() -> None:
    feed = (
        b'<rss version="2.0"><channel><title>t</title><item><title>A - The Paper</title>'
        b"<link>https://news.google.com/rss/articles/CBMiX</link>"
        b'<source url="https://paper.example">The Paper</source></item></channel></rss>'
    )
    named = []
    for url in ("https://news.google.com/rss/search?q=a", "https://liar.example/rss"):
        parsed = parse_feed(
            feed, url=url, feed_id=1, content_type=None, now=datetime.now(UTC), max_entries=9
        )
        named.append((parsed.entries[0].outlet_url, parsed.entries[0].outlet_name))
    assert named == [("https://paper.example", "The Paper"), (None, None)]


def test_every_service_has_a_name_of_its_own() -> None:
    assert len({service.name for service in SERVICES}) == len(SERVICES)


EDITIONS = [(service.name, edition) for service in SERVICES for edition in service.editions]
CHINESE = {"zh-TW": "zh-Hant", "zh-CN": "zh-Hans"}
"""How Google News calls the scripts of these languages where it names an edition."""
REGIONS = {"es-419": "es-419", "pt-BR": "pt-419"}
"""The same of languages that it knows by their regions."""


@pytest.mark.parametrize(
    ("name", "edition"), EDITIONS, ids=[f"{name} {each.language}" for name, each in EDITIONS]
)
def test_the_parameters_of_an_edition_agree(name: str, edition: Edition) -> None:
    address = urlsplit(edition.feed('"a" b'))
    told = {key: value for key, (value,) in parse_qs(address.query).items()}
    assert told.pop("q") == '""a" b"'
    primary = edition.language.partition("-")[0]
    if name == "Google News":
        language, country = told["hl"], told["gl"]
        named = CHINESE.get(language) or REGIONS.get(language) or language.partition("-")[0]
        assert told == {"hl": language, "gl": country, "ceid": f"{country}:{named}"}
        assert "-" not in language or language in REGIONS or language.endswith(f"-{country}")
    else:
        language, country = told["mkt"].split("-")
        assert told == {"format": "rss", "mkt": f"{primary}-{country}"}
    assert language.partition("-")[0] == primary
    assert len(country) == 2
    assert country.isupper()
    found = service_of_feed(address.geturl())
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_has_each_edition_once(service: SearchService) -> None:
    languages = [edition.language for edition in service.editions]
    assert len(set(languages)) == len(languages)
    assert len({edition.search for edition in service.editions}) == len(languages)
    assert all("{words}" in edition.search for edition in service.editions)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Elon Musk", "de"),
        ("Илон Маск", "ru"),
        ("एलन मस्क", "hi"),
        ("马斯克", "zh"),
        ("イーロン・マスク", "ja"),
        ("อีลอน มัสก์", "th"),
        ("إيلون ماسك", "ar"),
    ],
)
def test_a_name_is_written_in_the_script_of_its_language(name: str, language: str) -> None:
    assert is_written_in(name, script_of_language(language))
    assert not is_written_in(name, script_of_language("ko"))
    assert not is_written_in(f"{name} AI", script_of_language("el"))


def test_a_name_without_letters_is_in_no_script() -> None:
    assert not is_written_in("42", "LATIN")
