"""How many of what, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.queue.health import RestingHost


def how_many(count: int, what: str) -> str:
    """`count` and the name of the thing, in the plural unless it is one: 1 entry, 2 entries."""
    return f"{count} {what if count == 1 else _plural(what)}"


def _plural(what: str) -> str:
    if what.endswith("y") and what[-2:-1] not in "aeiou":
        return f"{what[:-1]}ies"
    return f"{what}es" if what.endswith(("s", "x", "ch", "sh")) else f"{what}s"


def what_waits(resting: RestingHost) -> str:
    """What waits for a host: 3 feeds and 1 page."""
    parts = ((resting.feeds, "feed"), (resting.pages, "page"))
    return " and ".join(how_many(count, what) for count, what in parts if count)


def waiting_for(resting: RestingHost) -> str:
    """For whom, and until when."""
    return f"waiting for {resting.host} until {resting.until:%Y-%m-%d %H:%M} UTC"
