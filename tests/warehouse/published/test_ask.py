"""What people ask in SQL of their own: it answers, and changes nothing anywhere."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from parsers.errors import Drop
from tests.warehouse.builders import Bench, a_batch, an_article, at
from tests.warehouse.places import EACH_LAKE
from tests.warehouse.published.hostile import NO_QUERIES, OF_OTHER_FILES
from warehouse.published.ask import ask
from warehouse.published.publish import publish
from warehouse.published.read import read


@pytest.fixture(scope="module")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with two articles, published."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("ask"))
    bench.load(a_batch("b1", articles=(an_article("a"), an_article("b", read=1))))
    publish(bench.desk, now=at(2))
    return bench.desk.published.parent


@pytest.fixture
def published(desk_folder: Path) -> Path:
    return desk_folder / "clips.duckdb"


def everything_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below `folder`, with its size and when it was changed."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM articles",
        "FROM clippings;",
        "WITH a AS (SELECT 1 AS n) FROM a -- with a remark",
        "SHOW TABLES",
        "DESCRIBE articles",
        "SUMMARIZE articles",
        "FROM search('title')",
        "PIVOT articles ON language IN ('en') USING count(*)",
        "EXPLAIN SELECT count(*) FROM articles",
        "/* why so slow? */ EXPLAIN ANALYZE SELECT count(*) FROM articles",
        "EXPLAIN (FORMAT json) FROM articles",
    ],
)
def test_what_asks_is_answered(published: Path, sql: str) -> None:
    assert ask(published, sql).columns


@pytest.mark.parametrize("sql", NO_QUERIES)
def test_what_is_no_single_query_is_refused(desk_folder: Path, published: Path, sql: str) -> None:
    before = everything_in(desk_folder)
    with pytest.raises(Drop):
        ask(published, sql.replace("{folder}", str(desk_folder)))
    assert everything_in(desk_folder) == before


@pytest.mark.parametrize("sql", OF_OTHER_FILES)
def test_no_other_file_is_read_or_written(desk_folder: Path, published: Path, sql: str) -> None:
    (desk_folder / "secret.txt").write_text("a,b\n1,2\n")
    before = everything_in(desk_folder)
    with pytest.raises(Drop):
        ask(published, sql.replace("{folder}", str(desk_folder)))
    assert everything_in(desk_folder) == before


@pytest.mark.parametrize("name", ["log.csv", "log", "clips.duckdb.wal"])
def test_no_log_is_written(desk_folder: Path, published: Path, name: str) -> None:
    before = everything_in(desk_folder)
    ask(
        published,
        "SELECT write_log('x' || n) FROM range(9000) r(n), enable_logging(level = 'trace', "
        f"storage = 'file', storage_path = '{desk_folder}/{name}')",
    )
    assert everything_in(desk_folder) == before


def test_unlocked_reads_and_writes_files_but_not_the_copy(
    desk_folder: Path, published: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    ask(published, f"COPY (SELECT title FROM articles) TO '{out}'", unlocked=True)
    assert ask(published, f"FROM '{out}'", unlocked=True).rows
    with pytest.raises(Drop, match="read-only"):
        ask(published, "DELETE FROM articles", unlocked=True)


def test_macros_that_somebody_wrote_into_a_copy_reach_nothing_else(
    desk_folder: Path, published: Path, tmp_path: Path
) -> None:
    """A copy may come from anybody: what is in it may do no more than what is asked of it."""
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(published.read_bytes())
    copy.chmod(0o644)
    (tmp_path / "secret.txt").write_text("a,b\n1,2\n")
    with duckdb.connect(str(copy)) as connection:
        connection.execute(f"CREATE MACRO spy() AS TABLE FROM read_text('{tmp_path}/secret.txt')")
    before = everything_in(tmp_path)
    with pytest.raises(Drop, match="disabled"):
        ask(copy, "FROM spy()")
    assert everything_in(tmp_path) == before


def test_variables_of_the_program_are_no_tables(published: Path) -> None:
    with pytest.raises(Drop, match="Table with name desk does not exist"):
        ask(published, "FROM desk")


def test_a_lock_does_not_outlive_its_question(published: Path, tmp_path: Path) -> None:
    ask(published, "SELECT 1")
    assert read(published, f"FROM glob('{tmp_path}')").columns


@pytest.mark.long
@EACH_LAKE
def test_a_lake_is_asked_in_the_same_way(catalogue: str, lake: Bench, tmp_path: Path) -> None:
    # So many that the lake keeps them in files, not in its catalogue.
    lake.load(a_batch("b1", articles=tuple(an_article(f"a{n}", read=n) for n in range(30))))
    assert list((tmp_path / "lake-data").rglob("*.parquet"))
    before = everything_in(tmp_path / "lake-data")
    assert ask(lake.desk, "SELECT count(*) FROM articles").rows == ((30,),)
    for sql in (
        f"COPY (SELECT 1) TO '{tmp_path}/lake-data/out.csv'",
        f"EXPLAIN ANALYZE COPY (SELECT 1) TO '{tmp_path}/lake-data/out.csv'",
        "DELETE FROM articles",
        f"FROM glob('{tmp_path}/*')",
        f"FROM {catalogue}_query('__ducklake_metadata_clippings_file', 'DELETE FROM ducklake_table "
        "RETURNING table_id')",
        "EXPLAIN ANALYZE FROM postgres_execute('__ducklake_metadata_clippings_file', "
        "'COMMIT; CREATE TABLE mine (n INT)')",
        "WITH a AS (FROM \"Postgres_Query\"('x', 'SELECT 1')) FROM a",
        "FROM query('FROM postgres' || '_scan(''dbname=other'', ''public'', ''t'')')",
        "FROM json_execute_serialized_sql(json_serialize_sql('FROM postgres_query(''x'', ''y'')'))",
        "CALL ducklake_cleanup_old_files('clippings_file', cleanup_all => true)",
        "FROM ducklake_cleanup_old_files('clippings_file', cleanup_all => true)",
        "FROM ducklake_merge_adjacent_files('clippings_file')",
        f"SELECT write_log('x') FROM enable_logging(level = 'trace', storage = 'file', "
        f"storage_path = '{tmp_path}/lake-data/log.csv')",
        f"FROM range(9), enable_profiling(save_location = '{tmp_path}/lake-data/profile.json')",
    ):
        with pytest.raises(Drop):
            ask(lake.desk, sql)
    assert everything_in(tmp_path / "lake-data") == before
    assert ask(lake.desk, "SELECT count(*) FROM articles").rows == ((30,),)
    assert ask(lake.desk, "FROM ducklake_snapshots('clippings_file')").rows
    assert read(lake.desk, f"FROM glob('{tmp_path}')").columns


def test_what_somebody_left_in_a_lake_acts_for_nobody(lake: Bench) -> None:
    lake.load(a_batch("b1", articles=(an_article("a"),)))
    with lake.open() as wh:
        wh.execute("CREATE VIEW recent AS FROM articles")
        wh.execute("CREATE MACRO query_of(query) AS TABLE FROM articles WHERE title = query")
        wh.execute("CREATE MACRO neat() AS TABLE FROM query('FROM glob(''*'')')")
        wh.execute("CREATE MACRO neater() AS TABLE FROM Neat()")
    for sql in ("FROM NEAT()", "SELECT (SELECT count(*) FROM neater())"):
        with pytest.raises(Drop, match="must not use"):
            ask(lake.desk, sql)
    assert len(ask(lake.desk, "FROM recent").rows) == 1
    assert len(ask(lake.desk, "FROM query_of('Title of a')").rows) == 1
    assert ask(lake.desk, "FROM search('title')").columns
