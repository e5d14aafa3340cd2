"""Queries on the read copy."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from parsers.errors import Drop, Quarantine, Retry
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, at
from tests.warehouse.database.test_open import someone_holds
from warehouse.database.bounds import Bounds
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.published.newest import Newest, Question
from warehouse.published.publish import publish
from warehouse.published.read import named, read
from warehouse.queries import queries


@pytest.fixture
def published(bench: Bench) -> Bench:
    """A published warehouse with two articles."""
    one, two = an_article("one"), an_article("two", topics=("Musk",))
    bench.fill(a_batch("b1", entries=(an_entry("one"),), articles=(one, two)))
    publish(bench.desk, now=at(1))
    return bench


ENGINE = """
    SELECT current_setting('memory_limit'), current_setting('temp_directory'),
        current_setting('threads'), (SELECT list(database_name) FROM duckdb_databases()),
        (SELECT count(*) FROM duckdb_tables() WHERE database_name = 'memory')
"""
"""What holds for a whole engine."""


def test_who_holds_the_published_copy_is_told_to_read_it(published: Bench) -> None:
    published.desk.published.chmod(0o644)
    holder = someone_holds(published.desk.published, 60)
    try:
        with pytest.raises(Retry, match="published copy is for reading") as caught:
            read(published.desk, "FROM feeds")
    finally:
        holder.kill()
        holder.wait()
    assert f"process {holder.pid}" in caught.value.message


@pytest.mark.parametrize(
    "sql",
    [
        "SET memory_limit = '33MB'",
        "SET threads = 1",
        "ATTACH ':memory:' AS other",
        "CREATE TABLE memory.left_here (a INTEGER)",
    ],
)
def test_what_one_reader_sets_is_gone_for_the_next(published: Bench, sql: str) -> None:
    usual = read(published.desk, ENGINE).rows
    read(published.desk, sql)
    assert read(published.desk, ENGINE).rows == usual


def test_an_answer_has_columns_types_and_rows(published: Bench) -> None:
    table = read(published.desk, "SELECT first_seen_at AS seen, 1.5::DOUBLE AS x FROM entries")
    assert table.columns == ("seen", "x")
    assert table.types == ("TIMESTAMP WITH TIME ZONE", "DOUBLE")
    assert table.rows == ((at(0), 1.5),)
    assert table.rows[0][0].utcoffset() == timedelta(0)


@pytest.mark.parametrize(("limit", "rows", "cut"), [(2, 2, True), (3, 3, False), (None, 3, False)])
def test_no_more_rows_than_asked_for(
    published: Bench, limit: int | None, rows: int, cut: bool
) -> None:
    table = read(published.desk.published, "FROM range(3)", limit=limit)
    assert (len(table.rows), table.cut) == (rows, cut)


def test_parameters_are_bound(published: Bench) -> None:
    assert read(published.desk, "SELECT ?", ["'; DROP TABLE x"]).rows == (("'; DROP TABLE x",),)
    assert read(published.desk, "SELECT $a", {"a": 2}).rows == ((2,),)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM entries",
        "CREATE TABLE x (a INTEGER)",
        "DROP VIEW funnel",
        "SELEC 1",
        "SELECT * FROM nowhere",
    ],
)
def test_what_would_write_or_makes_no_sense_is_refused(published: Bench, sql: str) -> None:
    with pytest.raises(Drop) as caught:
        read(published.desk, sql)
    assert caught.value.name == "bad_sql"


@pytest.mark.parametrize("sql", ["", " ;", "-- nothing but a comment"])
def test_where_there_is_no_query_it_says_so(published: Bench, sql: str) -> None:
    with pytest.raises(Drop, match="no query"):
        read(published.desk, sql)


def test_no_warehouse_yet(bench: Bench) -> None:
    with pytest.raises(Quarantine, match="pressclip ingest"):
        read(bench.desk, "SELECT 1")


def test_what_is_no_warehouse_of_ours_is_refused_as_writing_to_it_is(bench: Bench) -> None:
    text, foreign = bench.desk.published, bench.desk.published.with_name("foreign.duckdb")
    text.write_text("Dear diary, " * 1000)
    with duckdb.connect(foreign) as connection:
        connection.execute("CREATE TABLE clippings AS SELECT 1 AS url")
    for path in (text, foreign):
        with pytest.raises(Quarantine, match="not a warehouse of pressclip's") as reading:
            read(path, "SELECT 1")
        with pytest.raises(Quarantine) as writing, open_warehouse(Desk.at(path)):
            pass
        assert reading.value.message == writing.value.message


@pytest.mark.parametrize("name", sorted(queries("published/read")))
def test_every_named_query_runs(published: Bench, name: str) -> None:
    assert named(published.desk, name).columns


def test_a_copy_of_an_earlier_version_is_called_that(published: Bench) -> None:
    """The program is newer at once, what people read is at the next run."""
    path = published.desk.published
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE schema_definitions SET revision = 1; DROP VIEW sources")
    assert named(published.desk, "totals").rows
    with pytest.raises(Retry, match="earlier version") as caught:
        named(published.desk, "sources")
    assert caught.value.name == "earlier_version"
    newest = Newest(published.desk, Bounds("100MB"))
    with pytest.raises(Retry, match="earlier version"):
        Question(newest, lambda cursor: cursor.execute("FROM articles")).answer()
    newest.close()


def test_a_parameter_that_a_query_lacks_is_a_mistake(published: Bench) -> None:
    with pytest.raises(TypeError, match="toppic"):
        named(published.desk, "clippings", toppic="Musk")


def test_clippings_of_one_topic(published: Bench) -> None:
    assert len(named(published.desk, "clippings").rows) == 2
    table = named(published.desk, "clippings", topic="Musk")
    (row,) = table.rows
    assert row[table.columns.index("title")] == "Title of two"
