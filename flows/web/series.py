"""What the pictures of the pages are drawn from: series by name, over steps of time or at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flows.web.charts import Bar, Bars, Lines, Multiples, Series
from flows.web.words import language_name, stage_name
from warehouse.published.pages.sources import SourcesView
from warehouse.published.pages.topic import TopicView

_MOST_STEPS = 800
MOST_BARS = 12


def attention_of(view: TopicView, kind: str) -> Multiples:
    """Articles over time by language or outlet, the biggest first, the others together last."""
    rows = [row for row in view.attention if row.kind == kind]
    steps = _steps([row.since for row in view.attention], view.step)
    counts: dict[str, dict[date, int]] = {}
    names: dict[str, str] = {}
    for row in rows:
        counts.setdefault(row.value, {})[row.since] = row.articles
        names[row.value] = _name(kind, row.value, row.name)
    order = sorted(counts, key=lambda value: (value == "", -sum(counts[value].values()), value))
    series = [
        Series(names[value], tuple(counts[value].get(step, 0) for step in steps)) for value in order
    ]
    return Multiples(f"Articles on {view.topic} by {kind}, each {view.step}", steps, tuple(series))


def _name(kind: str, value: str, name: str) -> str:
    if not value:
        return "All others"
    return language_name(value) if kind == "language" else name


def compared_over(view: TopicView) -> Lines:
    """Two topics over time."""
    steps = _steps([row.since for row in view.compared], view.step)
    rows = {row.since: row for row in view.compared}
    one = tuple(rows[step].one if step in rows else 0 for step in steps)
    other = tuple(rows[step].other if step in rows else 0 for step in steps)
    return Lines(
        f"Articles on {view.topic} and on {view.other}, each {view.step}",
        steps,
        Series(view.topic, one),
        Series(view.other or "", other),
    )


def voices_of(view: TopicView) -> Bars:
    """Who was first how often, and for certain."""
    first = sorted(view.voices, key=lambda voice: (-voice.first, -voice.first_certain))
    return Bars(
        f"Who was first on {view.topic}",
        tuple(
            Bar(voice.outlet, voice.first, voice.first_certain)
            for voice in first[:MOST_BARS]
            if voice.first
        ),
        parts=("as far as is known", "for certain"),
    )


def funnel_of(view: SourcesView) -> Bars:
    """Where all entries are on their walk."""
    stages: dict[str, int] = {}
    for row in view.funnel:
        stages[row.stage] = stages.get(row.stage, 0) + row.entries
    return Bars(
        "What became of all entries",
        tuple(Bar(stage_name(stage), entries, 0) for stage, entries in stages.items()),
    )


def _steps(days: Sequence[date], step: str) -> tuple[date, ...]:
    """Every step from the first of `days` to the last."""
    if not days:
        return ()
    steps = [min(days)]
    while steps[-1] < max(days) and len(steps) < _MOST_STEPS:
        steps.append(_next(steps[-1], step))
    return tuple(steps)


def _next(day: date, step: str) -> date:
    if step == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if step == "week" else 1)
