"""Reading the source files of the press: `outlet.toml`, themes and articles.

An article is a text file: a TOML header between two `+++` lines, then paragraphs separated by
blank lines. `NAME.edition-2.md` replaces `NAME.md` from the second edition on, and a header with
`edition = 2` keeps an article back until then. `seeds/newsstand/README.md` tells the rest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from flows.newsstand.articles import (
    ExtraEntry,
    FeedPlan,
    FixedAnswer,
    Insert,
    Manuscript,
    Outlet,
    Photo,
)

_HEADER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
_EDITION = re.compile(r"\A(?P<slug>[^.]+)(?:\.edition-(?P<edition>\d+))?\.md\Z")


_Passing = TypeVar("_Passing", FixedAnswer, ExtraEntry)


class SourceError(ValueError):
    """A source file of the press that cannot be read; names the file and what to do."""


def newsstand_folder() -> Traversable:
    """The folder of source files, in a checkout and in an installed wheel."""
    return files("seeds").joinpath("newsstand")


def read_outlets(folder: Traversable, edition: int) -> tuple[Outlet, ...]:
    """Every outlet of the press as of `edition`, by host. Raises SourceError."""
    found = [item for item in folder.iterdir() if item.joinpath("outlet.toml").is_file()]
    return tuple(_outlet(item, edition) for item in sorted(found, key=lambda item: item.name))


def _outlet(folder: Traversable, edition: int) -> Outlet:
    data = _toml(folder.joinpath("outlet.toml").read_text("utf-8"), f"{folder.name}/outlet.toml")
    amp = folder.joinpath("amp.html")
    try:
        return Outlet(
            host=data["host"],
            name=data["name"],
            language=data["language"],
            category=data["category"],
            theme=folder.joinpath("theme.html").read_text("utf-8"),
            amp_theme=amp.read_text("utf-8") if amp.is_file() else None,
            charset=data.get("charset", "utf-8"),
            content_type=data.get("content_type", "text/html; charset=utf-8"),
            article_path=data["article_path"],
            amp_path=data.get("amp_path"),
            byline=data["byline"],
            date=data["date"],
            months=tuple(data["months"]),
            utc_offset_hours=data["utc_offset_hours"],
            sections=tuple(data["sections"].items()),
            metadata=tuple(data["metadata"]),
            related=tuple(data["related"]),
            inserts=tuple(Insert(**insert) for insert in data.get("inserts", ())),
            robots=data.get("robots"),
            feeds=tuple(_feed(feed, edition) for feed in data.get("feeds", ())),
            answers=_current((FixedAnswer(**row) for row in data.get("answers", ())), edition),
            manuscripts=_manuscripts(folder, data, edition),
            pages=tuple(_pages(folder)),
        )
    except KeyError as error:
        raise SourceError(f"{folder.name}/outlet.toml: add the key {error}") from error
    except TypeError as error:
        raise SourceError(
            f"{folder.name}/outlet.toml: a key too many or too few: {error}"
        ) from error


def _current(rows: Iterable[_Passing], edition: int) -> tuple[_Passing, ...]:
    return tuple(row for row in rows if not row.until or edition <= row.until)


def _feed(data: Mapping[str, Any], edition: int) -> FeedPlan:
    extras = (
        ExtraEntry(**{**row, "published": _utc(row.get("published"))})
        for row in data.get("extras", ())
    )
    lists = {name: tuple(data[name]) for name in ("sections", "articles") if name in data}
    return FeedPlan(**{**data, **lists, "extras": _current(extras, edition)})


def _pages(folder: Traversable) -> Iterable[tuple[str, str]]:
    pages = folder.joinpath("pages")
    if pages.is_dir():
        for item in pages.iterdir():
            yield item.name, item.read_text("utf-8")


def _manuscripts(
    folder: Traversable, outlet: Mapping[str, Any], edition: int
) -> tuple[Manuscript, ...]:
    newest: dict[str, tuple[int, Traversable]] = {}
    for item in folder.joinpath("articles").iterdir():
        match = _EDITION.match(item.name)
        if match is None:
            raise SourceError(f"{folder.name}/articles/{item.name}: name it SLUG[.edition-N].md")
        number = int(match["edition"] or 1)
        if number <= edition and number > newest.get(match["slug"], (0, item))[0]:
            newest[match["slug"]] = (number, item)
    read = (_manuscript(slug, item, outlet, edition) for slug, (_, item) in newest.items())
    oldest = datetime.min.replace(tzinfo=UTC)
    ready = (manuscript for manuscript in read if manuscript is not None)
    return tuple(sorted(ready, key=lambda m: (m.published or oldest, m.slug), reverse=True))


def _manuscript(
    slug: str, item: Traversable, outlet: Mapping[str, Any], edition: int
) -> Manuscript | None:
    where = f"{outlet['host']}/articles/{item.name}"
    match = _HEADER.match(item.read_text("utf-8"))
    if match is None:
        raise SourceError(f"{where}: begin with a TOML header between two +++ lines")
    head = _toml(match[1], where)
    if head.get("edition", 1) > edition:
        return None
    try:
        path = head.get("path") or _path(outlet["article_path"], slug, head)
        return Manuscript(
            host=outlet["host"],
            slug=slug,
            path=path,
            title=head["title"],
            blocks=tuple(" ".join(b.split()) for b in re.split(r"\n\s*\n", match[2].strip())),
            authors=tuple(head.get("authors", ())),
            published=_utc(head.get("published")),
            updated=_utc(head.get("updated")),
            section=head["section"],
            tags=tuple(head.get("tags", ())),
            language=head.get("language", outlet["language"]),
            standfirst=head.get("standfirst"),
            topics=tuple(sorted(head["topics"])),
            photo=Photo(**head["photo"]) if "photo" in head else None,
            amp_path=outlet["amp_path"].format(path=path) if "amp_path" in outlet else None,
            copy_of=head.get("copy_of"),
            copy_kind=head.get("copy_kind"),
            listed=head.get("listed", True),
        )
    except KeyError as error:
        raise SourceError(f"{where}: add the key {error} to the header") from error


def _path(pattern: str, slug: str, head: Mapping[str, Any]) -> str:
    day = head.get("published")
    if day is None:
        return pattern.format(section=head["section"], slug=slug, year="", month="", day="")
    return pattern.format(
        section=head["section"],
        slug=slug,
        year=f"{day:%Y}",
        month=f"{day:%m}",
        day=f"{day:%d}",
    )


def _utc(when: datetime | None) -> datetime | None:
    return None if when is None else when.astimezone(UTC)


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{where}: not valid TOML: {error}") from error
