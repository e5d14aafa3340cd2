"""Planning a harvest: which links to fetch, in which chunks. Pure: entries in, chunks out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlsplit

from flows.decisions.speaking import own_first, speaks_for_its_link
from parsers.identity import article_id
from parsers.urls import canonical_or_none
from warehouse.records import EntryOutcome, EntryState, WaitingEntry

Group = tuple[WaitingEntry, ...]
"""Entries with the same canonical link: one fetch decides them all."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Entries that are harvested as one step."""

    hosts: tuple[tuple[Group, ...], ...]
    """The groups of each host in it, all that the host has in this harvest."""

    @property
    def links(self) -> int:
        """How many pages it takes."""
        return sum(map(len, self.hosts))


def plan_chunks(entries: Iterable[WaitingEntry], size: int) -> tuple[Chunk, ...]:
    """Chunks of about `size` links. All entries of one host are in one chunk, so that pacing per
    host holds however many chunks run at once; a host with more links than that is a chunk of
    its own."""
    by_host: dict[str, dict[str, list[WaitingEntry]]] = defaultdict(lambda: defaultdict(list))
    for waiting in entries:
        link = identity_of(waiting)
        by_host[_server(link)][link].append(waiting)
    hosts = [tuple(map(own_first, groups.values())) for groups in by_host.values()]
    chunks: list[list[tuple[Group, ...]]] = []
    links = size
    for groups in sorted(hosts, key=len, reverse=True):
        if links + len(groups) > size:
            chunks.append([])
            links = 0
        chunks[-1].append(groups)
        links += len(groups)
    return tuple(Chunk(tuple(chunk)) for chunk in chunks)


def _server(link: str) -> str:
    """The host of a link, with its port where that is its own; nothing for what is no link."""
    try:
        return urlsplit(link).netloc
    except ValueError:
        return ""


def host_of_groups(groups: Sequence[Group]) -> str:
    """The host, with its port, that all `groups` of a chunk's host have in common."""
    return _server(identity_of(groups[0][0]))


def identity_of(waiting: WaitingEntry) -> str:
    """The canonical link of an entry, or a name of its own where it has none."""
    link = waiting.entry.link
    return _canonical_or_same(link) if link else f"entry:{waiting.entry.entry_id}"


@lru_cache(maxsize=10_000)
def _canonical_or_same(link: str) -> str:
    # Asked for once to look for known articles and once to plan; the rules are many.
    return canonical_or_none(link) or link


def already_stored(
    entries: Sequence[WaitingEntry],
    known: Mapping[int, bool],
    *,
    now: datetime,
    digest: str,
    renamed: Mapping[str, int] = MappingProxyType({}),
) -> tuple[tuple[WaitingEntry, ...], tuple[EntryOutcome, ...]]:
    """`entries` parted into those to fetch and the outcomes of those whose link is an article
    already: one of `known`, which says of each whether it is only what a feed carried, or of
    `renamed`, by the links that are edited addresses.

    An entry that its feed has updated is fetched again: its article may be revised. So is an entry
    of the page's own site as long as nobody has read the page.
    """
    to_fetch: list[WaitingEntry] = []
    outcomes: list[EntryOutcome] = []
    for waiting in entries:
        edited = renamed.get(waiting.entry.link or "")
        found = edited or link_article_id(waiting)
        settled = bool(edited) or (
            found in known and not (known[found] and speaks_for_its_link(waiting))
        )
        if settled and waiting.article_id is None:
            outcomes.append(
                EntryOutcome(
                    waiting.entry.entry_id,
                    EntryState.DUPLICATE,
                    now,
                    "same_article",
                    article_id=found,
                    attempts=waiting.attempts + 1,
                    topics_digest=digest,
                    **waiting.found_fields(),
                )
            )
        else:
            to_fetch.append(waiting)
    return tuple(to_fetch), tuple(outcomes)


def link_article_id(waiting: WaitingEntry) -> int:
    """The id of the article at an entry's link, if the link is canonical."""
    return article_id(identity_of(waiting))
