"""Names that people type: of topics and outlets. Capitals do not matter; a name that nothing has
is answered with those that may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from flows.settings import Settings
from parsers.errors import Drop
from warehouse.desk import Desk
from warehouse.published.read import named

MOST_NAMED = 12
"""Names that a message lists; of more it says where they are shown."""


def known_topic(settings: Settings, desk: Desk, topic: str) -> str:
    """`topic` as it is spelled by those who know it.

    Raises Drop where it is neither configured nor has anything in the warehouse.
    """
    from parsers.topics.topics import read_topics  # slow, and few ask for a wrong topic

    found = {str(name) for (name,) in named(desk, "topics").rows}
    known = sorted(found.union(read_topics(settings.topics_toml()).names))
    for name in known:
        if name.lower() == topic.lower():
            return name
    raise Drop("unknown_topic", unknown("topic", topic, known))


def require_outlet(desk: Desk, outlet: str) -> None:
    """Raises Drop where no outlet has this name or site."""
    names = sorted({str(name) for row in named(desk, "outlets").rows for name in (row[0], row[2])})
    if outlet.lower() not in {name.lower() for name in names}:
        raise Drop(
            "unknown_outlet", unknown("outlet", outlet, names, shown_by="pressclip outlets list")
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
