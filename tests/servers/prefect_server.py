"""A desk on a Prefect server, as tests look at it: commands, the server's API, waiting."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from prefect import Flow
from prefect.client.schemas.objects import State
from prefect.events.worker import EventsWorker
from prefect.settings import PREFECT_API_URL, temporary_settings

from parsers.feeds.opml import read_opml, write_opml
from tests.flows.cli.running import Done, called
from tests.waiting import PATIENCE, eventually

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NO_HEARTBEAT = "pressclip: mark runs without a heartbeat as crashed"
RESUME = "pressclip: run again what crashed"
ONE_FEED = "http://the-meridian-post.example/feed.xml"
QUIET = 5.0
"""Seconds: far more than an event takes to start a run."""


@dataclass
class Up:
    """A desk whose server `pressclip server up` brings up."""

    path: Path
    env: dict[str, str]

    @classmethod
    def at(cls, path: Path, **env: str) -> Up:
        """The desk at `path`, with nothing of the outer environment but what a shell needs."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PRESSCLIP_"))}
        own = {
            "PREFECT_HOME": str(path.parent / "no-profile"),
            "PRESSCLIP_WAREHOUSE": str(path),
            "PRESSCLIP_HOST_PAUSE": "0",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            # Tests wait for events, which the server writes down by batches.
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "0.5",
            "PRESSCLIP_WORKERS": "2",
        }
        return cls(path, kept | own | env)

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A finished command of ours."""
        return subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            env=self.env | env,
            cwd=self.path.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def call(self, *command: str, code: int = 0, **env: str) -> str:
        """The output of a command that should end with `code`."""
        done = self.run(*command, **env)
        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}{self.logs()}"
        return done.stdout

    def status(self) -> list[dict[str, str]]:
        """What `pressclip server status` tells of each part; all of them are up."""
        rows: list[dict[str, str]] = json.loads(
            self.call("pressclip", "server", "status", "--json")
        )
        return rows

    def logs(self) -> str:
        """The ends of the logs, for whoever looks into a failed test."""
        return "".join(
            f"\n--- {log.name}\n{log.read_text('utf-8', errors='replace')[-2500:]}"
            for log in sorted(self.home.glob("*.log"))
        )

    @property
    def home(self) -> Path:
        """Where its server lives."""
        return self.path.with_name("press.desk") / "prefect"

    @property
    def feeds(self) -> Path:
        """The feeds of the made-up press."""
        return ROOT / "seeds" / "newsstand" / "feeds.opml"

    @property
    def one_feed(self) -> Path:
        """A list of one of them, with seven entries."""
        listed = self.path.with_name("one.opml")
        (feed,) = (one for one in read_opml(self.feeds.read_bytes()) if one.url == ONE_FEED)
        listed.write_bytes(write_opml([feed], "one"))
        return listed

    @property
    def proxy_url(self) -> str:
        """The made-up press that it serves."""
        port = json.loads((self.home / "newsstand.json").read_text())["port"]
        return f"http://127.0.0.1:{port}"

    @cached_property
    def api_url(self) -> str:
        """Of its server."""
        port = json.loads((self.home / "up.json").read_text())["port"]
        return f"http://127.0.0.1:{port}/api"

    def ask(self, path: str, **body: object) -> Any:
        """What the server's API answers to a POST of `body`, or else to a GET."""
        return self._answer("POST" if body else "GET", path, body or None)

    def change(self, path: str, **fields: object) -> None:
        """Changes fields of an object of the server's API."""
        self._answer("PATCH", path, fields)

    def post(self, path: str, body: list[dict[str, Any]]) -> Any:
        """What the server's API answers to a POST of a list."""
        return self._answer("POST", path, body)

    def remove(self, path: str) -> None:
        """Deletes an object of the server's API."""
        self._answer("DELETE", path, None)

    def replace(self, path: str, **fields: object) -> None:
        """Puts another object of the server's API in the place of this one."""
        self._answer("PUT", path, fields)

    def _answer(self, method: str, path: str, body: object) -> Any:
        """Patiently: a busy SQLite file means 503 now and then, and a server may be starting."""

        def answer() -> httpx.Response | None:
            try:
                # To read the certificates of the world costs more than all the rest.
                with httpx.Client(
                    trust_env=False, verify=False, timeout=30, headers=self._auth()
                ) as client:
                    found = client.request(method, f"{self.api_url}/{path}", json=body)
            except httpx.TransportError:
                return None
            return None if found.status_code == 503 else found

        found = eventually(answer, path)
        assert found.is_success, f"{path}: {found.status_code} {found.text}"
        return found.json() if found.content else None

    def _auth(self) -> dict[str, str]:
        secret = self.env.get("PREFECT_SERVER_API_AUTH_STRING")
        if secret is None:
            return {}
        return {"Authorization": httpx.BasicAuth(*secret.split(":"))._auth_header}

    def find(self, what: str, **query: object) -> list[dict[str, Any]]:
        """Objects of the server's API, such as `flow_runs`."""
        found: list[dict[str, Any]] = self.ask(f"{what}/filter", **({"limit": 200} | query))
        return found

    def wait_for_schedules(self) -> None:
        """Waits until runs are planned for every schedule. A server whose scheduler fails looks
        well otherwise: SQLAlchemy 2.1 made it so."""

        def planned() -> set[str]:
            runs = self.find("flow_runs", flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}})
            return {run["deployment_id"] for run in runs if run["auto_scheduled"]}

        scheduled = {one["id"] for one in self.find("deployments") if one["schedules"]}
        assert len(scheduled) == 6
        eventually(lambda: planned() == scheduled, "runs planned for every schedule")

    def pause_schedules(self) -> None:
        """Keeps scheduled runs from coming between those that a test starts."""
        for deployment in self.find("deployments"):
            self.ask(f"deployments/{deployment['id']}/pause_deployment", because="a test runs")

    def settle(self) -> None:
        """Waits until nothing has run or was about to for a while, but for what is scheduled. The
        event that a run ended with may be about to start another, which would keep out the one of
        a test in another warehouse."""

        def idle() -> bool:
            states = {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING", "CANCELLING"]}}
            runs = self.find("flow_runs", flow_runs={"state": states})
            return all(run["auto_scheduled"] and run["state_type"] == "SCHEDULED" for run in runs)

        busy_at = time.monotonic()

        def idle_for_long() -> bool:
            nonlocal busy_at
            if not idle():
                busy_at = time.monotonic()
            return time.monotonic() - busy_at > QUIET

        eventually(idle_for_long, "the end of all runs")

    def change_trigger(self, automation: str, **fields: object) -> dict[str, Any]:
        """Changes fields of an automation's trigger; returns it as it was. Even without any, the
        server forgets what has set it off before, such as a crash after which it would rest for
        five minutes."""
        (found,) = (one for one in self.find("automations") if one["name"] == automation)
        kept = {name: found[name] for name in ("name", "description", "enabled", "actions")}
        trigger = {name: value for name, value in found["trigger"].items() if name != "id"}
        self.replace(f"automations/{found['id']}", **kept, trigger=trigger | fields)
        return trigger

    def start(self, flow: str, env: dict[str, str] | None = None, **parameters: object) -> str:
        """Starts a run of a deployment, perhaps in an environment of its own; its id."""
        deployment = self.ask(f"deployments/name/{flow}/{flow}")
        created = self.ask(
            f"deployments/{deployment['id']}/create_flow_run",
            parameters=parameters,
            state={"type": "SCHEDULED"},
            job_variables={"env": env} if env else {},
        )
        return str(created["id"])

    def planned(self, deployment: str, **parameters: object) -> str:
        """Plans a run of a deployment (`flow/name`) for tomorrow; its id."""
        found = self.ask(f"deployments/name/{deployment}")
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        created = self.ask(
            f"deployments/{found['id']}/create_flow_run",
            parameters=parameters,
            state={"type": "SCHEDULED", "state_details": {"scheduled_time": tomorrow}},
        )
        return str(created["id"])

    def state(self, run_id: str) -> str:
        """The type of a run's state."""
        return str(self.ask(f"flow_runs/{run_id}")["state"]["type"])

    def ended(self, run_id: str, patience: float = PATIENCE) -> str:
        """The type of a run's last state."""
        final = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

        def look() -> str | None:
            state = self.state(run_id)
            return state if state in final else None

        try:
            return eventually(look, f"the end of run {run_id}", patience)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.state(run_id)}{self.logs()}") from error

    def runs(self, flow: str, since: datetime) -> list[dict[str, Any]]:
        """The runs of a flow that began since then, the earliest first."""
        found = self.find(
            "flow_runs",
            flows={"name": {"any_": [flow]}},
            flow_runs={"start_time": {"after_": since.isoformat()}},
            sort="START_TIME_ASC",
        )
        # Those that are yet to start count to the server as well.
        return [run for run in found if run["start_time"]]

    def events(self, name: str, **related: object) -> list[dict[str, Any]]:
        """The events of a name, the newest first; perhaps only those to which this is related."""
        wanted: dict[str, object] = {"event": {"name": [name]}}
        if related:
            wanted["related"] = related
        found: list[dict[str, Any]] = self.ask("events/filter", filter=wanted, limit=50)["events"]
        return found

    def events_of(self, name: str, path: Path) -> list[dict[str, Any]]:
        """Those that tell of the warehouse at `path`."""
        return [one for one in self.events(name) if one["payload"]["warehouse"] == str(path)]

    def events_from(self, name: str, run_id: str) -> list[dict[str, Any]]:
        """Those that a run told."""
        return self.events(name, resources_in_roles=[(f"prefect.flow-run.{run_id}", "flow-run")])

    def emit(self, name: str, resource: str | None = None, **payload: object) -> None:
        """Posts an event, as anybody may."""
        event = {
            "id": str(uuid.uuid4()),
            "occurred": datetime.now(UTC).isoformat(),
            "event": name,
            "resource": {"prefect.resource.id": resource or name},
            "payload": payload,
        }
        self._answer("POST", "events", [event])

    def clippings(self, path: Path | None = None) -> list[dict[str, Any]]:
        """The clippings of the published copy."""
        found: list[dict[str, Any]] = json.loads(
            self.here("clippings", "--json", "-w", str(path or self.path), "-n", "100")
        )
        return found

    def here(self, *command: str) -> str:
        """The output of a command that needs no server: in this process, which is cheaper."""
        done = called(self.path.parent, {}, *command)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def asked_here(self, *command: str, api_url: str | None = None) -> Done:
        """A finished command that talks to the server, or to another: in this process, which has
        imported Prefect."""
        url = api_url or self.api_url
        env = {
            "PREFECT_API_URL": url,
            "PRESSCLIP_PROXY": self.proxy_url,
            "PRESSCLIP_HOST_PAUSE": "0",
        }
        with temporary_settings({PREFECT_API_URL: url}):
            return called(self.path.parent, env, *command)

    def ran_here(self, flow: Flow[..., Any], **parameters: object) -> str:
        """The id of a run of `flow` that has completed in this process, which has imported all that
        it needs; how a worker runs it is seen by other tests."""
        env = {"PRESSCLIP_PROXY": self.proxy_url, "PRESSCLIP_HOST_PAUSE": "0"}
        with patch.dict(os.environ, env), temporary_settings({PREFECT_API_URL: self.api_url}):
            state = asyncio.run(_state(flow, parameters))
            EventsWorker.drain_all()
        assert state.is_completed(), state.message
        return str(state.state_details.flow_run_id)


async def _state(flow: Flow[..., Any], parameters: Mapping[str, object]) -> State[Any]:
    state: State[Any] = await flow(**parameters, return_state=True)  # type: ignore[misc]  # an async one
    return state
