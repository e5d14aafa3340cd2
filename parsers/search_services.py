"""News searches, and what their feeds may be believed (`parsers/data/search_services.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files


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


def read_services(text: str) -> tuple[SearchService, ...]:
    """The services in the TOML `text`; its form is explained in the file we ship."""
    return tuple(
        SearchService(
            name=row["name"],
            feed=re.compile(row["feed"]),
            link=re.compile(row["link"]) if "link" in row else None,
            tail=row["tail"],
            day_hours=frozenset(row["day_hours"]),
        )
        for row in tomllib.loads(text)["services"]
    )


SERVICES = read_services(
    files("parsers").joinpath("data", "search_services.toml").read_text(encoding="utf-8")
)
"""Those that we know."""


def service_of_feed(url: str) -> SearchService | None:
    """The service whose feed is at `url`; None for any other feed."""
    return next((service for service in SERVICES if service.feed.fullmatch(url)), None)


def service_of_link(link: str) -> SearchService | None:
    """The service in whose items a link is that is never asked, since it tells nothing."""
    return next((one for one in SERVICES if one.link and one.link.fullmatch(link)), None)
