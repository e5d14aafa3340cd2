"""`pressclip search`: ranked search through all articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from flows import clock
from flows.cli import options
from flows.cli.names import known_topic, languages
from flows.cli.output.console import complain, remark
from flows.cli.output.forms import write
from flows.cli.output.progress import counted
from flows.cli.output.tables import columns, show
from flows.settings import read_settings
from flows.wording import WHOLE_WORDS
from parsers.errors import Retry
from parsers.text.search_words import read_query
from warehouse.desk import Desk
from warehouse.published.search import FoundArticle, search_articles
from warehouse.published.search_index import has_room_for_index, index_path, refresh_index


def command(
    words: Annotated[
        list[str],
        typer.Argument(
            help="All of these, in any order; '\"reading room\"' as it stands; "
            "'kettle -musk' without musk; 'kettle OR tea' either."
        ),
    ],
    topic: options.Topic = None,
    language: options.Language = None,
    days: options.Days = None,
    limit: options.Limit = 20,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
    csv: options.Csv = False,
    tsv: options.Tsv = False,
) -> None:
    """Find articles by their words, the best first, copies and off-topic ones included.

    Those with all words in the title come first, then by how much they are about them (BM25), then
    the newest. Case and accents don't count; Chinese, Japanese and Thai words are found too.

    Examples:
      pressclip search reading room --topic openai
      pressclip search '"reading room" kettle OR tea -musk' --days 30 --json
    """
    query = read_query(" ".join(words))
    if not query.groups:
        raise typer.BadParameter("say at least one word to look for.")
    form = options.form(json=json, csv=csv, tsv=tsv)
    settings = read_settings(warehouse=warehouse)
    desk = settings.desk()
    if topic is not None:
        known_topic(settings, desk, topic)
    with _up_to_date(desk) as index:
        hits = search_articles(
            desk,
            query,
            count=limit,
            topic=topic,
            language=language,
            since=clock.now() - timedelta(days=days) if days else None,
            index_at=index,
        )
    table = columns([field.name for field in fields(FoundArticle)], map(astuple, hits))
    if form:
        write(table, form)
    elif hits:
        show(table)
    else:
        remark(
            f"Nothing has {query}. {WHOLE_WORDS} Try fewer, or `pressclip clippings`."
            + languages(desk, language)
        )


@contextmanager
def _up_to_date(desk: Desk) -> Iterator[Path]:
    """Where the index is, for this search at least."""
    if has_room_for_index(desk):
        _bring_up_to_date(desk, index_path(desk))
        yield index_path(desk)
        return
    complain(f"the search index can't be kept in {desk.folder}, where you may not write.")
    with TemporaryDirectory(prefix="pressclip-") as folder:
        _bring_up_to_date(desk, path := Path(folder) / "search.sqlite")
        yield path


def _bring_up_to_date(desk: Desk, path: Path) -> None:
    there = path.exists()
    if not there:
        complain("making the search index, once …")
    try:
        with counted("index", "articles") as bar:
            refresh_index(desk, bar.tell, path)
    except Retry as error:
        if not there:
            raise
        complain(f"{error} What follows may lack the newest articles.")
