"""Where a desk keeps its files.

clips.duckdb          the published copy: what people name, open and keep open
clips.desk/
    private.duckdb    the warehouse itself; only the one writer opens it
    landing/          batches that wait to be loaded, one Parquet file each
    landing/quarantine/   batches that can't be read
    raw/              for `flows`: pages as they came over the wire, a WARC file a batch
    staged/           batches of a reparse that nobody has agreed to yet
    publish.json      what publishing has cost lately
    backups/          copies of the private file
    writer.lock       held by whoever has the private file open or copies it
    run.lock          for `flows`: one run at a time

Where the warehouse is a DuckLake there is neither a private file nor a copy: every machine that
fills it has a desk of its own for what it landed, and readers read the lake. `landing/` and `raw/`
may be elsewhere (`Storage`), for instance in a bucket that all these machines share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from parsers.errors import Drop
from warehouse.folders import Folder, LocalFolder, folder_at
from warehouse.location import Lake, read_location


@dataclass(frozen=True, slots=True)
class Storage:
    """Where a desk keeps what is neither a database nor a lock, if not beside them."""

    landing: str | None = None
    """A path or fsspec URL under which each warehouse has a landing folder of its own."""
    raw: str | None = None
    """The same for raw pages."""
    s3_endpoint: str | None = None
    """The URL of an S3 service other than Amazon's, for folders and for a lake's files."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A warehouse, and the files that this machine keeps for it."""

    warehouse: Path | Lake
    """The published copy, or the lake."""
    folder: Path
    storage: Storage = Storage()

    @classmethod
    def at(cls, where: str | Path, desks: Path | None = None, storage: Storage = Storage()) -> Desk:
        """The desk of the warehouse at `where` (see `warehouse.location`): that of a file is
        beside it, that of a lake in the folder `desks`.

        Raises Drop("bad_warehouse") where `where` can't name one, ValueError for a lake without
        `desks`.
        """
        place = read_location(where)
        if isinstance(place, Lake):
            if desks is None:
                raise ValueError(f"no folder is named for the desk of {place}")
            lake = replace(place, s3_endpoint=storage.s3_endpoint)
            return cls(lake, desks.expanduser().absolute() / f"{lake.label}.desk", storage)
        return cls(place, place.with_name(place.name.removesuffix(".duckdb") + ".desk"), storage)

    @property
    def name(self) -> str:
        """The warehouse as people name it; there is nothing secret in it."""
        return str(self.warehouse)

    @property
    def lake(self) -> Lake | None:
        """The lake, where the warehouse is none in a file."""
        return self.warehouse if isinstance(self.warehouse, Lake) else None

    @property
    def published(self) -> Path:
        """The copy that people open. Raises Drop("not_a_file") for a lake, which has none."""
        return self._file()

    @property
    def private(self) -> Path:
        """The file that the one writer works on. Raises Drop("not_a_file") for a lake."""
        self._file()
        return self.folder / "private.duckdb"

    @property
    def landing(self) -> Folder:
        """Where batches wait to be loaded; in `quarantine/` are those that can't be read."""
        return self._folder("landing", self.storage.landing)

    @property
    def raw(self) -> Folder:
        """For `flows`: where raw pages are kept."""
        return self._folder("raw", self.storage.raw)

    def _folder(self, name: str, place: str | None) -> Folder:
        if place is None:
            return LocalFolder(self.folder / name)
        return folder_at(f"{place.rstrip('/')}/{self._label}", s3_endpoint=self.storage.s3_endpoint)

    @property
    def _label(self) -> str:
        """Another name for every warehouse, the same on all machines: so that two of them can be
        told one place without getting into each other's way."""
        if isinstance(self.warehouse, Lake):
            return self.warehouse.label
        digest = sha256(str(self.warehouse).encode()).hexdigest()
        return f"{self.folder.stem}-{digest[:8]}"

    @property
    def backups(self) -> Path:
        """Copies of the private file, taken before it is migrated. Raises Drop("not_a_file")
        for a lake."""
        self._file()
        return self.folder / "backups"

    @property
    def writer_lock(self) -> Path:
        """Held while the private file is open or being copied."""
        return self.folder / "writer.lock"

    @property
    def lock(self) -> Path:
        """For `flows`: held by a run."""
        return self.folder / "run.lock"

    def _file(self) -> Path:
        if isinstance(self.warehouse, Lake):
            raise Drop(
                "not_a_file",
                f"This works on a warehouse in a file, and {self.name} is a DuckLake: it keeps "
                "earlier states itself, and its catalogue is backed up where it is kept.",
            )
        return self.warehouse

    def create(self) -> None:
        """Make the folder; what exists stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
