"""How well the warehouse tells copies: floors, measured on edited evaluation pages.

The figures by kind of edit come from `python -m tests.benchmarks.bench_copies`.
"""

from __future__ import annotations

from random import Random

import pytest

from tests.benchmarks.bench_copies import alike, edited, page_texts, pairs
from tests.parsers.quality.evaluation import MISSING, available
from tests.syndication import EDITS, LOOKALIKES, Lookalikes, Text
from tests.tiers import also_long

pytestmark = pytest.mark.skipif(not available(), reason=MISSING)


@pytest.fixture(scope="module", params=[2, *also_long(1)])
def texts(request: pytest.FixtureRequest) -> list[Text]:
    """The true texts of every so-manieth evaluation page."""
    every: int = request.param
    return page_texts(0)[::every]


def test_copies_are_found_whatever_syndication_does_to_them(texts: list[Text]) -> None:
    found = [pairs(edited(texts, [edit], Random(7)), Random(8)) for edit in EDITS]
    right = sum(one.right for one in found)
    assert right / (right + sum(one.missed for one in found)) >= 0.97
    assert right / (right + sum(one.wrong for one in found)) >= 0.995
    assert min(one.recall for one in found) >= 0.9


def test_all_copies_of_a_text_are_one_story(texts: list[Text]) -> None:
    found = pairs(edited(texts, EDITS, Random(7)), Random(8))
    assert found.recall >= 0.97
    assert found.precision >= 0.995


@pytest.mark.parametrize(
    ("lookalikes", "one_site"), LOOKALIKES, ids=[kind.__name__ for kind, _ in LOOKALIKES]
)
def test_what_only_looks_alike_stays_apart(
    texts: list[Text], lookalikes: Lookalikes, one_site: bool
) -> None:
    families = alike(texts, lookalikes, one_site=one_site, rng=Random(9))
    assert pairs(families, Random(8)).wrong == 0
