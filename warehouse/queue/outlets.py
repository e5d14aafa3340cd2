"""Outlets: whose home page may tell a name, and whether there is such a one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record

ASK_EVERY = timedelta(days=30)
"""How often a home page is asked at most."""


@dataclass(frozen=True, slots=True)
class UnnamedOutlet:
    """An outlet whose home page may be asked what it is called."""

    site: str
    home_url: str


def unnamed_outlets(
    wh: Warehouse, now: datetime, most: int, owns: Callable[[str], bool] | None = None
) -> tuple[UnnamedOutlet, ...]:
    """At most so many outlets to ask at `now`, the newest first; `owns` says which home pages this
    run may ask."""
    rows = wh.records(queries("queue/outlets")["unnamed"], {"now": now, "since": now - ASK_EVERY})
    found = (record(UnnamedOutlet, row) for row in rows)
    return tuple(one for one in found if owns is None or owns(one.home_url))[:most]


def is_outlet(wh: Warehouse, site: str) -> bool:
    """Whether anything is known of an outlet at `site`."""
    return wh.execute(queries("queue/outlets")["is_known"], {"site": site}) == [(True,)]
