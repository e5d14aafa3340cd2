"""Files that are either there in full or not at all, also after a power cut."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.errors import Retry

_FICLONE = 0x40049409
"""ioctl that shares the blocks of another file (btrfs, XFS); see ioctl_ficlone(2)."""


TEMPORARY = ".*.tmp*"
"""What matches the name of a file that is being written, and of DuckDB's log beside one."""


def put(target: Path, write: Callable[[Path], None], *, mode: int = 0o644) -> None:
    """Let `write` fill a temporary file, and give it the name `target` once it is on disk.

    Raises Retry("disk_full") when there is no room; then nothing has changed.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with full_disk(target):
            write(temporary)
            sync(temporary)
            temporary.chmod(mode)
            temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    sync(target.parent)


def mark_of(path: Path) -> tuple[int, ...] | None:
    """What tells a file from the one that takes its place, or from what it was; None where there is
    none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def is_stream(target: Path) -> bool:
    """Whether `target` is there, and neither file nor folder: a pipe, a terminal, a device. What
    goes there is written into it; a file in its place would reach nobody."""
    return target.exists() and not target.is_file() and not target.is_dir()


def is_duckdb(path: Path) -> bool:
    """Whether `path` is, or was, a database file of DuckDB's, going by its first bytes."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def is_blank(path: Path) -> bool:
    """Whether there is nothing in `path`, or nothing but zeros where it begins: what a file system
    may leave of a file after a power cut."""
    with path.open("rb") as file:
        return not file.read(4096).strip(b"\0")


def behind_links(target: Path) -> Path:
    """Where the file called `target` is, or will be: links that lead to it stay."""
    return Path(os.path.realpath(target))


@contextmanager
def full_disk(target: Path) -> Iterator[None]:
    """Says by Retry("disk_full") that there was no room for `target` in the block."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Retry(
                "disk_full", f"No room for {target}: free some space and try again."
            ) from error
        raise


def clone(source: Path, target: Path) -> None:
    """Copy a file; where the file system can share blocks, at once and without space."""
    with source.open("rb") as reader, target.open("wb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), _FICLONE, reader.fileno())
        except OSError:
            shutil.copyfile(source, target)  # within the system, where it has a way


def copy_at_rest(source: Path, target: Path) -> None:
    """Copy a database file that nobody has open, making sure that nobody wrote into it meanwhile.

    Raises Retry("warehouse_locked") where somebody did.
    """
    before = _stamp(source)
    clone(source, target)
    if _stamp(source) != before or source.with_name(source.name + ".wal").exists():
        raise Retry(
            "warehouse_locked",
            f"{source} was opened by another program while it was being copied. Close it there "
            "(people open the published copy instead), and try again.",
        )


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def sync(path: Path) -> None:
    """Put a file, or the names in a folder, on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
