"""Which of an outlet's pages a headline is of. Decided on what is certain first:

1. The same headline as people read it. Of several the one whose time is nearest; where nothing
   tells them apart, none.
2. Another wording of it: outlets try headlines out, and correct them. Only where both times are
   known and near each other, and the words tell; the nearer the times, the fewer words need be the
   same.
3. The words of an address, in a sitemap that gives no titles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import log

from parsers.headlines.compare import (
    Words,
    address_words,
    begins_with,
    headline_words,
    is_cut,
    likeness,
    plain_letters,
    without_outlet,
)
from parsers.headlines.listing import ListedPage
from parsers.urls import canonical_or_none, same_site

SAME_WITHIN = timedelta(days=3)
"""How far apart the times of one headline may be: services take the time of a later version."""
_DAY = timedelta(days=1)
_ZONES = timedelta(hours=14)
"""How far a day somewhere reaches beyond the same day in UTC."""
_NO_TIME = timedelta(days=2)
"""How far from a headline's time a page without one counts."""
CHANGED = (
    (timedelta(minutes=2), 0.3),
    (timedelta(minutes=20), 0.4),
    (timedelta(hours=3), 0.55),
    (timedelta(hours=12), 0.75),
)
"""How much of a changed headline must be the same, by how near the times are."""
CHANGED_THAT_DAY = 0.75
"""The same for a headline that names a day only."""
_CLEARLY = 0.1
"""How much more alike the best must be than the next."""
_FEWEST_WORDS = 4
_SLUG_IN_HEADLINE, _HEADLINE_IN_SLUG = 0.85, 0.5
"""Shares of the words of an address that the headline has, and the other way round."""


class FoundAs(StrEnum):
    """By what a page was found to be a headline's."""

    HEADLINE = "headline"
    CHANGED = "changed_headline"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Headline:
    """What a news search says of an article."""

    text: str
    at: datetime | None = None
    day_only: bool = False
    """Whether `at` is but a day: its midnight in UTC."""
    outlet_url: str | None = None
    names: tuple[str, ...] = ()
    """What the outlet is called: titles may end with it."""


class Pages:
    """The pages that an outlet lists, to look for headlines in."""

    def __init__(self, names: Collection[str] = ()) -> None:
        """`names` are what the outlet is called."""
        self._names = names
        self._pages: dict[str, ListedPage] = {}
        self._by_words: defaultdict[Words, list[str]] = defaultdict(list)
        self._frequency: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._pages)

    def add(self, pages: Iterable[ListedPage]) -> None:
        """Takes more pages; of one address the first that has a title stays, and the first time."""
        for page in pages:
            name = canonical_or_none(page.url)
            if name is None:
                continue
            before = self._pages.get(name)
            if before and (before.title or not page.title):
                if before.at is None:
                    # A link on a home page, for one, says nothing of the time.
                    self._pages[name] = replace(before, at=page.at, day_only=page.day_only)
                continue
            self._pages[name] = page
            words = self._words(page)
            if words:
                self._by_words[words].append(name)
                self._frequency.update(set(words))

    def _words(self, page: ListedPage) -> Words:
        return headline_words(without_outlet(page.title, self._names)) if page.title else ()

    def same(self, headline: Headline) -> ListedPage | None:
        """The page that has this headline."""
        words = headline_words(headline.text)
        found = list(self._by_words.get(words, ())) if words else []
        if not found and is_cut(headline.text):
            found = [
                name
                for known, names in self._by_words.items()
                if begins_with(known, words)
                for name in names
            ]
        return _nearest(headline, [self._pages[name] for name in found])

    def changed(self, headline: Headline, taken: Collection[str] = ()) -> ListedPage | None:
        """The page that had this headline before or has it since; one of those `taken`, which
        another headline has, only where the times are the same."""
        words = headline_words(headline.text)
        if headline.at is None or len(words) < _FEWEST_WORDS:
            return None
        weights = self._weights()
        scored = []
        for page in self._pages.values():
            least = _least_alike(headline, page, taken=canonical_or_none(page.url) in taken)
            if least is None:
                continue
            alike = likeness(words, self._words(page), weights)
            if alike >= least - _CLEARLY:
                scored.append((alike - least, alike, page))
        return _clearly_best(scored)

    def addressed(self, headline: Headline) -> ListedPage | None:
        """The page without a title in whose address the words of the headline are."""
        words = set(plain_letters(" ".join(headline_words(headline.text))).split())
        found = [
            page
            for page in self._pages.values()
            if not page.title
            and _is_in_time(headline, page)
            and _is_named_after(words, address_words(page.url))
        ]
        return found[0] if len(found) == 1 else None

    def _weights(self) -> dict[str, float]:
        most = len(self._by_words) + 1
        return {
            word: log(1 + most / count) / log(1 + most) for word, count in self._frequency.items()
        }


def _gap(headline: Headline, page: ListedPage) -> timedelta | None:
    """How far the times of both are apart; None where one has none."""
    said, listed = headline.at, page.at
    if said is None or listed is None:
        return None
    if headline.day_only and page.day_only:
        return max(abs(said - listed) - _DAY, timedelta(0))
    if headline.day_only:
        return _outside(said, listed)
    if page.day_only:
        return _outside(listed, said)
    return abs(said - listed)


def _outside(day: datetime, moment: datetime) -> timedelta:
    """How far a moment is from a day, wherever that day was."""
    return max(day - _ZONES - moment, moment - (day + _DAY + _ZONES), timedelta(0))


def _is_in_time(headline: Headline, page: ListedPage) -> bool:
    gap = _gap(headline, page)
    if gap is not None:
        return gap <= SAME_WITHIN
    if headline.at is not None and page.changed_at is not None:
        return page.changed_at >= headline.at - _NO_TIME
    return True


def _nearest(headline: Headline, found: Sequence[ListedPage]) -> ListedPage | None:
    """Of pages with one headline the one whose time is nearest, or that is at the host that the
    service names; None where nothing tells which."""
    in_time = [page for page in found if _is_in_time(headline, page)]
    if len(in_time) < 2:
        return in_time[0] if in_time else None

    def rank(page: ListedPage) -> tuple[timedelta, bool]:
        gap = _gap(headline, page)
        return (_NO_TIME if gap is None else gap, not _at_host(page.url, headline.outlet_url))

    first, second, *_ = sorted(in_time, key=rank)
    return first if rank(first) < rank(second) else None


def _at_host(url: str, outlet_url: str | None) -> bool:
    return outlet_url is not None and same_site(url, outlet_url)


def _least_alike(headline: Headline, page: ListedPage, *, taken: bool) -> float | None:
    """How much a changed headline must have in common with a page's; None where it can't be it."""
    gap = _gap(headline, page)
    if gap is None or not page.title:
        return None
    if headline.day_only or page.day_only:
        return None if taken or gap else CHANGED_THAT_DAY
    for within, least in CHANGED[: 1 if taken else None]:
        if gap <= within:
            return least
    return None


def _clearly_best(scored: list[tuple[float, float, ListedPage]]) -> ListedPage | None:
    ranked = sorted(scored, key=lambda one: one[0], reverse=True)
    if not ranked or ranked[0][0] < 0:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _CLEARLY:
        return None
    return ranked[0][2]


def _is_named_after(headline: set[str], address: Words) -> bool:
    if len(address) < _FEWEST_WORDS or not headline:
        return False
    named = set(address)
    shared = len(named & headline)
    return shared >= _SLUG_IN_HEADLINE * len(named) and shared >= _HEADLINE_IN_SLUG * len(headline)
