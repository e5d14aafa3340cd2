"""The whole walk with nothing to lose on this machine: a lake whose files are in a bucket, landed
batches and raw pages beside them. As a machine does it whose disk goes when it is stopped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.newsstand import ServedPress
from tests.servers.bucket import BUCKET, Service, s3_service
from tests.settings import settings
from tests.waiting import PATIENCE
from tests.walk.walking import rows, run
from tests.warehouse.places import needs_extensions

FEEDS = Path(__file__).parents[2] / "seeds" / "newsstand" / "feeds.opml"
COMMAND = str(Path(sys.executable).with_name("pressclip"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    needs_extensions("ducklake", "sqlite_scanner", "httpfs")
    with s3_service(tmp_path_factory.mktemp("s3")) as service:
        yield service


class Machine:
    """Somewhere with a disk of its own, the settings of all machines, and the command."""

    def __init__(self, folder: Path, lake: str, service: Service, newsstand: ServedPress) -> None:
        self.folder = folder
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PRESSCLIP_", "AWS_"))},
            **service.environment,
            "PRESSCLIP_WAREHOUSE": lake,
            "PRESSCLIP_DESKS": str(folder),
            "PRESSCLIP_LANDING_FOLDER": f"s3://{BUCKET}/landing",
            "PRESSCLIP_RAW_FOLDER": f"s3://{BUCKET}/raw",
            "PRESSCLIP_PROXY": newsstand.proxy_url,
            "PRESSCLIP_HOST_PAUSE": "0",
        }

    def __call__(self, *words: str) -> str:
        """What the command prints."""
        done = subprocess.run(
            [COMMAND, *words],
            env=self._environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def told(self, *words: str) -> Any:
        """What it prints as JSON."""
        return json.loads(self(*words, "--json"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.told("sql", sql)]


@pytest.mark.long
def test_the_walk_needs_no_disk_of_its_own(
    newsstand: ServedPress, service: Service, tmp_path: Path
) -> None:
    lake = f"ducklake:sqlite:{tmp_path}/catalogue.sqlite?data=s3://{BUCKET}/lake"
    first = Machine(tmp_path / "first", lake, service, newsstand)
    first("ingest", "--feeds", str(FEEDS))
    run(settings(tmp_path / "press.duckdb", proxy=newsstand.proxy_url))
    sql = "SELECT canonical_url, title, text FROM articles ORDER BY ALL"
    assert first.rows(sql) == rows(tmp_path / "press.duckdb", sql) != []
    assert list(service.folder.glob("lake/**/*.parquet"))
    assert list(service.folder.glob("raw/*/*/*.warc.gz"))
    assert not list(service.folder.glob("landing/**/*.parquet"))
    assert not [path for path in first.folder.rglob("*") if path.suffix in {".parquet", ".gz"}]

    # Its disk is lost; another one goes on, and finds nothing to do again.
    shutil.rmtree(first.folder)
    second = Machine(tmp_path / "second", lake, service, newsstand)
    count = "SELECT count(*) FROM articles"
    before = second.rows(count)
    second("ingest")
    assert second.rows(count) == before
    found = second.told("reparse", "--dry-run")
    assert found["pages"] > 10
    assert not found["unread"]
    second("maintain")
    assert second.told("warehouse", "check")["broken"] == []
