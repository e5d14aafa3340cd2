"""The sources: how they are doing, what they bring, and what was not got."""

from __future__ import annotations

from starlette.requests import Request

from flows.web.answers import Shown, not_found
from flows.web.charts import Drawing
from flows.web.links import number_in
from flows.web.pages.desk import Readers
from flows.web.series import funnel_of
from flows.wording import how_many
from warehouse.published.pages.sources import Source, SourcesView, sources_view

TROUBLED = ("failing", "muted", "unread", "silent")


async def sources_page(readers: Readers, request: Request) -> Shown:
    """How all sources are doing."""
    page = number_in(request.query_params, "page") or 1
    view = await readers.known(("sources", page), lambda connection: sources_view(connection, page))
    if page > view.pages:
        raise not_found("There are not so many feeds.")
    troubled = sum(one.feeds for one in view.healths if one.health in TROUBLED)
    return Shown(
        template="sources.html",
        title=f"Sources, {how_many(troubled, 'feed')} in trouble" if troubled else "Sources",
        data=view,
        section="sources",
        more={
            "troubled": [one for one in view.sources if one.health in TROUBLED],
            "well": [one for one in view.sources if one.health not in TROUBLED],
            "resting": [one for one in view.sources if one.rests],
            "feeds": sum(one.feeds for one in view.healths if one.health != "none"),
            "rhythms": {one.feed_id: _rhythm(one) for one in view.sources},
            "funnel": funnel_of(view),
        },
    )


async def sources_chart(readers: Readers, request: Request) -> Drawing:
    """One of the pictures of the sources."""
    if request.path_params["picture"] != "funnel":
        raise not_found("There is no such picture.")
    view: SourcesView = await readers.known(("sources", 1), sources_view)
    return funnel_of(view)


def _rhythm(source: Source) -> str:
    """How often it is asked, and how often it has something new."""
    asked = f"asked every {_span(source.poll_every)}" if source.poll_every else ""
    new = f"new every {_span(source.entry_gap)}" if source.entry_gap else ""
    return ", ".join(part for part in (asked, new) if part)


def _span(seconds: float) -> str:
    """About so long, in one unit."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 1.5 * size or (unit == "minute"):
            count = max(1, round(seconds / size))
            return unit if count == 1 else how_many(count, unit)
    return "moment"
