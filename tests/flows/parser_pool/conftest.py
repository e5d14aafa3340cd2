"""Pools that are started and ended, since that is what is tested here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_parsers(own_parsers: None) -> None:
    """For all of these tests."""
