"""Feeds of new stories, kept as files beside the published copy for any web server to serve.

    all.atom  all.json  musk.atom  musk.json  …

A file is written when what it says has changed, and swapped in by rename: whoever fetches it gets
the old one or the new one, and a feed reader that asks "modified since?" is told the truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from flows.settings import Settings
from parsers.feeds.write import OutgoingFeed, write_atom, write_json_feed
from parsers.topics.rules import EVERY_TOPIC
from warehouse.desk import Desk
from warehouse.files import put
from warehouse.published.outgoing import outgoing_feed, topics_told

WRITERS = {"atom": write_atom, "json": write_json_feed}
"""By the suffix of the file."""


def write_feeds(desk: Desk, settings: Settings, topics: Iterable[str] = ()) -> tuple[Path, ...]:
    """Bring the feeds in the folder that `settings` name up to date; returns the files that
    changed. `topics` get a feed even before there is a story on them.

    Does nothing where no folder is named. Raises OSError where it can't be written to.
    """
    if settings.feeds_folder is None:
        return ()
    settings.feeds_folder.mkdir(parents=True, exist_ok=True)
    changed: list[Path] = []
    # An early version took a topic of this name, and its stories may still be there.
    named = {*topics, *topics_told(desk)} - {EVERY_TOPIC}
    for topic in (None, *sorted(named)):
        name = topic or EVERY_TOPIC
        feed = outgoing_feed(
            desk,
            count=settings.feeds_items,
            topic=topic,
            full_text=settings.feeds_full_text,
        )
        for suffix, write in WRITERS.items():
            path = settings.feeds_folder / f"{name}.{suffix}"
            if _refresh(path, write(_addressed(feed, settings.feeds_url, path.name))):
                changed.append(path)
    return tuple(changed)


def _addressed(feed: OutgoingFeed, served_at: str | None, name: str) -> OutgoingFeed:
    """The feed with its own address, where the folder is served at `served_at`."""
    if served_at is None:
        return feed
    home = served_at.rstrip("/") + "/"
    return replace(feed, self_url=home + name, home_url=home)


def _refresh(path: Path, body: bytes) -> bool:
    """Give `path` this content; returns whether it had another."""
    if path.exists() and path.read_bytes() == body:
        return False

    def write(temporary: Path) -> None:
        temporary.write_bytes(body)

    put(path, write)
    return True
