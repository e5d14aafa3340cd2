"""Which feeds a poll asks: those whose time has come, and those that said that they have news."""

from __future__ import annotations

from collections.abc import Collection

from flows.decisions.feed_state import believable_feed
from flows.decisions.poll_times import may_be_asked
from flows.run.context import Run
from warehouse.database.warehouse import Warehouse
from warehouse.queue.clock import AHEAD
from warehouse.queue.feeds import due_feeds, some_feeds
from warehouse.records import Feed


async def feeds_to_ask(run: Run, only: Collection[int] | None = None) -> tuple[Feed, ...]:
    """The feeds of this run's shard that are due, or that a hub has pushed since they were asked;
    where `only` gives their ids, those and no others, due or not."""
    now = run.now()
    pushes = run.subscriptions.pushes() if run.subscriptions and only is None else {}
    pushes = {feed_id: pushed for feed_id, pushed in pushes.items() if pushed <= now + AHEAD}

    def look(wh: Warehouse) -> tuple[Feed, ...]:
        if only is not None:
            return some_feeds(wh, only)
        # A run may start later than it was meant to, in an hour that a feed wants skipped.
        due = [feed for feed in due_feeds(wh, now) if may_be_asked(feed, now)]
        known = {feed.feed_id for feed in due}
        pushed = some_feeds(wh, pushes.keys() - known)
        news = (one for one in pushed if not one.polled_at or one.polled_at < pushes[one.feed_id])
        return (*due, *news)

    feeds = await run.in_warehouse(look)
    shard = run.settings.shard
    mine = (feed for feed in feeds if shard is None or shard.owns(feed.url))
    return tuple(believable_feed(feed, now) for feed in mine)
