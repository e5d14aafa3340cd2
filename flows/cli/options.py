"""Options that several commands share, spelled and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Warehouse = Annotated[
    str | None,
    typer.Option(
        "--warehouse",
        "-w",
        metavar="PATH|URL",
        help="The DuckDB file that people open, or a DuckLake (ducklake:…). [dim]Default: "
        "PRESSCLIP_WAREHOUSE, or pressclip/clippings.duckdb in your data folder.[/dim]",
        show_default=False,
    ),
]
Topics = Annotated[
    Path | None,
    typer.Option(
        "--topics",
        metavar="FILE.toml",
        help="The topics to collect. [dim]Default: PRESSCLIP_TOPICS, or Musk and OpenAI.[/dim]",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON for machines instead of a table.")]
Limit = Annotated[
    int, typer.Option("--limit", "-n", min=1, max=1_000_000_000, help="Rows to show at most.")
]
Days = Annotated[int | None, typer.Option(min=1, max=36_500, help="Only the last so many days.")]


def was_given(context: typer.Context, option: str) -> bool:
    """Whether somebody asked for what an option has now, which is else its default."""
    source = context.get_parameter_source(option)
    return source is not None and source.name != "DEFAULT"
