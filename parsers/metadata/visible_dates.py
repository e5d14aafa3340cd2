"""When the article was published and changed, as its readers see it: in the lines around it.

line ─ cut at labels ("Published", "Diperbarui:") ─ a date and little else ─▶ said dates
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml.html import HtmlElement

from parsers.metadata.surroundings import LinesAround, ShownLine
from parsers.text.dates import Moment, at_home, parse_moment
from parsers.text.written_dates import find_days

_YEAR = re.compile(r"(?<!\d)(?:19[89]\d|20\d\d|2[45]\d\d|[٠-٩۰-۹]{4}|[๐-๙]{4})(?!\d)")
_CHANGED = (
    r"last\s+(?:updated|modified|edited|reviewed|revised|change[sd]?)|updated?|modified|revised|edited|diperbarui|diperbaharui|"
    r"pembaruan|update|aktualisiert|zuletzt|geändert|stand|mis\s+à\s+jour|modifié|actualizado|actualizada|modificado|atualizad[oa]|"
    r"aggiornat[oa]|aggiornamento|bijgewerkt|gewijzigd|laatst|zaktualizowano|aktualizacja|обновлен[оа]?|изменено|güncelleme|güncellendi|"
    r"آخر\s+تحديث|تحديث|更新|最終更新|수정|업데이트|cập\s+nhật|opdateret|oppdatert|uppdaterad"
)
_PUBLISHED = (
    r"(?:first\s+|originally\s+)?(?:published|posted|written|created|added|released)|date|diterbitkan|dipublikasikan|terbit|tayang|"
    r"ditayangkan|diposting|veröffentlicht|erstellt|erschienen|publié|publicad[oa]|pubblicat[oa]|gepubliceerd|geplaatst|opublikowano|"
    r"dodano|опубликовано|дата|yayınlanma|yayınlandı|giriş|oluşturulma|نشر|تاريخ\s+النشر|发布|發佈|发表|公開|掲載|配信|등록|입력|đăng|publisert|publicerad"
)
_LABEL = re.compile(
    rf"(?<![^\W\d_])(?:(?P<changed>{_CHANGED})|(?P<published>{_PUBLISHED}))(?![^\W\d_])",
    re.IGNORECASE,
)
_CHANGED_NAME = re.compile(r"updated|modified|lastmod|changed")
_PUBLISHED_NAME = re.compile(
    r"publish|pubdate|(?:entry|post|article)[-_]?(?:date|time)|date[-_]?created"
)
_OTHER_WORDS = 9
"""Words beside a date in a line that tells when: more are a sentence."""
_LINE_CHARS = 180
_PART_CHARS = 95
_HEAD_LINES = 12
"""Lines below a headline among which its date stands."""
_SHORT = re.compile(r"\W*(?!(\d\d?)/\1/)(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/\d\d\W*")
"""A day, a month and two digits of a year, the first two either way round."""
_AGO = re.compile(
    r"\b(?:ago|lalu|vor|hace|il y a|há|atrás|fa|geleden|önce|назад|temu)\b|前|전$|منذ"
    r"|yesterday|today|loading",
    re.IGNORECASE,
)
_AGO_ATTRIBUTES = (
    *("datetime", "title", "content", "data-date", "data-datetime", "data-time", "data-timestamp"),
    *("data-published", "data-utc", "data-ts"),
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_WHOLE_DAY = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}(?:st|nd|rd|th|\.)?\s[^\W\d_]{3,12}\.?,?\s\d{4}"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}"
    r"|\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4}([/.-])\d{1,2}\2\d{1,2})(?!\d)"
)
_PLACE = re.compile(r"\W*(?:[^\W\d_a-zà-ÿ][\w.’'-]*[\s,/|(–—-]{1,3}){1,7}")
_BEHIND_DATELINE = re.compile(r"\s?(?:/\s?[A-Z]|\([A-Z][^()]{2,30}\)|\)?\s?(?:--?|[–—])\s|\)\s?:)")
_DATELINE_CHARS = 200
_NEVER = datetime.max.replace(tzinfo=UTC)
_THAI, _KANA, _HANGUL, _HAN = (
    re.compile(signs)
    for signs in ("[\u0e01-\u0e2e]", "[\u3040-\u30ff]", "[\uac00-\ud7af]", "[\u4e00-\u9fff]")
)


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A date that readers see, and what it is said to be."""

    moment: Moment | None
    """None where it could be read in two ways."""
    kind: str
    """`published`, `changed`, or `date` where nothing says of what."""
    text: str
    is_alone: bool = False
    """Whether it stands right below the headline, in a line that holds nothing else."""


def read_said_dates(around: LinesAround, language: str | None, title: str = "") -> list[SaidDate]:
    """The dates around the article: those below its headline, then those above, nearest first, then
    those behind the text that say what they are of."""
    tongue = language or _language_of(title)
    below = [
        replace(said, is_alone=at < _HEAD_LINES and is_date_line(line.text))
        for at, line, said in _dates(around.below, tongue)
    ]
    above = [said for _, _, said in _dates(reversed(around.above), tongue)]
    behind = [said for _, _, said in _dates(around.behind, tongue) if said.kind != "date"]
    return [*below, *above, *behind]


def is_date_line(text: str, words: int = 1) -> bool:
    """Whether a line has no word but that of a month (none at all where it has no `words`), and
    what tells that it is the date."""
    return len(_WORD.findall(_LABEL.sub(" ", text))) <= words


