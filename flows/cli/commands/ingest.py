"""`pressclip ingest`: the whole walk, now, in this process."""

from __future__ import annotations

import asyncio
import logging
import signal
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows import clock
from flows.cli import options
from flows.cli.output.console import complain, say
from flows.cli.output.progress import ProgressListener, end_where_behind
from flows.cli.prefect_server import REFUSED
from flows.settings import Settings, read_settings
from flows.wording import how_many, waiting_for, what_waits

if TYPE_CHECKING:
    from flows.steps.ingest import IngestReport
    from warehouse.queue.health import RestingHost

log = logging.getLogger(__name__)

HOSTS_NAMED = 5
"""Hosts that a summary names; `pressclip status` shows all."""


def command(
    feeds: Annotated[
        Path | None,
        typer.Option(
            "--feeds",
            metavar="FILE.opml",
            help="Feeds to add to the warehouse first. Default: none; a warehouse without any "
            "feed starts with those that ship with pressclip.",
            show_default=False,
        ),
    ] = None,
    topics: options.Topics = None,
    warehouse: options.Warehouse = None,
    tracked: Annotated[
        bool,
        typer.Option(
            "--tracked/--untracked",
            help="Whether a configured Prefect server sees this run.",
        ),
    ] = True,
) -> None:
    """Poll every due feed, harvest every waiting entry, load and publish.

    Runs in this process and needs no Prefect server; where one is configured, the run is seen
    there. Safe to stop at any moment and to start again: nothing is lost and nothing comes twice.

    Examples:
      pressclip ingest
      pressclip ingest --feeds my.opml --topics my.toml -w press.duckdb
    """
    from flows.server.up import configured_api_url
    from flows.steps.subscriptions import read_feeds, shipped_feeds, subscribe, subscribed

    settings = read_settings(warehouse=warehouse, topics=topics)
    settings.read_topics()
    if feeds is not None:
        subscribe(settings, read_feeds(feeds, complain), complain)
    elif not subscribed(settings, complain):
        subscribe(settings, shipped_feeds(), complain)
    if settings.contact is None:
        complain("set PRESSCLIP_CONTACT, so that the owners of the sites you ask can reach you.")
    report = _ingest(settings, configured_api_url(settings) if tracked else None)
    say(summary(report, settings))
    end_where_behind(report.behind)


def _ingest(settings: Settings, api_url: str | None) -> IngestReport:
    if api_url and _answers(api_url):
        return _tracked(settings, api_url)
    if api_url:
        complain(f"the Prefect server at {api_url} does not answer; going on without it.")
    return run(settings)


def run(settings: Settings, *, ago: timedelta = timedelta(0)) -> IngestReport:
    """One ingest in this process, with progress for whoever watches; as of so long `ago`, which
    only a made-up press can be asked for."""
    from flows.run.context import open_run
    from flows.steps.ingest import ingest

    async def whole_walk() -> IngestReport:
        stop_on_sigterm()
        with ProgressListener() as listener:
            async with open_run(settings, listener, now=lambda: clock.now() - ago) as run:
                return await ingest(run)

    return asyncio.run(whole_walk())


def stop_on_sigterm() -> None:
    """Lets SIGTERM (systemd, Kubernetes) end the running task as Ctrl-C does: what is in hand is
    landed first."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is not None:
        loop.add_signal_handler(signal.SIGTERM, task.cancel)


def _tracked(settings: Settings, api_url: str) -> IngestReport:
    # Prefect takes two seconds to import; only a run that it tracks pays them.
    import httpx

    from flows import prefect_flows

    topics = str(settings.topics) if settings.topics else None
    try:
        return asyncio.run(prefect_flows.ingest(warehouse=settings.warehouse, topics=topics))
    except httpx.HTTPStatusError as error:
        # Refused before anything began: the run could not even be made.
        if error.response.status_code not in {401, 403}:
            raise
        complain(f"{REFUSED.format(api_url=api_url)} Going on without it.")
        return run(settings)


def _answers(api_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api_url.rstrip('/')}/health", timeout=3) as answer:  # noqa: S310 - the operator's own setting
            return bool(answer.status == 200)
    except (OSError, ValueError) as error:
        log.info("asking %s for its health: %s", api_url, error)
        return False


def _waiting(resting: Sequence[RestingHost]) -> str:
    named = [f"{what_waits(host)} {waiting_for(host)}" for host in resting[:HOSTS_NAMED]]
    if more := resting[HOSTS_NAMED:]:
        named.append(f"more wait for {how_many(len(more), 'other host')}")
    return "; ".join(named)


def summary(report: IngestReport, settings: Settings) -> str:
    """What a run did, in a sentence or two."""
    states: Mapping[str, int] = report.harvested or {}
    parts = [
        f"{count} {state.replace('_', ' ')}" for state, count in sorted(states.items()) if count
    ]
    polled = f"Polled {how_many(report.feeds_polled, 'feed')}"
    if report.feeds_failed:
        polled += f" ({report.feeds_failed} failed; see `pressclip status`)"
    if report.resting:
        polled += f"; {_waiting(report.resting)}"
    waits = "What is landed is not loaded yet." if report.behind else None
    if not parts:
        return f"{polled}. Nothing new. {waits or f'{settings.warehouse} is up to date.'}"
    harvested = f"harvested {how_many(report.entries_harvested, 'entry')}: {', '.join(parts)}"
    return f"{polled}; {harvested}. {waits or f'Open {settings.warehouse}.'}"
