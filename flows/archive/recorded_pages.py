"""The records of a WARC file, one after the other, past whatever is broken.

fastwarc reads them. Going on is our own: its iterator ends at the first record that is broken, as
warcio's does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

_BEGINNING = re.compile(rb"\x1f\x8b\x08|WARC/1\.\d\r?\n(?:WARC-|Content-)")
"""How a gzip member begins (RFC 1952), and so a record of a packed file; or a plain record."""
_OVERLAP = len(b"WARC/1.0\r\nContent-") - 1
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A place in a file where a record can't be read."""

    message: str
    position: int
    """Where the last record before it begins, or the record itself, in bytes."""


def warc_records(
    file: BinaryIO, name: str, first: int = 0
) -> Iterator[tuple[WarcRecord, int] | BrokenRecord]:
    """The records of every kind from byte `first` on, and where they begin; `name` is what messages
    call the file.

    After one that is broken, reading goes on with the next that can be found, also in the midst of
    what the broken one took for its own.
    """
    start: int | None = first
    while start is not None:
        file.seek(start)
        last = None
        try:
            records = ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False)
            for record in records:
                # Counted from the beginning of the file, wherever reading began.
                last = record.stream_pos
                yield record, last
                _read_to_end(record)
        except OSError as error:
            broken = start if last is None else last
            if last is not None or start == first:
                yield BrokenRecord(
                    f"A record of {name} after byte {broken} can't be read: {error}.", broken
                )
            start = _next_record(file, broken + 1)
        else:
            # What looked like a record may have been a piece of a page.
            start = _next_record(file, start + 1) if start and last is None else None


def _read_to_end(record: WarcRecord) -> None:
    """Raises OSError for a record that is not as long as it says."""
    while record.reader.read(_STEP):
        pass
    if record.reader.tell() < record.content_length:
        raise OSError("it ends before its end")


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Where the next record, or gzip member, may begin at or after `start`."""
    file.seek(start)
    tail = b""
    while data := file.read(_STEP):
        window = tail + data
        if found := _BEGINNING.search(window):
            return start - len(tail) + found.start()
        start += len(data)
        tail = window[-_OVERLAP:]
    return None


def first_record(file: BinaryIO, start: int, end: int) -> int | None:
    """Where the first record begins that can be found from byte `start` on and before `end`. It may
    be a piece of a page that looks like one: only whoever reads the file from its beginning knows.
    """
    place = _next_record(file, start)
    while place is not None and place < end:
        file.seek(place)
        try:
            if next(iter(ArchiveIterator(file, parse_http=False)), None) is not None:
                return place
        except OSError:
            pass  # no record begins here
        place = _next_record(file, place + 1)
    return None


def can_be_split(file: BinaryIO) -> bool:
    """Whether records can be found from the middle of a file: each is a gzip member of its own, or
    none is packed."""
    places = [item[1] for item in islice(warc_records(file, ""), 2) if isinstance(item, tuple)]
    for place in places[1:]:
        file.seek(place)
        if not _BEGINNING.match(file.read(_OVERLAP + 1)):
            return False
    return len(places) > 1
