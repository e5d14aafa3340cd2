"""The shape that import-linter can't see: each test lists all that is out of shape."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("parsers", "warehouse", "flows")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
"""Lines; under 40 as a rule."""
MOST_MODULES = 16
"""In a folder, `__init__.py` and packages not counted."""
ENTRY_POINTS = {"app", "command", "log", "main"}
"""Names that every module of their kind has, as the libraries they serve expect."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A module of ours."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        """Which of the three it belongs to."""
        return self.name.split("/")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def attributes(self) -> set[str]:
        """Every `a.b` in it."""
        return {
            f"{node.value.id}.{node.attr}"
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }

    def defined(self) -> Iterator[Function | ast.ClassDef]:
        """Its functions and classes."""
        return (node for node in self.tree.body if isinstance(node, Function | ast.ClassDef))


SOURCES = [Source(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_clock_and_environment_have_one_place() -> None:
    def offences(source: Source) -> set[str]:
        environment = {"os.environ", "os.getenv", "os.environb"}
        clocks = {"datetime.now", "datetime.utcnow", "time.time", "time.monotonic", "date.today"}
        if source.name == "flows/settings.py":
            environment = set()
        if source.package == "flows":
            clocks = set()
        elif source.package == "warehouse":
            # It waits for locks with a monotonic clock, which tells no time of day.
            clocks.remove("time.monotonic")
        return source.attributes() & (environment | clocks)

    found = {source.name: offences(source) for source in SOURCES}
    assert {name: offences for name, offences in found.items() if offences} == {}


def test_files_functions_and_folders_stay_short() -> None:
    assert list(_too_long()) == []


def _too_long() -> Iterator[str]:
    for source in SOURCES:
        if source.text.count("\n") > LONGEST_FILE:
            yield source.name
        for node in ast.walk(source.tree):
            if isinstance(node, Function):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield f"{source.name}: {node.name} has {length} lines"
    modules = Counter(one.path.parent for one in SOURCES if one.path.name != "__init__.py")
    for folder, count in modules.items():
        if count > MOST_MODULES:
            yield f"{folder.relative_to(ROOT)} has {count} modules"


def test_everything_public_says_what_it_means() -> None:
    """A package with its walk, a function or class with what it is for, a document by a name that
    leads to one."""
    assert [*_silent(), *_missing_documents()] == []


def _silent() -> Iterator[str]:
    for source in SOURCES:
        if not ast.get_docstring(source.tree):
            yield source.name
        for node in source.defined():
            if not node.name.startswith("_") and not ast.get_docstring(node):
                yield f"{source.name}: {node.name}"
    for folder in _folders():
        if not (folder / "__init__.py").exists():
            yield f"{folder.relative_to(ROOT)} has no __init__.py"


def _folders() -> Iterable[Path]:
    return sorted({source.path.parent for source in SOURCES})


def _missing_documents() -> Iterator[str]:
    for source in SOURCES:
        for name in re.findall(r"docs/[\w-]+\.md", source.text):
            if not (ROOT / name).exists():
                yield f"{source.name} names {name}"


def test_one_name_means_one_thing() -> None:
    """A public name is defined in one module, unless it is the flow or command named after it; what
    travels is defined in two modules called `records`."""
    homes: dict[str, set[str]] = {}
    for source in SOURCES:
        if source.name == "flows/prefect_flows.py" or "/cli/" in source.name:
            continue
        for node in source.defined():
            if not node.name.startswith("_") and node.name not in ENTRY_POINTS:
                homes.setdefault(node.name, set()).add(source.name)
    assert {name: sorted(paths) for name, paths in homes.items() if len(paths) > 1} == {}
    records = [source.name for source in SOURCES if source.path.name == "records.py"]
    assert records == ["parsers/records.py", "warehouse/records.py"]


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
