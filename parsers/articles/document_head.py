"""What stands above the text of a saved document, and what it tells.

The title is the last line above byline, date and text that reads like one, or the one that is
repeated (in the breadcrumb and as the headline); a title's words come back in the text. The
breadcrumb gives the section. A date above the title is the day in the site's header, when the page
was seen; a date below it is when the article was published.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile

from parsers.articles.document_body import is_paragraph, is_sentence
from parsers.articles.document_meta import MetaLine, is_person, read_meta_line, read_people
from parsers.articles.document_rules import Acts, document_rules
from parsers.extraction.boilerplate_rules import Scope, load_rules
from parsers.text.lines import fold, is_prose
from parsers.text.written_dates import read_date_line

_HEAD_LINES = 80
_GLUED_CHARS = 1200
_MAX_TITLE = 250
_MAX_SECTION = 40
_NOTES = 15
"""Among how many first lines a note about cookies may stand."""
_BODY_LINES = 40
"""How much of the text is searched for the words of a title."""
_HOMES = (
    "Home|Beranda|Startseite|Accueil|Inicio|Início|Homepage|Domů|Strona główna|Ana Sayfa|Portada"
)
_HOME = re.compile(rf"(?:{_HOMES})\s*(?:[>»›/|:→-]\s*)?(?!.*(?:{_HOMES}))")
_CRUMB = re.compile(r"\s*[>»›/|→]+\s*")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_DOUBLED = re.compile(r"(?P<title>[^\n]{15,250}?)\s*(?P=title)")
_STEM = 5
"""Characters that two forms of a word have in common."""
_TOLD = 0.3
"""The share of a title's words that come back in the text, at least."""
_CREDITED = re.compile(r"\((?:[A-Z][^()]{1,60}/|[Ff]oto|[Pp]hoto|[Dd]ok)[^()]{0,80}\)\W*\Z")
_CONSENT = re.compile(
    r"cookie|consent|datenschutz|privacy|privasi|privacidad|vie privée", re.IGNORECASE
)
_MOST_KNOWN = 6
"""Words of a title that count."""
_NUMBER = re.compile(r"[\W\d_]*(?:\d ?[KkMm])?\W*")


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
    doubled = _doubled_title(lines)
    if doubled:
        return _below_title(doubled)
    first = _first_of_text(lines)
    at = _title_at(lines, first)
    if at is None:
        skipped = sum(1 for _ in takewhile(_is_chrome, lines[:first]))
        removed = tuple((_class_of(line, None), line) for line in lines[:skipped])
        return Head(None, list(lines[skipped:]), None, _seen(lines[:skipped]), removed=removed)
    title, above = lines[at], lines[:at]
    earlier = next((index for index, line in enumerate(above) if line.endswith(title)), 0)
    crumb = above[earlier][: -len(title)] if above and above[earlier].endswith(title) else ""
    removed = tuple((_class_of(line, title), line) for line in lines[: at + 1])
    section = _section(crumb or _last_label(above[:earlier]))
    head = Head(title, list(lines[at + 1 :]), section, _seen(above), removed=removed)
    signed = next((meta for meta in map(read_meta_line, above[-3:]) if meta and meta.authors), None)
    if signed:
        head = replace(head, authors=signed.authors, published_at=signed.published)
    return _below_title(head)


def _first_of_text(lines: Sequence[str]) -> int:
    """Index of the first line of the running text, or of all lines but the first where none is long
    enough to tell."""
    head = lines[:_HEAD_LINES]
    for index, line in enumerate(head):
        if _is_note(head, index):
            continue
        repeated = any(above.endswith(line) for above in lines[:index])
        if is_paragraph(line) and not repeated and not (_is_chrome(line) or _is_caption(line)):
            if any(line.endswith(below) for below in head[index + 1 : index + 8] if " " in below):
                continue
            above = reversed(lines[1:index])
            short = takewhile(lambda line: is_sentence(line) and not _is_chrome(line), above)
            return index - sum(1 for _ in short)
    return min(len(lines) - 1, _HEAD_LINES)


def _is_note(head: Sequence[str], index: int) -> bool:
    """Whether a paragraph asks for consent above the headline: a byline or date comes below it."""
    if not _CONSENT.search(head[index]) or index > _NOTES:
        return False
    return any(read_meta_line(line) for line in head[index + 1 : index + 2 * _NOTES])


def _title_at(lines: Sequence[str], first: int) -> int | None:
    """Index of the title among the lines above the text; None where none reads like one."""
    words = _stems(" ".join(filter(is_paragraph, lines[first : first + _BODY_LINES])))
    ranks = {
        index: _rank(lines, index, first, words)
        for index in range(first)
        if _may_be_title(lines[index])
    }
    best = max(ranks, key=lambda index: (ranks[index], index), default=None)
    if best is None:
        return None
    # A standfirst without a full stop says more than the headline right above it.
    above = best - 1
    if (
        above in ranks
        and not lines[above].endswith(lines[best])
        and len(fold(lines[above]).split()) > 4
        and len(_stems(lines[above]) & words) >= _MOST_KNOWN / 2
    ):
        return above
    return best


