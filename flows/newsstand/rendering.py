"""The templates of the press (`seeds/newsstand/`, Jinja2), filled in."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined

from flows.newsstand.marks import as_html
from flows.newsstand.sources import newsstand_folder


def render(template: str, **values: object) -> str:
    """The text of `template`, a file below `seeds/newsstand/`, with `values` in it."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    folder = newsstand_folder()
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.filters.update(
        html=as_html,
        iso=lambda when: when.isoformat() if when else "",
        rfc822=lambda when: format_datetime(when, usegmt=True),
        slug=slug_of,
        zulu=zulu,
    )
    environment.globals["parts"] = environment.get_template("parts.html").module
    return environment


def zulu(when: datetime) -> str:
    """A moment in UTC as most feeds write it (RFC 3339)."""
    return when.isoformat().replace("+00:00", "Z")


def slug_of(tag: str) -> str:
    """The last part of a tag's address, percent-encoded (RFC 3986)."""
    return quote(re.sub(r"\W+", "-", tag.casefold()).strip("-"))
