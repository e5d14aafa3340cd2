"""`pressclip add`: file single articles."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options
from flows.cli.output.forms import Form, write
from flows.cli.output.progress import WaitingListener, end_where_behind
from flows.cli.output.tables import columns, show
from flows.settings import read_settings
from parsers.errors import Drop
from warehouse.records import EntryState

if TYPE_CHECKING:
    from flows.steps.add import Filed


def command(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="URL|FILE", help="Links, saved HTML pages, or plain-text documents."
        ),
    ],
    topics: options.Topics = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """File single articles: links, saved pages, plain-text documents.

    What is filed by hand is kept also where it is on none of the topics. Exit code 1 if anything
    could not be filed, 75 if all of it is landed, but the warehouse is held: the next run loads it.

    Examples:
      pressclip add https://example.com/an-article
      pressclip add saved-page.html old-clipping.txt
    """
    from flows.run.context import open_run
    from flows.steps.add import file_articles
    from flows.steps.publish import publish_copy

    settings = read_settings(warehouse=warehouse, topics=topics)
    for name in names:
        _check_name(name)

    async def work() -> tuple[tuple[Filed, ...], bool]:
        async with open_run(settings, WaitingListener()) as run:
            filed = await file_articles(run, names)
            if not run.behind:
                await publish_copy(run)
            return filed, run.behind

    filed, behind = asyncio.run(work())
    rows = (_row(filing, behind=behind) for filing in filed)
    table = columns(("outcome", "topics", "title", "from", "remark"), rows)
    write(table, Form.JSON) if json else show(table)
    end_where_behind(behind)
    if any(filing.harvested.outcome.state is not EntryState.STORED for filing in filed):
        raise typer.Exit(1)


def _check_name(name: str) -> None:
    """Raises Drop where `name` is neither a link nor a file, since it may be meant as a link."""
    from flows.steps.add import is_link

    if not is_link(name) and not Path(name).exists():
        raise Drop(
            "no_such_file",
            f"There is no file {name}. If it is meant as a link: those begin with http:// or "
            "https://.",
        )


def _row(filed: Filed, *, behind: bool) -> tuple[object, ...]:
    article, failure = filed.harvested.article, filed.harvested.failure
    state = filed.harvested.outcome.state
    topics = tuple(match.topic for match in article.topics) if article else ()
    return (
        "landed" if behind and state is EntryState.STORED else state.value,
        topics or (("off topic",) if article else None),
        article.title if article else None,
        filed.name,
        failure.message if failure else None,
    )
