"""The command line in this process, where all that a command imports is imported once. What the
process itself does (signals, pipes, terminals, imports) is tested with the script."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path

from typer.testing import CliRunner

from flows.cli.main import app

SCRIPT = Path(sys.executable).with_name("pressclip")
Done = subprocess.CompletedProcess[str]


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a command finds in its environment: no settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRE")}
    return kept | {"PREFECT_API_URL": "", "NO_COLOR": "1"} | dict(environment)


def called(folder: Path, environment: Mapping[str, str], *args: str) -> Done:
    """A command that has run in `folder`, in this process."""
    others = dict.fromkeys(name for name in os.environ if name.startswith("PRE"))
    with chdir(folder):
        done = CliRunner().invoke(
            app, args, env=others | own_environment(environment), prog_name="pressclip"
        )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(args, done.exit_code, done.stdout, done.stderr)


def run_script(folder: Path, environment: Mapping[str, str], *args: str) -> Done:
    """The same by the console script, as a process of its own."""
    return subprocess.run(
        [SCRIPT, *args],
        env=own_environment(environment),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
