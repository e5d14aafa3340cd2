"""Who was first, how sure that is, and that a story keeps its id whoever it was."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from parsers.records import Article, Credit, CreditRole, DateFlag
from tests.benchmarks.bench_first import measure
from tests.warehouse.builders import Bench, a_batch, an_article, at
from tests.warehouse.places import FILE_AND_LAKE

WIRE = " ".join(f"w{number}" for number in range(16))
OWN = "ft.com"
FT = (Credit("Financial Times", CreditRole.SOURCE),)
KOMPAS = (Credit("Kompas", CreditRole.SOURCE),)
TOLD = "SELECT o.title, s.first_certain, len(s.first_candidates) FROM stories AS s JOIN articles AS o ON o.article_id = s.original_id"  # noqa: E501


def page(name: str, read: float | None, **fields: Any) -> Article:
    fields = {key: at(value) if key.endswith("_at") else value for key, value in fields.items()}
    known = {"host": f"{name}.example", "title": name} | fields
    return an_article(name, WIRE, read=read, **known)


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        # Seen before the other says that it was published.
        ([page("a", 5), page("b", 8, published_at=6)], ("a", True, 1)),
        # Two dates at one moment: either.
        ([page("b", 2, published_at=1), page("a", 2, published_at=1)], ("a", False, 2)),
        # An earlier date that nothing but the page bears out proves nothing.
        ([page("b", 7, published_at=6), page("a", 5, published_at=1)], ("a", True, 1)),
        ([page("b", 3, published_at=2), page("a", 5, published_at=1)], ("a", False, 2)),
        # The feed of the other did not show it yet when this one was seen.
        ([page("b", 9), page("a", 5)], ("a", False, 2)),
        ([page("b", 9, not_shown_at=8), page("a", 5)], ("a", True, 1)),
        # What it says itself proves nothing: between two polls it may say any time.
        (
            [
                page("b", 5, published_at=1, not_shown_at=0.5),
                page("a", 3, published_at=2, not_shown_at=1.5),
            ],
            ("b", False, 2),
        ),
        # A day lasts from 14 hours before to 12 hours after it does in UTC.
        ([page("b", 40, published_at=18, date_flag=DateFlag.DAY), page("a", 3)], ("a", True, 1)),
        ([page("b", 40, published_at=18, date_flag=DateFlag.DAY), page("a", 5)], ("a", False, 2)),
        # What names its source comes after it.
        (
            [page("b", 2, syndication_url="https://a.example/a"), page("a", 5)],
            ("a", True, 1),
        ),
        ([page("b", 2, syndication_url="https://c.example/c"), page("a", 5)], ("a", False, 2)),
        # Whom a later copy names may have been first, unless it is here and is known to be later.
        (
            [
                page("b", 9, published_at=8, syndication_url="https://c.example/c"),
                page("a", 5),
            ],
            ("a", False, 1),
        ),
        (
            [
                page("b", 9, published_at=8, syndication_url="https://www.c.example/other"),
                page("c", 9, published_at=8),
                page("a", 5),
            ],
            ("a", True, 1),
        ),
        # What a feed carried of a page that could not be had was out before this one.
        (
            [page("b", 2, text_kind="carried"), page("a", 5)],
            ("a", False, 2),
        ),
        # An agency's own page goes before those that credit it; nobody else is certainly first.
        (
            [page("b", 2, wire="Antara"), page("a", 5, host="antaranews.com", wire="Antara")],
            ("a", True, 1),
        ),
        # It need not name itself on its own site, as everybody knows whose that is.
        ([page("b", 2, wire="Antara"), page("a", 5, host="antaranews.com")], ("a", True, 1)),
        ([page("b", 9, published_at=8, wire="Antara"), page("a", 5)], ("a", False, 1)),
        # So does an outlet that the others say their news is from, unless it says a later time.
        (
            [page("b", 2, credits=FT), page("a", 5, host=OWN)],
            ("a", True, 1),
        ),
        (
            [page("b", 2, published_at=1, credits=FT), page("a", 5, published_at=4, host=OWN)],
            ("a", False, 2),
        ),
        (
            [page("b", 2, credits=FT), page("a", 5, not_shown_at=4, host=OWN)],
            ("a", False, 2),
        ),
        (
            [
                page("b", 2, host="kompas.com", credits=FT),
                page("a", 5, host=OWN, credits=KOMPAS),
            ],
            ("b", False, 2),
        ),
        ([page("b", 2, credits=FT), page("a", 50, published_at=49, host=OWN)], ("a", False, 2)),
        ([page("b", 2, credits=FT), page("a", 5)], ("b", False, 2)),
        # One that names a source is not certainly first, nor is one whose address is like a name.
        ([page("a", 2, credits=FT), page("b", 9, published_at=8)], ("a", False, 1)),
        ([page("b", 2, credits=KOMPAS), page("a", 5, host="kompas.example")], ("a", False, 2)),
        # Nor is an agency that came later.
        (
            [
                page("b", 2, published_at=1, wire="Antara"),
                page("a", 50, published_at=49, host="antaranews.com"),
            ],
            ("a", False, 2),
        ),
        # Whoever saved a page says when it was seen.
        ([page("b", 9, published_at=8), page("a", None, seen_at=3)], ("a", True, 1)),
        # What an outlet says again is no other's.
        ([page("b", 9, host="a.example"), page("a", 5)], ("a", True, 1)),
    ],
)  # fmt: skip
def test_first_by_all_the_evidence(
    bench: Bench, pages: list[Article], told: tuple[str, bool, int]
) -> None:
    bench.fill(a_batch("b1", 10, articles=tuple(pages)))
    assert bench.rows(TOLD) == [told]


def test_made_up_stories_of_known_descent() -> None:
    """The real measure is `python -m tests.benchmarks.bench_first`."""
    counts = measure(60, 5)
    assert counts["right"] >= 0.93 * counts["decidable"]
    assert counts["certain"] >= 0.6 * counts["decidable"]
    assert counts["wrong"] == 0


@FILE_AND_LAKE
def test_a_story_keeps_its_id_whoever_was_first(benches: Callable[[str], Bench]) -> None:
    """A new first, a revision that moves its date, and two stories that become one."""
    first, other = page("a", 1), page("b", 9, published_at=0.5)
    apart = an_article("c", " ".join(f"c{n}" for n in range(16)), read=3, title="c")
    halves = " ".join([*WIRE.split()[:8], *(f"c{n}" for n in range(8, 16))])
    bridge = an_article("d", halves, host="d.example", read=12, title="d")
    batches = [
        a_batch(f"b{n}", n, articles=(one,)) for n, one in enumerate([first, apart, other, bridge])
    ]
    bench = benches("in order")
    reports = [bench.load(batch) for batch in batches]
    assert [len(report.new_stories) for report in reports] == [1, 1, 0, 0]
    stories = "SELECT story_id, original_id, first_candidates FROM stories ORDER BY ALL"
    whole = [(first.article_id, other.article_id)]
    assert [row[:2] for row in bench.rows(stories)] == whole
    assert bench.rows("SELECT DISTINCT present FROM story_ids") == [(first.article_id,)]
    expected = bench.rows(stories)
    for number, order in enumerate(list(permutations(batches))[5::9]):
        shuffled = benches(f"shuffled {number}")
        for batch in order:
            shuffled.load(batch)
        assert shuffled.rows(stories) == expected
