"""Undo a body's content coding (gzip, deflate, br, zstd) within hard limits.

A few kilobytes can unpack to gigabytes; every step here asks its decoder for a bounded piece,
and stops as soon as the sum says so. The decoders are libraries; what bounds them is our own,
because httpx's unpack whatever a piece of the body holds in one go.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import brotli
import zstandard

from parsers.errors import Drop, Retry

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MAX_CODINGS = 2
"""`gzip, gzip` exists by mistake; more than that only by intent."""

_HEAD = 64
"""Bytes that a decoder is chosen by."""
_PIECE = 256 * 1024
_RATIO_FLOOR = 1_000_000
_ZSTD_SLICE = 256
"""zstd's decoder can't be told how much to give back, but gives back at most 128 kB for each
block, and a block takes at least 4 bytes (RFC 8878): 8 MB for a slice."""
_ZSTD_MAX_WINDOW = 8 * 1024 * 1024
"""What a zstd answer over HTTP may ask for (RFC 9659)."""


class Decoder(Protocol):
    """Undoes one coding, piece by piece."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to, in bounded pieces."""
        ...

    def finished(self) -> bool:
        """Whether the packed data came to its end."""
        ...


class _Zlib:
    """gzip (also several members in a row) and deflate (with and without zlib's header)."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._inner = zlib.decompressobj(window)
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            self._started = True
            yield self._inner.decompress(data, _PIECE)
            data = self._inner.unconsumed_tail
            if self._inner.eof:
                data = self._inner.unused_data
                if self._window != _GZIP_WINDOW or not data.startswith(_GZIP_MAGIC):
                    return  # what follows the end is padding
                self._inner = zlib.decompressobj(self._window)

    def finished(self) -> bool:
        return self._inner.eof or not self._started


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        if self._inner.is_finished():
            return
        piece = self._inner.process(data, output_buffer_limit=_PIECE)
        yield piece
        # can_accept_more_data() speaks of the input only: a full piece may have more behind it.
        while len(piece) >= _PIECE or not self._inner.can_accept_more_data():
            piece = self._inner.process(b"", output_buffer_limit=_PIECE)
            yield piece

    def finished(self) -> bool:
        return not self._started or bool(self._inner.is_finished())


class _Zstd:
    def __init__(self) -> None:
        decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW)
        self._inner = decompressor.decompressobj()
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        for start in range(0, len(data), _ZSTD_SLICE):
            if self._inner.eof:
                return
            yield self._inner.decompress(data[start : start + _ZSTD_SLICE])

    def finished(self) -> bool:
        return not self._started or self._inner.eof


class _Plain:
    """For bodies that are declared packed and are not."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finished(self) -> bool:
        return True


