"""Reading WARC files, our own and those of crawls, a record at a time.

Whatever a file holds, reading goes on to its end: what is broken or is no page is passed over by
name. Only one record is in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import islice
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from flows.archive.writing import ENTRY_FIELD
from flows.fetch.unpack import Limits, Unpacker
from parsers.errors import Drop, PressclipError
from parsers.records import Page

PAGES_PER_CHUNK = 100
BYTES_PER_CHUNK = 30_000_000

_WANTED = WarcRecordType.response | WarcRecordType.metadata | WarcRecordType.revisit
_MEMBER = b"\x1f\x8b\x08"
"""How a gzip member begins (RFC 1952), and so a record of a packed file."""
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Recorded:
    """A page that a file holds."""

    page: Page
    entry_ids: tuple[int, ...]
    """The entries it was asked for, where we wrote the file."""
    position: int
    """Where in the file its record begins, in bytes."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that holds no page to read."""

    reason: str
    """A short name to count by: `revisit`, `http_404`, `broken_record` …"""
    message: str
    position: int


def read_warc(file: BinaryIO, name: str, limits: Limits) -> Iterator[Recorded | Passed]:
    """The pages in a WARC file, packed or not, in its order; `name` is what messages call it,
    `limits` are those of a body.

    Raises Drop("not_warc") at the end of a file in which there is no record at all.
    """
    held: tuple[str | None, Recorded] | None = None
    seen = False
    for record, position in _records(file, name):
        if isinstance(record, Passed):
            yield record
            continue
        seen = True
        if record.record_type == WarcRecordType.metadata:
            if held and record.headers.get("WARC-Concurrent-To") == held[0]:
                held = held[0], replace(held[1], entry_ids=_entry_ids(record))
            continue
        if held:
            yield held[1]
        held = None
        found = _read(record, position, limits)
        if isinstance(found, Passed):
            yield found
        else:
            held = record.record_id, found
    if held:
        yield held[1]
    if not seen:
        raise Drop("not_warc", f"{name} holds no WARC record. Name a .warc or .warc.gz file.")


def next_chunk(pages: Iterator[Recorded]) -> list[Recorded]:
    """The next of `pages`, not too many bytes of them; empty at their end."""
    chunk: list[Recorded] = []
    size = 0
    for one in islice(pages, PAGES_PER_CHUNK):
        chunk.append(one)
        size += len(one.page.body)
        if size >= BYTES_PER_CHUNK:
            break
    return chunk


def _records(file: BinaryIO, name: str) -> Iterator[tuple[WarcRecord | Passed, int]]:
    """The records and where they begin. After one that is broken, reading goes on with the next
    that can be found."""
    start: int | None = 0
    while start is not None:
        file.seek(start)
        last = None
        try:
            for record in ArchiveIterator(file, record_types=_WANTED, parse_http=False):
                last = start + record.stream_pos
                yield record, last
        except OSError as error:
            broken = start if last is None else last
            if last is not None or start == 0:
                message = f"A record of {name} after byte {broken} can't be read: {error}."
                yield Passed("broken_record", message, broken), broken
            start = _next_member(file, broken + 1)
        else:
            return


def _next_member(file: BinaryIO, start: int) -> int | None:
    """Where the next gzip member may begin at or after `start`."""
    file.seek(start)
    tail = b""
    while data := file.read(_STEP):
        found = (tail + data).find(_MEMBER)
        if found >= 0:
            return start - len(tail) + found
        start += len(data)
        tail = data[-2:]
    return None


def _read(record: WarcRecord, position: int, limits: Limits) -> Recorded | Passed:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    try:
        if record.record_type == WarcRecordType.revisit:
            raise Drop("revisit", f"{url} is recorded as unchanged since an earlier crawl.")
        return Recorded(_page(record, url, limits), (), position)
    except PressclipError as error:
        return Passed(error.name, error.message, position)
    except (OSError, ValueError) as error:
        return Passed("broken_record", f"The record of {url} can't be read: {error}.", position)


def _page(record: WarcRecord, url: str, limits: Limits) -> Page:
    if not url.startswith(("http://", "https://")):
        raise Drop("not_http", f"The record of {url or 'no address'} is no answer over HTTP.")
    if record.content_length > limits.max_bytes:
        raise Drop("too_large", f"The record of {url} is larger than {limits.max_bytes} bytes.")
    at = record.record_date
    record.parse_http()
    if record.http_headers is None or at is None:
        raise Drop("broken_record", f"The record of {url} has no date or no HTTP headers.")
    status = record.http_headers.status_code or 0
    if not 200 <= status < 300:
        raise Drop(f"http_{status}", f"{url} answered {status}.")
    headers = tuple((name.lower(), value) for name, value in record.http_headers.items())
    unpacker = Unpacker(_values(headers, "content-encoding"), limits, url=url)
    unpacker.feed(_body(record, url, chunked="chunked" in _values(headers, "transfer-encoding")))
    return Page(url, url, status, headers, unpacker.finish(), at.astimezone(UTC))


def _body(record: WarcRecord, url: str, *, chunked: bool) -> bytes:
    promised = record.content_length
    body = record.reader.read()
    if len(body) < promised:
        raise Drop("broken_record", f"The record of {url} ends before its end.")
    return unchunked(body) if chunked else body


def unchunked(body: bytes) -> bytes:
    """`body` without its chunked coding (RFC 9112, section 7.1); as it is where that was undone
    already and only the header remained."""
    parts: list[bytes] = []
    place = 0
    while True:
        end = body.find(b"\r\n", place, place + 100)
        size = body[place:end].split(b";")[0].strip()
        if end < 0 or not size or size.strip(b"0123456789abcdefABCDEF"):
            return body
        length = int(size, 16)
        if not length:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + length])
        place = end + 2 + length + 2


def _values(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return ",".join(value.lower() for key, value in headers if key == name)


def _entry_ids(record: WarcRecord) -> tuple[int, ...]:
    lines = record.reader.read().decode("utf-8", "replace").splitlines()
    values = (line.partition(":")[2].strip() for line in lines if line.startswith(ENTRY_FIELD))
    return tuple(int(value) for value in values if value.isdecimal())
