"""Which raw pages are worth keeping. Pure."""

from __future__ import annotations

from enum import StrEnum

from parsers.errors import PressclipError
from parsers.records import Article, Rejection, RejectionReason


class RawPages(StrEnum):
    """Which pages are kept as they came."""

    NAMED = "named"
    """Those whose source names a topic, whatever became of them."""
    ALL = "all"
    NONE = "none"


def worth_keeping(found: Article | Rejection | PressclipError, choice: RawPages) -> bool:
    """Whether the page that `found` was read from is kept.

    A page whose source names no topic can't become an article by any better parser, only by other
    topics; such pages are nineteen of twenty in a general feed, so they have to be asked for.
    """
    if choice is not RawPages.NAMED:
        return choice is RawPages.ALL
    if not isinstance(found, Rejection):
        return True
    if found.reason is RejectionReason.OFF_TOPIC:
        return found.extracted
    return found.reason is not RejectionReason.NOT_HTML
