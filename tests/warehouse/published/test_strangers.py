"""What strangers ask in SQL: what is published and nothing else, within bounds."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pyarrow.parquet
import pytest

from flows.web.cookbook import CookbookQuestion, cookbook
from parsers.errors import Drop, Quarantine
from tests.warehouse.builders import Bench, a_batch, an_article, at
from tests.warehouse.published.hostile import NO_QUERIES, OF_OTHER_FILES
from tests.warehouse.published.test_ask import everything_in
from warehouse.desk import Desk
from warehouse.published.publish import publish
from warehouse.published.strangers import AnswerLimits, parquet_for, table_for

LIMITS = AnswerLimits(rows=100, size=100_000, cells=10_000, seconds=60)
SETTINGS = [
    "FROM duckdb_settings()",
    'SELECT * FROM "DuckDB_Settings"()',
    "FROM system.main.duckdb_settings()",
    "FROM duckdb_secrets()",
    "FROM pg_catalog.pg_settings",
    "FROM pg_settings",
    "SUMMARIZE FROM duckdb_settings()",
    "FROM (SUMMARIZE SELECT value FROM duckdb_settings())",
    "SELECT current_setting('s3_secret_access_key')",
    "SELECT 's3_secret_access_key'.current_setting()",
    "SELECT list_transform(['threads'], lambda name: current_setting(name))",
    "WITH a AS MATERIALIZED (SELECT current_setting('threads') AS b) SELECT b FROM a",
    "EXPLAIN ANALYZE SELECT current_setting('threads')",
    "FROM query('FROM duckdb_' || 'settings()')",
    "FROM query_table('duckdb_' || 'settings')",
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_settings()'))",
    "SELECT @@threads",
    "FROM which_secret('s3://a/b', 's3')",
    "FROM pragma_storage_info('articles')",
    "FROM duckdb_logs()",
    "FROM duckdb_databases()",
    "FROM duckdb_databases",
    "FROM pragma_database_list",
    "FROM histogram('__ducklake_metadata_clippings_file.ducklake_metadata', value)",
    "/* /* */ EXPLAIN SELECT 1 -- */ EXPLAIN SELECT current_setting('threads')",
    "EXPLAIN /* /* */ (x) SELECT 1 -- */ ANALYZE SELECT current_setting('threads')",
    f"SELECT {'+'.join('1' * 900)}",
    "FROM arrow_scan_dumb(1::POINTER, 2::POINTER, 3::POINTER)",
    "FROM arrow_scan(1, 2, 3)",
    "FROM checkpoint('clippings_file')",
    "FROM force_checkpoint()",
    'SELECT * FROM articles, LATERAL (FROM "Checkpoint"())',
    "WITH a AS (FROM read_text('/etc/hostname')) FROM a",
    "SELECT (SELECT count(*) FROM glob('/*'))",
    "FROM read_blob",
    "FROM enable_logging()",
    "FROM __ducklake_metadata_clippings_file.ducklake_data_file",
    "FROM __ducklake_metadata_clippings_file.public.anything",
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with three articles, published."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("strangers"))
    articles = tuple(an_article(name, read=hours) for hours, name in enumerate("abc"))
    bench.load(a_batch("b1", articles=articles))
    publish(bench.desk, now=at(4))
    (bench.desk.published.parent / "secret.txt").write_text("a,b\n1,2\n")
    return bench.desk


@pytest.mark.parametrize("sql", [*NO_QUERIES, *OF_OTHER_FILES, *SETTINGS])
def test_nothing_but_what_is_published_is_told_and_nothing_changed(desk: Desk, sql: str) -> None:
    folder = desk.published.parent
    before = everything_in(folder)
    for answered in (table_for, parquet_for):
        with pytest.raises(Drop) as caught:
            answered(desk, sql.replace("{folder}", str(folder)), LIMITS)
        assert caught.value.name in {"not_a_query", "bad_sql"}
    assert everything_in(folder) == before


@pytest.mark.parametrize("question", cookbook(), ids=lambda one: one.title)
def test_the_questions_of_the_cookbook_may_be_asked(desk: Desk, question: CookbookQuestion) -> None:
    table = table_for(desk, question.sql, LIMITS)
    found = pyarrow.parquet.read_table(io.BytesIO(parquet_for(desk, question.sql, LIMITS).parquet))
    assert tuple(found.column_names) == table.columns
    assert found.num_rows == len(table.rows)


def test_there_are_as_many_questions_as_the_cookbook_says() -> None:
    assert len(cookbook()) == len({one.title for one in cookbook()}) == 15


@pytest.mark.parametrize(
    "sql",
    [
        "SHOW TABLES",
        "DESCRIBE articles",
        "SUMMARIZE articles",
        "FROM duckdb_columns() LIMIT 1",
        "FROM Range(3) AS r(n), UNNEST([1, 2]), generate_series(1, 2)",
        "SELECT * FROM clippings AS c, story(c.story_id)",
        "SELECT topic, count(*) FROM (SELECT unnest(topics) AS topic FROM articles) GROUP BY topic",
        "FROM pragma_table_info('articles')",
        "PIVOT articles ON language IN ('en') USING count(*)",
        "EXPLAIN ANALYZE FROM clippings",
        "FROM search('title'); -- with a remark",
    ],
)
def test_what_people_ask_is_answered(desk: Desk, sql: str) -> None:
    assert table_for(desk, sql, LIMITS).columns


def test_no_more_than_so_many_rows_and_so_much_text(desk: Desk) -> None:
    rows = AnswerLimits(rows=2, size=1000, cells=100, seconds=60)
    assert len(table_for(desk, "FROM range(10)", rows).rows) == 2
    assert table_for(desk, "FROM range(10)", rows).cut
    assert not table_for(desk, "FROM range(2)", rows).cut
    found = parquet_for(desk, "FROM range(10)", rows)
    assert (found.rows, found.cut) == (2, True)
    big = AnswerLimits(rows=100, size=1000, cells=100, seconds=60)
    table = table_for(desk, "SELECT repeat('x', 400) FROM range(10)", big)
    assert (len(table.rows), table.cut) == (2, True)
    found = parquet_for(desk, "SELECT repeat('x', 400) FROM range(10)", big)
    assert 0 < found.rows < 10
    assert found.cut
    for answered in (table_for, parquet_for):
        with pytest.raises(Drop, match="first row"):
            answered(desk, "SELECT repeat('x', 4000)", big)


def test_empty_cells_count_too(desk: Desk) -> None:
    """A page of 600,000 of them takes half a minute to write."""
    few = AnswerLimits(rows=100, size=1000, cells=100, seconds=60)
    columns = ", ".join("''" for _ in range(40))
    table = table_for(desk, f"SELECT {columns} FROM range(10)", few)
    assert (len(table.rows), table.cut) == (2, True)
    found = parquet_for(desk, f"SELECT {columns} FROM range(10)", few)
    assert (found.rows, found.cut) == (2, True)
    for answered in (table_for, parquet_for):
        with pytest.raises(Drop, match="more than 100 columns"):
            answered(desk, f"SELECT {columns}, {columns}, {columns}", few)


def test_the_next_rows_follow_where_the_first_end(desk: Desk) -> None:
    two = AnswerLimits(rows=2, size=1000, cells=100, seconds=60)
    found = [table_for(desk, "FROM range(5)", replace(two, skip=skip)) for skip in (0, 2, 4, 6)]
    assert [[row[0] for row in table.rows] for table in found] == [[0, 1], [2, 3], [4], []]
    assert [table.cut for table in found] == [True, True, False, False]


def test_a_parquet_file_keeps_types_names_and_places(desk: Desk) -> None:
    sql = (
        "SELECT 1 AS a, 2 AS a, INTERVAL 36 HOURS AS b, now() AS c, [1, 2] AS d, "
        "{'x': NULL} AS e, 1.50 AS f;"
    )
    found = pyarrow.parquet.read_table(io.BytesIO(parquet_for(desk, sql, LIMITS).parquet))
    assert found.column_names == ["a", "a_1", "b", "c", "d", "e", "f"]
    (row,) = found.to_pylist()
    values = list(row.values())
    assert values[:3] == [1, 2, "36:00:00"]
    assert values[3].tzinfo is not None
    assert values[3].utcoffset() == UTC.utcoffset(None)
    assert values[4] == [1, 2]


@pytest.mark.parametrize(
    "value",
    ["[INTERVAL 1 DAY]", "MAP {INTERVAL 1 DAY: 3}", "{'a': INTERVAL 1 DAY}", "union_value(a := 1)"],
)
def test_what_parquet_has_not_is_text_in_it(desk: Desk, value: str) -> None:
    found = parquet_for(desk, f"SELECT {value} AS a", LIMITS)
    (row,) = pyarrow.parquet.read_table(io.BytesIO(found.parquet)).to_pylist()
    assert isinstance(row["a"], str)


def test_what_takes_too_long_is_stopped(desk: Desk) -> None:
    hurried = AnswerLimits(rows=1, size=1, cells=1, seconds=0.1)
    endless = "SELECT sum(a.range) FROM range(10000000) a, range(10000000) b"
    for answered in (table_for, parquet_for):
        with pytest.raises(Drop, match=r"longer than 0\.1 seconds") as caught:
            answered(desk, endless, hurried)
        assert caught.value.name == "too_slow"


def test_where_nothing_is_published_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Quarantine, match="pressclip ingest"):
        table_for(Desk.at(tmp_path / "a.duckdb"), "SELECT 1", LIMITS)


def test_of_a_lake_neither_keys_nor_the_catalogue_nor_files_are_told(
    lake: Bench, tmp_path: Path
) -> None:
    lake.load(a_batch("b1", articles=tuple(an_article(f"a{n}", read=n) for n in range(30))))
    assert table_for(lake.desk, "SELECT count(*) FROM articles", LIMITS).rows == ((30,),)
    with lake.open() as wh:
        wh.execute("CREATE MACRO spy() AS TABLE FROM duckdb_settings()")
    files = f"{tmp_path}/lake-data/**/*.parquet"
    for sql in (
        "FROM duckdb_settings()",
        "FROM __ducklake_metadata_clippings_file.ducklake_data_file",
        "FROM spy()",
        f"FROM read_parquet('{files}')",
        f"FROM '{files}'",
        "FROM ducklake_expire_snapshots('clippings_file')",
        "SELECT FileName FROM articles",
        "SELECT a.title FROM articles AS a ORDER BY a.filename",
        "SELECT filename FROM articles JOIN mentions USING (filename)",
        "PIVOT articles ON host IN ('x') USING count(*) GROUP BY filename",
        "FROM articles AT (VERSION => 1)",
        "SELECT title FROM (FROM clippings) JOIN articles AT (TIMESTAMP => now()) USING (title)",
    ):
        with pytest.raises(Drop):
            table_for(lake.desk, sql, LIMITS)
