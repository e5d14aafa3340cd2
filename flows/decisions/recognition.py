"""Which entries of a poll its feed has shown before, under whatever name, and what is new of those.
Pure.

    entries of a feed ─┬─ same guid and page, or same page and item ─▶ the entry that is known
                       │     something else is said of it ─▶ a newer version, to be looked at
                       │     nothing else                 ─▶ the version that is known
                       ├─ same guid, another page ─▶ a new entry with an id of its own
                       └─ neither                 ─▶ a new entry

Publishers give old guids to new pages, new guids to old pages, and links that differ in nothing but
a number for each reader. What of a feed's names changes from poll to poll is learnt from the items
that it shows again: a part that changed for `SURE` of them is no part of the name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from flows.decisions.new_entries import BULK
from parsers.identity import moved_entry_id
from parsers.records import FEED_READER, Entry, ParsedFeed
from parsers.urls import canonical_or_none
from warehouse.queue.entries import SeenEntry
from warehouse.records import Feed

SURE = 3
"""Items shown again with another value of a part, after which that part counts as changing."""
GUID = "guid"
"""How a feed whose guids change is marked, beside the names of parameters."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a feed shows, with the ids of what is known of it."""

    parsed: ParsedFeed
    """The feed with all its entries."""
    unstable: tuple[str, ...]
    """What of its links and guids changes from poll to poll."""
    suspected: tuple[str, ...]
    """What was seen to change, once for each item."""


def recognise(
    feed: Feed, parsed: ParsedFeed, seen: Sequence[SeenEntry], *, now: datetime
) -> Recognised:
    """`parsed` with the ids of the entries in `seen` that it shows again, those revised `now` that
    say something else. Where other readers read the feed before, what differs was read better, and
    is no news."""
    better = feed.read_by != FEED_READER
    matching = _Matching(feed, parsed.entries, seen, better=better)
    found = [matching.known_as(entry) for entry in parsed.entries]
    unstable, suspected = matching.learnt()
    entries: dict[int, Entry] = {}
    pairs = [
        (entry, match.known if match.sure or match.parts <= unstable else None, match)
        for entry, match in zip(parsed.entries, found, strict=True)
    ]
    restamped = _is_restamped([(entry, known) for entry, known, _ in pairs if known])
    for entry, known, match in pairs:
        settled = (
            _again(entry, known, now=now, better=better, restamped=restamped)
            if known
            else _new(entry, match)
        )
        entries.setdefault(settled.entry_id, settled)
    return Recognised(
        replace(parsed, entries=tuple(entries.values())),
        tuple(sorted(unstable)),
        tuple(sorted(suspected.elements())),
    )


@dataclass(frozen=True, slots=True)
class _Match:
    """What an entry was found to be."""

    known: SeenEntry | None = None
    sure: bool = False
    """Whether it is that entry for certain; else it is if `parts` are no part of its name."""
    parts: frozenset[str] = frozenset()
    moved: bool = False
    """Whether its guid is another page's."""


_NONE = _Match()


