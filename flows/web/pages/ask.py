"""Questions in SQL: what was asked, its answer or what is wrong with it, and what can be asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from flows.web.answers import Shown, later, not_understood
from flows.web.cookbook import cookbook
from flows.web.guard import reader_of
from flows.web.pages.desk import Readers
from flows.web.questions import TAKEN, AnswerRows, FileForm, Questions, Texts
from parsers.errors import Drop, PressclipError, Quarantine, Retry
from warehouse.upkeep.dictionary import Described, described

T = TypeVar("T")

_LONGEST_CELL = 400
"""Characters that a table shows of a cell."""
_ONE_LINE = 26
"""Characters of a cell that is not broken."""
_EXPLAINED = re.compile(r"\s*EXPLAIN\b", re.IGNORECASE)
_NUMBER = re.compile(r"U?(?:TINY|SMALL|BIG|HUGE)?INT|FLOAT|DOUBLE|DECIMAL")
INNER = frozenset(
    [
        "bands",
        "copy_pairs",
        "feed_states",
        "fingerprints",
        "listings",
        "outcomes",
        "outlet_states",
        "page_addresses",
        "publications",
        "schema_definitions",
        "schema_migrations",
        "search_letter",
        "search_patterns",
        "shown_text",
        "superseded",
        "untold_stories",
        "writer_lock",
    ]
)
"""What the rest is made of; few ever ask for it, so it stands last."""
_PAGES = {"story_id": "/stories/", "article_id": "/articles/"}
"""Columns whose values have a page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer, or why there is none."""

    sql: str
    answer: AnswerRows | None = None
    error: str | None = None


async def ask_page(readers: Readers, request: Request) -> Shown:
    """The answer to `q` in the link; with `plan`, how DuckDB would answer it."""
    sql = request.query_params.get("q", "").strip()
    plan = "plan" in request.query_params
    asked, status = Asked(sql), 200
    texts: Texts = ()
    if sql:
        explained = f"EXPLAIN {sql}" if plan and not _EXPLAINED.match(sql) else sql
        rows = _questions(readers).rows(
            explained, reader_of(request), _skipped(request.query_params)
        )
        asked, texts, status = await _asked(sql, _while_waited_for(request, rows))
    dictionary = await readers.known("dictionary", described)
    known = [(one.title, urlencode({"q": one.sql}), one.sql == sql) for one in cookbook()]
    return Shown(
        template="ask.html",
        title=_title(sql, plan=plan),
        data=asked,
        section="ask",
        status=status,
        more={
            "busy": status == _STATUS[Retry],
            "texts": texts,
            "questions": known,
            "dictionary": dictionary,
            "inner": [one for one in (*dictionary.macros, *dictionary.tables) if _is_inner(one)],
            "link": urlencode({"q": sql}),
            "most_taken": TAKEN,
            "forms": [form.value for form in FileForm],
            "pages": _PAGES,
            "longest": _LONGEST_CELL,
            "kinds": _kinds(asked.answer, texts),
        },
    )


def _is_inner(one: Described) -> bool:
    return one.name.partition("(")[0] in INNER


async def _asked(sql: str, rows: Awaitable[tuple[AnswerRows, Texts]]) -> tuple[Asked, Texts, int]:
    try:
        answer, texts = await rows
    except (Drop, Retry) as error:
        return Asked(sql, error=error.message), (), _STATUS[type(error)]
    return Asked(sql, answer=answer), texts, 200


def _skipped(query: Mapping[str, str]) -> int:
    """The rows before those that a link asks for."""
    text = query.get("after", "0")
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > TAKEN.rows:
        raise not_understood(f"after must be a number of rows, at most {TAKEN.rows}.")
    return int(text)


_STATUS: Mapping[type[PressclipError], int] = {Drop: 400, Retry: 503}


async def _while_waited_for(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; ended where whoever asked goes away, since its place is for others."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise HTTPException(_NOBODY_WAITS, "Nobody waits for the answer any more.")
        return await working
    finally:
        working.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


_NOBODY_WAITS = 499
"""As nginx counts it; nobody is there to read it."""


def _kinds(answer: AnswerRows | None, texts: Texts) -> list[str]:
    """How each column is set: as numbers that are counted with (ids are not), in one line, or as
    text with room."""

    def kind(at: int, name: str, sort: str) -> str:
        if _NUMBER.match(sort) and not name.endswith("_id"):
            return "num"
        return "one" if all(len(row[at]) <= _ONE_LINE for row in texts) else "long"

    if answer is None:
        return []
    columns = zip(answer.columns, answer.types, strict=True)
    return [kind(at, name, sort) for at, (name, sort) in enumerate(columns)]


def _title(sql: str, *, plan: bool) -> str:
    known = next((one.title for one in cookbook() if one.sql == sql), None)
    named = known or " ".join(sql.split())[:80]
    return f"{'Plan: ' if plan else ''}{named} · Ask" if sql else "Ask"


class _Sent(Response):
    """A file of `questions`, counted among those that are sent."""

    def __init__(self, questions: Questions, file: Response) -> None:
        super().__init__()
        self._questions = questions
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._questions.sending():
                await self._file(scope, receive, send)
        except Retry as error:
            await _refusal(error)(scope, receive, send)


async def answer_file(readers: Readers, request: Request, form: FileForm) -> Response:
    """The answer to `q` in the link as a file."""
    questions = _questions(readers)
    try:
        sql = request.query_params.get("q", "")
        found = await _while_waited_for(request, questions.file(sql, reader_of(request), form))
    except (Drop, Retry) as error:
        return _refusal(error)
    cut = f"-first-{found.rows}-rows" if found.cut else ""
    headers = {"Content-Disposition": f'attachment; filename="answer{cut}.{form}"'}
    return _Sent(questions, Response(found.body, 200, headers, _MEDIA[form]))


def _refusal(error: Drop | Retry) -> Response:
    status = _STATUS[type(error)]
    return PlainTextResponse(f"{error.message}\n", status, later(status))


_MEDIA = {
    FileForm.CSV: "text/csv; charset=utf-8",
    FileForm.JSON: "application/json",
    FileForm.PARQUET: "application/vnd.apache.parquet",
}


def _questions(readers: Readers) -> Questions:
    if readers.questions is None:
        raise Quarantine("no_questions", "Questions are not answered here.")
    return readers.questions