def _rank(lines: Sequence[str], index: int, first: int, words: set[str]) -> float:
    """How much a line is like the title: its words come back, it is a headline by its length, it is
    repeated, and byline or date stand below it."""
    line = lines[index]
    size = min(len(fold(line).split()), 5) / 5 if line.isascii() else min(len(line), 20) / 20
    told = _told(line, words)
    if is_person(line):
        return size * told
    known = min(len(_stems(line) & words), _MOST_KNOWN) / 2
    others = [other for at, other in enumerate(lines[:first]) if at != index]
    repeated = size > 0.4 and any(other.endswith(line) for other in others)
    below = next((other for other in lines[index + 1 : first] if not _is_small(other)), "")
    dated = size > 0.4 and told >= _TOLD and read_meta_line(below) is not None
    return size + known + 3 * repeated + dated


def _is_small(line: str) -> bool:
    """Whether a line may stand between a title and its date: a button, a name, a label."""
    if read_meta_line(line) is not None:
        return False
    return _is_idle(line) or _signed(line) or len(line.split()) <= 2 or is_person(line)


def _told(line: str, words: set[str]) -> float:
    stems = _stems(line)
    return len(stems & words) / len(stems) if stems else 0.0


def _stems(text: str) -> set[str]:
    """The beginnings of the longer words; pairs of characters where words have no spaces."""
    words = fold(text).split()
    stems = {word[:_STEM] for word in words if len(word) > 3 and word.isascii()}
    for word in words:
        if not word.isascii() and is_prose("。" + word[:1] * 40):
            stems |= {word[at : at + 2] for at in range(len(word) - 1)}
        elif not word.isascii():
            stems.add(word[:_STEM])
    return stems


def _may_be_title(line: str) -> bool:
    if (
        len(line) > _MAX_TITLE
        or line.endswith((".", "。", ":"))
        or _NUMBER.fullmatch(line) is not None
    ):
        return False
    return not (_is_chrome(line) or _signed(line)) and read_meta_line(line) is None


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


def _below_title(head: Head) -> Head:
    """Read byline and date between title and text, and take away what stands with them."""
    first = _first_of_text(["", *head.body]) - 1 if head.body else 0
    block = head.body[:first]
    metas = [read_meta_line(line) for line in block]
    last = max((i for i, line in enumerate(block) if metas[i] or _is_idle(line)), default=-1)
    kept: list[str] = []
    removed = list(head.removed)
    takes_next = False
    for index, line in enumerate(block):
        meta, rule = metas[index], document_rules().match(line)
        if takes_next or line == head.title or meta or _is_idle(line):
            removed.append((_class_below(line, meta), line))
        elif index <= last and _is_label(line):
            removed.append(("byline" if is_person(line) else "menu", line))
        else:
            kept.append(line)
        takes_next = rule is not None and rule.acts is Acts.ONE
    told = [meta for meta in metas if meta]
    authors = head.authors or next((m.authors for m in told if m.authors), ())
    authors = authors or _bare_name(block[: last + 1])
    published = head.published_at or next((m.published for m in told if m.published), None)
    return replace(
        head,
        body=kept + head.body[first:],
        authors=authors,
        published_at=published,
        removed=tuple(removed),
    )


def _is_label(line: str) -> bool:
    """Whether a line among bylines and dates is a name, a section or the site's, no standfirst."""
    named = _signed(line) or read_people(line) or len(line.split()) <= 4
    return bool(named) and not is_sentence(line)


def _signed(line: str) -> bool:
    """A name, and where it is from: "Jane Roe - Example Times"."""
    name, dash, _ = line.partition(" - ")
    return bool(dash) and is_person(name)


def _bare_name(block: Sequence[str]) -> tuple[str, ...]:
    """The names of the first line that is nothing else."""
    names = (line.partition(" - ")[0] if _signed(line) else line for line in block)
    return next(filter(None, map(read_people, names)), ())


def _class_below(line: str, meta: MetaLine | None) -> str:
    if meta:
        return "byline" if meta.authors else "date_line"
    rule = document_rules().match(line)
    return rule.name if rule else "menu"


def _seen(above: Sequence[str]) -> datetime | None:
    return next((day for day in map(read_date_line, above) if day), None) or next(
        (day for line in above if len(line) > 60 and (day := _leading_date(line))), None
    )


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
    """Whether a line is known to be none of the article's."""
    return (
        read_date_line(line) is not None
        or document_rules().match(line) is not None
        or load_rules().match(line, {Scope.HEAD, Scope.ANYWHERE}) is not None
    )


def _is_idle(line: str) -> bool:
    """Whether a line between title and text is none of it: numbers, buttons, captions."""
    if _NUMBER.fullmatch(line) or _is_caption(line):
        return True
    return _is_chrome(line) and read_meta_line(line) is None


def _is_caption(line: str) -> bool:
    """Whether a line above the text ends in who took the picture: "(Example Times/J. Roe)"."""
    return len(line) <= _MAX_TITLE and _CREDITED.search(line) is not None


def _class_of(line: str, title: str | None) -> str:
    if line == title:
        return "repeated_title"
    if title and line.endswith(title):
        return "breadcrumb"
    return "date_line" if read_date_line(line) else "menu"
