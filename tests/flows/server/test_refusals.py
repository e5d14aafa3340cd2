"""What the commands say where there is no server, another one, or nobody to do the work."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings
from prefect.states import Completed, Scheduled

from flows.cli.commands import trigger
from tests.flows.cli.running import called
from tests.servers.ports import free_port

COMMANDS = (("server", "deploy"), ("server", "worker"), ("trigger", "poll"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_server_they_say_how_to_name_one(command: tuple[str, ...], path: Path) -> None:
    """Prefect would start one for the moment, and what is told to it would be lost."""
    with temporary_settings({PREFECT_API_URL: None, PREFECT_HOME: path.parent / "no-profile"}):
        done = called(path.parent, {"PRESSCLIP_WAREHOUSE": str(path)}, *command)
    assert done.returncode == 1
    assert "PREFECT_API_URL" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (path.parent / "no-profile" / "prefect.db").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_server_that_does_not_answer_is_named(command: tuple[str, ...], path: Path) -> None:
    api_url = f"http://127.0.0.1:{free_port()}/api"
    with temporary_settings({PREFECT_API_URL: api_url}):
        env = {"PRESSCLIP_WAREHOUSE": str(path), "PREFECT_API_URL": api_url}
        done = called(path.parent, env, *command)
    assert done.returncode == 75
    assert f"The Prefect server at {api_url} does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["70000", "-1", "0"])
def test_a_port_that_is_none_is_wrong_usage(port: str, path: Path) -> None:
    env = {"PRESSCLIP_WAREHOUSE": str(path)}
    done = called(path.parent, env, "server", "up", "--port", port)
    assert done.returncode == 2
    assert not path.with_name("press.desk").exists()


def test_a_desk_that_has_no_server_is_named(path: Path) -> None:
    done = called(path.parent, {}, "trigger", "poll", "--warehouse", str(path))
    assert done.returncode == 1
    assert f"No Prefect server is up for {path}" in done.stderr


def test_a_run_that_nobody_takes_up_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    states: list[State] = [Scheduled(), Scheduled(), Completed()]

    class Client:
        async def read_flow_run(self, _: str) -> Any:
            return SimpleNamespace(id="a-run", state=states.pop(0))

    monkeypatch.setattr(trigger, "UNTAKEN", 0.0)
    run: Any = SimpleNamespace(id="a-run", state=Scheduled())
    client: Any = Client()
    state = asyncio.run(trigger._ended(client, run, None))
    assert state is not None
    assert state.is_completed()
    assert capsys.readouterr().err.count("no worker has taken the run up") == 1
