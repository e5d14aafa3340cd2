"""The landing folder: batches on disk before they are rows.

A batch that has its name here will be loaded, whatever happens next; one that has not never
existed. So a name is given only to what is safely on disk. Arrow is imported where batches are read
or written: whoever counts them does without.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.errors import Quarantine
from warehouse.desk import Desk, Storage
from warehouse.folders import Folder, Stored, copy_stored
from warehouse.records import Batch

if TYPE_CHECKING:
    import pyarrow as pa

QUARANTINE = "quarantine/"
"""What the names of batches that can't be read begin with."""
ROWS_AT_ONCE = 2000
"""So many records of a batch are turned into Arrow's form at a time: as dictionaries they take
several times what they take as records."""
_BATCH_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")


@dataclass(frozen=True, slots=True)
class LandedBatch:
    """A batch as read back from its file."""

    batch_id: str
    kind: str
    created_at: datetime
    topics_digest: str | None
    clock_epoch: int
    tables: dict[str, pa.Table]
    """The records by kind (`feed`, `entry` …), one column per field."""


def land(desk: Desk, batch: Batch) -> str:
    """Put a batch where the next load finds it, and return its name there; once this returns it
    can't be lost.

    Raises Retry("disk_full") when there is no room, Retry("storage_unreachable") where the landing
    folder is elsewhere and can't be reached, ValueError for an id that can't be a file name.
    Landing the same batch again changes nothing.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from warehouse.loading.schema import batch_schema, rows

    if not _BATCH_ID.fullmatch(batch.batch_id):
        raise ValueError(f"{batch.batch_id!r} can't be a batch id")
    about = {
        "batch_id": batch.batch_id,
        "kind": batch.kind,
        "created_at": batch.created_at.isoformat(),
        "topics_digest": batch.topics_digest or "",
        "clock_epoch": str(batch.clock_epoch),
    }
    schema = batch_schema().with_metadata(about)

    def write(path: Path) -> None:
        left = rows(batch)
        with pq.ParquetWriter(path, schema, compression="zstd") as file:
            while part := list(islice(left, ROWS_AT_ONCE)):
                file.write_table(pa.Table.from_pylist(part, schema=schema))

    desk.create()
    name = f"{batch.batch_id}.parquet"
    desk.landing.put(name, write)
    return name


def landed(desk: Desk) -> tuple[Stored, ...]:
    """The batches that wait to be loaded, the earliest first."""
    return desk.landing.files("[!.]*.parquet")


def quarantined(desk: Desk) -> tuple[Stored, ...]:
    """The batches that could not be read and were set aside."""
    return desk.landing.files(f"{QUARANTINE}[!.]*.parquet")


def stage(desk: Desk) -> Desk:
    """A desk beside `desk` in which batches are landed that nobody has decided about yet. What an
    earlier one left there is gone."""
    staged = replace(desk, folder=desk.folder / "staged", storage=Storage())
    shutil.rmtree(staged.folder, ignore_errors=True)
    staged.create()
    return staged


def commit_staged(staged: Desk, desk: Desk) -> int:
    """Moves the batches landed at a staged desk to the landing folder of `desk`, the earliest
    first; returns how many. Raises what landing there raises; what has not moved stays staged."""
    batches = landed(staged)
    for batch in batches:
        move_staged(staged, [batch.name], desk)
    return len(batches)


def move_staged(staged: Desk, names: Sequence[str], desk: Desk) -> None:
    """Moves staged batches of one kind and moment to the landing folder of `desk`, as one that has
    the first one's name: most of what merging a batch costs is the same however little is in it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    first, *others = names
    if others:
        tables = []
        for name in names:
            with staged.landing.open(name) as file:
                tables.append(pq.read_table(file))
        # Arrow keeps what the first says about itself.
        whole = pa.concat_tables(tables)
        desk.landing.put(first, lambda path: pq.write_table(whole, path, compression="zstd"))
    else:
        copy_stored(staged.landing, first, desk.landing)
    for name in names:
        staged.landing.remove(name)


def forget(staged: Desk, name: str, entry_ids: Collection[int]) -> Counter[str]:
    """Takes some entries out of a staged batch, with what became of them; returns the states that
    they had."""
    import pyarrow.parquet as pq

    with staged.landing.open(name) as file:
        table = pq.read_table(file)
    rows = table.to_pylist()
    outcomes = [row["outcome"] for row in rows if row["outcome"]]
    gone = [outcome for outcome in outcomes if outcome["entry_id"] in entry_ids]
    kept = {each["article_id"] for each in outcomes if each["entry_id"] not in entry_ids}
    articles = {each["article_id"] for each in gone} - kept

    def stays(row: dict[str, Any]) -> bool:
        if row["article"]:
            return row["article"]["article_id"] not in articles
        record = row["entry"] or row["outcome"] or row["failure"]
        return record is None or record["entry_id"] not in entry_ids

    left = table.filter([stays(row) for row in rows])
    staged.landing.put(name, lambda path: pq.write_table(left, path, compression="zstd"))
    return Counter(each["state"] for each in gone)


def read_batch(folder: Folder, name: str) -> LandedBatch:
    """The batch in a file of a landing folder.

    A file that an earlier version wrote has fewer fields and kinds; what it lacks is None.
    Raises Quarantine("bad_batch") for a file that is no batch, or a broken one, FileNotFoundError
    where there is none, and what reading the folder raises.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from warehouse.loading.schema import KINDS

    with folder.open(name) as file:
        content = file.read()
    try:
        stored = pq.ParquetFile(pa.BufferReader(content))
        about = {
            key.decode(): value.decode() for key, value in stored.schema_arrow.metadata.items()
        }
        # Columns of kinds that are not there take the longest.
        there = stored.read(columns=["kind"])["kind"].unique().to_pylist()
        table = stored.read(columns=["kind", *there])
        return LandedBatch(
            batch_id=about["batch_id"],
            kind=about["kind"],
            created_at=datetime.fromisoformat(about["created_at"]),
            topics_digest=about.get("topics_digest") or None,
            clock_epoch=int(about.get("clock_epoch", 0)),
            tables={kind: _records(table, kind) for kind in KINDS},
        )
    except MemoryError:
        # One of Arrow's errors, but the machine's fault.
        raise
    except (pa.ArrowException, OSError, KeyError, ValueError, AttributeError) as error:
        raise Quarantine(
            "bad_batch",
            f"{name} can't be read as a batch ({error}). It was kept in the landing folder's "
            f"{QUARANTINE}; the entries in it will be asked for again.",
        ) from error


def _records(table: pa.Table, kind: str) -> pa.Table:
    """The rows of one kind, unpacked."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from warehouse.loading.schema import batch_schema

    wanted = batch_schema().field(kind).type
    if kind not in table.column_names:
        return pa.Table.from_struct_array(pa.array([], wanted))
    column = table[kind].filter(pc.equal(table["kind"], pa.scalar(kind))).cast(wanted)
    return pa.Table.from_struct_array(column)


def set_aside(desk: Desk, name: str) -> None:
    """Move a batch that can't be read into quarantine."""
    desk.landing.rename(name, f"{QUARANTINE}{name}")


def put_back(desk: Desk, name: str) -> bool:
    """Move a batch out of quarantine for the next load to try; False where it is not there."""
    if "/" in name:
        return False
    try:
        desk.landing.rename(f"{QUARANTINE}{name}", name)
    except FileNotFoundError:
        return False
    return True
