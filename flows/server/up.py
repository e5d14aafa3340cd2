"""A Prefect server, a worker and the deployments on this machine: up, down, and how they are.

    up: server ─ answers ─▶ deploy (pool, deployments, automations) ─▶ worker ─ is online ─▶ pages

Everything is kept in `<desk>/prefect` and listens on 127.0.0.1 only. What was started is found
again by its mark (see `flows.server.processes`), so `up` starts only what is missing and `down`
ends exactly what was started, also after a crash.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.server.processes import Process, marked, start, stop
from flows.settings import (
    Settings,
    inherited_environment,
    prefect_api_url,
    use_prefect_api,
)
from parsers.errors import Drop, Retry

if TYPE_CHECKING:
    import httpx

HOST = "127.0.0.1"
USUAL_PORT = 4200
POOL = "pressclip"
RUNS_AT_ONCE = 4
DEPLOY_TRIES = 3
POLL_TRIES = 5
READY_WITHIN = 300.0
"""Seconds: a small machine takes twenty to start a server for the first time, a busy one longer."""
LEASES_ON_DISK = "prefect.server.concurrency.lease_storage.filesystem"
FOR_RUNS = {
    # What deploy/automations/no-heartbeat.yaml counts on.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # Pauses of 2, 4, 8 … seconds: runs outlast a server that is away for some minutes, whose
    # answer they need to end in a true state. Prefect's own five tries take one minute.
    "PREFECT_CLIENT_MAX_RETRIES": "7",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,parsers,warehouse",
}
"""What a worker and its runs go by, where the environment says nothing else."""
GRACE = {"worker": 40.0, "web": 10.0, "server": 15.0, "newsstand": 5.0}
"""Seconds to end well, by role; in the order in which they are ended."""


@dataclass(frozen=True, slots=True)
class LocalServer:
    """Where the server of a desk lives, and at which port."""

    folder: Path
    port: int

    @property
    def mark(self) -> str:
        """What its processes carry."""
        return str(self.folder)

    @property
    def ui_url(self) -> str:
        """Where a browser sees it."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """What PREFECT_API_URL is for it."""
        return f"{self.ui_url}/api"

    @property
    def web_url(self) -> str | None:
        """Where a browser sees the desk's pages, if they were ever up."""
        port = self.port_of("web")
        return f"http://{HOST}:{port}/" if port else None

    def port_of(self, role: str) -> int | None:
        """The port of what is served beside the server, now or the last time."""
        try:
            return int(json.loads((self.folder / f"{role}.json").read_text("utf-8"))["port"])
        except (OSError, ValueError, KeyError):
            return None

    def processes(self, role: str) -> tuple[Process, ...]:
        """What runs in `role`."""
        return tuple(
            process for process in marked(self.mark) if process.role == role and process.leads
        )


def _folder(settings: Settings) -> Path:
    return settings.desk().folder / "prefect"


def known_station(settings: Settings) -> LocalServer | None:
    """The station of this desk, if it was ever up."""
    folder = _folder(settings)
    try:
        port = json.loads((folder / "up.json").read_text("utf-8"))["port"]
    except (OSError, ValueError, KeyError):
        return None
    return LocalServer(folder, int(port))


def configured_api_url(settings: Settings) -> str | None:
    """The server to use: the one that Prefect is configured for, or else the one that is up for
    this desk, which Prefect is told of; None where there is neither."""
    if configured := prefect_api_url():
        return configured
    found = desk_api_url(settings)
    if found:
        use_prefect_api(found)
    return found


def desk_api_url(settings: Settings) -> str | None:
    """The server that is up for this desk, or None."""
    station = known_station(settings)
    return station.api_url if station and station.processes("server") else None


