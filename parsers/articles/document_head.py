"""What stands above the text of a saved document, and what it tells.

The title is recovered from being repeated (in the breadcrumb and as the headline), the section
from the breadcrumb. A date above the title is the day in the site's header, when the page was
seen; a date below it is when the article was published.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from parsers.extraction.boilerplate_rules import Scope, load_rules
from parsers.metadata.authors import split_names
from parsers.text.lines import fold, is_prose
from parsers.text.written_dates import read_date_line

_HEAD_LINES = 14
_GLUED_CHARS = 1200
_MAX_TITLE = 250
_MAX_SECTION = 40
_HOMES = "Home|Beranda|Startseite|Accueil|Inicio|Início|Homepage|Domů|Strona główna|Ana Sayfa"
_HOME = re.compile(rf"(?:{_HOMES})\s*(?:[>»›/|:→-]\s*)?(?!.*(?:{_HOMES}))")
_CRUMB = re.compile(r"\s*[>»›/|→]+\s*")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_DOUBLED = re.compile(r"(?P<title>[^\n]{15,250}?)\s*(?P=title)")


@dataclass(frozen=True, slots=True)
class Head:
    """What the lines above the text say, and the lines of the text."""

    title: str | None
    body: list[str]
    section: str | None = None
    seen_at: datetime | None = None
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = field(default=())
    """(boilerplate class, line) pairs."""


def read_head(lines: Sequence[str]) -> Head:
    """Tell title, section, dates and authors from the lines above the text."""
    head = _repeated_title(lines) or _doubled_title(lines) or _plain_title(lines)
    return _below_title(head)


def _repeated_title(lines: Sequence[str]) -> Head | None:
    """A title that stands alone in a line, and above it at the end of another."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if len(fold(line).split()) < 2 or len(line) > _MAX_TITLE:
            continue
        for earlier, above in enumerate(lines[:index]):
            if above.endswith(line):
                removed = tuple((_class_of(gone, line), gone) for gone in lines[: index + 1])
                crumb = above[: -len(line)] or _last_label(lines[:earlier])
                return Head(
                    line,
                    list(lines[index + 1 :]),
                    _section(crumb),
                    _seen(lines[:index]),
                    None,
                    (),
                    removed,
                )
    return None


def _doubled_title(lines: Sequence[str]) -> Head | None:
    """A title said twice within one line, where the line breaks of the head were lost."""
    for index, line in enumerate(lines[:3]):
        found = _DOUBLED.search(line[:_GLUED_CHARS])
        if found and len(fold(found["title"]).split()) > 2:
            crumb, rest = line[: found.start()], line[found.end() :].strip()
            title = found["title"].strip()
            removed = (*(("menu", above) for above in lines[:index]), ("breadcrumb", crumb + title))
            body = ([rest] if rest else []) + list(lines[index + 1 :])
            seen = _seen(lines[:index]) or _leading_date(crumb)
            return Head(title, body, _section(crumb), seen, None, (), removed)
    return None


def _plain_title(lines: Sequence[str]) -> Head:
    """A document that starts with its title, or with its text."""
    skipped = 0
    while skipped < min(len(lines), _HEAD_LINES) and _is_chrome(lines[skipped]):
        skipped += 1
    removed = tuple((_class_of(line, None), line) for line in lines[:skipped])
    rest = list(lines[skipped:])
    seen = _seen(lines[:skipped])
    if len(rest) > 1 and len(rest[0]) <= _MAX_TITLE and not rest[0].endswith((".", "。", ":")):
        return Head(rest[0], rest[1:], None, seen, None, (), removed)
    return Head(None, rest, None, seen, None, (), removed)


def _below_title(head: Head) -> Head:
    """Read byline and date between title and text."""
    body, removed = list(head.body), list(head.removed)
    authors, published = head.authors, head.published_at
    while body and not is_prose(body[0]):
        rule = load_rules().match(body[0], {Scope.HEAD})
        day = read_date_line(body[0])
        if day:
            published = published or day
        elif rule is not None and rule.name == "byline":
            authors = authors or tuple(split_names(body[0]))
        elif rule is None or rule.name not in ("date_line", "reading_time"):
            break
        removed.append(("date_line" if day else "byline", body.pop(0)))
    return replace(head, body=body, authors=authors, published_at=published, removed=tuple(removed))


def _seen(above: Sequence[str]) -> datetime | None:
    return next((day for day in map(read_date_line, above) if day), None)


def _leading_date(crumb: str) -> datetime | None:
    """The date that a glued head begins with."""
    ends = range(min(len(crumb), 45), 7, -1)
    return next((day for end in ends if (day := read_date_line(crumb[:end]))), None)


def _section(crumb: str) -> str | None:
    """The last part of a breadcrumb, glued ("HomeBisnis") or not ("Home > Bisnis")."""
    home = _HOME.search(crumb)
    rest = crumb[home.end() :] if home else crumb
    parts = [part for part in _CRUMB.split(rest.strip()) if part]
    if len(parts) == 1:
        parts = _CAMEL.split(parts[0])
    return parts[-1].strip() if parts and len(parts[-1]) <= _MAX_SECTION else None


def _last_label(above: Sequence[str]) -> str:
    """The line above the first title, where the breadcrumb has a line for each of its parts."""
    if len(above) > 1 and _HOME.fullmatch(above[-2]) and not _is_chrome(above[-1]):
        return above[-1]
    return ""


def _is_chrome(line: str) -> bool:
    return read_date_line(line) is not None or load_rules().match(line, {Scope.HEAD}) is not None


def _class_of(line: str, title: str | None) -> str:
    if line == title:
        return "repeated_title"
    if title and line.endswith(title):
        return "breadcrumb"
    return "date_line" if read_date_line(line) else "menu"
