"""How many of what, in words."""

from __future__ import annotations

import pytest

from flows.wording import how_many


@pytest.mark.parametrize(
    ("count", "what", "said"),
    [
        (1, "batch", "1 batch"),
        (0, "batch", "0 batches"),
        (2, "new entry", "2 new entries"),
        (1, "new story", "1 new story"),
        (3, "day", "3 days"),
        (2, "feed", "2 feeds"),
    ],
)
def test_one_is_no_plural(count: int, what: str, said: str) -> None:
    assert how_many(count, what) == said
