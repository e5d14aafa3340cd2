"""Tables for people: widths, and text from strangers that can't drive a terminal."""

from __future__ import annotations

import csv
import io
import json
import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cells import as_json, cell, csv_cell
from flows.cli.output.console import PlainLog
from flows.cli.output.forms import Form, write
from flows.cli.output.progress import counted
from flows.cli.output.tables import GAP, Wish, fit, plain, share_out, show
from warehouse.published.read import Table, distinct


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


@st.composite
def wishes(draw: st.DrawFn) -> list[Wish]:
    """Columns, one of them the headline."""
    pairs = draw(st.lists(st.tuples(st.integers(1, 300), st.booleans()), min_size=1, max_size=12))
    headline = draw(st.integers(0, len(pairs) - 1))
    return [
        Wish(
            want,
            min(want, 24) if place == headline or cut else min(want, 60),
            draw(st.integers(0, 3)),
            headline=place == headline,
        )
        for place, (want, cut) in enumerate(pairs)
    ]


@given(wishes(), st.integers(60, 300))
def test_a_column_is_readable_or_left_out_and_the_headline_stays(
    asked: list[Wish], screen: int
) -> None:
    widths = fit(asked, screen)
    shown = [(width, wish) for width, wish in zip(widths, asked, strict=True) if width]
    assert len(shown) >= min(2, len(asked))
    assert any(wish.headline for _, wish in shown)
    assert all(wish.least <= width <= wish.wanted for width, wish in shown)
    if len(shown) > 2:
        assert sum(width for width, _ in shown) + GAP * (len(shown) - 1) <= screen


TIME, TITLE, OUTLET = Wish(16, 16), Wish(90, 40, headline=True), Wish(17, 17)


@pytest.mark.parametrize(
    ("asked", "widths"),
    [
        pytest.param([TIME, Wish(20, 20, headline=True), OUTLET], [16, 20, 17], id="room for all"),
        pytest.param([TIME, TITLE, OUTLET, Wish(60, 24)], [16, 43, 17, 0], id="the last one goes"),
        pytest.param([TIME, Wish(20, 20, 1), TITLE, OUTLET], [16, 0, 43, 17], id="ids go first"),
        pytest.param([TIME, TITLE, Wish(90, 24)], [16, 62, 0], id="the headline gets what is left"),
        pytest.param([Wish(90, 40, headline=True), Wish(90, 24)], [54, 24], id="two stay"),
    ],
)
def test_columns_of_a_terminal_80_wide(asked: list[Wish], widths: list[int]) -> None:
    assert fit(asked, 80) == widths


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
    assert as_json(Decimal("12345678901234567890.12")) == "12345678901234567890.12"


def test_only_moments_without_end_are_infinite() -> None:
    assert cell(datetime.max) == "infinity"  # noqa: DTZ901 - as DuckDB gives it
    assert cell(datetime(9999, 12, 31, 10, tzinfo=UTC)) == "9999-12-31 10:00:00"
    assert csv_cell(["a;=cmd()"]) == '["a;\'=cmd()"]'


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
    with counted("index", "articles") as bar:
        bar.tell(1, 2)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("as_asked", "hint"), [(True, ""), (False, "--limit")])
def test_json_that_was_cut_says_so_beside_it(
    capsys: pytest.CaptureFixture[str], as_asked: bool, hint: str
) -> None:
    write(Table(("n",), ("INTEGER",), ((1,),), cut=True), Form.JSON, as_asked=as_asked)
    out, err = capsys.readouterr()
    assert json.loads(out) == [{"n": 1}]
    assert hint in err
    assert bool(err) == bool(hint)


MOMENT = datetime(2026, 11, 1, 9, 5, 30, tzinfo=UTC)
TABLE = Table(
    ("at", "title", "topics", "n"),
    ("TIMESTAMP WITH TIME ZONE", "VARCHAR", "VARCHAR[]", "INTEGER"),
    ((MOMENT, '=1+"1"', ["musk", "openai"], None), (None, "two\nlines\t\x1b[31m", [], 7)),
)


def test_in_a_pipe_a_row_is_a_line_whatever_the_width(capsys: pytest.CaptureFixture[str]) -> None:
    show(TABLE)
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        '2026-11-01 09:05:30\t=1+"1"\tmusk, openai\t',
        "\ttwo lines �[31m\t\t7",
    ]
    assert err == ""


def test_ids_are_texts_in_json_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Also those that are small by chance; counts are numbers."""
    kinds = ("UBIGINT", "UBIGINT[]", "BIGINT", "HUGEINT")
    write(Table(("id", "ids", "n", "sum"), kinds, ((7, [2**60, 8], 9, 2**60),)), Form.JSON)
    (row,) = json.loads(capsys.readouterr().out)
    assert row == {"id": "7", "ids": [str(2**60), "8"], "n": 9, "sum": str(2**60)}


def test_csv_keeps_fractions_and_signs(capsys: pytest.CaptureFixture[str]) -> None:
    row = (MOMENT.replace(microsecond=250), "-", "+", "-1", "=1")
    write(Table(tuple("abcde"), ("VARCHAR",) * 5, (row,)), Form.CSV)
    (_, found) = csv.reader(io.StringIO(capsys.readouterr().out))
    assert found == ["2026-11-01 09:05:30.000250", "-", "+", "'-1", "'=1"]


def test_among_other_tables_a_pipe_gets_names_too_and_remarks_stand_beside_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(Table(("n",), ("INTEGER",), ((1,),), cut=True), title="Numbers")
    out, err = capsys.readouterr()
    assert out.splitlines() == ["Numbers", "n", "1", ""]
    assert "--limit" in err


def test_csv_is_what_a_spreadsheet_reads_and_never_runs(capsys: pytest.CaptureFixture[str]) -> None:
    write(TABLE, Form.CSV)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [
        ["at", "title", "topics", "n"],
        ["2026-11-01 09:05:30", '\'=1+"1"', '["musk", "openai"]', ""],
        ["", "two\nlines\t�[31m", "[]", "7"],
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (0.25, "0.25"),
        ({"a": [1]}, '{"a": [1]}'),
        ((1, 2), "1, 2"),
        (timedelta(hours=-2, minutes=-22, seconds=-30, microseconds=-3487), "-02:22:30.003487"),
        (timedelta(days=-1, hours=-2), "-1 day -02:00:00"),
        (timedelta(days=3), "3 days"),
        (datetime.max.replace(tzinfo=UTC), "infinity"),
        (date(1, 1, 1), "-infinity"),
        (b"a\\\xff", r"a\x5C\xFF"),
    ],
)
def test_a_cell_of_a_line_is_the_whole_value(value: object, text: str) -> None:
    assert cell(value) == text
