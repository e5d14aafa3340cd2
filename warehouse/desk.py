"""Where a desk keeps its files.

clips.duckdb          the published copy: what people name, open and keep open
clips.desk/
    private.duckdb    the warehouse itself; only the one writer opens it
    landing/          batches that wait to be loaded, one Parquet file each
    landing/quarantine/   batches that can't be read
    writer.lock       held by whoever has the private file open or copies it
    run.lock          for `flows`: one run at a time
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Desk:
    """The files of one desk."""

    published: Path
    folder: Path

    @classmethod
    def at(cls, path: Path) -> Desk:
        """The desk whose published copy is at `path`."""
        path = path.expanduser().absolute()
        return cls(
            published=path, folder=path.with_name(path.name.removesuffix(".duckdb") + ".desk")
        )

    @property
    def private(self) -> Path:
        """The warehouse that the one writer works on."""
        return self.folder / "private.duckdb"

    @property
    def landing(self) -> Path:
        """Where batches wait to be loaded."""
        return self.folder / "landing"

    @property
    def quarantine(self) -> Path:
        """Batches that can't be read, kept for someone to look at."""
        return self.landing / "quarantine"

    @property
    def backups(self) -> Path:
        """Copies of the private file, taken before it is migrated."""
        return self.folder / "backups"

    @property
    def writer_lock(self) -> Path:
        """Held while the private file is open or being copied."""
        return self.folder / "writer.lock"

    @property
    def lock(self) -> Path:
        """For `flows`: held by a run."""
        return self.folder / "run.lock"

    def create(self) -> None:
        """Make the folders; what exists stays."""
        self.quarantine.mkdir(parents=True, exist_ok=True)
