"""The worker: Prefect's own process worker, but one that ends well.

Prefect's worker kills the runs it started as soon as it gets SIGTERM, as systemd and Kubernetes
send it, and leaves them Running on the server (Prefect issues 12988 and 15468). This one stops
taking runs, passes SIGTERM on to those it has, which land and load what they hold and report how
they ended, waits for them, and then goes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

import anyio.abc
import httpx
from prefect.client.orchestration import get_client
from prefect.workers.process import (
    ProcessJobConfiguration,
    ProcessWorker,
    ProcessWorkerResult,
)

from flows.server.naming import name_waiting_runs

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun


log = logging.getLogger(__name__)
NAME_EVERY = 15.0
"""Seconds."""


class _Started:
    """Hears of a run's process id, and passes it on."""

    def __init__(self, hear: Callable[[int], None], status: anyio.abc.TaskStatus[int]) -> None:
        self._hear, self._status = hear, status

    def started(self, value: int) -> None:
        self._hear(value)
        self._status.started(value)


class StraightConfiguration(ProcessJobConfiguration):
    """Starts Prefect's engine itself in place of a process that prepares a workspace for it first:
    our deployments have nothing to pull, and it costs two seconds of importing Prefect."""

    def prepare_for_flow_run(self, *args: Any, **more: Any) -> None:
        """See ProcessJobConfiguration."""
        self.command = self.command or shlex.join([sys.executable, "-m", "prefect.engine"])
        super().prepare_for_flow_run(*args, **more)


class PatientWorker(ProcessWorker):
    """A process worker that can be told to take no more runs and to end those it has."""

    job_configuration = StraightConfiguration
    _stopping = False
    _named_at: float | None = None
    _running: set[int]

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Runs a flow run as a process of its own; see ProcessWorker."""
        pids: list[int] = []

        def hear(pid: int) -> None:
            pids.append(pid)
            self.running.add(pid)
            if self._stopping:
                _terminate(pid)

        try:
            status = _Started(hear, task_status or anyio.TASK_STATUS_IGNORED)
            return await super().run(flow_run, configuration, status)  # type: ignore[arg-type]
        finally:
            self.running.difference_update(pids)

    @property
    def running(self) -> set[int]:
        """The processes of the runs in hand."""
        if not hasattr(self, "_running"):
            self._running = set()
        return self._running

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Takes the runs that are due, unless it is stopping; names those that wait before."""
        if self._stopping:
            return []
        await self._name_waiting()
        return await super().get_and_submit_flow_runs()

    async def _name_waiting(self) -> None:
        now = monotonic()
        if self._named_at is None:
            # A server that has just been told of the deployments has enough to do.
            self._named_at = now
        if now - self._named_at < NAME_EVERY:
            return
        self._named_at = now
        try:
            await name_waiting_runs(self.client)
        except (httpx.HTTPError, RuntimeError) as error:
            # Prefect tells of some as a RuntimeError. A name is worth no run.
            log.info("waiting runs keep their names: %s", error)

    async def stop(self, grace: float) -> None:
        """Takes no more runs, ends those in hand, and returns when they have ended, or after
        `grace` seconds."""
        self._stopping = True
        for pid in tuple(self.running):
            _terminate(pid)
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self.running:
                    await asyncio.sleep(0.1)


def _terminate(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


async def reach() -> None:
    """Asks the configured server whether it will have us; raises what Prefect's client does."""
    async with get_client() as client:
        await client.read_work_pools(limit=1)


async def work(pool: str, *, limit: int, grace: float, health: bool = False) -> None:
    """Runs what is due in the work pool `pool`, at most `limit` runs at once, until SIGTERM or
    SIGINT; a second signal ends it at once. Where asked for, it tells probes of its `health`."""
    worker = PatientWorker(work_pool_name=pool, limit=limit)
    working = asyncio.create_task(worker.start(with_healthcheck=health))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            working.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((working, stopped), return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        await worker.stop(grace)
        working.cancel()
    stopped.cancel()
    with suppress(asyncio.CancelledError):
        await working
