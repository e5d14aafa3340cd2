"""Writing raw pages: one WARC 1.1 file (ISO 28500) a batch, one gzip member a record.

Bodies are kept as they came over the wire, with their Content-Encoding: that saves packing them,
and is what the format asks for.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import httpx
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from flows.fetch.fetched import Fetched
from parsers.records import Page
from warehouse.desk import Desk
from warehouse.records import Batch

SUFFIX = ".warc.gz"
ENTRY_FIELD = "pressclip-entry"
"""The field of a metadata record that names an entry whose page it was."""
FURTHER_FIELD = "pressclip-further-page-of"
"""The field that names the page before it in the file, of whose article it is another page."""

_LEVEL = 1
"""Most bodies come packed; more effort would gain a few bytes on the headers."""
_AS_SENT = frozenset({"transfer-encoding", "content-length"})
"""Headers that speak of the transfer: what is stored is no longer chunked."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it came over the wire, and the entries that it was asked for."""

    fetched: Fetched
    entry_ids: tuple[int, ...]
    of: str | None = None
    """Of a further page of an article: the address of the page that was asked for before it."""


@dataclass(frozen=True, slots=True)
class _Record:
    kind: WarcRecordType
    media_type: str
    block: bytes
    date: datetime
    headers: tuple[tuple[str, str], ...] = ()
    name: str = ""
    """A UUID, where other records refer to this one."""


def archive(desk: Desk, batch: Batch, pages: Sequence[RawPage], *, software: str) -> str:
    """Puts the pages of `batch` into a file of their own, stored when this returns, and returns its
    name in the archive. `software` is the User-Agent they were asked with.

    Raises Retry("disk_full"), Retry("storage_unreachable").
    """
    name = file_of(batch)
    records = _file_records(name.rpartition("/")[2], batch, pages, software)
    desk.raw.put(name, lambda path: _write(path, records))
    return name


def file_of(batch: Batch) -> str:
    """What the file of the raw pages of `batch` is called: it is in the folder of its day (UTC)."""
    return f"{batch.created_at.astimezone(UTC):%Y-%m-%d}/{batch.batch_id}{SUFFIX}"


def _write(path: Path, records: Iterator[_Record]) -> None:
    with path.open("wb") as file:
        writer = GzipWriter(file, compression_level=_LEVEL)
        for record in records:
            written = WarcRecord()
            written.init_headers(record.kind, f"uuid:{record.name or uuid.uuid4()}".encode())
            written.headers["WARC-Date"] = record.date.astimezone(UTC).strftime(
                "%Y-%m-%dT%H:%M:%S.%fZ"
            )
            written.headers["Content-Type"] = record.media_type
            for name, value in record.headers:
                written.headers[name] = value
            written.set_bytes_content(record.block)
            written.write(writer, checksum_data=True)
            # Ends the gzip member, so that a reader can jump to any record.
            writer.finish()
        writer.close()


def _file_records(
    name: str, batch: Batch, pages: Sequence[RawPage], software: str
) -> Iterator[_Record]:
    about = (
        ("software", software),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/"),
        ("isPartOf", batch.batch_id),
        ("robots", "obey"),
    )
    info = str(uuid.uuid4())
    yield _Record(
        WarcRecordType.warcinfo,
        "application/warc-fields",
        _fields(about),
        batch.created_at,
        (("WARC-Filename", name),),
        info,
    )
    for page in pages:
        for record in _page_records(page):
            part_of = ("WARC-Warcinfo-ID", f"<urn:uuid:{info}>")
            yield replace(record, headers=(*record.headers, part_of))


def _page_records(raw: RawPage) -> Iterator[_Record]:
    """What was asked, what was answered, and what for."""
    page, response = raw.fetched.page, str(uuid.uuid4())
    target = ("WARC-Target-URI", page.final_url)
    concurrent = ("WARC-Concurrent-To", f"<urn:uuid:{response}>")
    yield _Record(
        WarcRecordType.request,
        "application/http; msgtype=request",
        _request(raw.fetched),
        page.fetched_at,
        (target, concurrent),
    )
    yield _Record(
        WarcRecordType.response,
        "application/http; msgtype=response",
        _response(page, raw.fetched.packed),
        page.fetched_at,
        (target,),
        response,
    )
    about = [(ENTRY_FIELD, str(entry)) for entry in raw.entry_ids]
    if raw.of:
        about.append((FURTHER_FIELD, raw.of))
    if page.url != page.final_url:
        about.append(("via", page.url))
    yield _Record(
        WarcRecordType.metadata,
        "application/warc-fields",
        _fields(about),
        page.fetched_at,
        (target, concurrent),
    )


def _request(fetched: Fetched) -> bytes:
    path = httpx.URL(fetched.page.final_url).raw_path
    return b"GET " + path + b" HTTP/1.1\r\n" + _fields(fetched.sent) + b"\r\n"


def _response(page: Page, body: bytes) -> bytes:
    phrase = HTTPStatus(page.status).phrase if page.status in set(HTTPStatus) else ""
    kept = [header for header in page.headers if header[0] not in _AS_SENT]
    kept += [(f"x-archive-orig-{name}", value) for name, value in page.headers if name in _AS_SENT]
    kept.append(("content-length", str(len(body))))
    return f"HTTP/1.1 {page.status} {phrase}\r\n".encode() + _fields(kept) + b"\r\n" + body


def _fields(fields: Sequence[tuple[str, str]]) -> bytes:
    return b"".join(
        name.encode("latin-1", "replace") + b": " + value.encode("latin-1", "replace") + b"\r\n"
        for name, value in fields
    )
