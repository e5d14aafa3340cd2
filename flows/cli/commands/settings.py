"""`pressclip settings`: every setting, its value here, and what it means."""

from __future__ import annotations

from dataclasses import fields

from flows.cli import options
from flows.cli.output.console import complain
from flows.cli.output.forms import Form, write
from flows.cli.output.tables import columns, show
from flows.settings import PREFIX, Settings, read_settings, unknown_variables
from flows.wording import closest


def command(json: options.Json = False) -> None:
    """Show every setting: its environment variable, its value now, what it means.

    Examples:
      pressclip settings
      pressclip settings --json
    """
    settings = read_settings()
    table = columns(
        ("variable", "value", "meaning", "unit"),
        (
            (
                f"{PREFIX}{spec.name.upper()}",
                getattr(settings, spec.name) if spec.repr else _hidden(settings, spec.name),
                spec.metadata["meaning"],
                spec.metadata["unit"],
            )
            for spec in fields(Settings)
        ),
    )
    for name in unknown_variables():
        meant = closest(name.removeprefix(PREFIX), [spec.name.upper() for spec in fields(Settings)])
        guess = f" Did you mean {PREFIX}{meant[0]}?" if meant else ""
        complain(f"{name} is set, but is not a setting.{guess}")
    write(table, Form.JSON) if json else show(table, wrap=True)


def _hidden(settings: Settings, secret: str) -> str | None:
    return None if getattr(settings, secret) is None else "set, and not shown"
