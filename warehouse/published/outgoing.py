"""Feeds out: the newest stories of the published copy, as the records that are written."""

from __future__ import annotations

from pathlib import Path

from parsers.feeds.write import SUMMARY, OutgoingFeed, OutgoingItem, lasting_id
from warehouse.desk import Desk
from warehouse.published.read import read
from warehouse.queries import queries, record


def outgoing_feed(  # noqa: PLR0913 - each says one thing, all but the warehouse by name
    where: Desk | Path,
    *,
    count: int,
    topic: str | None = None,
    language: str | None = None,
    full_text: bool = False,
    self_url: str | None = None,
    home_url: str | None = None,
) -> OutgoingFeed:
    """The `count` newest stories on `topic` (None: on any), newest first.

    Raises as `warehouse.published.read.read` does.
    """
    language = language and language.lower()
    table = read(
        where,
        queries("published/outgoing")["stories"],
        {
            "topic": topic,
            "language": language,
            "count": count,
            "full_text": full_text,
            # Enough to tell that there is more of it.
            "longest": SUMMARY + 1,
        },
    )
    rows = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    about = " ".join(filter(None, (topic, language and f"({language})")))
    return OutgoingFeed(
        feed_id=lasting_id("feed", f"{topic or '*'}:{language or '*'}"),
        title=f"Press clippings: {about}" if about else "Press clippings",
        items=tuple(_item(row) for row in rows),
        self_url=self_url,
        home_url=home_url,
    )


def topics_told(where: Desk | Path) -> tuple[str, ...]:
    """The topics that there are stories on."""
    return tuple(str(name) for (name,) in read(where, queries("published/outgoing")["topics"]).rows)


def _item(row: dict[str, object]) -> OutgoingItem:
    known_by = str(row.pop("known_by"))
    return record(OutgoingItem, {**row, "item_id": lasting_id("story", known_by)})