_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_ZSTD_MAGICS = (b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18")
_NAMES = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br", "zstd": "zstd"}
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[!?a-zA-Z]|[\[{]\s*[\"\[{])[^\x00-\x08\x0e-\x1f]*")
"""How HTML, XML and JSON begin. Packed bytes may begin with `<` or `[` too, but do not go on
without control characters."""


def codings_of(header: str | None, *, url: str) -> tuple[str, ...]:
    """The codings a Content-Encoding names, in the order they were applied.

    Raises Drop("unknown_coding") for one we did not offer, Drop("unpack_bomb") for too many.
    """
    names = [name.strip().lower() for name in (header or "").split(",")]
    # Servers write charsets and `none` here; both mean that nothing was packed.
    named = [name for name in names if name not in {"", "identity", "none", "utf-8", "utf8"}]
    if len(named) > MAX_CODINGS:
        raise Drop("unpack_bomb", f"{url} is packed {len(named)} times over: {header!r}.")
    unknown = [name for name in named if name not in _NAMES]
    if unknown:
        raise Drop(
            "unknown_coding",
            f"{url} is packed as {unknown[0]!r}, which was not asked for (we take "
            f"{ACCEPT_ENCODING}); its server would have to be fixed.",
        )
    return tuple(_NAMES[name] for name in named)


def _decoder(coding: str, start: bytes) -> Decoder:
    """The decoder for a body declared as `coding` that begins with `start`."""
    if coding == "gzip":
        return _Zlib(_GZIP_WINDOW) if start.startswith(_GZIP_MAGIC) else _Plain()
    if coding == "zstd":
        framed = start.startswith(_ZSTD_MAGICS[0]) or start[1:4] == _ZSTD_MAGICS[1]
        return _Zstd() if framed else _Plain()
    if _MARKUP.fullmatch(start[:_HEAD]):
        return _Plain()  # neither br nor deflate has a signature to go by
    if coding == "br":
        return _Brotli()
    has_header = len(start) > 1 and start[0] & 15 == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return _Zlib(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


@dataclass(slots=True)
class Limits:
    """Bytes unpacked at most, and how many times more than what was sent."""

    max_bytes: int
    max_ratio: float


class Unpacker:
    """Takes a body as it comes and keeps it unpacked.

    `feed` and `pieces` raise Drop("too_large") or Drop("unpack_bomb") at the limits and
    Retry("bad_coding") for packed data that is damaged; `finish` raises Retry("truncated").
    """

    def __init__(self, content_encoding: str | None, limits: Limits, *, url: str) -> None:
        self._codings = codings_of(content_encoding, url=url)
        self._decoders: list[Decoder | None] = [None] * len(self._codings)
        self._heads = [b""] * len(self._codings)
        self._made = [0] * len(self._codings)
        self._limits = limits
        self._url = url
        self._body = bytearray()
        self._size = 0
        self._wire = 0

    @property
    def size(self) -> int:
        """Bytes unpacked so far."""
        return self._size

    @property
    def packed(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self._codings)

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire."""
        for _ in self.pieces(data):
            pass

    def pieces(self, data: bytes) -> Iterator[int]:
        """Take the next bytes from the wire, but unpack a piece of them at a time; yields the bytes
        unpacked so far after each."""
        self._wire += len(data)
        yield from self._keep(data, len(self._codings) - 1)

    def beginning(self, most: int | None = None) -> bytes:
        """What is unpacked of the body so far, or `most` bytes of it."""
        return bytes(self._body[:most])

    def take(self) -> bytes:
        """What is unpacked so far and was not taken yet; it is not kept any longer."""
        taken, self._body = self._body, bytearray()
        return bytes(taken)

    def finish(self) -> bytes:
        """The whole body, or what was not taken of it."""
        for layer in reversed(range(len(self._codings))):
            for _ in self._keep(b"", layer, last=True):
                pass
        if not all(decoder is None or decoder.finished() for decoder in self._decoders):
            raise Retry("truncated", f"{self._url} ended in the middle of its packed data.")
        return bytes(self._body)

    def _keep(self, data: bytes, layer: int, *, last: bool = False) -> Iterator[int]:
        try:
            for piece in self._through(data, layer, last=last):
                self._body += piece
                self._size += len(piece)
                self._check(self._size)
                yield self._size
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise Retry(
                "bad_coding",
                f"{self._url} can't be unpacked from {', '.join(self._codings)}: {error}.",
            ) from error

    def _through(self, data: bytes, layer: int, *, last: bool = False) -> Iterator[bytes]:
        """`data` through decoder `layer` and all below it; the last coding comes off first."""
        if layer < 0:
            yield data
            return
        decoder = self._decoders[layer]
        if decoder is None:
            # A decoder is chosen by the first bytes, and they may come one by one.
            data = self._heads[layer] = self._heads[layer] + data
            if not data or (len(data) < _HEAD and not last):
                return
            decoder = self._decoders[layer] = _decoder(self._codings[layer], data)
        for piece in decoder.feed(data):
            # What lies between two codings counts too: it may never come out below.
            self._made[layer] += len(piece)
            self._check(self._made[layer])
            if not isinstance(decoder, _Plain):
                self._check_piece(len(piece))
            yield from self._through(piece, layer - 1)

    def _check_piece(self, size: int) -> None:
        """Bound what is in memory before the next look at it: only zstd can give so much at once,
        for a few bytes that say so."""
        if size > _RATIO_FLOOR:
            raise Drop(
                "unpack_bomb",
                f"{self._url} unpacks {_ZSTD_SLICE} bytes to {size}: no honest text packs that "
                "well.",
            )

    def _check(self, size: int) -> None:
        if size > _RATIO_FLOOR and size > self._wire * self._limits.max_ratio:
            raise Drop(
                "unpack_bomb",
                f"{self._url} unpacks {self._wire} bytes to more than {size}: no honest text "
                "packs that well.",
            )
        if size > self._limits.max_bytes:
            raise Drop(
                "too_large",
                f"{self._url} is larger than {self._limits.max_bytes} bytes unpacked. "
                "PRESSCLIP_MAX_BODY sets the limit.",
            )
