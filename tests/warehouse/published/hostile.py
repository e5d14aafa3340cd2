"""SQL that nobody may run who only reads; {folder} is where a desk is."""

from __future__ import annotations

NO_QUERIES = [
    "ATTACH '{folder}/clips.desk/private.duckdb' AS w",
    "ATTACH '{folder}/new.duckdb'",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/clips.duckdb.wal'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/clips.duckdb.wal'",
    "explain/**/analyze copy (select 1) to '{folder}/out.csv'",
    "EXPLAIN ANALYZE DELETE FROM articles",
    # Comments nest.
    "/* /* */ EXPLAIN SELECT 1 -- */ EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/out.csv'",
    "/* /* */ EXPLAIN SELECT 1 -- */ EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/clips.duckdb'"
    " (FORMAT csv, USE_TMP_FILE false)",
    "EXPLAIN /* /* */ (x) SELECT 1 -- */ ANALYZE COPY (SELECT 1) TO '{folder}/out.csv'",
    "EXPORT DATABASE '{folder}/all'",
    "DELETE FROM articles",
    "CREATE TABLE mine AS SELECT 1 AS n",
    "CREATE MACRO mine() AS TABLE SELECT 1",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "PRAGMA database_list; COPY (SELECT 1) TO '{folder}/out.csv'",
    "SELECT 1; COPY (SELECT 1) TO '{folder}/out.csv'",
    "SELECT 1; SELECT 2",
    "PREPARE p AS SELECT 1",
    "CALL force_checkpoint()",
    "VACUUM",
    "",
    "-- nothing but a remark",
    "SELEC 1",
]

OF_OTHER_FILES = [
    "SELECT content FROM read_text('{folder}/secret.txt')",
    "FROM read_csv('{folder}/secret.txt')",
    "FROM '{folder}/secret.txt'",
    "FROM glob('{folder}/*')",
    "FROM read_blob('{folder}/clips.desk/private.duckdb')",
    "FROM sniff_csv('{folder}/secret.txt')",
    "FROM parquet_metadata('{folder}/secret.parquet')",
    "SELECT getenv('HOME')",
    "FROM query('COPY (SELECT 1) TO ''{folder}/out.csv''')",
]
