"""Reading the source files of the press: `outlet.toml` and articles.

An article is a text file: a TOML header between two `+++` lines, then paragraphs separated by
blank lines. `NAME.edition-2.md` replaces `NAME.md` from the second edition on, or appears with it.
`seeds/newsstand/README.md` tells the rest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import ValidationError

from flows.newsstand.outlets import Manuscript, Outlet, SearchPlan, SourceTable

_ARTICLE = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", re.DOTALL)
_FILE_NAME = re.compile(r"([^.]+)(?:\.edition-(\d+))?\.md")
_UNDATED = datetime.min.replace(tzinfo=UTC)

_Table = TypeVar("_Table", bound=SourceTable)


class SourceError(ValueError):
    """A source file of the press that cannot be read; names the file and what to do."""


def newsstand_folder() -> Traversable:
    """The folder of source files, in a checkout and in an installed wheel."""
    return files("seeds").joinpath("newsstand")


def read_outlets(
    folder: Traversable, edition: int, moved: timedelta = timedelta(0)
) -> tuple[Outlet, ...]:
    """Every outlet of the press as of `edition`, by folder, what is current `moved` by so much.
    Raises SourceError."""
    found = [item for item in folder.iterdir() if item.joinpath("outlet.toml").is_file()]
    by_name = sorted(found, key=lambda item: item.name)
    return tuple(_outlet(item, edition, moved) for item in by_name)


def read_searches(folder: Traversable) -> tuple[SearchPlan, ...]:
    """The news searches of the press. Raises SourceError."""
    where = "searches.toml"
    rows = _toml(folder.joinpath(where).read_text("utf-8"), where)["searches"]
    return tuple(_checked(SearchPlan, row, where) for row in rows)


def _outlet(folder: Traversable, edition: int, moved: timedelta) -> Outlet:
    where = f"{folder.name}/outlet.toml"
    data = _toml(folder.joinpath("outlet.toml").read_text("utf-8"), where)
    outlet = _checked(Outlet, {**data, "folder": folder.name}, where)
    articles = sorted(
        _manuscripts(
            folder.joinpath("articles"), outlet, edition, moved if outlet.current else timedelta(0)
        ),
        key=lambda article: (article.published or _UNDATED, article.slug),
        reverse=True,
    )
    answers = (answer for answer in outlet.answers if edition <= (answer.until or edition))
    return outlet.model_copy(update={"manuscripts": tuple(articles), "answers": tuple(answers)})


def _manuscripts(
    folder: Traversable, outlet: Outlet, edition: int, moved: timedelta
) -> Iterator[Manuscript]:
    newest: dict[str, tuple[int, Traversable]] = {}
    for item in folder.iterdir():
        match = _FILE_NAME.fullmatch(item.name)
        if match is None:
            raise SourceError(f"{outlet.host}/articles/{item.name}: name it SLUG[.edition-N].md")
        number = int(match[2] or 1)
        if newest.get(match[1], (0, item))[0] < number <= edition:
            newest[match[1]] = (number, item)
    return (_manuscript(slug, item, outlet, moved) for slug, (_, item) in newest.items())


def _manuscript(slug: str, item: Traversable, outlet: Outlet, moved: timedelta) -> Manuscript:
    where = f"{outlet.host}/articles/{item.name}"
    match = _ARTICLE.fullmatch(item.read_text("utf-8"))
    if match is None:
        raise SourceError(f"{where}: begin with a TOML header between two +++ lines")
    head = {"language": outlet.language} | _toml(match[1], where)
    if moved and "published" in head:
        head["published"] += moved
    try:
        path = outlet.article_path.format(slug=slug, **head)
    except KeyError as error:
        raise SourceError(f"{where}: add the key {error} to the header") from error
    ours = {
        "host": outlet.host,
        "slug": slug,
        "path": path,
        "amp_path": outlet.amp_path.format(path=path),
        "topics": sorted(head.get("topics", ())),
        "blocks": [" ".join(block.split()) for block in re.split(r"\n\s*\n", match[2].strip())],
    }
    return _checked(Manuscript, head | ours, where)


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{where}: not valid TOML: {error}") from error


def _checked(table: type[_Table], data: Mapping[str, Any], where: str) -> _Table:
    try:
        return table.model_validate(data)
    except ValidationError as error:
        wrong = error.errors()[0]
        key = ".".join(str(part) for part in wrong["loc"])
        raise SourceError(f"{where}: the key {key}: {wrong['msg']}") from error