@dataclass(slots=True)
class _Matching:
    """Finds what is known of one feed's entries; each known entry is found once."""

    feed: Feed
    entries: Sequence[Entry]
    seen: Sequence[SeenEntry]
    better: bool
    """Whether other readers read what is known."""
    taken: set[int] = field(default_factory=set)
    evidence: Counter[str] = field(default_factory=Counter)
    _by_id: dict[int, SeenEntry] = field(default_factory=dict)
    _by_guid: dict[str, list[SeenEntry]] = field(default_factory=dict)
    _by_page: dict[str, list[SeenEntry]] = field(default_factory=dict)
    _by_address: dict[str, list[SeenEntry]] = field(default_factory=dict)
    _shown: set[int] = field(default_factory=set)
    _crowded: set[str] = field(default_factory=set)
    _telling: dict[frozenset[str], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id = {known.entry_id: known for known in self.seen}
        self._by_guid = _grouped((known.guid, known) for known in self.seen)
        self._by_page = _grouped((self._page(known.link), known) for known in self.seen)
        self._by_address = _grouped((_address(known.link), known) for known in self.seen)
        guids = {entry.guid for entry in self.entries if entry.guid}
        pages = Counter(self._page(entry.link) for entry in self.entries)
        self._crowded = {page for page, count in pages.items() if page and count > 1}
        self._shown = {
            known.entry_id
            for known in self.seen
            if known.guid in guids or (known.guid is None and self._page(known.link) in pages)
        }

    def known_as(self, entry: Entry) -> _Match:
        """The entry that `entry` is, the surest first."""
        page = self._page(entry.link)
        match = (
            self._same_name(entry, page)
            or self._same_page(entry, page)
            or self._same_guid(entry)
            or self._same_address(entry)
        )
        if match is None:
            return _NONE
        if match.known is not None:
            self.taken.add(match.known.entry_id)
        return match

    def learnt(self) -> tuple[frozenset[str], Counter[str]]:
        """What changes for certain by now, and what was seen to change."""
        suspected = Counter(self.feed.suspected) + self.evidence
        sure = {part for part, times in suspected.items() if times >= SURE}
        known = frozenset({*self.feed.unstable, *sure})
        left = Counter({part: times for part, times in suspected.items() if part not in known})
        return (known & {GUID} if self._tells(known) else known), left

    def _same_name(self, entry: Entry, page: str | None) -> _Match | None:
        """Its guid, if it has one, and its page."""
        named = (
            self._by_guid.get(entry.guid, []) if entry.guid else self._by_page.get(page or "", [])
        )
        same = [
            known
            for known in self._free(named)
            if self._page(known.link) == page and known.guid == entry.guid
        ]
        own = self._by_id.get(entry.entry_id)
        if own is not None and own not in same and own.guid == entry.guid:
            # Known by what it says, or has no page.
            same += [own] if self._page(own.link) == page and own.entry_id not in self.taken else []
        if not same:
            return None
        if page in self._crowded:
            # Told apart by what they say: only the very one, or one that is called the same.
            same = [
                known for known in same if known.entry_id == entry.entry_id or _alike(entry, known)
            ]
        best = min(
            same,
            key=lambda known: (known.entry_id != entry.entry_id, known.title != entry.title),
            default=None,
        )
        return _Match(best, sure=True) if best else None

    def _same_page(self, entry: Entry, page: str | None) -> _Match | None:
        """The page of an item that had another guid, or none: the same item where it says the
        same, or where the feed's guids are known to change."""
        if page is None:
            return None
        for known in self._free(self._by_page.get(page, [])):
            both = known.guid is not None and entry.guid is not None
            if known.entry_id in self._shown and both:
                continue
            if page in self._crowded:
                if entry.title and entry.title == known.title:
                    self.evidence[GUID] += both
                    return _Match(known, sure=not both, parts=frozenset({GUID}))
            elif not both or self.better or GUID in self.feed.unstable or _alike(entry, known):
                self.evidence[GUID] += both and not self.better
                return _Match(known, sure=True)
        return None

    def _same_guid(self, entry: Entry) -> _Match | None:
        """A guid that had another page: the same item where only parameters differ, else a new page
        that follows the old one."""
        named = self._by_guid.get(entry.guid, []) if entry.guid else []
        for known in self._free(named):
            if entry.link is None or known.link is None:
                return _Match(known, sure=True)
            if _address(known.link) == _address(entry.link) and known.title == entry.title:
                parts = _differing(entry.link, known.link)
                self.evidence.update(parts if not self._tells(parts) else ())
                return _Match(known, sure=True)
        return _Match(moved=True) if named else None

    def _same_address(self, entry: Entry) -> _Match | None:
        """An item that is no longer shown where it was, and says the same under a link that differs
        in parameters only."""
        address = _address(entry.link)
        if address is None or entry.link is None:
            return None
        if entry.published_at is None and len(self.entries) == 1:
            # A page that shows the latest of something only, each time under the same title.
            return None
        for known in self._free(self._by_address.get(address, [])):
            if known.entry_id in self._shown or known.link is None or not _alike(entry, known):
                continue
            parts = _differing(entry.link, known.link)
            if known.guid != entry.guid:
                parts |= {GUID}
            if parts and not self._tells(parts):
                self.evidence.update(parts)
                return _Match(known, parts=parts)
        return None

    def _tells(self, parts: frozenset[str]) -> bool:
        """Whether the feed tells its items apart by these parameters: without them, two that are
        called differently would have one link."""
        if parts not in self._telling:
            titles: defaultdict[str | None, set[str | None]] = defaultdict(set)
            for entry in self.entries:
                if entry.link and "?" in entry.link:
                    titles[page_of(entry.link, parts)].add(entry.title)
            self._telling[parts] = any(
                len(called) > 1 for page, called in titles.items() if page not in self._crowded
            )
        return self._telling[parts]

    def _free(self, found: Iterable[SeenEntry]) -> list[SeenEntry]:
        return [known for known in found if known.entry_id not in self.taken]

    def _page(self, link: str | None) -> str | None:
        return page_of(link, frozenset(self.feed.unstable))


def _grouped(pairs: Iterable[tuple[str | None, SeenEntry]]) -> dict[str, list[SeenEntry]]:
    groups: defaultdict[str, list[SeenEntry]] = defaultdict(list)
    for name, known in pairs:
        if name is not None:
            groups[name].append(known)
    return groups


@lru_cache(maxsize=20_000)
def page_of(link: str | None, unstable: frozenset[str] = frozenset()) -> str | None:
    """What tells a page from others: its canonical address without what changes in its feed."""
    if link is None:
        return None
    canonical = canonical_or_none(link) or link
    address, mark, query = canonical.partition("?")
    if not mark or not unstable:
        return canonical
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in unstable]
    return f"{address}?{'&'.join(kept)}" if kept else address


