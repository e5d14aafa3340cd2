"""`pressclip warehouse migrate --to`: the whole warehouse to another place."""

from __future__ import annotations

from dataclasses import asdict

from flows import clock
from flows.cli.output.console import columns, complain, print_json, say, show
from flows.settings import Settings
from warehouse.desk import Desk
from warehouse.move import move
from warehouse.publish import publish


def move_to(settings: Settings, source: Desk, to: str, *, json: bool) -> None:
    """Moves everything to the warehouse that `to` names, and shows the proof."""
    target = Desk.at(to, settings.desks, settings.storage())

    def copied(name: str, rows: int) -> None:
        complain(f"copied {name}: {rows} rows")

    moved = move(source, target, wait=settings.lock_wait, on_wait=complain, on_table=copied)
    publish(target, now=clock.now(), wait=settings.lock_wait, on_wait=complain)
    if json:
        print_json({"from": source.name, "to": target.name} | asdict(moved))
        return
    rows = ((one.name, one.rows, one.checksum, "same in both") for one in moved.tables)
    show(columns(("table", "rows", "checksum", "proof"), rows))
    say(
        f"{target.name} has everything that {source.name} has, {moved.landed_batches} landed "
        f"batches included. The source is as it was; name the new place with --warehouse or "
        f"PRESSCLIP_WAREHOUSE from now on."
    )
