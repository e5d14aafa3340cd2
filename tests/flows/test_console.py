"""Tables for people: widths, and text from strangers that can't drive a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cli.console import plain, share_out


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12), st.integers(20, 300))
def test_columns_fit_and_short_ones_are_not_cut_for_long_ones(wanted: list[int], room: int) -> None:
    widths = share_out(wanted, room)
    assert sum(widths) <= max(room, len(wanted)) + wanted.count(0)
    if sum(wanted) <= room:
        assert widths == [max(1, want) for want in wanted]
    whole = [width for width, want in zip(widths, wanted, strict=True) if width == want]
    cut = [width for width, want in zip(widths, wanted, strict=True) if width < want]
    assert not whole or not cut or max(whole) <= min(cut) + len(wanted)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (datetime(2026, 11, 1, 9, 5, 30, tzinfo=UTC), "2026-11-01 09:05"),
        (0.5, "0.50"),
        (["musk", "openai"], "musk, openai"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\x1b[31mred\x07", "�[31mred�"),
        ("right\u202eto left", "right�to left"),
    ],
)
def test_a_cell_shows_its_value_on_one_line_and_nothing_else(value: object, shown: str) -> None:
    assert plain(value) == shown