def _address(link: str | None) -> str | None:
    return None if link is None else (page_of(link) or link).partition("?")[0]


def _parameters(link: str) -> dict[str, str]:
    query = urlsplit(page_of(link) or link).query
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {name: value for name, _, value in pairs}


def _differing(one: str, other: str) -> frozenset[str]:
    """The parameters in which two links differ."""
    first, second = _parameters(one), _parameters(other)
    names = first.keys() | second.keys()
    return frozenset(name for name in names if first.get(name) != second.get(name))


def _alike(entry: Entry, known: SeenEntry) -> bool:
    """Whether two items say the same: the same title of the same moment, or with the same text
    where neither has a date."""
    if entry.title != known.title or not (entry.title or entry.summary):
        return False
    if entry.published_at or known.published_at:
        return entry.published_at == known.published_at
    # What is known of entries long off topic is their title only.
    return known.summary is None or entry.summary == known.summary


def _is_restamped(pairs: Sequence[tuple[Entry, SeenEntry]]) -> bool:
    """Whether a feed has new dates for most of what it showed before: that is no news of any."""
    stamped = sum(
        1
        for entry, known in pairs
        if entry.title == known.title and _dates(entry, known) != _known_dates(known)
    )
    return stamped >= BULK and stamped * 2 >= len(pairs)


def _dates(entry: Entry, known: SeenEntry) -> tuple[object, object]:
    """The dates of an entry; one that it no longer states is the one that it stated."""
    return entry.published_at or known.published_at, entry.updated_at or known.updated_at


def _known_dates(known: SeenEntry) -> tuple[object, object]:
    return known.published_at, known.updated_at


def _again(
    entry: Entry, known: SeenEntry, *, now: datetime, better: bool, restamped: bool
) -> Entry:
    """A known entry as the feed shows it now: a newer version of it where it says something new."""
    published, updated = _dates(entry, known)
    shown = replace(
        entry,
        entry_id=known.entry_id,
        # Its own feed may have turned out to be the one that shows it.
        feed_id=known.feed_id,
        published_at=published,  # type: ignore[arg-type] # a date or None, as both have it
        updated_at=updated,  # type: ignore[arg-type]
        backfill=known.backfill,
    )
    is_older = bool(
        entry.updated_at and known.updated_at and entry.updated_at < known.updated_at
    )  # out of somebody's cache
    if is_older or not _differs(shown, known):
        return shown
    is_stamped = restamped and entry.title == known.title and not _is_updated(entry, known)
    # What waits is looked at in any case, and has not been as it was.
    reread = (better or is_stamped) and not known.waits
    return replace(shown, revised_at=now, reread=reread)


def _is_updated(entry: Entry, known: SeenEntry) -> bool:
    """Whether the entry says of itself that it was updated."""
    if entry.updated_at is None:
        return False
    return known.updated_at is None or entry.updated_at > known.updated_at


def _differs(entry: Entry, known: SeenEntry) -> bool:
    return entry.title != known.title or (
        (entry.published_at, entry.updated_at) != _known_dates(known)
    )


def _new(entry: Entry, match: _Match) -> Entry:
    """A new entry. Where its guid is another page's already, both are its name."""
    if not match.moved or entry.guid is None or entry.link is None:
        return entry
    page = page_of(entry.link) or entry.link
    return replace(entry, entry_id=moved_entry_id(entry.feed_id, entry.guid, page))
