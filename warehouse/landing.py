"""The landing folder: batches on disk before they are rows.

A batch that has its name here will be loaded, whatever happens next; one that has not never
existed. So a name is given only to what is safely on disk.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parsers.errors import Quarantine
from warehouse.desk import Desk
from warehouse.files import put, sync
from warehouse.records import Batch
from warehouse.schema import KINDS, batch_schema, rows

_BATCH_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")


@dataclass(frozen=True, slots=True)
class LandedBatch:
    """A batch as read back from its file."""

    batch_id: str
    kind: str
    created_at: datetime
    topics_digest: str | None
    tables: dict[str, pa.Table]
    """The records by kind (`feed`, `entry` …), one column per field."""


def land(desk: Desk, batch: Batch) -> Path:
    """Put a batch where the next load finds it; once this returns it can't be lost.

    Raises Retry("disk_full") when there is no room, ValueError for an id that can't be a file
    name. Landing the same batch again changes nothing.
    """
    if not _BATCH_ID.fullmatch(batch.batch_id):
        raise ValueError(f"{batch.batch_id!r} can't be a batch id")
    about = {
        "batch_id": batch.batch_id,
        "kind": batch.kind,
        "created_at": batch.created_at.isoformat(),
        "topics_digest": batch.topics_digest or "",
    }
    table = pa.Table.from_pylist(list(rows(batch)), schema=batch_schema().with_metadata(about))
    desk.create()
    target = desk.landing / f"{batch.batch_id}.parquet"
    put(target, lambda path: pq.write_table(table, path, compression="zstd"))
    return target


def landed(desk: Desk) -> tuple[Path, ...]:
    """The batches that wait to be loaded, the earliest first."""
    if not desk.landing.is_dir():
        return ()
    return tuple(sorted(path for path in desk.landing.glob("*.parquet") if _is_batch(path)))


def stage(desk: Desk) -> Desk:
    """A desk beside `desk` in which batches are landed that nobody has decided about yet. What an
    earlier one left there is gone."""
    staged = replace(desk, folder=desk.folder / "staged")
    shutil.rmtree(staged.folder, ignore_errors=True)
    staged.create()
    return staged


def commit_staged(staged: Desk, desk: Desk) -> int:
    """Moves the batches landed at a staged desk to the landing folder of `desk`, the earliest
    first; returns how many."""
    paths = landed(staged)
    for path in paths:
        path.replace(desk.landing / path.name)
    sync(desk.landing)
    return len(paths)


def _is_batch(path: Path) -> bool:
    return not path.name.startswith(".")


def read_batch(path: Path) -> LandedBatch:
    """The batch in a file of the landing folder.

    A file that an earlier version wrote has fewer fields; what it lacks is None.
    Raises Quarantine("bad_batch") for a file that is no batch, or a broken one.
    """
    try:
        table = pq.read_table(path)
        about = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
        return LandedBatch(
            batch_id=about["batch_id"],
            kind=about["kind"],
            created_at=datetime.fromisoformat(about["created_at"]),
            topics_digest=about.get("topics_digest") or None,
            tables={kind: _records(table, kind) for kind in KINDS},
        )
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, KeyError, ValueError, AttributeError) as error:
        raise Quarantine(
            "bad_batch",
            f"{path.name} can't be read as a batch ({error}). It was kept in "
            f"{path.parent / 'quarantine'}; the entries in it will be asked for again.",
        ) from error


def _records(table: pa.Table, kind: str) -> pa.Table:
    """The rows of one kind, unpacked."""
    wanted = batch_schema().field(kind).type
    column = table.filter(pc.field("kind") == kind)[kind].cast(wanted)
    return pa.Table.from_struct_array(column)


def remove(path: Path) -> None:
    """Take a loaded batch away; a second time does nothing."""
    path.unlink(missing_ok=True)
    sync(path.parent)


def set_aside(path: Path) -> Path:
    """Move a batch that can't be read into quarantine."""
    target = path.parent / "quarantine" / path.name
    path.replace(target)
    sync(target.parent)
    sync(path.parent)
    return target


def put_back(desk: Desk, name: str) -> bool:
    """Move a batch out of quarantine for the next load to try; False where it is not there."""
    source, target = desk.quarantine / name, desk.landing / name
    if Path(name).name != name or not source.exists():
        return False
    source.replace(target)
    sync(target.parent)
    sync(source.parent)
    return True
