"""The sites of addresses, for SQL, which can't tell them: that takes the Public Suffix List."""

from __future__ import annotations

from collections.abc import Iterable

from parsers.errors import Drop
from parsers.sites import country_of, site_of
from parsers.urls import host_of
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries


def stage_sites(wh: Warehouse, addresses: Iterable[object]) -> None:
    """Put hosts and URLs into the temporary table `sites_of_addresses`, with the site of each and
    the country that its name tells. What is neither is left out."""
    rows = [(address, _site(address)) for address in sorted(map(str, filter(None, addresses)))]
    import pyarrow as pa  # noqa: PLC0415 - who only reads needs none of it

    known = [(address, site, country_of(site)) for address, site in rows if site]
    columns = (pa.array([row[place] for row in known], pa.string()) for place in range(3))
    table = pa.table(dict(zip(("address", "site", "country"), columns, strict=True)))
    with wh.registered("sites_at_hand", table):  # long lists of values are slow to bind
        wh.execute(queries("database/sites")["stage"])


def stage_all_sites(wh: Warehouse) -> None:
    """The same of every host that articles are at, and of every feed."""
    stage_sites(wh, (found for (found,) in wh.execute(queries("database/sites")["all_addresses"])))


def _site(address: str) -> str | None:
    if "://" not in address:
        return site_of(address)
    try:
        return site_of(host_of(address))
    except Drop:
        return None
