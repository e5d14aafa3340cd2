"""The search index beside the published copy: SQLite FTS5, brought up to date at each publish.

DuckDB's own full-text index is made anew as a whole, a minute for 100,000 articles, and new rows
stay invisible until then; this one takes what is new in milliseconds. It can be deleted at any
time: whoever needs it next makes it anew.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path

from parsers.errors import Retry
from parsers.text.marks import without_marks
from parsers.text.search_words import search_words
from warehouse.desk import Desk
from warehouse.published.read import reading
from warehouse.queries import queries

FORM = 2
"""Raised whenever words are cut, folded or stored otherwise: older indexes are made anew."""
WAIT = 60.0
"""Seconds to wait for whoever is bringing the same index up to date."""
DAMAGED = "damaged_index"
"""The error of an index that holds no words any more, but garbage."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""The last: a table is not there, or not what it was."""
_ROWS = 500
State = tuple[object, ...]


def index_path(desk: Desk) -> Path:
    """Where the index is."""
    return desk.folder / "search.sqlite"


def has_room_for_index(desk: Desk) -> bool:
    """Whether the index is there, or may be made: whoever was given a published copy alone gets a
    desk beside it for that, but some may read where they may not write.

    Raises as `warehouse.published.read.reading` does, before it makes anything.
    """
    if index_path(desk).exists():
        return True
    with reading(desk):
        pass
    try:
        desk.create()
    except OSError:
        return False
    return os.access(desk.folder, os.W_OK | os.X_OK)


def refresh_index(
    desk: Desk,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    path: Path | None = None,
) -> int:
    """Take in what the published copy has and the index has not; returns how many articles.
    `on_progress` is told now and then how many were looked at, of how many. The index is at `path`
    where it is not to be kept.

    Makes the index where there is none, or a damaged one, or one of another warehouse or form: the
    better part of a millisecond for each article, half of it for cutting words and half of it
    SQLite's. Raises as
    `warehouse.published.read.reading` does, and Retry("search_index") where it can't be written.
    """
    path = path or index_path(desk)
    try:
        return _refreshed(path, desk, on_progress)
    except Retry as error:
        if error.name != DAMAGED:
            raise
    discard_index(path)
    return _refreshed(path, desk, on_progress)


def discard_index(path: Path) -> None:
    """Remove a damaged index. Whoever has it open keeps what is left of it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _refreshed(path: Path, desk: Desk, on_progress: Callable[[int, int], None]) -> int:
    try:
        with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as index:
            index.execute("BEGIN IMMEDIATE")
            added = _refresh(index, desk, on_progress)
            index.execute("COMMIT")
            return added
    except sqlite3.Error as error:
        raise Retry(
            _name_of(error),
            f"The search index {path} can't be brought up to date ({error}). If that stays so, "
            "delete it: it is made anew by the next search.",
        ) from error


def _refresh(index: sqlite3.Connection, desk: Desk, on_progress: Callable[[int, int], None]) -> int:
    with reading(desk) as copy:
        form, known_identity, since, known_batch = _state(index)
        ((identity, changes, last_batch, continues),) = copy.execute(
            queries("published/search")["state"], {"last_batch": known_batch}
        ).fetchall()
        same = (form, known_identity) == (FORM, identity) and continues is not False
        if not same or since is None or int(str(since)) > changes:
            _make_anew(index)
            since = None
        elif since == changes:
            return 0
        ((total,),) = copy.execute(
            queries("published/search")["count"], {"since": since}
        ).fetchall()
        rows = copy.execute(queries("published/search")["changed"], {"since": since})
        added = done = 0
        while batch := rows.fetchmany(_ROWS):
            added += sum(_take_in(index, *row) for row in batch)
            done += len(batch)
            on_progress(done, total)
        index.execute(
            queries("published/search_index")["set_state"], (FORM, identity, changes, last_batch)
        )
    return added


def _name_of(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # an extended code ends in its kind
    return DAMAGED if code in _DAMAGE else "search_index"


def _state(index: sqlite3.Connection) -> State:
    if not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchall():
        return (None, None, None, None)
    try:
        state: State = index.execute(queries("published/search_index")["state"]).fetchone()
    except sqlite3.OperationalError:
        return (None, None, None, None)  # of an early form, with other columns
    return state


def _make_anew(index: sqlite3.Connection) -> None:
    for script in ("drop", "tables"):
        # Not executescript, which would commit first.
        for statement in queries("published/search_index")[script].split(";\n"):
            index.execute(statement)


def _take_in(  # noqa: PLR0913, PLR0917 - a row
    index: sqlite3.Connection,
    article: str,
    told_at: int,
    language: str | None,
    topics: str | None,
    title: str,
    body: str,
) -> bool:
    sql = queries("published/search_index")
    digest = blake2b(f"{title}\n{body}".encode(), digest_size=16).digest()
    known = index.execute(sql["known"], (article,)).fetchone()
    if known and known[1] == digest:
        index.execute(sql["describe"], (told_at, language, topics, known[0]))
        return False
    if known:
        index.execute(sql["retire"], (known[0],))
    new = index.execute(sql["document"], (article, told_at, language, topics, digest)).lastrowid
    words = (" ".join(search_words(title)), " ".join(search_words(without_marks(body))))
    index.execute(sql["words"], (new, *words))
    return True


@contextmanager
def opened_index(path: Path) -> Iterator[sqlite3.Connection]:
    """The index at `path`, for reading."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=WAIT)) as index:
            yield index
    except sqlite3.Error as error:
        raise Retry(
            _name_of(error),
            f"The search index {path} can't be read ({error}). Delete it: it is made anew.",
        ) from error
