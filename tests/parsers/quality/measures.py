"""How well predictions fit the truth.

body      4-word shingles as multisets; precision and recall are means over pages, F1 their
          harmonic mean
snippets  the share of wanted snippets found and of unwanted ones kept out, pooled
title     equal after case folding and white space
date      the same day in UTC or in the truth's own offset
authors   F1 of the sets after case folding, a mean over pages
rejected  the share of pages that are taken for no article; each is one, so each is wrong
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
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
    dated = [(t, one) for t, one in full if t.published]
    written = [(t, one) for t, one in full if t.authors]
    return {
        "body_f1": _body(full),
        "snippets_f1": _snippets([(t, one) for t, one in pairs if not t.body]),
        "title": mean(same(_title(one)) == same(t.title) for t, one in titled),
        "date": mean(_same_day(t.published or "", one) for t, one in dated),
        "authors_f1": mean(_authors(t.authors, one) for t, one in written),
        "rejected": mean(isinstance(one, Rejection) for one in found),
    }


Pair = tuple[Truth, Article | Rejection]


def _body(pairs: Sequence[Pair]) -> float:
    precisions: list[float] = []
    recalls: list[float] = []
    for truth, one in pairs:
        wanted, got = shingles(truth.body or ""), shingles(_text(one))
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
    return one.published_at.date() in days


def _text(one: Article | Rejection) -> str:
    return one.text if isinstance(one, Article) else ""


def _title(one: Article | Rejection) -> str | None:
    return one.title if isinstance(one, Article) else None


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
