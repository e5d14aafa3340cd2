"""Files that are either there in full or not at all, also after a power cut."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from parsers.errors import Retry

_FICLONE = 0x40049409
"""ioctl that shares the blocks of another file (btrfs, XFS); see ioctl_ficlone(2)."""


def put(target: Path, write: Callable[[Path], None], *, mode: int = 0o644) -> None:
    """Let `write` fill a temporary file, and give it the name `target` once it is on disk.

    Raises Retry("disk_full") when there is no room; then nothing has changed.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        sync(temporary)
        temporary.chmod(mode)
        temporary.replace(target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Retry(
                "disk_full", f"No room for {target}: free some space and try again."
            ) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)
    sync(target.parent)


def clone(source: Path, target: Path) -> None:
    """Copy a file; where the file system can share blocks, at once and without space."""
    with source.open("rb") as reader, target.open("wb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), _FICLONE, reader.fileno())
        except OSError:
            shutil.copyfileobj(reader, writer, 1 << 20)


def sync(path: Path) -> None:
    """Put a file, or the names in a folder, on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
