"""Batches on disk."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parsers.copies.fingerprints import BAND_ROWS, PERMUTATIONS, fingerprint
from parsers.errors import Quarantine, Retry
from parsers.records import Article, Entry, Failure
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, at
from tests.warehouse.history import a_history
from warehouse import files
from warehouse.database.warehouse import Warehouse
from warehouse.loading.landing import (
    land,
    landed,
    move_staged,
    put_back,
    quarantined,
    read_batch,
    stage,
)
from warehouse.loading.schema import KINDS, batch_schema, rows
from warehouse.records import EntryOutcome, Feed, OutletState


def test_a_batch_is_read_back_with_its_records(bench: Bench) -> None:
    batch = a_batch("b1", 3, "poll", entries=(an_entry("one"),), articles=(an_article("two"),))
    back = read_batch(bench.desk.landing, land(bench.desk, batch))
    assert (back.batch_id, back.kind, back.created_at) == ("b1", "poll", at(3))
    assert back.tables["entry"]["guid"].to_pylist() == ["one"]
    assert back.tables["article"]["article_id"].to_pylist() == [an_article("two").article_id]
    assert {kind: table.num_rows for kind, table in back.tables.items()} == {
        "feed": 0,
        "entry": 1,
        "article": 1,
        "outcome": 0,
        "failure": 0,
        "outlet": 0,
        "listing": 0,
    }


def test_a_large_batch_is_never_held_as_dictionaries_all_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = a_batch("large", entries=tuple(an_entry(f"e{number}") for number in range(1000)))
    monkeypatch.setattr("warehouse.loading.landing.ROWS_AT_ONCE", 50)
    tracemalloc.start()
    try:
        whole = list(rows(batch))
        held, _ = tracemalloc.get_traced_memory()
        del whole
        tracemalloc.reset_peak()
        name = land(bench.desk, batch)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < held / 2
    assert read_batch(bench.desk.landing, name).tables["entry"].num_rows == 1000


def test_an_empty_batch_is_a_batch(bench: Bench) -> None:
    assert bench.load(a_batch("b1")).batches == ("b1",)


def test_batches_wait_in_the_order_of_their_ids(bench: Bench) -> None:
    for name in ("b2", "b10", "b1"):
        land(bench.desk, a_batch(name))
    (bench.desk.folder / "landing" / ".b0.parquet.123.tmp").write_bytes(b"half")
    assert [one.name for one in landed(bench.desk)] == [
        "b1.parquet",
        "b10.parquet",
        "b2.parquet",
    ]


def test_staged_batches_are_landed_as_one_with_all_their_records(bench: Bench) -> None:
    staged = stage(bench.desk)
    names = [
        land(staged, a_batch(f"b{n}", 1, "backfill", entries=(an_entry(f"e{n}"),)))
        for n in range(3)
    ]
    land(staged, a_batch("b9", articles=(an_article("two"),)))
    move_staged(staged, [*names, "b9.parquet"], bench.desk)
    assert landed(staged) == ()
    assert [one.name for one in landed(bench.desk)] == ["b0.parquet"]
    back = read_batch(bench.desk.landing, "b0.parquet")
    assert (back.batch_id, back.kind, back.created_at) == ("b0", "backfill", at(1))
    assert back.tables["entry"]["guid"].to_pylist() == ["e0", "e1", "e2"]
    assert back.tables["article"]["article_id"].to_pylist() == [an_article("two").article_id]


def test_no_desk_no_batches(bench: Bench) -> None:
    assert landed(bench.desk) == ()


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a b", "x" * 101])
def test_a_batch_id_must_do_as_a_file_name(bench: Bench, name: str) -> None:
    with pytest.raises(ValueError, match="batch id"):
        land(bench.desk, a_batch(name))


def test_text_that_is_no_unicode_is_made_so(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one", title="a\ud800b\x00c"),)))
    assert bench.rows("SELECT title FROM entries") == [("a?b\x00c",)]


@pytest.mark.parametrize(
    "content",
    [b"", b"junk", b"PAR1" + b"\0" * 40 + b"PAR1"],
    ids=["empty", "junk", "only the frame"],
)
def test_a_file_that_is_no_batch_is_set_aside_and_reported(bench: Bench, content: bytes) -> None:
    land(bench.desk, a_batch("b2", entries=(an_entry("one"),)))
    (bench.desk.folder / "landing" / "b1.parquet").write_bytes(content)
    report = bench.load()
    assert (report.batches, report.quarantined) == (("b2",), 1)
    assert [one.name for one in quarantined(bench.desk)] == ["quarantine/b1.parquet"]
    assert bench.rows("SELECT stage, url, error, next_step FROM failures") == [
        ("load", "b1.parquet", "bad_batch", "quarantine")
    ]


def test_a_batch_cut_off_or_changed_anywhere_is_a_named_error_or_a_batch(
    bench: Bench,
) -> None:
    name = land(bench.desk, a_history(1, 1)[1])
    whole = bench.desk.folder / "landing" / name
    content = whole.read_bytes()
    for place in range(0, len(content), 211):
        for broken in (content[:place], content[:place] + b"\xff" + content[place + 1 :]):
            whole.write_bytes(broken)
            # Any other error would fail the test.
            with suppress(Quarantine):
                read_batch(bench.desk.landing, name)


def test_a_parquet_file_of_someone_elses_is_set_aside(bench: Bench) -> None:
    bench.desk.landing.put("b1.parquet", lambda path: pq.write_table(pa.table({"a": [1]}), path))
    assert bench.load().quarantined == 1


def test_a_batch_that_lacks_what_a_row_needs_is_set_aside_whole(bench: Bench) -> None:
    broken = replace(an_article("one"), canonical_url=None)  # type: ignore[arg-type]
    land(bench.desk, a_batch("b1", entries=(an_entry("one"),), articles=(broken,)))
    report = bench.load(a_batch("b2", entries=(an_entry("two"),)))
    assert (report.batches, report.quarantined) == (("b2",), 1)
    assert bench.rows("SELECT guid FROM entries") == [("two",)]
    assert bench.rows("SELECT url, error FROM failures") == [("b1.parquet", "bad_data")]


@pytest.mark.parametrize("error", [OverflowError("date value out of range"), pa.ArrowInvalid("?")])
def test_a_batch_that_can_t_be_merged_for_reasons_nobody_foresaw_keeps_no_other_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail_once(_: Warehouse, *, known: bool) -> tuple[int, ...]:
        monkeypatch.undo()
        raise error

    monkeypatch.setattr("warehouse.loading.articles.fold_copies", fail_once)
    batches = [a_batch(name, articles=(an_article(name),)) for name in ("b1", "b2")]
    report = bench.load(*batches)
    assert (report.batches, report.quarantined) == (("b2",), 1)
    assert bench.rows("SELECT url, error FROM failures") == [("b1.parquet", "unforeseen")]
    assert bench.rows("SELECT title FROM articles") == [("Title of b2",)]
    assert put_back(bench.desk, "b1.parquet")
    assert bench.load().batches == ("b1",)


def out_of_memory(*_: object, **__: object) -> None:
    raise pa.ArrowMemoryError("malloc failed")


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("where", "fail", "error"),
    [
        ("warehouse.loading.articles.fold_copies", out_of_memory, Retry),
        ("pyarrow.parquet.ParquetFile.read", out_of_memory, Retry),
        ("warehouse.loading.articles.fold_copies", full_disk, OSError),
    ],
)
def test_a_machine_short_of_room_is_not_the_batch_s_fault(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    fail: Callable[..., None],
    error: type[Exception],
) -> None:
    monkeypatch.setattr(where, fail)
    with pytest.raises(error):
        bench.load(a_batch("b1", articles=(an_article("one"),)))
    monkeypatch.undo()
    assert bench.load().batches == ("b1",)


def test_a_damaged_warehouse_is_not_the_batch_s_fault(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("ALTER TABLE mentions RENAME TO lost")
    with pytest.raises(Quarantine) as caught:
        bench.load(a_batch("b1", articles=(an_article("one"),)))
    assert caught.value.name == "warehouse_error"
    with bench.open() as wh:
        wh.execute("ALTER TABLE lost RENAME TO mentions")
    assert bench.load().batches == ("b1",)


def test_a_batch_that_an_earlier_version_landed_lacks_fields_and_kinds(bench: Bench) -> None:
    path = (
        bench.desk.folder
        / "landing"
        / land(bench.desk, a_batch("b1", articles=(an_article("one"),)))
    )
    table = pq.read_table(path)
    article: Any = table["article"].combine_chunks()
    old = [field for field in article.type if field.name not in {"section", "fetched_at"}]
    fewer = pa.StructArray.from_arrays(
        [article.field(field.name) for field in old], fields=old, mask=article.is_null()
    )
    table = table.set_column(table.schema.get_field_index("article"), "article", fewer)
    pq.write_table(table.drop_columns(["outlet"]), path)
    bench.load()
    assert bench.rows("SELECT title, section FROM articles") == [("Title of one", None)]


def test_a_batch_that_an_early_version_landed_has_signatures_for_sketches(bench: Bench) -> None:
    """Of 128 values, which are in the bands too; such texts find their copies all the same."""
    text = " ".join(f"word{number}" for number in range(300))
    first, second = fingerprint(text), fingerprint(f"{text} and more")
    early, copy = (
        replace(an_article(name, host=f"{name}.example"), fingerprint=one)
        for name, one in (("early", first), ("copy", second))
    )
    path = bench.desk.folder / "landing" / land(bench.desk, a_batch("b1", articles=(early,)))
    table = pq.read_table(path)
    bands = first.bands[: PERMUTATIONS // BAND_ROWS]
    values = [part for band in bands for part in divmod(band, 2**32)]
    article: Any = table["article"].combine_chunks()
    columns = {field.name: article.field(field.name) for field in article.type}
    known = columns["fingerprint"]
    parts = {name: known.field(name) for name in ("text_hash", "shingle_count")}
    parts["bands"] = pa.array([bands], known.type.field("bands").type)
    parts["signature"] = pa.array([values], pa.list_(pa.uint32()))
    columns["fingerprint"] = pa.StructArray.from_arrays([*parts.values()], [*parts])
    article = pa.StructArray.from_arrays([*columns.values()], [*columns])
    place = table.schema.get_field_index("article")
    pq.write_table(table.set_column(place, "article", article), path)
    bench.load(a_batch("b2", articles=(copy,)))
    sketches = bench.rows("SELECT sketch FROM fingerprints ORDER BY len(sketch)")
    assert sketches == [(first.sketch[:PERMUTATIONS],), (second.sketch,)]
    assert bench.rows("SELECT articles FROM stories") == [(2,)]


def test_a_full_disk_leaves_nothing_behind(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(files, "sync", full)
    with pytest.raises(Retry) as caught:
        land(bench.desk, a_batch("b1"))
    assert caught.value.name == "disk_full"
    monkeypatch.undo()
    assert bench.desk.landing.files("*") == ()


@pytest.mark.parametrize("record", [Feed, Entry, Article, EntryOutcome, Failure, OutletState])
def test_every_field_of_a_record_is_a_field_of_its_column(record: type) -> None:
    assert is_dataclass(record)
    kind = next(name for name, known in KINDS.items() if known is record)
    columns = batch_schema().field(kind).type
    assert [field.name for field in columns] == [field.name for field in fields(record)]
    hints = get_type_hints(record)
    for field in columns:
        if field.name.endswith("_id") and hints[field.name] in (int, int | None):
            assert field.type == pa.uint64()
