"""Topics, and one of them: attention over time, share of voice, who was first, beside another."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request

from flows.web.answers import Shown, not_found
from flows.web.charts import Drawing
from flows.web.links import SPANS, changed, span_of
from flows.web.pages.desk import Readers
from flows.web.series import attention_of, compared_over, voices_of
from flows.wording import how_many
from warehouse.published.pages.topic import TopicTime, TopicView, topic_counts, topic_view

TIMES = ("days", "from", "to")
_KEPT = (*TIMES, "with")
USUAL_DAYS = "90"
ALL_DAYS = "36500"


async def topics_page(readers: Readers, request: Request) -> Shown:
    """All topics, and how much there is of each."""
    query = _query(request)
    span = span_of(query, readers.now())
    counts = await readers.known(
        ("topics", span), lambda connection: topic_counts(connection, span.since, span.until)
    )
    return Shown(
        template="topics.html",
        title="Topics",
        data=counts,
        section="topics",
        more={"spans": _spans(query), "kept": changed(query, **{"with": None})},
    )


async def topic_page(readers: Readers, request: Request) -> Shown:
    """One topic in a time, beside another where the link names one."""
    query, view = await _asked(readers, request)
    title = f"{view.topic} and {view.other}" if view.other else view.topic
    listed = partial(changed, {"topic": view.topic, **_time(query)})
    return Shown(
        template="topic.html",
        title=f"{title} · Topics",
        data=view,
        section="topics",
        more={
            "query": query,
            "kept": changed(query),
            "spans": _spans(query),
            "beside": [(name, changed(query, **{"with": name})) for name in view.others],
            "listed": listed,
            "timed": bool(_time(query)),
            "alone": changed(query, **{"with": None}),
            "by_language": attention_of(view, "language"),
            "by_outlet": attention_of(view, "outlet"),
            "firsts": voices_of(view),
            "compared": compared_over(view) if view.other else None,
        },
    )


async def topic_chart(readers: Readers, request: Request) -> Drawing:
    """One of the pictures of a topic."""
    _, view = await _asked(readers, request)
    picture = request.path_params["picture"]
    if picture in ("language", "outlet"):
        return attention_of(view, picture)
    if picture == "voices":
        return voices_of(view)
    if picture == "compared" and view.other:
        return compared_over(view)
    raise not_found("There is no such picture.")


async def _asked(readers: Readers, request: Request) -> tuple[dict[str, str], TopicView]:
    query = _query(request)
    span = span_of(query, readers.now())
    asked = TopicTime(
        request.path_params["topic"], span.since, span.until, query.get("with") or None
    )
    view = await readers.known(asked, lambda connection: topic_view(connection, asked))
    if view is None:
        raise not_found("Nothing that the desk has mentions a topic of this name.")
    return query, view


def _query(request: Request) -> dict[str, str]:
    given = request.query_params
    query = {name: text for name in _KEPT if (text := given.get(name, "").strip())}
    if not query.keys() & set(TIMES):
        query["days"] = USUAL_DAYS
    return query


def _time(query: dict[str, str]) -> dict[str, str]:
    """What of the link names a time; nothing where that is all of it."""
    named = {name: query[name] for name in TIMES if name in query}
    return {} if named.get("days") == ALL_DAYS else named


def _spans(query: dict[str, str]) -> list[tuple[str, str, bool]]:
    """The times that can be chosen: name, link, and whether it is."""
    no_days = {"from": None, "to": None}
    spans = [
        (
            how_many(days, "day"),
            changed(query, days=str(days), **no_days),
            query.get("days") == str(days),
        )
        for days in SPANS[1:]
    ]
    return [
        *spans,
        ("all", changed(query, days=ALL_DAYS, **no_days), query.get("days") == ALL_DAYS),
    ]
