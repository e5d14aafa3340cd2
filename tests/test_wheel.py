"""What ships: the wheel has everything that an installation without a checkout needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DATA = {
    ".yaml",
    ".toml",
    ".opml",
    ".sql",
    ".typed",
    ".html",
    ".md",
    ".xml",
    ".css",
    ".svg",
    ".js",
    ".txt",
}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("package", ["flows", "parsers", "warehouse", "seeds", "deploy"])
def test_every_module_and_data_file_is_in_it(names: set[str], package: str) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.suffix in DATA | {".py"} and "__pycache__" not in path.parts
    }
    assert len(wanted) > 1
    assert wanted - names == set()


def test_nothing_else_is_in_it(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"flows", "parsers", "warehouse", "seeds", "deploy"}
    assert "seeds/cookbook.md" in names


def test_pages_bring_their_scripts_and_whose_they_are(names: set[str]) -> None:
    static = {name.split("/")[-1] for name in names if name.startswith("flows/web/static/")}
    assert {"web.js", "htmx-2.0.11.min.js", "htmx-2.0.11.LICENSE.txt"} <= static
