"""Names that people type: of topics and outlets. Capitals do not matter; a name that nothing has
is answered with those that may be meant."""

from __future__ import annotations

from contextlib import suppress

from flows.settings import Settings
from flows.wording import unknown
from parsers.errors import Drop, Quarantine
from warehouse.desk import Desk
from warehouse.published.read import named


def known_topic(settings: Settings, desk: Desk, topic: str) -> str:
    """`topic` as it is spelled by those who know it.

    Raises Drop where it is neither configured nor has anything in the warehouse.
    """
    found = {str(name) for (name,) in named(desk, "topics").rows}
    known = sorted(found.union(settings.read_topics().names))
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


def outlet_site(desk: Desk, outlet: str) -> str:
    """The site of the outlet of this name, or at this address: any of it will do.

    Raises Drop where it is neither.
    """
    from parsers.sites import site_of
    from parsers.urls import host_of

    with suppress(Quarantine):  # nothing is published yet
        for name, _, site, *_ in named(desk, "outlets").rows:
            if outlet.lower() in {str(name).lower(), str(site)}:
                return str(site)
    if " " in outlet:
        require_outlet(desk, outlet)
    return site_of(host_of(outlet if "://" in outlet else f"https://{outlet}"))


def languages(desk: Desk, language: str | None) -> str:
    """Which languages there are, for whom asked for another one; else nothing."""
    known = [str(name) for (name,) in named(desk, "languages").rows]
    if language is None or language.lower() in known or not known:
        return ""
    return f" The languages there are: {', '.join(known)}."
