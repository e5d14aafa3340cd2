"""Content codings undone within limits."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from flows.fetch.decompress import Limits, Unpacker
from parsers.errors import Drop, PressclipError

LIMITS = Limits(max_bytes=20_000_000, max_ratio=250.0)


def pack_br(data: bytes) -> bytes:
    packed: bytes = brotli.compress(data, quality=4)
    return packed


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate without header": ("deflate", raw_deflate),
    "br": ("br", pack_br),
    "zstd": ("zstd", zstandard.compress),
    "nothing": ("identity", bytes),
    "a charset by mistake": ("UTF-8", bytes),
    "gzip of br": ("br, gzip", lambda data: gzip.compress(pack_br(data))),
}


def unpack(coding: str | None, packed: bytes, step: int = 65536, limits: Limits = LIMITS) -> bytes:
    unpacker = Unpacker(coding, limits, url="http://a.example/")
    for start in range(0, len(packed), step):
        unpacker.feed(packed[start : start + step])
    return unpacker.finish()


@pytest.mark.parametrize("name", PACKERS)
@given(data=st.binary(max_size=3000), step=st.integers(1, 500))
def test_what_was_packed_comes_back_however_it_is_cut(name: str, data: bytes, step: int) -> None:
    coding, pack = PACKERS[name]
    assert unpack(coding, pack(data), step) == data


@pytest.mark.parametrize("name", PACKERS)
def test_large_bodies_come_back_whole(name: str) -> None:
    coding, pack = PACKERS[name]
    data = b"".join(f"<p>paragraph number {n}</p>".encode() for n in range(30_000))
    assert unpack(coding, pack(data)) == data


def test_gzip_members_in_a_row_are_one_body_and_padding_is_none() -> None:
    assert unpack("gzip", gzip.compress(b"one ") + gzip.compress(b"two")) == b"one two"
    assert unpack("gzip", gzip.compress(b"one") + b"\0" * 512) == b"one"


def test_an_empty_body_may_claim_any_coding() -> None:
    for coding in ("gzip", "br", "zstd", "deflate"):
        assert unpack(coding, b"") == b""


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_stopped_early_and_cheaply(name: str) -> None:
    coding, pack = PACKERS[name]
    bomb = pack(bytes(100_000_000))
    tracemalloc.start()
    with pytest.raises(Drop) as caught:
        unpack(coding, bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.name == "unpack_bomb"
    assert peak < 40_000_000


def test_a_bomb_behind_honest_text_is_one_all_the_same() -> None:
    """What came before it would pay for it by the ratio of the whole."""
    honest = random.Random(5).randbytes(200_000)
    with pytest.raises(Drop) as caught:
        unpack("zstd", zstandard.compress(honest + bytes(8_000_000)))
    assert caught.value.name == "unpack_bomb"
    assert len(unpack("gzip", gzip.compress(honest + bytes(8_000_000)))) == 8_200_000


def test_what_lies_between_two_codings_counts() -> None:
    """The inner gzip's header has a comment of 30 MB: nothing of it ever comes out."""
    inner = b"\x1f\x8b\x08\x10" + bytes(6) + b"c" * 30_000_000 + b"\0"
    with pytest.raises(Drop):
        unpack("gzip, gzip", gzip.compress(inner))


def test_an_honest_body_beyond_the_limit_is_too_large() -> None:
    data = b"".join(f"{n * 7919} ".encode() for n in range(100_000))
    with pytest.raises(Drop) as caught:
        unpack("gzip", gzip.compress(data), limits=Limits(max_bytes=10_000, max_ratio=250.0))
    assert caught.value.name == "too_large"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
@given(data=st.binary(max_size=2000))
def test_any_bytes_unpack_or_fail_with_a_name(coding: str, data: bytes) -> None:
    try:
        unpack(coding, data)
    except PressclipError as error:
        name = error.name
    else:
        name = "unpacked"
    assert name in {"unpacked", "bad_coding", "truncated", "too_large", "unpack_bomb"}
