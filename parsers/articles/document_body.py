"""The text of a saved page without what the page says below and between it.

A line goes where a rule of `document_rules` names it; what a box or a closing phrase takes with
it goes too, but a sentence between paragraphs never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.articles.document_rules import Acts, DocumentRule, document_rules
from parsers.text.lines import is_prose

_PARAGRAPH_CHARS = 60
"""A line of this many characters that ends like a sentence is a paragraph."""
_MIN_BEFORE = 150
"""Characters of paragraphs before a phrase can close the text."""
_FULL_STOP = re.compile(r"[.。।…][\"'”’»)\]]*\Z")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।։።][\"'”’»)\]]*\Z")
_SENTENCE_END_WITHIN = re.compile(r"[.!?…。！？؟।։።]")
_LISTED = re.compile(r"(?:[-–—•*▪●◦■✓]|\d{1,2}[.)]\s)\s*\S")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_NUMBER = re.compile(r"[\W\d_]*(?:\d ?[KkMm])?\W*")


@dataclass(frozen=True, slots=True)
class ArticleLines:
    """The lines of the article, and what was taken away."""

    lines: list[str]
    removed: list[tuple[str, str]]
    """(boilerplate class, line) pairs in reading order."""


def is_paragraph(line: str) -> bool:
    """Whether a line is of the running text: long, or a whole sentence that is no headline's."""
    if is_prose(line):
        return _SENTENCE_END_WITHIN.search(line) is not None
    return len(line) >= _PARAGRAPH_CHARS and _FULL_STOP.search(line) is not None


def is_sentence(line: str) -> bool:
    """Whether a line ends as sentences do and headlines don't."""
    return " " in line and _FULL_STOP.search(line) is not None


def take_chrome_away(lines: Sequence[str]) -> ArticleLines:
    """Take away what rules name, and what goes with it."""
    named = list(_named(lines))
    weights = [len(line) if rule is None and is_paragraph(line) else 0 for line, rule in named]
    last = max((i for i, weight in enumerate(weights) if weight), default=-1)
    kept: list[tuple[int, str]] = []
    removed: list[tuple[str, str]] = []
    within: DocumentRule | None = None
    """The rule of the box that the line stands in."""
    closing = -1
    before, after = 0, sum(weights)
    for index, (line, rule) in enumerate(named):
        before, after = before + weights[index], after - weights[index]
        if rule is not None:
            removed.append((rule.name, line))
            closing = index
            if _closes(rule, before, after):
                removed += [(rule.name, gone) for gone, _ in named[index + 1 :]]
                break
            within = rule if rule.acts is not Acts.LINE else within
        elif _NUMBER.fullmatch(line) and not (within is None and _YEAR.fullmatch(line)):
            removed.append(("number", line))
        elif within is None or weights[index] or (is_sentence(line) and index < last):
            within = None
            kept.append((index, line))
        else:
            removed.append((within.name, line))
            within = None if within.acts is Acts.ONE else within
    _strip_end(kept, removed, closing)
    return ArticleLines([line for _, line in kept], removed)


def _named(lines: Sequence[str]) -> Iterator[tuple[str, DocumentRule | None]]:
    """Each line with its rule; what is glued to the end of a paragraph is a line of its own."""
    rules = document_rules()
    before, whole = 0, sum(map(len, lines))
    for line in lines:
        before += len(line)
        found = rules.glued_tail(line)
        if found is None:
            yield line, rules.match(line)
            continue
        start, rule = found
        read = before - len(line) + start
        if whole - read > read:
            yield line, None
            continue
        yield line[:start], None
        yield line[start:], rule


def _closes(rule: DocumentRule, before: int, after: int) -> bool:
    """Whether a phrase closes the text: there was some, and more than what follows. Below a form
    for comments there is nothing but comments."""
    if rule.acts is not Acts.END or before < _MIN_BEFORE:
        return False
    return after < before or rule.name == "comment_form"


def _strip_end(kept: list[tuple[int, str]], removed: list[tuple[str, str]], closing: int) -> None:
    """Take away tags, names and codes between the last sentence and the phrase below it."""
    end = len(kept)
    while end and kept[end - 1][0] < closing and not _SENTENCE_END.search(kept[end - 1][1]):
        if _LISTED.match(kept[end - 1][1]) or is_prose(kept[end - 1][1]):
            break
        end -= 1
    if end:
        removed += [("tags", line) for _, line in kept[end:]]
        del kept[end:]
