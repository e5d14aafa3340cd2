"""A text with its marks of form as blocks to set: paragraphs, subheadings, quotations, lists and
tables, in which the places that mention a topic are marked.

text ─▶ lines ─▶ blocks of runs; evidence ─▶ spans ─▶ which run is whose
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from parsers.text.marks import CELL, HEADING, ITEM, QUOTE
from warehouse.published.pages.article import FoundMention

_NUMBERED = re.compile("[0-9]{1,9}\\.\u00a0")


@dataclass(frozen=True, slots=True)
class SetRun:
    """A stretch of text, and the topic that it mentions."""

    text: str
    topic: str | None = None


Line = tuple[SetRun, ...]


@dataclass(frozen=True, slots=True)
class SetBlock:
    """A piece of a text: heading, paragraph, quote, items, numbered or table."""

    kind: str
    lines: tuple[Line, ...] = ()
    """Of a paragraph and the items of a list."""
    rows: tuple[tuple[Line, ...], ...] = ()
    """Of a table: its cells."""
    blocks: tuple[SetBlock, ...] = ()
    """Of a quotation."""


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """Where a text mentions a topic."""

    start: int
    end: int
    topic: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some lines of the text, each with where it begins there."""

    lines: tuple[tuple[int, str], ...]


def set_text(text: str, spans: Sequence[MarkedSpan]) -> tuple[SetBlock, ...]:
    """`text` as blocks, with `spans` marked, which are in its order and do not overlap."""
    lines = []
    start = 0
    for line in text.split("\n"):
        lines.append((start, line))
        start += len(line) + 1
    return _blocks(lines, spans)


def set_line(text: str, spans: Sequence[MarkedSpan]) -> Line:
    """One line, such as a headline."""
    return _runs(0, text, spans)


def mentions_in(
    text: str, evidence: Iterable[FoundMention], places: Sequence[str]
) -> list[MarkedSpan]:
    """Where `text` mentions topics: what the evidence of `places` says, from the first place that
    it names on and as often as it counted, since the same name may be somebody else's elsewhere."""
    found: list[MarkedSpan] = []
    kept = sorted((one for one in evidence if one.place in places), key=_alias)
    for (alias, topic), rows in groupby(kept, _alias):
        found += _spans(text, alias, topic, list(rows))
    # Of those that overlap the first counts, and of those the longest.
    found.sort(key=lambda span: (span.start, -span.end))
    spans: list[MarkedSpan] = []
    for span in found:
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return spans


def _alias(one: FoundMention) -> tuple[str, str]:
    return one.alias, one.topic


def _spans(text: str, alias: str, topic: str, rows: Sequence[FoundMention]) -> list[MarkedSpan]:
    first, often = min(row.at for row in rows), sum(row.count for row in rows)
    words = re.escape(alias).replace("\\ ", r"\s+")
    bounded = rf"(?<![A-Za-z0-9]){words}(?![A-Za-z0-9])" if alias.isascii() else words
    places = re.compile(bounded, re.IGNORECASE).finditer(text, max(0, first - 1))
    spans = [MarkedSpan(one.start(), one.end(), topic) for one in places if one.start() >= first]
    return spans[:often]


def _blocks(lines: Sequence[tuple[int, str]], spans: Sequence[MarkedSpan]) -> tuple[SetBlock, ...]:
    blocks: list[SetBlock] = []
    for kind, group in groupby(_kinds(lines), lambda pair: pair[0]):
        piece = [line for _, line in group]
        if kind == "quote":
            inner = [(start + len(QUOTE), line[len(QUOTE) :]) for start, line in piece]
            blocks.append(SetBlock("quote", blocks=_blocks(inner, spans)))
        elif kind == "heading":
            blocks += [SetBlock("heading", (_cut(line, len(HEADING), spans),)) for line in piece]
        elif kind == "items":
            items = tuple(_cut(line, len(ITEM), spans) for line in piece)
            blocks.append(SetBlock("items", items))
        elif kind == "numbered":
            numbered = [(line, _NUMBERED.match(line[1])) for line in piece]
            items = tuple(_cut(line, match.end(), spans) for line, match in numbered if match)
            blocks.append(SetBlock("numbered", items))
        elif kind == "table":
            blocks.append(SetBlock("table", rows=tuple(_cells(line, spans) for line in piece)))
        elif kind == "paragraph":
            blocks.append(SetBlock("paragraph", tuple(_runs(*line, spans) for line in piece)))
    return tuple(blocks)


def _kinds(lines: Sequence[tuple[int, str]]) -> list[tuple[str, tuple[int, str]]]:
    """Each line with what it is of; a row of a table is one only beside another."""
    kinds = []
    rows = [CELL.rstrip() in line for _, line in lines]
    for place, (start, line) in enumerate(lines):
        near = rows[max(0, place - 1) : place + 2]
        if not line.strip():
            kind = ""
        elif line.startswith(QUOTE):
            kind = "quote"
        elif line.startswith(HEADING):
            kind = "heading"
        elif line.startswith(ITEM):
            kind = "items"
        elif _NUMBERED.match(line):
            kind = "numbered"
        else:
            kind = "table" if rows[place] and sum(near) > 1 else "paragraph"
        kinds.append((kind, (start, line)))
    return kinds


def _cells(line: tuple[int, str], spans: Sequence[MarkedSpan]) -> tuple[Line, ...]:
    start, text = line
    cells = []
    for cell in text.split("|"):
        inset = len(cell) - len(cell.lstrip())
        cells.append(_runs(start + inset, cell.strip(), spans))
        start += len(cell) + 1
    return tuple(cells)


def _cut(line: tuple[int, str], mark: int, spans: Sequence[MarkedSpan]) -> Line:
    return _runs(line[0] + mark, line[1][mark:], spans)


def _runs(start: int, text: str, spans: Sequence[MarkedSpan]) -> Line:
    """`text`, which begins at `start` of what the spans are of, as runs."""
    runs: list[SetRun] = []
    at, end = start, start + len(text)
    for span in spans:
        if span.start < at or span.end > end:
            continue
        if span.start > at:
            runs.append(SetRun(text[at - start : span.start - start]))
        runs.append(SetRun(text[span.start - start : span.end - start], span.topic))
        at = span.end
    if at < end:
        runs.append(SetRun(text[at - start :]))
    return tuple(runs)