def _station(settings: Settings, port: int | None) -> LocalServer:
    """The station to bring up: at the port asked for, else that of last time, else a free one."""
    known = known_station(settings)
    if known and known.processes("server"):
        if port not in {None, known.port}:
            raise Drop(
                "other_port", f"It is up at port {known.port}; `pressclip server down` ends it."
            )
        return known
    wanted = port or (known.port if known else USUAL_PORT)
    if not _free(wanted):
        if port:
            raise Drop("port_taken", f"Port {port} is taken. Name another one with --port.")
        wanted = _any_port()
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / "up.json").write_text(json.dumps({"port": wanted}), "utf-8")
    return LocalServer(folder, wanted)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(station: LocalServer, settings: Settings) -> dict[str, str]:
    """What the server, the worker and its runs are told: this desk, this server, nothing else."""
    env = inherited_environment()
    for name in ("PREFECT_PROFILE", "PREFECT_PROFILES_PATH", "PREFECT_API_KEY"):
        env.pop(name, None)
    env |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', '')}",
        "PREFECT_HOME": str(station.folder),
        "PREFECT_API_URL": station.api_url,
        "PREFECT_SERVER_UI_API_URL": station.api_url,
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PRESSCLIP_WAREHOUSE": settings.warehouse if settings.desk().lake else settings.desk().name,
    }
    if settings.topics:
        env["PRESSCLIP_TOPICS"] = str(settings.topics.absolute())
    if settings.proxy:
        env["PRESSCLIP_PROXY"] = settings.proxy
    defaults = {
        **FOR_RUNS,
        "PREFECT_WORKER_QUERY_SECONDS": "3",
        # In memory, the slots that runs hold would be forgotten at a restart of the server, and a
        # run that then wants to keep its slot is refused, and crashes. Kept below PREFECT_HOME.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": LEASES_ON_DISK,
        # Beside the database and not in the installed package, which may be read-only or shared.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(station.folder / "ui"),
    }
    env = {**defaults, **env}
    secret = env.get("PREFECT_SERVER_API_AUTH_STRING") or env.get("PREFECT_API_AUTH_STRING")
    if secret:
        env |= {"PREFECT_SERVER_API_AUTH_STRING": secret, "PREFECT_API_AUTH_STRING": secret}
    return env


def bring_up(
    settings: Settings,
    *,
    port: int | None,
    web_port: int,
    newsstand: bool,
    say: Callable[[str], None],
) -> LocalServer:
    """Starts what is not up yet and returns when runs can be made; `say` hears how it goes. The
    pages are at `web_port` where that is free.

    Raises Drop where the port is taken, Retry where something does not come up in time.
    """
    station = _station(settings, port)
    env = environment(station, settings)
    if newsstand:
        served = _serve(station, "newsstand", env, None, say)
        env["PRESSCLIP_PROXY"] = f"http://{HOST}:{served}"
    if not station.processes("server"):
        say(f"Starting the Prefect server at {station.ui_url} …")
        command = [_bin("prefect"), "server", "start", "--host", HOST, "--port", str(station.port)]
        start("server", station.mark, command, env, station.folder / "server.log")
    _wait(station, "server", lambda: _healthy(station, env))
    if _refuses(station, env):
        raise Drop(
            "refused",
            f"The server that is up at {station.ui_url} wants a password, or another one. Set "
            "PREFECT_SERVER_API_AUTH_STRING=name:password as it was when it was started, or end "
            "it with `pressclip server down`.",
        )
    say("Deploying …")
    _deploy(env)
    if not station.processes("worker"):
        say("Starting a worker …")
        command = [_bin("pressclip"), "server", "worker", "--limit", str(RUNS_AT_ONCE)]
        start("worker", station.mark, command, env, station.folder / "worker.log")
    _wait(station, "worker", lambda: _online(station, env))
    _poll_once(station, env)
    _serve_pages(station, env, web_port, say)
    return station


def _poll_once(station: LocalServer, env: Mapping[str, str]) -> None:
    """Starts a poll, so that nobody has to wait for the schedule; none where somebody has paused
    polls. If one is at work the server cancels this one."""
    poll = _ask(station, env, "GET", "deployments/name/poll/poll")
    if isinstance(poll, dict) and not poll["paused"]:
        for _ in range(POLL_TRIES):
            # A server on SQLite answers that it is busy now and then.
            if _ask(station, env, "POST", f"deployments/{poll['id']}/create_flow_run"):
                return
            time.sleep(1)


