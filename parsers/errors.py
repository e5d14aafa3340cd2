"""Errors, named by what happens next.

    PressclipError
    ├── Retry        it may work later: try again, further and further apart
    ├── Quarantine   it will not work until someone looks: keep it, set it aside
    │   └── NotAFeed     … where a feed should be, and which feeds it names instead
    └── Drop         it can never become an article: say why, and forget it

Every error carries a short `name` to group by (`timeout`, `http_503`, `not_a_feed`) and a
message that says what was wrong, where, and what to do. Errors of other libraries are turned
into these at the edge where they arise.
"""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


class PressclipError(Exception):
    """Base of every error this project raises on purpose."""

    next_step = "drop"

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message

    def __reduce__(self) -> tuple[type[PressclipError], tuple[str, str]]:
        """Errors cross process borders, so they must survive pickling."""
        return type(self), (self.name, self.message)


class Retry(PressclipError):
    """It may work later.

    `after` is how many seconds the other side asked us to wait (Retry-After), if it did.
    """

    next_step = "retry"

    def __init__(self, name: str, message: str, after: float | None = None) -> None:
        super().__init__(name, message)
        self.after = after

    def __reduce__(self) -> tuple[type[Retry], tuple[str, str, float | None]]:  # type: ignore[override]
        return type(self), (self.name, self.message, self.after)


class Quarantine(PressclipError):
    """It will not work until someone looks."""

    next_step = "quarantine"


class NotAFeed(Quarantine):
    """There is something else where a feed should be.

    `found` are the feeds that it names, if it is a page: the likeliest new address comes first.
    """

    def __init__(self, name: str, message: str, found: tuple[str, ...] = ()) -> None:
        super().__init__(name, message)
        self.found = found

    def __reduce__(self) -> tuple[type[NotAFeed], tuple[str, str, tuple[str, ...]]]:  # type: ignore[override]
        return type(self), (self.name, self.message, self.found)


class Drop(PressclipError):
    """It can never become an article."""

    next_step = "drop"


def as_ours(
    error: Exception, doing: str, kind: type[Retry] | type[Quarantine] = Quarantine
) -> PressclipError:
    """`error` if it is one of ours, else one of `kind` for what nobody foresaw while `doing`
    something ("Polling URL"): a fault of ours, logged with where it arose, which must not cost a
    run its other feeds, pages and batches."""
    if isinstance(error, PressclipError):
        return error
    log.error("%s failed in a way nobody foresaw", doing, exc_info=error)
    return kind("unforeseen", f"{doing}: {type(error).__name__}: {error}")
