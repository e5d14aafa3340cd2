"""A PostgreSQL server of our own, reached by a socket in its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
USER = "press"


def start_postgres() -> Path:
    """A server of our own, reached by the socket in the folder returned; it asks nobody for a
    password and loses everything in a power cut. PostgreSQL refuses to run as root."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    # Not in pytest's own folder, which only its user may enter; and sockets need a short path.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if user := _unprivileged():
        shutil.chown(folder, user)
    data = str(folder / "data")
    _quietly(initdb, "-D", data, "-A", "trust", "-U", USER, "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=60"
    _quietly(pg_ctl, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    return folder


def stop_postgres(folder: Path) -> None:
    """End a server of ours and remove what it had."""
    _quietly(_program("pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)


def create_database(server: Path, name: str, template: str = "template1") -> None:
    """A new database: an empty one, or one like the `template`, which nobody may be using."""
    command = [_program("createdb"), "-h", str(server), "-U", USER, "-T", template, name]
    subprocess.run(command, check=True)


def run_sql(server: Path, name: str, sql: str) -> None:
    """Runs a statement in a database."""
    command = [_program("psql"), "-q", "-h", str(server), "-U", USER, "-d", name, "-c", sql]
    subprocess.run(command, check=True)


def _program(name: str) -> str:
    found = shutil.which(name) or next(
        (str(folder / name) for folder in reversed(DEBIAN) if (folder / name).exists()), None
    )
    if found is None:
        pytest.skip(f"needs PostgreSQL: there is no {name} (Debian: apt install postgresql)")
    return found


def _quietly(*command: str) -> None:
    subprocess.run(command, check=True, cwd="/", user=_unprivileged(), stdout=subprocess.DEVNULL)


def _unprivileged() -> str | None:
    """Another user, where we are root."""
    return "nobody" if os.geteuid() == 0 else None
