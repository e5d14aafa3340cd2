"""What outlets are called: by the operator, or by their own home pages, asked once in 30 days.

    outlets that nobody named ─ their home pages ─ parse ─▶ one batch: what each said of itself

An outlet without a name is no failure: it goes by the title of its feed, or by its host.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace

from flows import clock
from flows.concurrency import drop_traceback, run_all
from flows.decisions.outcomes import NOT_ASKED
from flows.run.context import Run
from flows.settings import Settings
from flows.steps.subscriptions import land_and_load, publish_change
from parsers.errors import Drop, Retry, as_ours
from parsers.metadata.site_name import HomePage
from parsers.parse import parse_home_page
from parsers.sites import site_of
from parsers.urls import host_of
from warehouse.database.locks import OnWait
from warehouse.database.open import open_warehouse
from warehouse.queue.outlets import UnnamedOutlet, is_outlet, unnamed_outlets
from warehouse.records import Batch, OutletSource, OutletState, new_batch_id

log = logging.getLogger(__name__)

MOST = 200
"""Home pages that a run asks at most: the others can wait for the next."""


async def ask_home_pages(run: Run) -> None:
    """Asks the home pages of outlets that nobody named, within the manners of all requests, and
    loads what they said. None where someone else holds the warehouse: the next run does it."""
    owns = run.settings.shard.owns if run.settings.shard else None
    states: list[OutletState] = []

    async def ask(outlet: UnnamedOutlet) -> None:
        async with run.hosts:
            state = await _ask(run, outlet)
        if state is not None:
            states.append(state)

    due: tuple[UnnamedOutlet, ...] = ()
    with suppress(Retry):
        due = await run.in_warehouse(lambda wh: unnamed_outlets(wh, run.now(), MOST, owns))
    try:
        await run_all(ask(outlet) for outlet in due)
    finally:
        # Also where a signal or an error comes first: what was asked is not to be asked again.
        if states:
            await run.land(run.batch("outlets", outlets=tuple(states)))
    if states:
        await run.load()


async def _ask(run: Run, outlet: UnnamedOutlet) -> OutletState | None:
    """What the home page of an outlet said, or why it could not be read; None where its host rests,
    so that nothing was asked."""
    asked = OutletState(
        outlet.site, OutletSource.HOME_PAGE, recorded_at=run.now(), home_url=outlet.home_url
    )
    try:
        said = await _read(run, outlet)
    except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
        failed = as_ours(error, f"Asking {outlet.home_url}", Retry)
        drop_traceback(error)
        return None if failed.name in NOT_ASKED else replace(asked, error=failed.name)
    return replace(asked, name=said.name, language=said.language)


async def _read(run: Run, outlet: UnnamedOutlet) -> HomePage:
    async with run.page_at(outlet.home_url) as page:
        reached = page.final_url
        if site_of(host_of(reached)) != outlet.site:
            raise Drop("other_site", f"{outlet.home_url} led to {reached}, another outlet's page.")
        return await run.pool.run(reached, parse_home_page, page, outlet.site)


def name_outlet(
    settings: Settings, site: str, name: str | None, on_wait: OnWait = log.warning
) -> None:
    """Calls the outlet at `site` what the operator says; None takes that back. Raises
    Drop("no_such_outlet")."""
    desk, now = settings.desk(), clock.now()
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        if not is_outlet(wh, site):
            raise Drop(
                "no_such_outlet",
                f"There is no outlet {site}; `pressclip outlets list` shows them.",
            )
        said = OutletState(site, OutletSource.OPERATOR, recorded_at=now, name=name)
        land_and_load(wh, desk, Batch(new_batch_id(now), "outlets", now, outlets=(said,)))
    publish_change(settings, now, on_wait)
