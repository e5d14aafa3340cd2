"""What of a test runs in `make test`, and what in `make test-long` only."""

from __future__ import annotations

import pytest


def also_long(*examples: object) -> list[object]:
    """Further examples of a parametrised test, for the tier long: they show once more what its
    other examples show."""
    return [
        pytest.param(*example, marks=pytest.mark.long)
        if isinstance(example, tuple)
        else pytest.param(example, marks=pytest.mark.long)
        for example in examples
    ]
