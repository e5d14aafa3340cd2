"""Reading WARC files, our own and those of crawls, a record at a time.

Whatever a file holds, reading goes on to its end: what is broken or is no page is passed over by
name. Only one record is in memory at once. Codings of bodies are undone by us: fastwarc can do it,
but without a limit, and not where a crawler undid the chunks and left the header that names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import BinaryIO, TypeVar

from fastwarc.warc import WarcRecord, WarcRecordType

from flows.archive.recorded_pages import BrokenRecord, warc_records
from flows.archive.writing import ENTRY_FIELD, FURTHER_FIELD
from flows.fetch.decompress import Limits, Unpacker
from parsers.errors import Drop, PressclipError
from parsers.records import Page

PAGES_PER_CHUNK = 100
BYTES_PER_CHUNK = 30_000_000

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No page is older than the web."""
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
"""For files of our own: what the clock said when a page was kept stands, right or wrong."""
_PAGES = (WarcRecordType.response, WarcRecordType.revisit)
_LONGEST_NOTE = 1_000_000
"""Bytes that are read of a metadata record."""
_ID_BITS = 64


@dataclass(frozen=True, slots=True)
class RecordedPage:
    """A page that a file holds."""

    page: Page
    entry_ids: tuple[int, ...]
    """The entries it was asked for, where we wrote the file."""
    position: int
    """Where in the file its record begins, in bytes."""
    of: str | None = None
    """Of a further page of an article: the address of the one before it that was asked for its
    entries."""
    further: tuple[Page, ...] = ()
    """The other pages of its article (see `gather`)."""


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A record that holds no page to read."""

    reason: str
    """A short name to count by: `revisit`, `http_404`, `broken_record` …"""
    message: str
    position: int


Record = TypeVar("Record", bound=RecordedPage | SkippedRecord)


def read_warc(
    file: BinaryIO, name: str, limits: Limits, *, latest: datetime, first: int = 0
) -> Iterator[RecordedPage | SkippedRecord]:
    """The pages in a WARC file, packed or not, in its order, from byte `first` on; `name` is what
    messages call it, `limits` are those of a body, and no page can be of a moment after `latest`.

    Raises Drop("not_warc") at the end of a file in which there is no record at all.
    """
    seen = False

    def records() -> Iterator[tuple[WarcRecord, int] | BrokenRecord]:
        nonlocal seen
        for item in warc_records(file, name, first):
            seen = seen or not isinstance(item, BrokenRecord)
            yield item

    yield from pages_of(records(), limits, latest=latest)
    if not seen:
        raise Drop("not_warc", f"{name} holds no WARC record. Name a .warc or .warc.gz file.")


def pages_of(
    records: Iterable[tuple[WarcRecord, int] | BrokenRecord], limits: Limits, *, latest: datetime
) -> Iterator[RecordedPage | SkippedRecord]:
    """The pages in records, in their order (see `read_warc`)."""
    last: RecordedPage | SkippedRecord | None = None
    page_id: str | None = None
    for item in records:
        if isinstance(item, BrokenRecord):
            found: RecordedPage | SkippedRecord = SkippedRecord(
                "broken_record", item.message, item.position
            )
            if last and _is_of(item, last):
                last = None
        else:
            record, position = item
            if record.record_type == WarcRecordType.metadata:
                about = record.headers.get("WARC-Concurrent-To")
                if isinstance(last, RecordedPage) and about == page_id:
                    note = _note(record)
                    last = replace(last, entry_ids=_entry_ids(note), of=_further_of(note))
                continue
            if record.record_type not in _PAGES:
                continue
            found, page_id = _read(record, position, limits, latest), record.record_id
        if last:
            yield last
        last = found
    if last:
        yield last


def _is_of(torn: BrokenRecord, last: RecordedPage | SkippedRecord) -> bool:
    """Whether what is torn is the record that was read last: named already, or so short that its
    page goes on into the next record."""
    if last.position != torn.position:
        return False
    if isinstance(last, SkippedRecord):
        return last.reason == "broken_record"
    return b"WARC/1." in last.page.body


def gather(
    records: Iterable[RecordedPage | SkippedRecord],
) -> Iterator[RecordedPage | SkippedRecord]:
    """`records` with the further pages of an article in one with the page that they follow."""
    last: RecordedPage | None = None
    for record in records:
        if isinstance(record, RecordedPage):
            if last and record.of == last.page.final_url:
                last = replace(last, further=(*last.further, record.page))
                continue
            if last:
                yield last
            last = record
        else:
            yield record
    if last:
        yield last


def next_chunk(records: Iterator[Record]) -> list[Record]:
    """The next of `records`, not too many bytes of pages; empty at their end."""
    chunk: list[Record] = []
    size = 0
    for record in islice(records, PAGES_PER_CHUNK):
        chunk.append(record)
        if isinstance(record, RecordedPage):
            size += sum(len(page.body) for page in (record.page, *record.further))
        if size >= BYTES_PER_CHUNK:
            break
    return chunk


def _read(
    record: WarcRecord, position: int, limits: Limits, latest: datetime
) -> RecordedPage | SkippedRecord:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    try:
        if record.record_type == WarcRecordType.revisit:
            raise Drop("revisit", f"{url} is recorded as unchanged since an earlier crawl.")
        return RecordedPage(_page(record, url, limits, latest), (), position)
    except PressclipError as error:
        return SkippedRecord(error.name, error.message, position)
    except (OSError, ValueError) as error:
        return SkippedRecord(
            "broken_record", f"The record of {url} can't be read: {error}.", position
        )


def _page(record: WarcRecord, url: str, limits: Limits, latest: datetime) -> Page:
    if not url.startswith(("http://", "https://")):
        raise Drop("not_http", f"The record of {url or 'no address'} is no answer over HTTP.")
    if record.content_length > limits.max_bytes:
        raise Drop("too_large", f"The record of {url} is larger than {limits.max_bytes} bytes.")
    at = record.record_date
    record.parse_http()
    if record.http_headers is None or at is None:
        raise Drop("broken_record", f"The record of {url} has no date or no HTTP headers.")
    if not EARLIEST <= at <= latest:
        raise Drop("bad_date", f"The record of {url} says it was made at {at}, which can't be.")
    status = record.http_headers.status_code
    if not status:
        raise Drop("broken_record", f"The record of {url} holds no answer.")
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


def _note(record: WarcRecord) -> tuple[tuple[str, str], ...]:
    """The fields of a metadata record; anybody else's may say anything."""
    try:
        note = record.reader.read(_LONGEST_NOTE)
    except OSError:
        return ()
    fields = (line.partition(":") for line in note.decode("utf-8", "replace").splitlines())
    return tuple((name, value.strip()) for name, _, value in fields)


def _further_of(note: Sequence[tuple[str, str]]) -> str | None:
    return next((value for name, value in note if name == FURTHER_FIELD), None)


def _entry_ids(note: Sequence[tuple[str, str]]) -> tuple[int, ...]:
    """The entries that a metadata record of ours names."""
    values = (value for name, value in note if name == ENTRY_FIELD)
    longest = len(str(1 << _ID_BITS))
    ids = (int(value) for value in values if value.isdecimal() and len(value) <= longest)
    return tuple(number for number in ids if number < 1 << _ID_BITS)
