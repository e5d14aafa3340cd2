"""Stories, newest first, by day; or those that a search finds, the best first."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby
from urllib.parse import quote

from starlette.requests import Request

from flows.web.answers import Shown, not_understood
from flows.web.links import LONGEST_WORDS, SPANS, changed, moment_in, share_of, span_of
from flows.web.pages.desk import Readers
from flows.web.words import DOUBTS, NO_DATE, country_name, language_name
from flows.wording import WHOLE_WORDS, how_many
from parsers.text.search_words import read_query
from warehouse.published.pages.asking import Connection
from warehouse.published.pages.stories import (
    MOST_FACETS,
    MOST_FOUND,
    Behind,
    Facet,
    ListedStory,
    StoryFilters,
    StoryList,
    found_articles,
    story_list,
    with_choices,
)

_KEPT = ("q", "topic", "language", "outlet", "country", "days", "from", "to", "salience")
"""The filters: what links to this page carry on."""
SALIENCES = (("0.2", "more than in passing"), ("0.5", "in good part"), ("0.75", "mainly"))


async def stories_page(readers: Readers, request: Request) -> Shown:
    """The stories that the filters in the link let through."""
    query = {name: text for name in _KEPT if (text := request.query_params.get(name, "").strip())}
    span = span_of(query, readers.now())
    filters = StoryFilters(
        topic=query.get("topic"),
        language=query.get("language"),
        outlet=query.get("outlet", "").lower() or None,
        country=query.get("country"),
        since=span.since,
        until=span.until,
        salience=share_of(query, "salience"),
    )
    behind = None if query.get("q") else _place(request.query_params)
    if len(query.get("q", "")) > LONGEST_WORDS:
        raise not_understood(f"A search has at most {LONGEST_WORDS} characters.")
    words, more_of = query.get("q"), request.query_params.get("more")

    def look(connection: Connection) -> StoryList:
        found = found_articles(connection, readers.index, words or "")
        return story_list(connection, filters, found=found, words=words or "", more_of=more_of)

    # The index of a search is brought up to date after the copy, so nothing of it is kept.
    listed = await (
        readers.copies.rows(look) if words else _listed(readers, filters, behind, more_of)
    )
    last = listed.stories[-1] if listed.stories else None
    return Shown(
        template="stories.html",
        title=_title(query, listed),
        data=listed,
        section="stories",
        more={
            "query": query,
            "searched": query.get("q", ""),
            "carried": {name: text for name, text in query.items() if name != "q"},
            "said": str(read_query(words)) if words else "",
            "most_found": MOST_FOUND,
            "whole_words": WHOLE_WORDS,
            "days": _by_day(listed)
            if not words or not listed.stories
            else [(None, listed.stories)],
            "filters": _filters(query, listed),
            "chosen": _chosen(query, listed),
            "older": last
            and listed.older
            and not words
            and changed(query, before=last.started_at.isoformat(), behind=last.story_id),
            "first_page": behind is None,
            "doubts": DOUBTS,
            "no_date": NO_DATE,
            "newest": changed(query),
        },
    )


async def _listed(
    readers: Readers, filters: StoryFilters, behind: Behind | None, more_of: str | None
) -> StoryList:
    def known(
        filters: StoryFilters, behind: Behind | None, more_of: str | None
    ) -> Awaitable[StoryList]:
        ask = partial(story_list, filters=filters, behind=behind, more_of=more_of)
        return readers.known((filters, behind, more_of), ask)

    # What a filter could be instead is the same for all its values, so it is mostly known already.
    left_out = filters.each_left_out()
    listed, *others = await asyncio.gather(
        known(filters, behind, more_of),
        *(
            known(rest, None, more_of if more_of == kind else None)
            for kind, rest in left_out.items()
        ),
    )
    return with_choices(listed, dict(zip(left_out, others, strict=True)))


def _place(query: Mapping[str, str]) -> Behind | None:
    at, behind = moment_in(query, "before"), query.get("behind")
    if at is None or not behind:
        return None
    if not re.fullmatch(r"[0-9]{1,20}", behind) or int(behind) >= 2**64:
        raise not_understood("behind must be an id.")
    return Behind(at, behind)


def _by_day(listed: StoryList) -> list[tuple[date, list[ListedStory]]]:
    return [
        (day, list(stories))
        for day, stories in groupby(listed.stories, lambda story: story.started_at.date())
    ]


def _title(query: Mapping[str, str], listed: StoryList) -> str:
    parts = [text for text, _ in _chosen(query, listed)]
    return " · ".join([*parts, "Stories"])


def _chosen(query: Mapping[str, str], listed: StoryList) -> list[tuple[str, str]]:
    """The filters at work, in words, and the link without each."""
    names = {facet.value: facet.name for facet in listed.outlets}
    topics = {facet.value.lower(): facet.name for facet in listed.topics}
    said: dict[str, Callable[[str], str]] = {
        "q": lambda text: f"“{text}”",
        "topic": lambda topic: topics.get(topic.lower(), topic),
        "language": language_name,
        "outlet": lambda site: names.get(site.lower(), site),
        "country": country_name,
        "days": lambda days: f"last {how_many(int(days), 'day')}",
        "from": lambda day: f"from {day}",
        "to": lambda day: f"until {day}",
        "salience": lambda least: dict(SALIENCES).get(least, f"salience {least} or more"),
    }
    return [
        (say(query[name]), changed(query, **{name: None}))
        for name, say in said.items()
        if name in query
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen."""

    id: str
    """What the page calls its link."""
    text: str
    link: str
    stories: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What can be chosen of one kind."""

    heading: str
    any: str | None
    """The link without it; None where it is not at work."""
    choices: tuple[Choice, ...]
    more: tuple[int, str | None] | None = None
    """How many there are altogether, where not all are offered, and the link to more."""


def _filters(query: Mapping[str, str], listed: StoryList) -> tuple[Filter, ...]:
    spans = [Facet(str(days), how_many(days, "day"), None) for days in SPANS]
    saliences = [Facet(least, said, None) for least, said in SALIENCES]
    return (
        _with_more(_filter(query, "Topic", "topic", listed.topics), "topic", query, listed),
        _filter(query, "The last", "days", spans),
        *(
            _with_more(_filter(query, heading, name, facets), name, query, listed)
            for heading, name, facets in (
                ("Language", "language", _renamed(listed.languages, language_name)),
                ("Outlet", "outlet", listed.outlets),
                ("Country", "country", _renamed(listed.countries, country_name)),
            )
        ),
        _filter(query, "About the topic", "salience", saliences),
    )


def _with_more(one: Filter, kind: str, query: Mapping[str, str], listed: StoryList) -> Filter:
    known = listed.of_kind[kind]
    offered = len(one.choices)
    if known <= offered:
        return one
    all_are_asked_for = offered > MOST_FACETS + 1
    return replace(one, more=(known, None if all_are_asked_for else changed(query, more=kind)))


def _renamed(facets: Iterable[Facet], name: Callable[[str], str]) -> list[Facet]:
    return [replace(facet, name=name(facet.value)) for facet in facets]


def _filter(query: Mapping[str, str], heading: str, name: str, facets: Iterable[Facet]) -> Filter:
    chosen = query.get(name)
    other_time = {"from": None, "to": None} if name == "days" else {}
    return Filter(
        heading,
        None if chosen is None else changed(query, **{name: None}),
        tuple(
            Choice(
                f"{name}-{quote(facet.value, safe='')}",
                facet.name,
                changed(query, **{name: facet.value}, **other_time),
                facet.stories,
                facet.value.lower() == (chosen or "").lower(),
            )
            for facet in facets
        ),
    )
