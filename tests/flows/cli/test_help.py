"""The help: whole lines at 80 columns, values named by what they are, examples that work."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from flows.cli.main import app

ROOT: Any = typer.main.get_command(app)


def leaves() -> Iterator[tuple[str, Any]]:
    """Every command that does something, by what is typed for it."""
    for name in ROOT.entries:
        loaded = ROOT.load(name)
        inner = getattr(loaded, "commands", {})
        yield from ((f"{name} {each}", command) for each, command in inner.items())
        if not inner:
            yield name, loaded


LEAVES = dict(leaves())
GROUPS = sorted({name.split(" ")[0] for name in LEAVES if " " in name})


def shown(*words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", [*LEAVES, *GROUPS, ""])
def test_help_fits_eighty_columns_and_names_no_types(name: str) -> None:
    text = shown(*name.split())
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"<[a-z]+( range)?>|\[/?(dim|bold)\]|x[<>]=", text)
    assert re.search(r"^  \S", text, re.MULTILINE), "a purpose"


@pytest.mark.parametrize("name", LEAVES)
def test_the_examples_of_a_command_are_understood(name: str) -> None:
    _, found, examples = shown(*name.split()).partition("Examples:\n")
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    assert found
    assert lines
    for line in lines:
        words = list(takewhile(lambda word: word not in {"|", "<", ">"}, shlex.split(line)))
        # What comes before is another program that ours reads from.
        if words[0] != "pressclip":
            words = shlex.split(line.partition(" | ")[2])
        _parse(words[1:])


def _parse(words: list[str]) -> None:
    """Raises what a command would raise of its words."""
    command, (typed, *rest) = ROOT.load(words[0]), words
    inner = getattr(command, "commands", {})
    if rest and rest[0] in inner:
        command, (typed, *rest) = inner[rest[0]], rest
    assert command.make_context(typed, rest)


def test_the_help_names_every_command_in_a_section() -> None:
    text = shown()
    for name, entry in ROOT.entries.items():
        assert bool(re.search(rf"^  {name} ", text, re.MULTILINE)) == (entry.section is not None)
    assert "\nRead:\n" in text


def test_a_group_tells_all_of_what_its_commands_are_for() -> None:
    text = " ".join(shown("feeds").split())
    assert "It is asked first, so that a wrong address is known at once." in text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("clippings --days abc", "'--days': must be a whole number from 1 to 36500; got 'abc'."),
        ("clippings -n 0", "must be a whole number from 1 to 1000000000; got '0'."),
        ("newsstand --port 4444444", "must be a whole number from 0 to 65535; got '4444444'."),
        ("server worker --grace soon", "must be seconds, such as 2.5; got 'soon'."),
        ("export recipes", "'WHAT': 'recipes' is not one of 'clippings'"),
        ("failures list --stage foo", "'--stage': 'foo' is not one of 'poll'"),
        ("clipings", "Did you mean 'clippings'?"),
        ("feeds lst", "Did you mean 'list'?"),
        ("clippings --limt 3", "--limit"),
    ],
)
def test_a_wrong_word_is_named_with_what_would_be_right(line: str, said: str) -> None:
    done = CliRunner().invoke(app, line.split())
    assert done.exit_code == 2
    assert said in done.stderr
