"""What was cut of an article's page, read anew where the raw page is still kept.

article ─▶ its file in the archive ─▶ a parser process: the page in it ─▶ lines, by class

The page is somebody else's, so it is read and parsed in a process that may take so much time and
memory and no more, as all pages are.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.fetch.decompress import Limits
from flows.parser_pool.bounded import BoundedPool, PoolMessages
from parsers.errors import Drop
from warehouse.desk import Desk

SECONDS = 10.0
"""Time that a page may take, once it has its place."""
MOST_LINES = 2_000
LONGEST_LINE = 1_000
"""Characters that are shown of a line."""
_LIMITS = Limits(20_000_000, 250)


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line that is no part of the article."""

    rule: str
    """The class of boilerplate."""
    line: str


class Cuts:
    """Reads the raw pages of a desk."""

    def __init__(self, desk: Desk, *, seconds: float = SECONDS) -> None:
        self._desk = desk
        self._pool = BoundedPool(
            PoolMessages(
                too_many="Too many pages wait to be read; ask again in a minute.",
                yours="Other raw pages are being read for you; wait for them.",
                busy="Raw pages are being read for others; try again.",
                too_slow="Its raw page takes too long to read.",
                too_much_memory="Its raw page takes too much memory.",
                lost="Raw pages can't be read now; try again.",
            ),
            at_once=1,
            seconds=seconds,
            preload=[__name__, "flows.parser_pool.preload"],
        )

    async def of(self, file: str, url: str, reader: str) -> tuple[CutLine, ...]:
        """What is cut today of the page that was read at `url`, in this file of the archive.

        Raises Drop("not_kept") where it is not there, and as `BoundedPool.run` does.
        """
        return await self._pool.run(reader, _lines, (self._desk, file, url))

    async def close(self) -> None:
        """End what is read."""
        await self._pool.close()


def _lines(desk: Desk, file: str, url: str) -> tuple[CutLine, ...]:
    # The process has imported them; who serves pages never needs them.
    from flows.archive.reading import END_OF_TIME, RecordedPage, read_warc  # noqa: PLC0415
    from parsers.parse import cut_lines  # noqa: PLC0415

    try:
        with desk.raw.open(file) as opened:
            for record in read_warc(opened, file, _LIMITS, latest=END_OF_TIME):
                if isinstance(record, RecordedPage) and record.page.final_url == url:
                    cut = cut_lines(record.page)[:MOST_LINES]
                    return tuple(CutLine(rule, line[:LONGEST_LINE]) for rule, line in cut)
    except FileNotFoundError:
        pass
    raise Drop("not_kept", "The raw page of this article is not kept, or no longer.")
