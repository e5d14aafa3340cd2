"""`pressclip settings`: every setting, its value here, and what it means."""

from __future__ import annotations

from dataclasses import fields

from flows.cli import options
from flows.cli.output.forms import Form, write
from flows.cli.output.tables import columns, show
from flows.settings import PREFIX, Settings, read_settings


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
                getattr(settings, spec.name),
                spec.metadata["meaning"],
                spec.metadata["unit"],
            )
            for spec in fields(Settings)
        ),
    )
    write(table, Form.JSON) if json else show(table, wrap=True)
