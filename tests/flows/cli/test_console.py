"""Tables for people: widths, and text from strangers that can't drive a terminal."""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cli.output.console import (
    READABLE,
    PlainLog,
    as_json,
    distinct,
    fit,
    plain,
    share_out,
    show_json,
)
from flows.cli.output.progress import counted
from warehouse.published.read import Table


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12), st.integers(20, 300))
def test_room_is_shared_and_short_columns_are_not_cut_for_long_ones(
    wanted: list[int], room: int
) -> None:
    widths = share_out(wanted, room)
    assert sum(widths) <= room
    if sum(wanted) <= room:
        assert widths == wanted
    whole = [width for width, want in zip(widths, wanted, strict=True) if width == want]
    cut = [width for width, want in zip(widths, wanted, strict=True) if width < want]
    assert not whole or not cut or max(whole) <= min(cut) + len(wanted)


columns_wanted = st.lists(st.tuples(st.integers(1, 300), st.booleans()), min_size=1, max_size=12)


@given(columns_wanted, st.integers(80, 300))
def test_a_column_is_readable_or_left_out(wanted: list[tuple[int, bool]], screen: int) -> None:
    widths = fit([want for want, _ in wanted], [whole for _, whole in wanted], screen, READABLE)
    assert len(widths) >= min(2, len(wanted))
    shown = list(zip(widths, wanted, strict=False))
    assert all(width == want if whole else width <= want for width, (want, whole) in shown)
    assert all(width >= min(want, READABLE) for width, (want, _) in shown)
    if len(widths) > 2:
        assert sum(widths) + 3 * len(widths) + 1 <= screen


@pytest.mark.parametrize(
    ("wanted", "whole", "widths"),
    [
        pytest.param((16, 20, 20), (1, 0, 0), [16, 20, 20], id="there is room for all"),
        pytest.param((16, 90, 17, 16), (1, 0, 0, 1), [16, 37, 17], id="no room for the last"),
        pytest.param((90, 90, 5), (0, 0, 1), [40, 25, 5], id="the first names the row"),
        pytest.param((90, 90), (0, 0), [44, 29], id="the first two are always shown"),
    ],
)
def test_columns_of_a_terminal_80_wide(
    wanted: tuple[int, ...], whole: tuple[int, ...], widths: list[int]
) -> None:
    assert fit(wanted, [bool(one) for one in whole], 80, READABLE) == widths


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


def test_a_log_line_cannot_drive_a_terminal() -> None:
    record = logging.LogRecord("a", logging.INFO, "f", 1, "%s", ("\x1b[2Jhttp://a\x07\nb",), None)
    assert PlainLog("%(message)s").format(record) == "�[2Jhttp://a�\nb"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.integers() | st.dates(), inner),
    max_leaves=10,
)


@given(json_values)
def test_whatever_a_query_answers_is_json(value: object) -> None:
    json.dumps(as_json(value), allow_nan=False)


def test_json_has_what_it_has_words_for() -> None:
    nan, day = float("nan"), date(2026, 3, 1)
    assert as_json([nan, Decimal("0.5"), {day: (1, nan)}]) == [None, 0.5, {"2026-03-01": [1, None]}]


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (("a", "b"), ("a", "b")),
        (("a", "a", "a"), ("a", "a_1", "a_2")),
        (("a", "a", "a_1", "a_1"), ("a", "a_2", "a_1", "a_1_1")),
    ],
)
def test_every_column_has_a_key_of_its_own(names: tuple[str, ...], keys: tuple[str, ...]) -> None:
    assert distinct(names) == keys


def test_nobody_watches_a_bar_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with counted("search index") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("as_asked", "hint"), [(True, ""), (False, "--limit")])
def test_json_that_was_cut_says_so_beside_it(
    capsys: pytest.CaptureFixture[str], as_asked: bool, hint: str
) -> None:
    show_json(Table(("n",), ("INTEGER",), ((1,),), cut=True), as_asked=as_asked)
    out, err = capsys.readouterr()
    assert json.loads(out) == [{"n": 1}]
    assert hint in err
    assert bool(err) == bool(hint)
