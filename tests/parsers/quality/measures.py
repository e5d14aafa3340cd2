"""How well predictions fit the truth.

body      4-word shingles as multisets; precision and recall are means over pages, F1 their
          harmonic mean; also where a standfirst counts as no part of the text, since truths differ
exact     the share of pages whose sequence of words is the truth's
word_f1   F1 of the words as multisets, a mean over pages
snippets  the share of wanted snippets found and of unwanted ones kept out, pooled
title     equal after case folding and white space
date      the same day in UTC or where the page's clock stands, or in the truth's own offset
authors   F1 of the sets after case folding, a mean over pages
rejected  the share of pages that are taken for no article; each is one, so each is wrong
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from statistics import mean

from parsers.records import Article, Rejection
from tests.parsers.quality.evaluation import Truth

Shingles = Counter[tuple[str, ...]]

_WORD = re.compile(r"\w+")
_SHINGLE = 4


def shingles(text: str) -> Shingles:
    """Runs of four words with their counts; a shorter text is one shingle."""
    words = _WORD.findall(text.lower())
    starts = range(max(1, len(words) - _SHINGLE + 1)) if words else ()
    return Counter(tuple(words[start : start + _SHINGLE]) for start in starts)


def same(text: str | None) -> str:
    """`text` for comparison."""
    return " ".join((text or "").split()).casefold()


def measure(truths: Sequence[Truth], found: Sequence[Article | Rejection]) -> dict[str, float]:
    """Each measure of this module by its name."""
    pairs = list(zip(truths, found, strict=True))
    full = [(truth, one) for truth, one in pairs if truth.body]
    titled = [(t, one) for t, one in full if t.title]
    dated = [(t, one) for t, one in full if len(t.published or "") >= len("2030-01-09")]
    written = [(t, one) for t, one in full if t.authors]
    snippets = [(t, one) for t, one in pairs if t.must_contain and not t.body]
    return {
        "body_f1": _body(full, _text),
        "body_f1_below_standfirst": _body(full, _below_standfirst),
        "exact": mean(_words(_text(one)) == _words(t.body) for t, one in full),
        "word_f1": mean(_word_f1(t.body, _text(one)) for t, one in full),
        **({"snippets_f1": _snippets(snippets)} if snippets else {}),
        "title": mean(same(_title(one)) == same(t.title) for t, one in titled),
        "date": mean(_same_day(t.published or "", one) for t, one in dated),
        "authors_f1": mean(_authors(t.authors, one) for t, one in written),
        "rejected": mean(isinstance(one, Rejection) for one in found),
    }


Pair = tuple[Truth, Article | Rejection]


def _body(pairs: Sequence[Pair], text_of: Callable[[Article | Rejection], str]) -> float:
    precisions: list[float] = []
    recalls: list[float] = []
    for truth, one in pairs:
        wanted, got = shingles(truth.body or ""), shingles(text_of(one))
        both = (wanted & got).total()
        if got:
            precisions.append(both / got.total())
        recalls.append(both / wanted.total())
    return _f1(mean(precisions), mean(recalls))


def _snippets(pairs: Sequence[Pair]) -> float:
    hits = leaks = misses = 0
    for truth, one in pairs:
        text = same(_text(one))
        wanted = sum(same(snippet) in text for snippet in truth.must_contain)
        hits += wanted
        misses += len(truth.must_contain) - wanted
        leaks += sum(same(snippet) in text for snippet in truth.must_not_contain)
    return 2 * hits / (2 * hits + leaks + misses)


def _authors(wanted: Sequence[str], one: Article | Rejection) -> float:
    names = {same(name) for name in wanted}
    got = {same(name) for name in one.authors} if isinstance(one, Article) else set()
    return 2 * len(names & got) / (len(names) + len(got))


def _same_day(stated: str, one: Article | Rejection) -> bool:
    if not isinstance(one, Article) or one.published_at is None:
        return False
    moment = datetime.fromisoformat(stated)
    days: set[date] = {moment.date()}
    if moment.tzinfo:
        days.add(moment.astimezone(UTC).date())
    return bool({one.published_at.date(), one.published_day} & days)


def _text(one: Article | Rejection) -> str:
    return one.text if isinstance(one, Article) else ""


def _below_standfirst(one: Article | Rejection) -> str:
    """The text without the lines that are its standfirst."""
    lines = _text(one).split("\n\n")
    standfirst = one.standfirst or "" if isinstance(one, Article) else ""
    while len(lines) > 1 and lines[0] in standfirst:
        del lines[0]
    return "\n\n".join(lines)


def _words(text: str | None) -> list[str]:
    return _WORD.findall((text or "").lower())


def _word_f1(wanted: str | None, got: str) -> float:
    said, found = Counter(_words(wanted)), Counter(_words(got))
    both = (said & found).total()
    return 2 * both / (said.total() + found.total()) if both else 0.0


def _title(one: Article | Rejection) -> str | None:
    return one.title if isinstance(one, Article) else None


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
