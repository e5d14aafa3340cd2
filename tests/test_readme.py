"""The README tells the truth: its commands run, its queries answer, its tables match the code."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.newsstand import load_press, serve_in_thread
from tests.docs import README, ROOT, blocks, with_generated_parts
from tests.flows.cli.running import Done, called
from warehouse.published.read import read

NEEDS_A_SERVER = ("pressclip server",)
"""Run by the tests that start a server: tests/flows/server."""
RUN_BY_CI_ITSELF = ("make ", "pip install")
FINDS_BROKEN_FEEDS = "pressclip feeds check"
"""Ends with 1, since the made-up press has some."""

Shell = Callable[[str], Done]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README's commands name."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "my.opml").write_bytes((ROOT / "seeds/newsstand/feeds.opml").read_bytes())
    paragraph = "OpenAI opened a reading room in Port Alder on Monday, and forty people came. "
    (folder / "old-clipping.txt").write_text(f"A Reading Room Opens\n\n{paragraph * 4}\n")
    (folder / "saved-page.html").write_text(
        "<html><head><title>A Second Room</title></head><body><article><h1>A Second Room</h1>"
        f"<p>{paragraph * 4}</p><p>The second room is upstairs, past the atlas.</p>"
        "</article></body></html>"
    )
    return folder


@pytest.fixture(scope="module")
def shell(folder: Path) -> Iterator[Shell]:
    """Runs a line of the README where the made-up press is within reach."""
    with serve_in_thread(load_press(1)) as press:
        environment = {
            "PRESSCLIP_PROXY": press.proxy_url,
            "PRESSCLIP_HOST_PAUSE": "0",
            "PRESSCLIP_WAREHOUSE": str(folder / "clippings.duckdb"),
        }

        def run(line: str) -> Done:
            program, *words = shlex.split(line)
            assert program == "pressclip", line
            return called(folder, environment, *words)

        # A reader would start with the feeds that ship; here only the made-up ones answer.
        assert run("pressclip feeds import my.opml").returncode == 0
        yield run


def test_every_command_runs_in_the_order_given(shell: Shell) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    mine = [line for line in lines if not line.startswith(NEEDS_A_SERVER + RUN_BY_CI_ITSELF)]
    assert len(mine) > 10
    for line in mine:
        done = shell(line)
        expected = 1 if line == FINDS_BROKEN_FEEDS else 0
        assert done.returncode == expected, f"{line}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip(), line


def test_every_query_answers_with_rows(shell: Shell, folder: Path) -> None:
    path = folder / "clippings.duckdb"
    shell("pressclip ingest")
    queries = blocks("sql")
    assert len(queries) >= 4
    for query in queries:
        assert read(path, query, limit=20).rows, query


def test_generated_parts_are_current() -> None:
    text = README.read_text("utf-8")
    assert with_generated_parts(text) == text, "run `make docs`"


def test_links_lead_somewhere() -> None:
    for name in (
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "docs/data-dictionary.md",
        "docs/cookbook.md",
        "docs/operations.md",
        "docs/ducklake.md",
        "docs/server.md",
        "docs/events.md",
        "docs/archive.md",
    ):
        assert name in README.read_text("utf-8")
        assert (ROOT / name).exists()


def test_where_the_first_query_stands_is_said_what_python_needs_for_it() -> None:
    """Without pytz DuckDB hands out no TIMESTAMPTZ."""
    before = README.read_text("utf-8").partition("```sql")[0]
    assert "`pytz`" in before
