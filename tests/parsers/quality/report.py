"""What each rule removes from the evaluation pages, rightly and wrongly.

    python -m tests.parsers.quality.report

A removed line is wrong where the truth has it: all of its words in the full truth, or a wanted
snippet in it. It is right where the full truth lacks it, or an unwanted snippet is in it. Of
other lines on pages with snippets nothing is known.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from parsers.extraction.extract import extract_body
from parsers.extraction.tree import parse_html
from parsers.metadata.facts import read_facts
from parsers.metadata.reconcile import read_metadata
from parsers.text.decode import decode_page
from tests.parsers.quality.evaluation import (
    MISSING,
    Truth,
    available,
    load_truth,
    predict_all,
    read_page,
)
from tests.parsers.quality.measures import measure, same, shingles

_EXAMPLES = 3


@dataclass(slots=True)
class Tally:
    """What became of the lines that one class removed."""

    right: int = 0
    wrong: int = 0
    unknown: int = 0
    wrong_lines: list[str] = field(default_factory=list)


def removed_lines(truth: Truth) -> tuple[tuple[str, str], ...]:
    """(class, line) pairs that the parser removed from a page."""
    tree = parse_html(decode_page(read_page(truth), None))
    if tree is None:
        return ()
    facts = read_facts(tree)
    metadata = read_metadata(tree, facts, url=truth.url, hint=None)
    return extract_body(tree, facts, metadata, url=truth.url).removed_lines


def judge_line(truth: Truth, line: str) -> bool | None:
    """Whether it was right to remove `line`; None where the truth doesn't tell."""
    if truth.body:
        said = shingles(line)
        missing = said.total() - (said & shingles(truth.body)).total()
        if len(line.split()) < 4:
            return same(line) not in [same(one) for one in truth.body.split("\n")]
        return missing > 0.5 * said.total()
    if any(same(snippet) in same(line) for snippet in truth.must_contain):
        return False
    if any(same(snippet) in same(line) for snippet in truth.must_not_contain):
        return True
    return None


def tally(truths: list[Truth], processes: int = 2) -> dict[str, Tally]:
    """Counts by class of boilerplate."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    with ProcessPoolExecutor(processes) as pool:
        for truth, removed in zip(
            truths, pool.map(removed_lines, truths, chunksize=8), strict=True
        ):
            for name, line in removed:
                _count(tallies[name], line, judge_line(truth, line))
    return tallies


def _count(one: Tally, line: str, right: bool | None) -> None:
    if right is None:
        one.unknown += 1
    elif right:
        one.right += 1
    else:
        one.wrong += 1
        one.wrong_lines.append(line)


def rows(tallies: dict[str, Tally]) -> Iterator[str]:
    """The report, line by line."""
    yield f"{'class':<16}{'right':>8}{'wrong':>8}{'unknown':>9}"
    for name, one in sorted(tallies.items(), key=lambda item: -item[1].right):
        yield f"{name:<16}{one.right:>8}{one.wrong:>8}{one.unknown:>9}"
        for line in one.wrong_lines[:_EXAMPLES]:
            yield f"    wrong: {line[:90]}"


def main() -> None:
    if not available():
        sys.exit(MISSING)
    truths = load_truth()
    measures = measure(truths, predict_all(truths))
    lines = [f"{name:<12}{value:8.4f}" for name, value in measures.items()]
    sys.stdout.write("\n".join([*lines, "", *rows(tally(truths)), ""]))


if __name__ == "__main__":
    main()
