"""The pages of topics: how much was written on one, when, where, and who was first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from warehouse.published.pages.asking import Connection, records_of, rows_of
from warehouse.published.pages.stories import topic_spellings
from warehouse.queries import queries

MOST_SERIES = 6
"""Languages or outlets that are told apart over time."""
MOST_VOICES = 25
MOST_TOPICS = 200


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How much there is of a topic."""

    topic: str
    articles: int
    stories: int
    outlets: int
    last_told_at: datetime


@dataclass(frozen=True, slots=True)
class TopicTotals:
    """How much was written on a topic in a time."""

    articles: int
    stories: int
    outlets: int
    languages: int
    first_told_at: datetime | None
    last_told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attention:
    """How many articles a language or an outlet has in a step of time."""

    kind: str
    """language or outlet."""
    name: str
    value: str
    """The language or the site; empty for all the others together."""
    since: date
    articles: int


@dataclass(frozen=True, slots=True)
class Voice:
    """What part an outlet has in what was written."""

    site: str | None
    outlet: str
    country: str | None
    articles: int
    stories: int
    share: float
    first: int
    """Stories of several outlets in which it was the first, as far as is known."""
    first_certain: int
    """Of these, for certain."""


@dataclass(frozen=True, slots=True)
class ComparedStep:
    """How many articles there are on two topics in a step of time."""

    since: date
    one: int
    other: int
    both: int


@dataclass(frozen=True, slots=True)
class BigStory:
    """A story that many outlets have."""

    story_id: str
    started_at: datetime
    title: str | None
    language: str | None
    outlet: str | None
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class TopicTime:
    """Which topic, and when."""

    topic: str
    since: datetime | None
    until: datetime | None
    other: str | None = None
    """Another topic to compare it with."""


@dataclass(frozen=True, slots=True)
class TopicView:
    """What the page of a topic shows."""

    topic: str
    other: str | None
    totals: TopicTotals
    step: str
    """day, week or month: of attention and compared."""
    attention: tuple[Attention, ...]
    voices: tuple[Voice, ...]
    """Those with most articles first."""
    biggest: tuple[BigStory, ...]
    compared: tuple[ComparedStep, ...]
    others: tuple[str, ...]
    """Topics that it can be compared with."""


def topic_counts(
    connection: Connection, since: datetime | None, until: datetime | None
) -> tuple[TopicCount, ...]:
    """All topics of a time, those with most stories first."""
    params: dict[str, object] = {"since": since, "until": until, "most": MOST_TOPICS}
    return records_of(TopicCount, connection, _query("topics"), params)


def topic_view(connection: Connection, asked: TopicTime) -> TopicView | None:
    """What there is of a topic in a time; None where nothing ever mentioned it, or the other."""
    spelled = topic_spellings(connection, asked.topic)
    others = topic_spellings(connection, asked.other) if asked.other else []
    if not spelled or (asked.other and not others):
        return None
    topic, other = spelled[-1], others[-1] if others else None
    params: dict[str, object] = {
        "spelled": spelled,
        "others": others,
        "since": asked.since,
        "until": asked.until,
        "most": MOST_SERIES,
    }
    totals = records_of(TopicTotals, connection, _query("totals"), params)[0]
    step = _step(totals)
    params["step"] = step
    voices = {**params, "most": MOST_VOICES}
    named = rows_of(connection, _query("names"), {"most": MOST_TOPICS})
    return TopicView(
        topic=topic,
        other=other,
        totals=totals,
        step=step,
        attention=records_of(Attention, connection, _query("attention"), params),
        voices=records_of(Voice, connection, _query("voices"), voices),
        biggest=records_of(BigStory, connection, _query("biggest"), params),
        compared=records_of(ComparedStep, connection, _query("compared"), params) if other else (),
        others=tuple(name for row in named if (name := str(row["topic"])) != topic),
    )


def _step(totals: TopicTotals) -> str:
    """The step that divides the time into some dozens of parts at most."""
    if totals.first_told_at is None or totals.last_told_at is None:
        return "day"
    days = (totals.last_told_at - totals.first_told_at).days
    return "day" if days <= 62 else "week" if days <= 500 else "month"


def _query(name: str) -> str:
    return queries("published/pages/topic")[name]
