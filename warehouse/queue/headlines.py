"""Headlines of news searches: what is known of the outlets that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record
from warehouse.records import FoundPage, Listing

RESOLVE_AGAIN = "resolve_again"
"""The reason of an entry that waits though it was given up: today its article may be found. Nobody
is alerted of it."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that an outlet's feed showed, or an article of it."""

    site: str
    url: str
    title: str
    at: datetime | None
    day_only: bool


@dataclass(slots=True)
class KnownOutlet:
    """What is known of one outlet."""

    names: list[str] = field(default_factory=list)
    pages: list[KnownPage] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    """The addresses of its feeds that are watched."""
    listings: list[Listing] = field(default_factory=list)
    """What it was asked for headlines before."""


def outlets_called(wh: Warehouse, names: Collection[str]) -> dict[str, str]:
    """The addresses of outlets by the names that news searches give them."""
    rows = wh.execute(queries("queue/headlines")["outlets_called"], {"names": sorted(names)})
    return {str(name): str(url) for name, url in rows}


def found_before(wh: Warehouse, entry_ids: Sequence[int]) -> dict[int, FoundPage]:
    """Where the articles of entries were found at an earlier try."""
    rows = wh.execute(queries("queue/headlines")["found_before"], {"entry_ids": list(entry_ids)})
    return {int(str(entry)): FoundPage(str(url), str(by), str(how)) for entry, url, by, how in rows}


def known_outlets(
    wh: Warehouse, sites: Collection[str], *, since: datetime, now: datetime
) -> dict[str, KnownOutlet]:
    """What is known of the outlets at `sites`; of their pages those seen at or after `since`."""
    sql, asked = queries("queue/headlines"), {"sites": sorted(sites)}
    found: defaultdict[str, KnownOutlet] = defaultdict(KnownOutlet)
    for row in wh.records(sql["known_pages"], {**asked, "since": since}):
        page = record(KnownPage, row)
        found[page.site].pages.append(page)
    for site, name in wh.execute(sql["names_of_sites"], asked):
        found[str(site)].names.append(str(name))
    for site, url in wh.execute(sql["watched"], asked):
        found[str(site)].watched.append(str(url))
    for row in wh.records(sql["listings"], {**asked, "now": now}):
        listing = record(Listing, row)
        found[listing.site].listings.append(listing)
    return found


def sites_first_asked(wh: Warehouse, now: datetime) -> int:
    """How many outlets were asked for headlines for the first time in the last day."""
    ((count,),) = wh.execute(
        queries("queue/headlines")["new_sites"], {"since": now - _DAY, "now": now}
    )
    return int(str(count))


def given_up_unresolved(wh: Warehouse, since: datetime) -> Iterable[tuple[int, str]]:
    """Entries and their links that were given up since then as leading nowhere, and were not tried
    again for that; the newest first."""
    rows = wh.execute(
        queries("queue/headlines")["given_up"], {"since": since, "again": RESOLVE_AGAIN}
    )
    return [(int(str(entry)), str(link)) for entry, link in rows]
