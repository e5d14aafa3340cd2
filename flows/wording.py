"""How many of what, in words; and what may have been meant by a name that nothing has."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.queue.health import RestingHost
    from warehouse.records import Feed

WHOLE_WORDS = (
    "Whole words count, whatever their case and accents: “teacher” does not find “teachers”."
)
"""What to say where a search finds nothing."""
MOST_NAMED = 12
"""Names that a message lists; of more it says where they are shown."""


def how_many(count: int, what: str) -> str:
    """`count` and the name of the thing, in the plural unless it is one: 1 entry, 2 entries."""
    return f"{count} {what if count == 1 else _plural(what)}"


def _plural(what: str) -> str:
    if what.endswith("y") and what[-2:-1] not in "aeiou":
        return f"{what[:-1]}ies"
    return f"{what}es" if what.endswith(("s", "x", "ch", "sh")) else f"{what}s"


def how_much_time(seconds: float) -> str:
    """About so long: 40 s, 3 min, 2 h 10 min."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def what_waits(resting: RestingHost) -> str:
    """What waits for a host: 3 feeds and 1 page."""
    parts = ((resting.feeds, "feed"), (resting.pages, "page"))
    return " and ".join(how_many(count, what) for count, what in parts if count)


def waiting_for(resting: RestingHost) -> str:
    """For whom, and until when."""
    return f"waiting for {resting.host} until {resting.until:%Y-%m-%d %H:%M} UTC"


def now_followed(feed: Feed) -> str:
    """That the desk subscribed to a feed by itself, and how to undo that."""
    return (
        f"Subscribed to {feed.title or feed.url}, which searches name: {feed.url} "
        "(`pressclip feeds remove` undoes it for good)."
    )


def unknown(what: str, asked: str, known: Iterable[str], shown_by: str | None = None) -> str:
    """That there is no `what` of the name `asked`, and which there are."""
    names = list(known)
    meant = closest(asked, names)
    guess = f" Did you mean {' or '.join(meant)}?" if meant else ""
    if not names:
        rest = " None is known yet."
    elif len(names) <= MOST_NAMED or shown_by is None:
        rest = f" Known: {', '.join(names)}."
    else:
        rest = f" `{shown_by}` shows all."
    return f"There is no {what} {asked!r}.{guess}{rest}"


def closest(asked: str, known: Iterable[str]) -> list[str]:
    """Up to three of the `known` names that may be meant: those spelled alike, as a whole or in a
    word, and those that `asked` is a part of."""
    meant = asked.lower()
    spelled = {name.lower(): name for name in known}
    by_word = {word: name for name in spelled for word in name.split()}
    alike = get_close_matches(meant, spelled, n=3, cutoff=0.7)
    words = [by_word[word] for word in get_close_matches(meant, by_word, n=3, cutoff=0.8)]
    parts = [name for name in sorted(spelled) if meant and meant in name]
    return [spelled[name] for name in dict.fromkeys([*alike, *words, *parts])][:3]
