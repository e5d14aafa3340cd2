"""One request, and what comes back from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Self

import httpx

from flows.fetch.fetched import Headers
from flows.fetch.memory_budget import Reservation


@dataclass(frozen=True, slots=True)
class Response:
    """What came back from one request."""

    status: int
    headers: Headers
    """Names in lower case, in the order received."""
    body: bytes
    """Unpacked."""
    packed: bytes = b""
    """The body as it was sent, its content coding not undone."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request."""

    url: httpx.URL
    headers: Headers
    deadline: Deadline
    """Of the page, over all requests for it."""
    reservation: Reservation
    """What the page takes of the memory for all."""
    max_bytes: int | None
    """Instead of the settings' limits on the body, where given."""
    form: bytes | None = None
    """What is posted; None: it is a GET."""
    cut: bool = False
    """Whether of a body beyond the limit the beginning will do."""
    patient: bool = True
    """Whether a rest that its host asked for is waited for, if it is short."""
    spool: Spool | None = None
    """Where its body goes, if the spool wants it."""


class Spool:
    """Takes the body of an answer into a file, unpacked and as it comes: for what may be larger
    than anything that is held in memory. A context manager; its end is the end of the file."""

    HEAD = 4096
    """Bytes by which is told whether a body is wanted."""

    def __init__(self, folder: Path, wanted: Callable[[bytes], bool], most: int) -> None:
        """The file is made in `folder`, if a body is `wanted` by its beginning; it takes `most`
        bytes. What a killed run leaves of it is swept away like all half-made files."""
        self.most = most
        self._folder = folder
        self._wanted = wanted
        self._file: IO[bytes] | None = None
        self._digest = blake2b(digest_size=16)

    @property
    def path(self) -> Path | None:
        """The file with the body; None where it was not wanted."""
        return Path(self._file.name) if self._file else None

    @property
    def digest(self) -> str:
        """What tells one body from the next."""
        return self._digest.hexdigest()

    def wants(self, beginning: bytes) -> bool:
        """Whether a body that begins so goes into the file, which is opened then."""
        self.__exit__()
        if self._wanted(beginning):
            self._file = NamedTemporaryFile(dir=self._folder, prefix=".spooled-", suffix=".tmp")  # noqa: SIM115 - closed at the spool's end
            self._digest = blake2b(digest_size=16)
        return self._file is not None

    def write(self, piece: bytes) -> None:
        """Takes the next piece of the body."""
        if self._file is None:
            raise RuntimeError("only a body that was wanted is written")
        self._file.write(piece)
        self._digest.update(piece)

    def finish(self) -> None:
        """All of the body is there."""
        if self._file is not None:
            self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class Deadline:
    """Runs while we wait for the other side, and stands still while the other side waits for us."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self._timeout: asyncio.Timeout | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Raises TimeoutError when the time is up."""
        now = asyncio.get_running_loop().time
        started = now()
        try:
            async with asyncio.timeout(max(self.left, 0.0)) as self._timeout:
                yield
        finally:
            self.left -= now() - started
            self._timeout = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Within `running`: what happens now takes no time."""
        timeout = self._timeout
        if timeout is None or (ends := timeout.when()) is None:
            raise RuntimeError("only what runs can be stopped")
        now = asyncio.get_running_loop().time
        started = now()
        timeout.reschedule(None)
        try:
            yield
        finally:
            took = now() - started
            self.left += took
            timeout.reschedule(ends + took)