def _bin(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _serve_pages(
    station: LocalServer, env: Mapping[str, str], usual: int, say: Callable[[str], None]
) -> None:
    # What reads texts from anywhere needs no way into the server.
    known = {name: value for name, value in env.items() if not name.startswith("PREFECT_")}
    _serve(station, "web", known, usual, say)


def _serve(
    station: LocalServer,
    role: str,
    env: Mapping[str, str],
    usual: int | None,
    say: Callable[[str], None],
) -> int:
    """Starts the command `role` where it is not up, at its port of last time, else at its `usual`
    one, else at a free one; returns that port."""
    port = station.port_of(role)
    if port is None or not station.processes(role):
        port = next((one for one in (port, usual) if one and _free(one)), None) or _any_port()
        say(f"Serving {_SERVED[role]} …")
        (station.folder / f"{role}.json").write_text(json.dumps({"port": port}), "utf-8")
        command = [_bin("pressclip"), role, "--port", str(port)]
        start(role, station.mark, command, env, station.folder / f"{role}.log")
    _wait(station, role, lambda: not _free(port))
    return port


_SERVED = {"newsstand": "the made-up press", "web": "the desk's pages"}


def _deploy(env: Mapping[str, str]) -> None:
    # Tried again: a server that comes back from an outage has much to catch up with.
    for _ in range(DEPLOY_TRIES):
        done = subprocess.run(  # noqa: S603 - our own command
            [_bin("pressclip"), "server", "deploy"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        if not done.returncode:
            return
    raise Retry("not_deployed", f"The deployments were refused: {done.stderr or done.stdout}")


def _wait(station: LocalServer, role: str, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not ready():
        log = station.folder / f"{role}.log"
        if not station.processes(role):
            tail = "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-8:])
            raise Retry("not_up", f"The {role} ended at once. The end of {log}:\n{tail}")
        if time.monotonic() > deadline:
            raise Retry("not_up", f"The {role} is not ready in time; see {log}.")
        time.sleep(0.2)


def _healthy(station: LocalServer, env: Mapping[str, str]) -> bool:
    return _ask(station, env, "GET", "health") is not None


def _refuses(station: LocalServer, env: Mapping[str, str]) -> bool:
    """Whether it wants a password that `env` does not have. Its health it tells everybody."""
    answer = _answer(station, env, "GET", "admin/version")
    return answer is not None and answer.status_code in {401, 403}


def _online(station: LocalServer, env: Mapping[str, str]) -> bool:
    workers = _ask(station, env, "POST", f"work_pools/{POOL}/workers/filter")
    return isinstance(workers, list) and any(worker["status"] == "ONLINE" for worker in workers)


def _ask(station: LocalServer, env: Mapping[str, str], method: str, path: str) -> object:
    """What the server's API answers; None where it does not, or refuses."""
    answer = _answer(station, env, method, path)
    return answer.json() if answer is not None and answer.is_success else None


def _answer(
    station: LocalServer, env: Mapping[str, str], method: str, path: str
) -> httpx.Response | None:
    import httpx  # noqa: PLC0415 - what the shell completes of these commands needs none of it

    secret = env.get("PREFECT_API_AUTH_STRING")
    headers = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"} if secret else {}
    json_body: dict[str, str] | None = {} if method == "POST" else None
    try:
        with httpx.Client(trust_env=False, timeout=5) as client:
            url = f"{station.api_url}/{path}"
            return client.request(method, url, headers=headers, json=json_body)
    except httpx.TransportError:
        return None


def take_down(settings: Settings) -> dict[str, int]:
    """Ends what `bring_up` started, the worker first; processes ended, by role."""
    mark = str(_folder(settings))
    return {role: stop(mark, role, grace) for role, grace in GRACE.items()}


def status(settings: Settings) -> tuple[tuple[str, str, str], ...]:
    """How each part of the station is: role, state, and where or which process."""
    station = known_station(settings)
    if station is None:
        return ()
    env = environment(station, settings)
    silent = "wants a password" if _refuses(station, env) else "not answering"
    answers = {"server": _healthy(station, env), "worker": _online(station, env)}
    rows = []
    for role in ("server", "worker", "web", "newsstand"):
        pids = ", ".join(str(process.pid) for process in station.processes(role))
        if not pids and (role == "newsstand" or (role == "web" and not station.web_url)):
            continue
        state = "down" if not pids else "up" if answers.get(role, True) else silent
        where = f"{station.web_url}, process {pids}" if role == "web" else f"process {pids}"
        rows.append((role, state, where if pids else ""))
    return tuple(rows)
