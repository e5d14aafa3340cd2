"""Which waiting entries are headlines whose links tell nothing, and what each says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.decisions.speaking import address_of, site_of_address
from parsers.headlines.compare import split_outlet, without_outlet
from parsers.headlines.match import Headline
from parsers.search_services import SearchService, service_of_feed, service_of_link
from parsers.urls import direct_link, is_wrapper
from warehouse.records import WaitingEntry


@dataclass(frozen=True, slots=True)
class OpenHeadline:
    """A headline whose article is still to be found."""

    waiting: WaitingEntry
    headline: Headline
    site: str
    """The outlet's."""
    outlet_url: str
    """Where it is, as the service says."""

    @property
    def at(self) -> datetime | None:
        """When the article is from, as far as is known."""
        end = timedelta(days=1 if self.headline.day_only else 0)
        return self.headline.at + end if self.headline.at else self.waiting.first_seen_at


def hides_its_article(waiting: WaitingEntry) -> bool:
    """Whether an entry's link neither tells its article's address nor would if it was asked."""
    link = waiting.entry.link
    return link is not None and tells_nothing(link)


def tells_nothing(link: str) -> bool:
    """Whether a link neither holds an article's address nor leads there when it is asked."""
    return service_of_link(direct_link(link)) is not None and is_wrapper(link)


def unnamed_outlets_of(hidden: Iterable[WaitingEntry]) -> set[str]:
    """The names behind headlines that came without the address of their outlet, as they did to
    earlier versions. Only those of a search count: what others say of outlets is nobody's word."""
    parts = (
        split_outlet(one.entry.title or "")
        for one in hidden
        if not one.entry.outlet_url and service_of_feed(address_of(one))
    )
    return {found[1] for found in parts if found}


def open_headline(waiting: WaitingEntry, outlets: Mapping[str, str]) -> OpenHeadline | None:
    """What an entry that hides its article says of it; None where it names no outlet or says
    nothing. `outlets` are addresses by the names that services give them."""
    entry, service = waiting.entry, service_of_link(direct_link(waiting.entry.link or ""))
    if service is None or not entry.title:
        return None
    text, name, address = entry.title, entry.outlet_name, entry.outlet_url
    if service.tail and name:
        text = without_outlet(text, [name])
    elif service.tail and (parts := split_outlet(text)):
        text, name = parts
    if address is None and service_of_feed(address_of(waiting)):
        address = outlets.get(name or "")
    site = site_of_address(address) if address else None
    if address is None or site is None or not text:
        return None
    at, day_only = _moment(entry.published_at, service)
    names = (name,) if name else ()
    return OpenHeadline(waiting, Headline(text, at, day_only, address, names), site[0], address)


def _moment(at: datetime | None, service: SearchService) -> tuple[datetime | None, bool]:
    if at is None or at.hour not in service.day_hours or (at.minute, at.second) != (0, 0):
        return at, False
    return at.replace(hour=0), True
