"""A small file system of its own, to be filled up or made read-only."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MOUNT, UMOUNT = map(shutil.which, ("mount", "umount"))


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[Path]:
    """The new folder as a file system of that size; skips the test where none can be mounted."""
    folder.mkdir()
    command = [str(MOUNT), "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if not MOUNT or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run([str(UMOUNT), str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Changes what a mounted folder allows, such as `ro` or `size=60m`."""
    subprocess.run([str(MOUNT), "-o", f"remount,{options}", str(folder)], check=True)
