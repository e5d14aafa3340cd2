"""What a request brought: a page, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.records import Page

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed."""

    status: int
    """301 and 308 say that the thing moved for good, the others do not."""
    url: str
    """The address that redirected."""
    target: str
    """The address it pointed to."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page and the way to it."""

    page: Page
    hops: tuple[Hop, ...] = ()
    sent: Headers = ()
    """The headers of the last request, without those that may hold secrets."""
    packed: bytes = b""
    """The body as it came over the wire, its content coding not undone."""
