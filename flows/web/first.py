"""Who was first with a story, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flows.web.words import moment
from flows.wording import how_many
from warehouse.published.pages.story import Telling, ToldStory

_NAMED = 4
"""Outlets that a sentence names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class FirstVerdict:
    """What is known of who was first."""

    outlet: str
    sure: str
    """certain, likely, alone or unknown."""
    why: str


def who_was_first(told: ToldStory) -> FirstVerdict:
    """The verdict on a story, whose original is the first of its tellings."""
    first, *others = told.tellings
    outlet = first.outlet or "a document that somebody filed"
    elsewhere = [one for one in others if one.site != first.site or one.site is None]
    if not others:
        return FirstVerdict(outlet, "alone", "Nobody else is known to have it.")
    if not elsewhere:
        return FirstVerdict(
            outlet, "alone", f"All {told.story.articles} articles of it are its own."
        )
    if told.story.first_certain:
        return FirstVerdict(outlet, "certain", _CERTAIN)
    if told.story.first_certain is None:
        return FirstVerdict(outlet, "unknown", "An early version stored this without its evidence.")
    rivals = [one.outlet or one.url for one in elsewhere if one.may_be_first]
    rivals = list(dict.fromkeys(rivals))
    if not rivals:
        return FirstVerdict(outlet, "likely", _source(first, elsewhere))
    return FirstVerdict(
        outlet, "likely", f"{_listed(rivals)} may have been first too: {_doubt(first)}"
    )


_CERTAIN = (
    "Every other outlet names it as its source, says a time after it was seen, which is borne out, "
    "or did not show the story yet when it was seen."
)


def _listed(names: list[str]) -> str:
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {how_many(len(names) - _NAMED, 'other')}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _source(first: Telling, elsewhere: list[Telling]) -> str:
    named = [one.wire or urlsplit(one.syndication_url or "").hostname for one in elsewhere]
    named = [name for name in named if name]
    if first.wire or first.syndication_url or first.credited or not named:
        return "It names a source itself, which the desk does not have."
    return f"A copy names {named[0]} as its source, of which the desk has no page."


def _doubt(first: Telling) -> str:
    if first.published_at is None or first.date_evidence == "none":
        return "the page of the first gives no date that proves anything."
    if first.date_flag == "day":
        return "the page of the first names a day and no time."
    if first.date_flag == "no_zone":
        return "the page of the first names a time and no time zone."
    if first.date_evidence in ("word", "refuted"):
        return "nothing but its own word says when the first was published."
    return "nothing proves that nobody else had it when the first was seen."


def grounds(one: Telling) -> tuple[str, ...]:
    """What speaks for and against an article's place in the story, beside its date."""
    said = []
    if one.wire:
        said.append(f"names {one.wire} as its source")
    if one.syndication_url and (host := urlsplit(one.syndication_url).hostname):
        said.append(f"points to {host} as where it comes from")
    if one.credited:
        said.append(f"says that its news is from {_listed(list(one.credited))}")
    if one.not_shown_at:
        said.append(f"its feed did not show it yet on {moment(one.not_shown_at)}")
    return tuple(said)
