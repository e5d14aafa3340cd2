"""The pages at work: served with deadlines, to those who may read them, until told to stop."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from functools import partial

from flows.listening import listen, serve_http
from flows.settings import Settings
from flows.web.app import web_app
from flows.web.copies import Copies
from flows.web.cuts import Cuts
from flows.web.guard import Guard, owner_of, refuse_exposed, web_rules
from flows.web.questions import Questions
from warehouse.published.search_index import index_path


def open_door(settings: Settings, host: str, port: int) -> socket.socket:
    """What the pages are served at. Raises Drop("exposed") where everybody could read them, and as
    `flows.listening.listen` does."""
    refuse_exposed(web_rules(settings), host)
    return listen(host, port)


async def serve_pages(
    settings: Settings, door: socket.socket, stop: Callable[[], Awaitable[object]] | None = None
) -> None:
    """Serves the pages of the desk at `door` until `stop` returns; without it, until this process
    is told to stop."""
    desk = settings.desk()
    copies, questions, cuts = Copies(desk), Questions(desk), Cuts(desk)
    pages = web_app(copies, index=index_path(desk), questions=questions, cuts=cuts)
    rules = web_rules(settings)

    async def ending() -> None:
        await questions.close()
        await cuts.close()

    try:
        await serve_http(
            Guard(pages, rules), door, stop, owner=partial(owner_of, rules), ending=ending
        )
    finally:
        await copies.close()
        await ending()
