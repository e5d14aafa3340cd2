"""The shape that import-linter can't see: the clock, the environment and the SQL have one place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("parsers", "warehouse", "flows")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def attributes(path: Path) -> set[str]:
    """Every `a.b` in a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_flows_look_at_the_clock(path: Path) -> None:
    clocks = {"datetime.now", "datetime.utcnow", "time.time", "time.monotonic", "date.today"}
    if path.parts[len(ROOT.parts)] != "flows":
        # The warehouse waits for locks with a monotonic clock, which tells no time of day.
        allowed = {"time.monotonic"} if "warehouse" in path.parts else set()
        assert not attributes(path) & clocks - allowed


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    if name_of(path) != "flows/settings.py":
        assert not attributes(path) & {"os.environ", "os.getenv", "os.environb"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_public_functions_say_what_they_mean(path: Path) -> None:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_documents_that_are_named_are_there(path: Path) -> None:
    for name in re.findall(r"docs/[\w-]+\.md", path.read_text("utf-8")):
        assert (ROOT / name).exists(), name


def test_locks_name_no_index_and_hash_everything() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) == 4
    for lock in locks:
        text = lock.read_text("utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        requirements = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert requirements
        assert all("==" in line and line.endswith("\\") for line in requirements)


ENTRY_POINTS = {"app", "command", "log", "main"}
"""Names that every module of their kind has, as the libraries they serve expect."""


def test_one_name_means_one_thing() -> None:
    """A public name is defined in one module, unless it is the flow or command named after it."""
    homes: dict[str, set[str]] = {}
    for path in SOURCES:
        if name_of(path) == "flows/prefect_flows.py" or "/cli/" in name_of(path):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                homes.setdefault(node.name, set()).add(name_of(path))
    twice = {
        name: sorted(paths)
        for name, paths in homes.items()
        if len(paths) > 1 and not name.startswith("_") and name not in ENTRY_POINTS
    }
    assert twice == {}
