"""Folders for what is not a database: landed batches, raw pages. On this machine's disk, or on any
storage that fsspec knows, such as a bucket.

A file has its name when it is complete and stored, and not before, in either kind. Names are
relative to the folder, with `/` between their parts; patterns are those of a shell, in which `*`
stops at a `/`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO, Protocol

from parsers.errors import Drop, Retry
from warehouse.files import full_disk, put, sync

_HERE = {"file", "local"}
"""What fsspec calls this machine's disk."""
_S3 = {"s3", "s3a"}
_OBJECTS = {*_S3, "gs", "gcs", "abfs", "abfss", "az"}
"""Storage of objects: one appears when all of it is there, and there are no folders to make (asked
for one, fsspec may make a bucket)."""

_CAUTIOUS = {
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
"""Checksums that many services other than Amazon's do not know, or get wrong (boto3 issue 4392)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in a folder."""

    name: str
    size: int
    """Bytes."""
    changed_at: datetime


class Folder(Protocol):
    """A folder, wherever it is. Where it can't be reached, everything raises
    Retry("storage_unreachable"), and Retry("disk_full") where there is no room."""

    def files(self, pattern: str) -> tuple[Stored, ...]:
        """The files that match, by name; none where there is no such folder."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file to read, at any place in it. Raises FileNotFoundError."""

    def put(self, name: str, write: Callable[[Path], None]) -> None:
        """Let `write` fill a temporary file, and store it as `name`."""

    def rename(self, name: str, new: str) -> None:
        """Give a file another name. Raises FileNotFoundError."""

    def remove(self, name: str) -> None:
        """Remove a file; nothing happens where there is none."""


def folder_at(place: str | Path, *, s3_endpoint: str | None = None) -> Folder:
    """The folder at a path or URL; `s3_endpoint` is for `s3:` ones that are not at Amazon.

    Raises Drop("bad_folder") where the URL can't be one, or needs a package that is missing.
    """
    protocol, _, rest = str(place).rpartition("://")
    if not protocol or protocol in _HERE:
        return LocalFolder(Path(rest).expanduser().absolute())
    import fsspec

    try:
        fsspec.get_filesystem_class(protocol)
    except (ImportError, ValueError) as error:
        extra = "pip install 'pressclip[s3]'" if protocol in _S3 else str(error)
        raise Drop("bad_folder", f"The folder {place} can't be used here: {extra}.") from error
    return RemoteFolder(str(place), s3_endpoint if protocol in _S3 else None)


def copy_stored(source: Folder, name: str, target: Folder) -> None:
    """Store a file of one folder in another, under the same name. Raises FileNotFoundError."""

    def write(path: Path) -> None:
        with source.open(name) as reader, path.open("wb") as writer:
            shutil.copyfileobj(reader, writer, 1 << 20)

    target.put(name, write)


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A folder on a disk of this machine."""

    path: Path

    def files(self, pattern: str) -> tuple[Stored, ...]:
        found = []
        for path in self.path.glob(pattern):
            with suppress(FileNotFoundError):  # gone in the meantime
                status = path.stat()
                if S_ISREG(status.st_mode):
                    changed_at = datetime.fromtimestamp(status.st_mtime, UTC)
                    name = path.relative_to(self.path).as_posix()
                    found.append(Stored(name, status.st_size, changed_at))
        return tuple(sorted(found, key=lambda one: one.name))

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        return (self.path / name).open("rb")

    def put(self, name: str, write: Callable[[Path], None]) -> None:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        put(target, write)

    def rename(self, name: str, new: str) -> None:
        source, target = self.path / name, self.path / new
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        sync(target.parent)
        sync(source.parent)

    def remove(self, name: str) -> None:
        path = self.path / name
        path.unlink(missing_ok=True)
        if path.parent != self.path:
            with suppress(OSError):  # not empty, or gone
                path.parent.rmdir()
        if path.parent.exists():
            sync(path.parent)


@dataclass(frozen=True)
class RemoteFolder:
    """A folder that fsspec reaches."""

    url: str
    endpoint: str | None = None
    """Of an S3 service that is not Amazon's."""

    def files(self, pattern: str) -> tuple[Stored, ...]:
        with self._errors(f"list {self.url}"):
            # What it has seen before may be old: other machines put and remove files too.
            self._system.invalidate_cache()
            found = self._system.find(self._root, detail=True)
        matching = (
            Stored(name, int(about.get("size") or 0), _changed_at(about))
            for path, about in found.items()
            if _matches(name := path.removeprefix(self._root).lstrip("/"), pattern)
        )
        return tuple(sorted(matching, key=lambda one: one.name))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        # Fetched whole: no file of ours is big, and whatever is wrong with the storage shows here.
        with tempfile.TemporaryDirectory(prefix="pressclip-") as folder:
            file = Path(folder) / "file"
            with full_disk(file), self._errors(f"read {self.url}/{name}"):
                self._system.get_file(self._path(name), str(file))
            with file.open("rb") as opened:
                yield opened

    def put(self, name: str, write: Callable[[Path], None]) -> None:
        with tempfile.TemporaryDirectory(prefix="pressclip-") as folder:
            file = Path(folder) / "file"
            with full_disk(file):
                write(file)
            with self._errors(f"write {self.url}/{name}", missing=True):
                self._upload(file, name)

    def _upload(self, file: Path, name: str) -> None:
        target = self._path(name)
        if self._of_objects:
            self._system.put_file(str(file), target)
            return
        parent, _, last = target.rpartition("/")
        half_made = f"{parent}/.{last}.tmp"
        self._system.makedirs(parent, exist_ok=True)
        self._system.put_file(str(file), half_made)
        self._system.mv(half_made, target)

    def rename(self, name: str, new: str) -> None:
        with self._errors(f"rename {self.url}/{name}"):
            if not self._of_objects:
                self._system.makedirs(self._path(new).rpartition("/")[0], exist_ok=True)
            self._system.mv(self._path(name), self._path(new))

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError), self._errors(f"remove {self.url}/{name}"):
            self._system.rm_file(self._path(name))

    @property
    def _of_objects(self) -> bool:
        return self.url.partition("://")[0] in _OBJECTS

    @cached_property
    def _system(self) -> Any:
        import fsspec

        options = {"endpoint_url": self.endpoint, "config_kwargs": _CAUTIOUS}
        with self._errors(f"reach {self.url}"):
            return fsspec.url_to_fs(self.url, **(options if self.endpoint else {}))[0]

    @cached_property
    def _root(self) -> str:
        return str(self._system._strip_protocol(self.url)).rstrip("/")

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextmanager
    def _errors(self, what: str, *, missing: bool = False) -> Iterator[None]:
        """Every kind of storage has errors of its own; a file that is `missing` may mean that its
        bucket is."""
        try:
            yield
        except Retry:
            raise
        except Exception as error:
            if isinstance(error, FileNotFoundError) and not missing:
                raise
            raise Retry(
                "storage_unreachable",
                f"Could not {what}: {error or type(error).__name__}. Check that it is there, "
                "that it can be reached, and that its credentials are set.",
            ) from error


def _matches(name: str, pattern: str) -> bool:
    parts, patterns = name.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _changed_at(about: dict[str, Any]) -> datetime:
    """What kinds of storage call it differs; one that does not tell is as good as new."""
    for key in ("LastModified", "mtime", "last_modified", "modified", "created"):
        value = about.get(key)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
    return datetime.max.replace(tzinfo=UTC)
