"""Two revisions side by side: paragraphs that stayed, went, came or changed, and which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MOST_PARAGRAPHS = 400
"""Of a revision that are compared; what is behind them is not shown."""
MOST_WORDS = 400
"""Of a paragraph whose words are compared: longer ones are shown as changed as a whole."""
LEAST_ALIKE = 0.6
"""Of two paragraphs, for their words to be compared: others are another text altogether."""
_WORD = re.compile(r"\w+|\W")


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A stretch of a paragraph, and whether it is in this revision only."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A paragraph beside what it was: both sides, or the one that there is."""

    old: tuple[DiffPiece, ...] | None
    new: tuple[DiffPiece, ...] | None
    same: int = 0
    """How many paragraphs stayed as they were, where this stands for them."""


def side_by_side(old: str, new: str) -> tuple[DiffRow, ...]:
    """How the text `new` differs from `old`."""
    before, after = _paragraphs(old), _paragraphs(new)
    rows: list[DiffRow] = []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for step, old_from, old_to, new_from, new_to in steps:
        if step == "equal":
            rows.append(DiffRow(None, None, old_to - old_from))
            continue
        pairs = zip_longest(before[old_from:old_to], after[new_from:new_to])
        rows += [_row(one, other) for one, other in pairs]
    return tuple(rows)


def words_apart(old: str, new: str) -> DiffRow:
    """The same of two lines, such as headlines."""
    return _row(old, new)


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()][:MOST_PARAGRAPHS]


def _row(old: str | None, new: str | None) -> DiffRow:
    if old is None or new is None:
        return DiffRow(
            None if old is None else (DiffPiece(old, True),),
            None if new is None else (DiffPiece(new, True),),
        )
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return DiffRow((DiffPiece(old, True),), (DiffPiece(new, True),))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return DiffRow((DiffPiece(old, True),), (DiffPiece(new, True),))
    blocks = [
        block
        for block in matcher.get_matching_blocks()
        # A space or a comma that both have between other words is no word that stayed.
        if any(word.isalnum() for word in before[block.a : block.a + block.size])
    ]
    return DiffRow(
        _pieces(before, [(block.a, block.a + block.size) for block in blocks]),
        _pieces(after, [(block.b, block.b + block.size) for block in blocks]),
    )


def _pieces(words: Sequence[str], kept: Sequence[tuple[int, int]]) -> tuple[DiffPiece, ...]:
    pieces = []
    at = 0
    for start, end in kept:
        if start > at:
            pieces.append(DiffPiece("".join(words[at:start]), True))
        pieces.append(DiffPiece("".join(words[start:end])))
        at = end
    if at < len(words):
        pieces.append(DiffPiece("".join(words[at:]), True))
    return tuple(pieces)
