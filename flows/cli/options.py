"""Options that several commands share, spelled and explained once."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.completion import complete_language, complete_outlet, complete_topic
from flows.cli.output.forms import Form


def whole_number(least: int, most: int, what: str, *names: str, metavar: str = "N") -> Any:
    """An option for a number of this range, explained as `what` it is."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise typer.BadParameter(
                f"must be a whole number from {least} to {most}; got {str(text)!r}."
            )
        return number

    return typer.Option(*names, parser=read, metavar=metavar, help=f"{what}.")


def seconds(what: str) -> Any:
    """An option for a time, explained as `what` it is."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number < math.inf:
            raise typer.BadParameter(f"must be seconds, such as 2.5; got {str(text)!r}.")
        return number

    return typer.Option(parser=read, metavar="SECONDS", help=f"{what}.")


Warehouse = Annotated[
    str | None,
    typer.Option(
        "--warehouse",
        "-w",
        metavar="PATH|URL",
        help="The DuckDB file that people open, or a DuckLake. Default: PRESSCLIP_WAREHOUSE, or "
        "a file in your data folder.",
        show_default=False,
    ),
]
Topics = Annotated[
    Path | None,
    typer.Option(
        "--topics",
        metavar="FILE.toml",
        help="The topics to collect. Default: PRESSCLIP_TOPICS, or Musk and OpenAI.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
Csv = Annotated[bool, typer.Option("--csv", help="Write CSV, for spreadsheets.")]
Tsv = Annotated[
    bool, typer.Option("--tsv", help="Write lines parted by tabs, names of columns first.")
]
Limit = Annotated[
    int, whole_number(1, 1_000_000_000, "At most so many", "--limit", "-n", metavar="ROWS")
]
Days = Annotated[int | None, whole_number(1, 36_500, "Only the last so many days")]
Topic = Annotated[
    str | None,
    typer.Option(
        metavar="TOPIC",
        help="Only this topic, such as openai.",
        autocompletion=complete_topic,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        metavar="CODE",
        help="Only this language, such as id.",
        autocompletion=complete_language,
    ),
]
Outlet = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Only this outlet, by its name or its site.",
        autocompletion=complete_outlet,
    ),
]


def _moment(text: str, *, later: int = 0) -> datetime:
    """The moment that `text` names; where that is a day, its beginning, so many days `later`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        later = 0
    else:
        text = f"{day}T00:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no day: write it like 2026-03-31, or 2026-03-31T14:00 (UTC)."
        ) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment + timedelta(days=later)


def _end(text: str) -> datetime | None:
    """The same of a day that is included; None where no calendar has the month after it."""
    return None if text.startswith("9999-12") else _moment(text, later=1)


def since(what: str) -> Any:
    """The option --since, explained as `what` it chooses."""
    return typer.Option(parser=_moment, metavar="DAY", help=f"{what}, such as 2026-03-31.")


Since = Annotated[datetime | None, since("From this day (UTC) on")]
Until = Annotated[
    datetime | None,
    typer.Option(parser=_end, metavar="DAY", help="Up to this day (UTC), the day included."),
]


def form(*, json: bool, csv: bool, tsv: bool) -> Form | None:
    """The form that was asked for, if any was."""
    asked = [form for form, given in zip(Form, (json, csv, tsv), strict=True) if given]
    if len(asked) > 1:
        names = " and ".join(f"--{one}" for one in asked)
        raise typer.BadParameter(f"{names} exclude each other: say one of them.")
    return asked[0] if asked else None


def refuse_empty_span(since: datetime | None, until: datetime | None) -> None:
    """Ends a command whose --until comes before its --since."""
    if since and until and until <= since:
        raise typer.BadParameter(f"--until must not be before --since ({since:%Y-%m-%d}).")


def was_given(context: typer.Context, option: str) -> bool:
    """Whether somebody asked for what an option has now, which is else its default."""
    source = context.get_parameter_source(option)
    return source is not None and source.name != "DEFAULT"
