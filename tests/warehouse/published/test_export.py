"""Exports: every table in every form, whole, filtered, by month, and safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from parsers.errors import Quarantine
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.published.export import (
    Exportable,
    Filters,
    Format,
    export_file,
    export_months,
    export_stream,
    whole_months,
)
from warehouse.published.publish import publish
from warehouse.published.read import read
from warehouse.records import EntryState

FORMULA = '=HYPERLINK("http://evil.example","Grok")'

IDS = {"article_id", "story_id", "original_id", "entry_id", "feed_id"}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Articles of two months, topics and languages; one with a title that is a formula."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("export"))
    bench.load(
        a_batch("b1", entries=(an_entry("one"),)),
        a_batch(
            "b2",
            articles=(
                an_article("one", read=1, title=FORMULA, standfirst="-2 °C", authors=("@ann",)),
                an_article("two", read=2, topics=("Musk",), language="id", title="Dua, \"2\"\nx"),
                an_article("three", read=3, published_at=at(-24 * 10), topics=("Musk", "OpenAI")),
            ),
            outcomes=(an_outcome("one", EntryState.STORED, 1),),
        ),
        a_batch("b3", articles=(an_article("two", read=9, topics=("Musk",), title="Changed"),)),
    )  # fmt: skip
    publish(bench.desk, now=at(10))
    return bench


def streamed(press: Bench, what: Exportable, kind: Format, **filters: object) -> str:
    stream = io.BytesIO()
    export_stream(press.desk, what, Filters(**filters), kind, stream)  # type: ignore[arg-type]
    return stream.getvalue().decode()


def as_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("what", Exportable)
def test_all_forms_have_the_same_rows(press: Bench, what: Exportable, tmp_path: Path) -> None:
    done = export_file(press.desk, what, Filters(), Format.PARQUET, tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    lines = [json.loads(line) for line in streamed(press, what, Format.JSONL).splitlines()]
    cells = as_csv(streamed(press, what, Format.CSV))
    assert done.rows == table.num_rows == len(lines) == len(cells) > 0
    texts = [f"{name}_text" for name in table.column_names if name in IDS]
    assert texts
    assert [*table.column_names, *texts] == list(lines[0])
    assert [*table.column_names, *texts, "time_zone"] == list(cells[0])
    assert "month" not in table.column_names


def test_ids_are_numbers_and_texts(press: Bench) -> None:
    """Beyond 2^53 a spreadsheet and JavaScript round them."""
    lines = streamed(press, Exportable.ENTRIES, Format.JSONL).splitlines()
    rows = [json.loads(line) for line in lines]
    cells = as_csv(streamed(press, Exportable.ENTRIES, Format.CSV))
    assert {row["entry_id_text"] for row in rows} == {f"e{row['entry_id']}" for row in rows}
    assert {row["feed_id_text"][:1] for row in cells} == {"f"}
    without = [row for row in rows if row["article_id"] is None]
    assert {row["article_id_text"] for row in without} <= {None}


def test_a_stream_of_parquet_is_a_parquet_file(press: Bench) -> None:
    stream = io.BytesIO()
    rows = export_stream(press.desk, Exportable.STORIES, Filters(), Format.PARQUET, stream)
    assert pq.read_table(stream).num_rows == rows == 3


def test_formulas_become_texts_in_csv_only(press: Bench) -> None:
    (row,) = as_csv(streamed(press, Exportable.ARTICLES, Format.CSV, until=at(1.5), since=at(0)))
    assert row["title"] == "'" + FORMULA
    assert row["standfirst"] == "'-2 °C"
    assert json.loads(row["authors"]) == ["@ann"]
    (line,) = streamed(
        press, Exportable.ARTICLES, Format.JSONL, until=at(1.5), since=at(0)
    ).splitlines()
    assert json.loads(line)["title"] == FORMULA


def test_csv_has_the_line_ends_that_its_docs_say(press: Bench) -> None:
    text = streamed(press, Exportable.STORIES, Format.CSV)
    assert (text.count("\r"), text.count("\n")) == (0, 4)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_dangerous_beginning(press: Bench, tmp_path: Path, first: str) -> None:
    bench = Bench.in_folder(tmp_path)
    bench.load(a_batch("b", articles=(an_article("a", title=first + "1"), an_article("b"))))
    publish(bench.desk, now=at(10))
    titles = [row["title"] for row in as_csv(streamed(bench, Exportable.ARTICLES, Format.CSV))]
    assert sorted(titles) == ["'" + first + "1", "Title of b"]


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"topic": "musk"}, {"Changed", "Title of three"}),
        ({"topic": "OPENAI"}, {FORMULA, "Title of three"}),
        ({"language": "EN", "topic": "musk"}, {"Changed", "Title of three"}),
        ({"since": at(0)}, {FORMULA, "Changed"}),
        ({"until": at(0)}, {"Title of three"}),
        ({"since": at(1), "until": at(2)}, {FORMULA}),
        ({"topic": "'; DROP TABLE x"}, set()),
    ],
)
def test_filters(press: Bench, filters: dict[str, object], titles: set[str]) -> None:
    for what in (Exportable.ARTICLES, Exportable.CLIPPINGS):
        lines = streamed(press, what, Format.JSONL, **filters).splitlines()
        assert {json.loads(line)["title"] for line in lines} == titles


@pytest.mark.parametrize("what", Exportable)
def test_every_table_takes_every_filter(press: Bench, what: Exportable) -> None:
    text = streamed(
        press, what, Format.JSONL, topic="Musk", language="xx", since=at(0), until=at(99)
    )
    assert text.splitlines() == []


def test_times_are_utc_and_lists_are_lists(press: Bench) -> None:
    (line,) = streamed(press, Exportable.STORIES, Format.JSONL, until=at(0)).splitlines()
    story = json.loads(line)
    assert datetime.fromisoformat(story["started_at"]) == at(-240)
    assert story["started_at"].endswith("Z")
    assert story["topics"] == ["Musk", "OpenAI"]
    (row,) = as_csv(streamed(press, Exportable.STORIES, Format.CSV, until=at(0)))
    assert (row["started_at"], row["time_zone"]) == (f"{at(-240):%Y-%m-%d %H:%M:%S}", "UTC")


def test_a_folder_for_each_month(press: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    done = export_months(press.desk, Exportable.ARTICLES, Filters(), Format.PARQUET, folder)
    assert [path.relative_to(folder).as_posix() for path in done.files] == [
        "month=2026-02/articles.parquet",
        "month=2026-03/articles.parquet",
    ]
    data = ds.dataset(folder, partitioning="hive").to_table()
    assert data.filter(ds.field("month") == "2026-03").num_rows == 2
    assert done.rows == 3


def test_what_moved_to_another_month_is_told_once(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "archive"

    def months(filters: Filters = Filters()) -> set[str]:  # noqa: B008 - frozen
        export_months(bench.desk, Exportable.ARTICLES, filters, Format.CSV, folder)
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}

    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(1))
    assert months() == {"month=2026-03/articles.csv"}
    earlier = an_article("a", read=2, published_at=at(-240))
    bench.load(a_batch("b2", articles=(earlier,)))
    publish(bench.desk, now=at(9))
    (folder / "month=2026-03" / "notes.txt").write_text("mine")
    (folder / "month=2026-04").mkdir()
    (folder / "month=2026-04" / "articles.csv").write_text("title")
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "articles.csv").write_text("title")
    kept = {"month=2026-02/articles.csv", "elsewhere/articles.csv"}
    assert months(Filters(topic="openai")) > kept
    assert months() == kept
    assert (folder / "month=2026-03" / "notes.txt").exists()
    assert not (folder / "month=2026-04").exists()


def test_a_language_of_entries_includes_its_regions(bench: Bench) -> None:
    names = ("en", "en-US", "EN-gb", "eng", None)
    entries = tuple(an_entry(str(name), language=name) for name in names)
    bench.load(a_batch("b1", entries=entries))
    publish(bench.desk, now=at(1))
    for asked, count in (("en", 3), ("EN-us", 1), ("id", 0)):
        rows = streamed(bench, Exportable.ENTRIES, Format.JSONL, language=asked).splitlines()
        assert len(rows) == count


def test_times_in_lists_have_the_form_of_others(press: Bench) -> None:
    (line,) = streamed(press, Exportable.ARTICLES, Format.JSONL, until=at(0)).splitlines()
    (row,) = as_csv(streamed(press, Exportable.ARTICLES, Format.CSV, until=at(0)))
    for readings in (json.loads(line)["readings"], json.loads(row["readings"])):
        assert [datetime.fromisoformat(time) for time in readings] == [at(3)]
        assert all("T" in time and time.endswith("Z") for time in readings)


def test_a_later_export_of_some_days_leaves_a_whole_month(press: Bench, tmp_path: Path) -> None:
    def months(since: datetime | None = None, until: datetime | None = None) -> dict[str, int]:
        filters = Filters(since=since, until=until)
        export_months(press.desk, Exportable.ARTICLES, filters, Format.JSONL, tmp_path)
        files = tmp_path.glob("*/articles.jsonl")
        return {path.parent.name[-2:]: len(path.read_text().splitlines()) for path in files}

    assert months() == months(since=at(1.5)) == months(until=at(1.5)) == {"02": 1, "03": 2}


def test_days_are_widened_to_whole_months() -> None:
    def day(month: int, day: int) -> datetime:
        return datetime(2026, month, day, tzinfo=UTC)

    assert whole_months(Filters(since=day(3, 15), until=day(3, 16))) == Filters(
        since=day(3, 1), until=day(4, 1)
    )
    whole = Filters(topic="musk", since=day(3, 1), until=day(4, 1))
    assert whole_months(whole) == whole
    assert whole_months(Filters()) == Filters()


def test_nothing_half_written_stays_and_the_private_file_is_left_alone(
    press: Bench, tmp_path: Path
) -> None:
    target = tmp_path / "x.csv"
    target.write_text("what was there before")
    (tmp_path / "folder").mkdir()
    with press.open():  # whoever writes has the private file to itself
        with pytest.raises(OSError, match="directory"):
            export_file(press.desk, Exportable.ENTRIES, Filters(), Format.CSV, tmp_path / "folder")
        export_file(press.desk, Exportable.ENTRIES, Filters(), Format.CSV, target)
    assert target.read_text().startswith("entry_id,")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "x.csv"]


def test_what_an_export_sets_is_gone_for_the_next_reader(press: Bench, tmp_path: Path) -> None:
    asked = "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    usual = read(press.desk, asked).rows
    export_file(press.desk, Exportable.ENTRIES, Filters(), Format.CSV, tmp_path / "x.csv")
    assert read(press.desk, asked).rows == usual


def test_a_reader_that_leaves_ends_the_export(press: Bench) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb", buffering=0) as stream, pytest.raises(BrokenPipeError):
        export_stream(press.desk, Exportable.ARTICLES, Filters(), Format.CSV, stream)
    assert read(press.desk, "SELECT 1").rows == ((1,),)


def test_there_must_be_a_warehouse(tmp_path: Path) -> None:
    with pytest.raises(Quarantine, match="no warehouse"):
        export_file(
            tmp_path / "no.duckdb", Exportable.STORIES, Filters(), Format.CSV, tmp_path / "x"
        )


def test_the_window_is_half_open(press: Bench) -> None:
    moment = at(1)
    for since, until, count in ((moment, moment + timedelta(hours=1), 1), (None, moment, 1)):
        text = streamed(press, Exportable.ARTICLES, Format.JSONL, since=since, until=until)
        assert len(text.splitlines()) == count