def _dates(
    lines: Iterable[ShownLine], language: str | None
) -> Iterator[tuple[int, ShownLine, SaidDate]]:
    before = ""
    for at, line in enumerate(lines):
        text = line.text
        if len(text) > _LINE_CHARS or not _YEAR.search(text):
            if moment := _of_ago(line, text):
                yield (
                    at,
                    line,
                    SaidDate(moment, _kind_of_name(line.pieces[0].element, text, ""), text),
                )
            elif _SHORT.fullmatch(text):
                yield at, line, SaidDate(None, "date", text)
            before = text
            continue
        label = _LABEL.search(before) if len(before) < _PART_CHARS // 2 else None
        pending = _kind(label) if label else ""
        if machine := _of_machine(line):
            kind = _kind_of_name(line.pieces[0].element, text, pending)
            yield at, line, SaidDate(machine, kind, text)
        else:
            for said in _in_line(text, pending, language):
                yield at, line, said
        before = ""


def _of_ago(line: ShownLine, text: str) -> Moment | None:
    """What the element of a line such as "2 years ago" states for machines or as its tip."""
    if not _AGO.search(text):
        return None
    stated = {
        value
        for piece in line.pieces
        for name in _AGO_ATTRIBUTES
        if (value := piece.element.get(name))
    }
    moments = {moment for value in stated if (moment := parse_moment(value))}
    return moments.pop() if len(moments) == 1 else None


def _of_machine(line: ShownLine) -> Moment | None:
    """What the one `time` element of a line states for machines."""
    times = {
        element.get("datetime")
        for piece in line.pieces
        for element in (piece.element, piece.element.getparent())
        if element is not None and element.tag == "time" and element.get("datetime")
    }
    return parse_moment(times.pop()) if len(times) == 1 else None


def _kind_of_name(element: HtmlElement, text: str, pending: str) -> str:
    found = _LABEL.search(text)
    if found or pending:
        return _kind(found) if found else pending
    name = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    return "changed" if _CHANGED_NAME.search(name) and not _PUBLISHED_NAME.search(name) else "date"


def _in_line(text: str, pending: str, language: str | None) -> Iterator[SaidDate]:
    labels = list(_LABEL.finditer(text))
    starts = [0, *(label.start() for label in labels)]
    kinds = [pending or "date", *(_kind(label) for label in labels)]
    if "changed" in kinds and kinds[0] == "date":
        kinds[0] = "published"
    ends = [*starts[1:], len(text)]
    for start, end, kind in zip(starts, ends, kinds, strict=True):
        part = text[start:end]
        if not _YEAR.search(part):
            continue
        yield from _dates_in(part, kind, language)


def _dates_in(part: str, kind: str, language: str | None) -> Iterator[SaidDate]:
    """The date in a part of a line. Of several side by side the first in time is that of
    publication: what publishing systems show beside it is when the page was changed."""
    starts = [day.start() for day in _WHOLE_DAY.finditer(part)]
    if len(starts) < 2:
        found = _date_in(part, kind, language)
        if found:
            yield found
        return
    pieces = [part[start:end] for start, end in zip(starts, [*starts[1:], len(part)], strict=True)]
    read = [found for piece in pieces if (found := _date_in(piece, kind, language))]
    read.sort(key=lambda said: said.moment.at if said.moment else _NEVER)
    for at, said in enumerate(read):
        yield replace(said, kind="changed") if at and said.moment else said


def _date_in(part: str, kind: str, language: str | None) -> SaidDate | None:
    words = re.findall(r"[^\W\d_]{2,}", part)
    if len(words) > _OTHER_WORDS + 6 or (part.rstrip().endswith(".") and len(words) > _OTHER_WORDS):
        return None
    tongue = language or _language_of(part)
    for piece in _cut_around_year(part):
        moment = parse_moment(piece, tongue)
        if moment is not None:
            return SaidDate(at_home(moment, tongue), kind, piece)
    if re.search(r"(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)", part):
        return SaidDate(None, kind, part[:_PART_CHARS])
    return None


def _cut_around_year(part: str) -> Iterator[str]:
    if len(part) <= _PART_CHARS:
        yield part
    for year in _YEAR.finditer(part):
        yield part[max(0, year.start() - 40) : year.end() + 40]


def _kind(label: re.Match[str] | None) -> str:
    if label is None:
        return "date"
    return "changed" if label["changed"] else "published"


def _language_of(text: str) -> str | None:
    """The language of a text in a script that one language is written in."""
    if _THAI.search(text):
        return "th"
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    return "zh" if _HAN.search(text) else None


def read_dateline_day(paragraph: str) -> datetime | None:
    """The day in the dateline that a paragraph of a release opens with, such as "ALDER, January 9,
    2030 /Newswire/ --", at midnight UTC; None where it has none."""
    line = paragraph[:_DATELINE_CHARS]
    start, end, day = next(iter(find_days(line)), (0, 0, None))
    if day is None or not _PLACE.fullmatch(line[:start]):
        return None
    return day if _BEHIND_DATELINE.match(line[end:]) else None


def first_of(said: Sequence[SaidDate], *kinds: str) -> SaidDate | None:
    """The first date of the first of `kinds` that there is one of."""
    return next((one for kind in kinds for one in said if one.kind == kind and one.moment), None)
