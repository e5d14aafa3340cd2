"""What a command costs before it does anything: what it imports. Modules count, not seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.publish import publish

FOR_FETCHING_AND_PARSING = {
    *("httpx", "httpcore", "h2", "protego", "pebble", "fastwarc", "resiliparse", "prefect"),
    *("pyarrow", "numpy", "trafilatura", "feedparser", "lxml", "readability", "rensa"),
}
MOST_MODULES = 650
"""Before commands imported only what they work with, `pressclip feeds list` took 820, and the help
1,120."""
PROGRAM = """
import sys
from flows.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(sys.modules), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = Bench.in_folder(tmp_path_factory.mktemp("imports"))
    bench.load(a_batch("b1", articles=(an_article("a", topics=("musk",)),)))
    publish(bench.desk, now=at(1))
    return bench.desk.published


def imported(*words: str) -> set[str]:
    """The modules that are there at the end of a command."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words",
    [("clippings",), ("failures",), ("feeds", "list"), ("status",), ("sql", "SELECT 1")],
    ids=" ".join,
)
def test_who_reads_imports_nothing_to_fetch_or_parse_with(
    warehouse: Path, words: tuple[str, ...]
) -> None:
    modules = imported(*words, "-w", str(warehouse))
    assert not modules & FOR_FETCHING_AND_PARSING
    assert len(modules) < MOST_MODULES


def test_the_help_lists_every_command_and_imports_none() -> None:
    modules = imported("--help")
    assert not modules & FOR_FETCHING_AND_PARSING
    assert not [name for name in modules if name.startswith("flows.cli.commands.")]
    assert len(modules) < MOST_MODULES
