"""From a saved plain-text document to its article.

Whoever saves a page as text saves its chrome too: the day in the site's header, the menu, the
breadcrumb glued to the title, the comment form. The title is recovered from being repeated,
the section from the breadcrumb; a date above the title is when the page was seen, not when
the article was published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from parsers.boilerplate import clean_text
from parsers.datelines import read_dateline
from parsers.date_lines import read_date_line
from parsers.gate import judge_text
from parsers.identity import article_id
from parsers.language import read_language
from parsers.lines import fold, is_prose, normalise_lines
from parsers.records import Article, Rejection

_HEAD_LINES = 14
_HOME = re.compile(
    r"^(?:Home|Beranda|Startseite|Accueil|Inicio|Início|Homepage|Domů|Strona główna)"
    r"\s*(?:[>»›/|:→-]\s*)?",
)
_CRUMB_SEPARATOR = re.compile(r"\s*[>»›/|→]+\s*")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text of a document."""

    title: str | None
    body: list[str]
    section: str | None = None
    seen_at: datetime | None = None
    removed: tuple[tuple[str, str], ...] = ()


def read_document(text: str, *, name: str) -> Article | Rejection:
    """The article in a plain-text document; `name` is the file's name."""
    head = read_head(unwrap(text))
    cleaned = clean_text("\n\n".join(head.body), title=head.title)
    rejection = judge_text(cleaned.text)
    if rejection is not None:
        return rejection
    urn = "urn:sha256:" + sha256(text.encode("utf-8", "replace")).hexdigest()
    language = read_language(cleaned.text)
    known = {"title": head.title, "section": head.section, "seen_at": head.seen_at}
    counts = dict(cleaned.removed)
    for class_name, _ in head.removed:
        counts[class_name] = counts.get(class_name, 0) + 1
    return Article(
        article_id=article_id(urn),
        canonical_url=urn,
        url=name,
        title=head.title,
        text=cleaned.text,
        text_kind="document",
        seen_at=head.seen_at,
        dateline=read_dateline(cleaned.text),
        section=head.section,
        language=language.value if language else None,
        sources=tuple((field, "document") for field, value in known.items() if value),
        removed=tuple(counts.items()),
    )


def unwrap(text: str) -> list[str]:
    """The paragraphs of a document, whether its lines are paragraphs or were wrapped."""
    return normalise_lines(text)


def read_head(lines: list[str]) -> Head:
    """Tell title, section and seen date from the lines above the text."""
    found = _repeated_title(lines)
    if found is None:
        return _plain_head(lines)
    title, crumb, start = found
    above = lines[: start - 1]
    seen = next((day for day in map(read_date_line, above) if day), None)
    removed = tuple((_head_class(line, title), line) for line in lines[:start])
    return Head(title, lines[start:], _section(crumb), seen, removed)


def _repeated_title(lines: list[str]) -> tuple[str, str, int] | None:
    """(title, what is glued before its first occurrence, index of the first line after it)."""
    head = lines[:_HEAD_LINES]
    for index, line in enumerate(head):
        if len(fold(line).split()) < 2 or is_prose(line) and len(line) > 250:
            continue
        for earlier in head[:index]:
            if earlier.endswith(line):
                return line, earlier[: -len(line)], index + 1
    return None


def _plain_head(lines: list[str]) -> Head:
    """A document that starts with its title, or with its text."""
    if len(lines) > 1 and len(lines[0]) <= 250 and not lines[0].endswith((".", "。")):
        return Head(lines[0], lines[1:])
    return Head(None, lines)


def _section(crumb: str) -> str | None:
    """The last part of a breadcrumb, glued ("HomeBisnis") or not ("Home > Bisnis")."""
    rest = _HOME.sub("", crumb.strip())
    parts = [part for part in _CRUMB_SEPARATOR.split(rest) if part]
    if len(parts) == 1:
        parts = _CAMEL.split(parts[0])
    return parts[-1].strip() if parts else None


def _head_class(line: str, title: str) -> str:
    if line == title:
        return "repeated_title"
    if line.endswith(title):
        return "breadcrumb"
    return "date_line" if read_date_line(line) else "menu"
