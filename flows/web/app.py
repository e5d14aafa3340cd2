"""The ASGI app: routes, headers, and what is answered where something is wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows import clock
from flows.web.answers import Moved, Shown, html_answer, json_answer
from flows.web.charts import Look, svg
from flows.web.copies import Copies
from flows.web.cuts import Cuts
from flows.web.guard import HEALTH_OF_COPY
from flows.web.links import moment_in
from flows.web.pages.article import article_page
from flows.web.pages.ask import answer_file, ask_page
from flows.web.pages.cut import cut_page
from flows.web.pages.desk import Chart, Page, Readers
from flows.web.pages.sources import sources_chart, sources_page
from flows.web.pages.stories import stories_page
from flows.web.pages.story import story_page
from flows.web.pages.topic import topic_chart, topic_page, topics_page
from flows.web.questions import FileForm, Questions
from parsers.errors import PressclipError

log = logging.getLogger(__name__)

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
"""Pages run the scripts that are shipped with them, and load nothing from elsewhere."""
_SVG = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
"""A picture that somebody opens by itself has its styles in it, and nothing else works."""


def web_app(
    copies: Copies,
    *,
    questions: Questions | None = None,
    cuts: Cuts | None = None,
    index: Path | None = None,
    now: Callable[[], datetime] = clock.now,
) -> Starlette:
    """The site over what `copies` read; `questions` answers those in SQL, `cuts` reads raw pages
    anew, `index` is where the desk's search index is, if it has one.

    Links begin with the `root_path` of the request's scope.
    """
    readers = Readers(copies, now, index, questions, cuts)
    return Starlette(
        routes=[
            Route("/", _to_stories),
            *_both(readers, "/stories", stories_page),
            *_both(readers, "/stories/{story_id}", story_page),
            *_both(readers, "/articles/{article_id}", article_page),
            *_both(readers, "/articles/{article_id}/cut", cut_page),
            *_both(readers, "/topics", topics_page),
            _drawn(readers, "/charts/{picture}/{topic:path}.svg", topic_chart),
            *_both(readers, "/topics/{topic:path}", topic_page),
            *_both(readers, "/sources", sources_page),
            _drawn(readers, "/charts/{picture}.svg", sources_chart),
            *_both(readers, "/ask", ask_page),
            *(_answer(readers, form) for form in FileForm),
            _newer(readers),
            _health_of_copy(readers),
            Mount("/static", StaticFiles(packages=[("flows.web", "static")]), middleware=[_PACKED]),
        ],
        middleware=[Middleware(_Guarded)],
        exception_handlers={
            Moved: _moved,
            HTTPException: _wrong(readers),
            PressclipError: _wrong(readers),
            TimeoutError: _wrong(readers),
            500: _wrong(readers),
        },
    )


_PACKED = Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
"""Files to download are not packed: they are long, and packing them would keep others waiting."""


async def _to_stories(request: Request) -> Response:
    return _redirect(request, "/stories")


def _moved(request: Request, moved: Exception) -> Response:
    """Not for good: stories join, and part again."""
    form = ".json" if request.url.path.endswith(".json") else ""
    return _redirect(request, f"{moved}{form}")


def _redirect(request: Request, path: str) -> Response:
    base = str(request.scope.get("root_path", "")).rstrip("/")
    return RedirectResponse(base + path, 307)


def _both(readers: Readers, path: str, page: Page) -> list[BaseRoute]:
    """A page for people, and the same for programs. They are written in a thread, since what people
    ask for may be long, and others are to be answered meanwhile."""

    async def html(request: Request) -> Response:
        fresh_at = await _fresh_at(readers)
        answer = await page(readers, request)
        return await asyncio.to_thread(html_answer, request, answer, fresh_at, readers.now())

    async def json(request: Request) -> Response:
        fresh_at = await _fresh_at(readers)
        answer = await page(readers, request)
        return await asyncio.to_thread(json_answer, answer, fresh_at)

    return [
        Route(f"{path}.json", json, middleware=[_PACKED]),
        Route(path, html, middleware=[_PACKED]),
    ]


async def _fresh_at(readers: Readers) -> datetime | None:
    """How fresh a page is at the least that is made from now on: what asks whether there is a newer
    copy must not be told of one that came while it was made."""
    await readers.copies.freshness()
    return readers.copies.fresh_at


def _newer(readers: Readers) -> BaseRoute:
    """Whether a copy is there that is newer than a page; pages with scripts ask now and then."""

    async def newer(request: Request) -> Response:
        than = moment_in(request.query_params, "than")
        fresh_at = await _fresh_at(readers)
        if than is None or fresh_at is None or fresh_at <= than:
            return Response(status_code=204)
        return HTMLResponse('A newer copy is there. <a href="">Show it</a>', _ASK_NO_MORE)

    return Route("/newer", newer)


def _health_of_copy(readers: Readers) -> BaseRoute:
    """Whether what is published can be read, for whoever watches it. Everybody may ask, so what is
    wrong is told by the log only."""

    async def health(_: Request) -> Response:
        try:
            await readers.copies.rows(lambda _: None)
            well = readers.copies.trouble is None
        except (PressclipError, TimeoutError):
            well = False
        if well:
            return PlainTextResponse("ok\n")
        return PlainTextResponse("What is published can't be read; the log says why.\n", 503)

    return Route(HEALTH_OF_COPY, health)


_ASK_NO_MORE = 286
"""What htmx ends its asking for (https://htmx.org/docs/#polling)."""


def _answer(readers: Readers, form: FileForm) -> BaseRoute:
    """The answer to a question in SQL, as a file."""

    async def file(request: Request) -> Response:
        return await answer_file(readers, request, form)

    return Route(f"/ask/answer.{form}", file)


def _drawn(readers: Readers, path: str, chart: Chart) -> BaseRoute:
    """A picture: `dark` and `narrow` in its link say how it is drawn."""

    async def picture(request: Request) -> Response:
        drawing = await chart(readers, request)
        look = Look("dark" in request.query_params, "narrow" in request.query_params)
        return Response(await asyncio.to_thread(svg, drawing, look), 200, _SVG, "image/svg+xml")

    return Route(path, picture, middleware=[_PACKED])


def _wrong(readers: Readers) -> Callable[[Request, Exception], Response]:
    """What is answered where nothing can be shown."""

    def answer(request: Request, error: Exception) -> Response:
        status, said = _said(error)
        title = _WRONG.get(status, "Something is wrong")
        page = Shown("wrong.html", title, {"message": said}, status=status)
        if request.url.path.endswith(".json"):
            response = json_answer(page, None)
        else:
            response = html_answer(request, page, None, readers.now())
        # What fails unforeseen is answered outside of the middleware.
        response.headers.update(_HEADERS)
        return response

    return answer


_WRONG = {400: "Not understood", 404: "Not found", 503: "Not now"}


def _said(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        return error.status_code, error.detail
    if isinstance(error, PressclipError):
        return 503, error.message
    if isinstance(error, TimeoutError):
        return 503, "That took longer than a page may take. Ask for less: a topic, or fewer days."
    log.error("a page failed", exc_info=error)
    return 500, "This page failed. The log of pressclip web says why."


def _within(address: str) -> str:
    """`address` without scheme and host: those that Starlette sees may be a proxy's own."""
    place = urlsplit(address)
    return urlunsplit(("", "", f"/{place.path.lstrip('/')}", place.query, ""))


class _Guarded:
    """Puts the headers on every answer that do not stand there yet."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "location" in headers:
                    headers["location"] = _within(headers["location"])
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)
