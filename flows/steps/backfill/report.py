"""What a backfill brought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from parsers.feeds.sitemaps import SitemapEntry
from parsers.identity import entry_id
from parsers.records import Entry
from warehouse.records import BACKFILLED

PROBLEMS = 10


@dataclass(slots=True)
class Backfilled:
    """What a backfill brought."""

    found: int = 0
    """Pages or addresses."""
    known: int = 0
    """Of these, how many an earlier backfill had brought."""
    states: Counter[str] = field(default_factory=Counter)
    """Entries by the state they got."""
    passed: Counter[str] = field(default_factory=Counter)
    """What is no page of text, is too old, or could not be read, by reason."""
    problems: list[str] = field(default_factory=list)
    """The first of what was broken, in words."""

    def add(self, other: Backfilled) -> None:
        """Counts what another found too."""
        self.found += other.found
        self.known += other.known
        self.states += other.states
        self.passed += other.passed
        self.problems += other.problems[: PROBLEMS - len(self.problems)]

    def pass_over(self, reason: str, problem: str | None = None) -> None:
        """Counts something that brings no entry; keeps the `problem`, where it is one."""
        self.passed[reason] += 1
        if problem and len(self.problems) < PROBLEMS:
            self.problems.append(problem)


def backfill_entry(page: SitemapEntry) -> Entry:
    """The entry of a page that came from no feed."""
    return Entry(
        entry_id(BACKFILLED, page.url),
        BACKFILLED,
        page.url,
        page.url,
        title=page.title,
        categories=page.keywords,
        language=page.language,
        published_at=page.published_at,
        date_flag=page.date_flag,
        updated_at=page.modified_at,
        backfill=True,
    )
