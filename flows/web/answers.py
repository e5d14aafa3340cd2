"""What a page answers: the same records as HTML or as JSON, and how fresh they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from flows.web import words
from flows.web.charts import Look, size_of


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows."""

    template: str
    title: str
    """What a browser's history calls it."""
    data: object
    """The records that it shows; as JSON they are all of the answer."""
    section: str = ""
    """Which part of the desk it belongs to."""
    more: Mapping[str, object] = field(default_factory=dict)
    """What only HTML needs: links, pictures, words."""
    status: int = 200


@cache
def templates() -> Environment:
    """The templates; whatever is put into them is text."""
    environment = Environment(
        loader=PackageLoader("flows.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words.FILTERS)
    environment.filters["size"] = lambda drawing, narrow=False: size_of(
        drawing, Look(narrow=narrow)
    )
    return environment


def html_answer(
    request: Request, answer: Shown, fresh_at: datetime | None, now: datetime
) -> Response:
    """The page for people."""
    base = str(request.scope.get("root_path", "")).rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    text = (
        templates()
        .get_template(answer.template)
        .render(
            title=answer.title,
            data=answer.data,
            section=answer.section,
            base=base,
            json_link=f"{base}{request.url.path.removeprefix(base).rstrip('/')}.json{query}",
            fresh_at=fresh_at,
            now=now,
            **answer.more,
        )
    )
    return HTMLResponse(text, answer.status, later(answer.status))


def json_answer(answer: Shown, fresh_at: datetime | None) -> Response:
    """The same for programs."""
    body = {"title": answer.title, "fresh_at": jsonable(fresh_at), "data": jsonable(answer.data)}
    return JSONResponse(body, answer.status, later(answer.status))


def later(status: int) -> dict[str, str]:
    """The header that says when to ask again, for what can't be answered now."""
    return {"Retry-After": "10"} if status == 503 else {}


def jsonable(value: object) -> Any:
    """`value` as JSON has it: records as objects, times in RFC 3339, spans in seconds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: jsonable(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): jsonable(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(one) for one in value]
    return _plain_time(value) if isinstance(value, date | timedelta) else value


def _plain_time(value: date | timedelta) -> str | float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat()


class Moved(Exception):  # noqa: N818 - no error
    """What was asked for is at another place of the desk now."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def not_found(what: str) -> HTTPException:
    """Nothing of that kind is here."""
    return HTTPException(404, what)


def not_understood(what: str) -> HTTPException:
    """What was asked for makes no sense."""
    return HTTPException(400, what)
