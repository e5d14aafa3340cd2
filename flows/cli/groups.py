"""Groups of commands: what their help looks like, and that a command is imported only when it runs.

pressclip --help ─▶ Commands: names and lines of a table; nothing is imported
pressclip sql …  ─▶ Commands.resolve_command ─▶ the module of `sql` is imported, its help arranged
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
_EXAMPLES = "\n\nExamples:\n"


class Group(TyperGroup):
    """A group whose help tells all of what each command is for, under the headings that commands
    have as their panels."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                heading = getattr(command, "rich_help_panel", None) or "Commands"
                purpose = cleandoc(command.help or "").partition("\n\n")[0]
                sections.setdefault(heading, []).append((name, " ".join(purpose.split())))
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as the help lists it."""

    where: str
    """Its module in flows.cli.commands, and what in it the command is."""
    purpose: str
    section: str | None
    """None: it works, but is not listed."""


class Commands(Group):
    """The commands of a table. One is imported when it is asked for, because those that fetch and
    parse take a second to import."""

    entries: ClassVar[Mapping[str, Entry]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {
            name: TyperCommand(
                name,
                help=entry.purpose,
                rich_help_panel=entry.section,
                hidden=entry.section is None,
            )
            for name, entry in self.entries.items()
        }

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As of any group; `help COMMAND` is what --help is there."""
        return super().parse_args(ctx, [*args[1:], "--help"] if args[:1] == ["help"] else args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and self.load(str(name)), rest

    def load(self, name: str) -> Any:
        """The command `name` itself."""
        module, attribute = self.entries[name].where.split(":")
        found = getattr(importlib.import_module(f"flows.cli.commands.{module}"), attribute)
        part = typer.Typer(rich_markup_mode=None, context_settings=HELP_OPTIONS)
        part.callback()(lambda: None)
        if isinstance(found, typer.Typer):
            part.add_typer(found, name=name, cls=Group)
        else:
            part.command(name)(found)
        return arranged(typer.main.get_group(part).commands[name])


def arranged(command: Any) -> Any:
    """`command` with help for people: the examples that end its docstring stand below the options,
    and values are named by what they are, not by their types. So do those of its group."""
    text, found, examples = cleandoc(command.help or "").partition(_EXAMPLES)
    if found:
        command.help = text
        # \b keeps the lines of the paragraph as they are.
        command.epilog = f"\b\nExamples:\n{examples}"
    for parameter in command.params:
        if parameter.metavar is None:
            parameter.metavar = parameter.name.upper()
        if parameter.param_type_name == "argument":
            parameter.display_type_rich = _nothing
    for inner in getattr(command, "commands", {}).values():
        arranged(inner)
    return command


def _nothing(ctx: Any) -> str:  # noqa: ARG001 - Typer's form
    return ""
