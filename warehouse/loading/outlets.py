"""Settling who publishes what (see outlets.sql for the rules)."""

from __future__ import annotations

from parsers.urls import tenant_of
from warehouse.database.sites import stage_sites
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries


def merge_outlets(wh: Warehouse, *, said: bool) -> None:
    """Settle the outlets that the batch in hand tells something of; `said` where it has what
    somebody, or a home page, said of one.

    Part of the transaction that loads the batch.
    """
    sql = queries("loading/outlets")
    if said:
        for step in ("said", "sites_of_said"):
            wh.execute(sql[step])
    touched = [site for (site,) in wh.execute(sql["touched_sites"])]
    if not touched:
        return
    stage_sites(wh, touched)
    feeds = wh.execute(sql["feeds_of_touched"])
    tenants = [feed for feed, address in feeds if tenant_of(str(address))]
    if wh.count(sql["settle"], {"tenants": tenants}):
        for step in ("drop_changed", "put_changed"):
            wh.execute(sql[step])
