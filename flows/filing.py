"""Filing single articles by hand: links, saved pages, plain-text documents.

They take the walk of every other article, but for two things: they are not found in a feed
(their entries have the feed id 0), and they are kept also where they are off topic, since
somebody chose them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from flows.harvest import fetch_entry
from flows.outcomes import Harvested, decide_entry
from flows.settings import read_file
from flows.tools import Tools
from parsers.errors import PressclipError
from parsers.identity import entry_id
from parsers.records import Article, Entry, Page, Rejection
from warehouse.records import WaitingEntry

BY_HAND = 0
"""The feed id of entries that came from no feed."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one thing that was filed."""

    name: str
    harvested: Harvested


async def file_articles(tools: Tools, names: list[str]) -> tuple[Filed, ...]:
    """Files each of `names` (a link or a path) and loads them as one batch.

    Raises Drop for a file that can't be read, before anything is filed.
    """
    bodies = {name: read_file(Path(name), "document") for name in names if not is_link(name)}
    filed: list[Filed] = []
    entries: list[Entry] = []
    for name in dict.fromkeys(names):
        entry = _entry(name, bodies.get(name))
        found = await _read(tools, entry, name, bodies.get(name))
        harvested = decide_entry(
            WaitingEntry(entry, attempts=0),
            found,
            now=tools.now(),
            digest=tools.topics.digest,
            settings=tools.settings,
        )
        entries.append(_named(entry, harvested.article))
        filed.append(Filed(name, harvested))
    await tools.land(
        tools.batch(
            "add",
            entries=tuple(entries),
            articles=tuple(one.harvested.article for one in filed if one.harvested.article),
            outcomes=tuple(one.harvested.outcome for one in filed),
            failures=tuple(one.harvested.failure for one in filed if one.harvested.failure),
        )
    )
    await tools.load()
    return tuple(filed)


def is_link(name: str) -> bool:
    """Whether `name` is a link; everything else is a path."""
    return name.lower().startswith(("http://", "https://"))


def _entry(name: str, body: bytes | None) -> Entry:
    link = name if body is None else None
    guid = link or f"urn:sha256:{sha256(body or b'').hexdigest()}"
    return Entry(entry_id(BY_HAND, guid), BY_HAND, guid, link, title=Path(name).name)


def _named(entry: Entry, article: Article | None) -> Entry:
    return replace(entry, title=article.title) if article else entry


async def _read(
    tools: Tools, entry: Entry, name: str, body: bytes | None
) -> Article | Rejection | PressclipError:
    try:
        if body is not None:
            return await tools.pool.document(body, name)
        fetched = await fetch_entry(tools, entry)
        if isinstance(fetched, Page):
            return await tools.pool.page(fetched, None, keep_off_topic=True)
    except PressclipError as error:
        return error
    return fetched
