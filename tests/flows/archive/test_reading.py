"""Files of strangers: whatever a record says, the ones behind it are read."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.archive.reading import RecordedPage, SkippedRecord
from flows.archive.writing import ENTRY_FIELD
from tests.flows.archive.test_archive import read_back, response

LENGTH = b"Content-Length: "


def note(about: int, *lines: str) -> bytes:
    """A metadata record about a response, as we write it."""
    block = "".join(f"{line}\r\n" for line in lines).encode()
    return (
        b"WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:%032d>\r\n"
        b"WARC-Date: 2026-10-01T10:00:00Z\r\nWARC-Concurrent-To: <urn:uuid:%032d>\r\n"
        b"Content-Type: application/warc-fields\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    ) % (about + 1000, about, len(block), block)


def packed(records: list[bytes]) -> bytes:
    return b"".join(map(gzip.compress, records))


def read(folder: Path, data: bytes) -> tuple[list[str], list[str]]:
    """Which pages a file holds, and why others were passed over."""
    path = folder / "crawl.warc"
    path.write_bytes(data)
    found = read_back(path)
    pages = [one.page.url[-1] for one in found if isinstance(one, RecordedPage)]
    return pages, [one.reason for one in found if isinstance(one, SkippedRecord)]


@pytest.mark.parametrize(
    "date",
    [
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:59Z",
        "2027-01-01T00:00:01Z",
        "1989-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_page_of_a_moment_that_can_t_be_is_passed_over(date: str, tmp_path: Path) -> None:
    odd = response(1).replace(b"2026-10-01T10:00:00Z", date.encode())
    assert read(tmp_path, packed([response(0), odd, response(2)])) == (["0", "2"], ["bad_date"])


def test_what_names_no_entry_is_none(tmp_path: Path) -> None:
    values = ["17", "9" * 5000, str(2**64), str(2**64 - 1), "-3", "½", "seven", ""]
    lines = [f"{ENTRY_FIELD}: {value}" for value in values]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(packed([response(0), note(0, *lines), response(1)]))
    found = [one for one in read_back(path) if isinstance(one, RecordedPage)]
    assert [one.entry_ids for one in found] == [(17, 2**64 - 1), ()]


def test_a_note_that_is_torn_costs_no_page(tmp_path: Path) -> None:
    torn = bytearray(gzip.compress(note(0, f"{ENTRY_FIELD}: 17", *map(str, range(20_000)))))
    torn[2000:2100] = b"\xff" * 100
    data = packed([response(0)]) + torn + packed([response(1)])
    assert read(tmp_path, data) == (["0", "1"], ["broken_record"])


def minus(record: bytes) -> bytes:
    return record.replace(LENGTH, LENGTH + b"-")


def no_number(record: bytes) -> bytes:
    return record.replace(LENGTH, LENGTH + b"many")


def too_short(record: bytes) -> bytes:
    return record[: len(record) // 2]


def headless(record: bytes) -> bytes:
    return record[20:]


def too_long(record: bytes) -> bytes:
    """It takes the records behind it for its own."""
    return record.replace(LENGTH, LENGTH + b"9")


def endless(record: bytes) -> bytes:
    return record.replace(LENGTH, LENGTH + b"99999999")


def another_kind(record: bytes) -> bytes:
    return too_long(record.replace(b"WARC-Type: response", b"WARC-Type: request"))


@pytest.mark.parametrize("pack", [packed, b"".join], ids=["packed", "plain"])
@pytest.mark.parametrize(
    "broken", [minus, no_number, too_short, headless, too_long, endless, another_kind]
)
def test_after_a_broken_record_the_rest_is_read(
    broken: Callable[[bytes], bytes], pack: Callable[[list[bytes]], bytes], tmp_path: Path
) -> None:
    records = [response(0), broken(response(1)), response(2), response(3)]
    pages, why = read(tmp_path, pack(records))
    assert pages == ["0", "2", "3"]
    assert why in (["broken_record"], ["too_large", "broken_record"])


def test_a_page_may_hold_what_looks_like_the_beginning_of_a_record(tmp_path: Path) -> None:
    inner = b"\r\nWARC/1.0 is a format\r\n" + gzip.compress(b"") + gzip.compress(b"WARC/1.0 hello")
    records = [response(0), minus(response(1, body=inner)), response(2, body=inner), response(3)]
    pages, why = read(tmp_path, b"".join(records))
    assert pages == ["0", "2", "3"]
    assert set(why) == {"broken_record"}
