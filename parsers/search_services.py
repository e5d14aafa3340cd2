"""News searches, and what their feeds may be believed (`parsers/data/search_services.toml`)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import quote

LATIN = "LATIN"
"""The script of all languages of which the table does not say another."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A service in one language."""

    language: str
    """Such as en, or zh-Hans where a script belongs to it."""
    search: str
    """The address of its searches, with {words} in the place of what is searched for."""

    def feed(self, words: str) -> str:
        """The address of the feed of a search for these words, next to each other."""
        phrase = f'"{words}"' if " " in words else words
        return self.search.replace("{words}", quote(phrase, safe=""))


@dataclass(frozen=True, slots=True)
class SearchService:
    """A search that answers with a feed of headlines."""

    name: str
    feed: re.Pattern[str]
    """What the whole address of one of its feeds is like."""
    link: re.Pattern[str] | None
    """What a link of its items is like that tells nothing when it is asked."""
    tail: bool
    """Whether its titles end with the name of the outlet."""
    day_hours: frozenset[int]
    """Hours in UTC that, exactly, stand for a day without a time."""
    page: str
    """Where people open it."""
    editions: tuple[Edition, ...]


def read_services(tables: Mapping[str, Any]) -> tuple[SearchService, ...]:
    """The services of a table; its form is explained in the file we ship."""
    return tuple(
        SearchService(
            name=row["name"],
            feed=re.compile(row["feed"]),
            link=re.compile(row["link"]) if "link" in row else None,
            tail=row["tail"],
            day_hours=frozenset(row["day_hours"]),
            page=row["page"],
            editions=tuple(
                Edition(edition["language"], row["search"].format(words="{words}", **edition))
                for edition in row["editions"]
            ),
        )
        for row in tables["services"]
    )


_TABLES = tomllib.loads(
    files("parsers").joinpath("data", "search_services.toml").read_text(encoding="utf-8")
)
SERVICES = read_services(_TABLES)
"""Those that we know."""
LANGUAGES_OF_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    script: tuple(languages) for script, languages in _TABLES["scripts"].items()
}
"""Languages by their script, those that no service has an edition in, too."""
_SCRIPTS = {
    language: script for script, languages in LANGUAGES_OF_SCRIPTS.items() for language in languages
}


def script_of_language(language: str) -> str:
    """The script that a language is written in, as Unicode calls its letters."""
    return _SCRIPTS.get(language, LATIN)


def is_written_in(name: str, script: str) -> bool:
    """Whether all letters of a name are of one script, and there are any."""
    letters = [each for each in name if each.isalpha()]
    return bool(letters) and all(
        unicodedata.name(each, "").split(" ")[0].split("-")[0] == script for each in letters
    )


def service_of_feed(url: str) -> SearchService | None:
    """The service whose feed is at `url`; None for any other feed."""
    return next((service for service in SERVICES if service.feed.fullmatch(url)), None)


def service_of_link(link: str) -> SearchService | None:
    """The service in whose items a link is that is never asked, since it tells nothing."""
    return next((one for one in SERVICES if one.link and one.link.fullmatch(link)), None)
