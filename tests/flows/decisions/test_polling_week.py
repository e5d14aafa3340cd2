"""A week of polling, read from the owners' side: what they were asked, against what they allow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from flows.decisions.feed_state import brings_body, decide_failure, decide_feed, validators
from flows.decisions.poll_times import may_be_asked
from flows.run.context import open_run
from flows.steps.ingest import poll
from flows.steps.publish import publish_copy
from parsers.errors import PressclipError
from parsers.identity import feed_id
from parsers.records import Entry, Page, ParsedFeed
from tests.servers.site import Request, Site, answer
from tests.settings import settings
from warehouse.published.read import read
from warehouse.records import Feed

START = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
WEEK = timedelta(days=7)
TICK = timedelta(minutes=10)
BASE = 1800.0
MINUTE = timedelta(minutes=1)
Published = Callable[[datetime], bool]


def every(minutes: int) -> Published:
    """An entry so often."""
    return lambda at: int((at - START) / MINUTE) % minutes == 0


def in_office_hours(at: datetime) -> bool:
    """An entry every 20 minutes from 8 to 18, none at the weekend."""
    return 8 <= at.hour < 18 and at.weekday() < 5 and at.minute % 20 == 0


@dataclass
class Owner:
    """A feed's owner: what it publishes, what it allows, and its log of requests."""

    name: str
    published: Published
    allows: timedelta = timedelta(minutes=5)
    """The least time between two requests, by its headers or its body."""
    seen_within: timedelta = timedelta(hours=4)
    """How long an entry may stay unseen."""
    most: int = 7 * 24 * 6
    """Requests that a week may bring."""
    headers: tuple[tuple[str, str], ...] = ()
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    lies: bool = False
    """Whether it answers 304 to whatever validator."""
    status: Callable[[datetime], int] = lambda _: 200
    shown: int = 30
    """Entries in its feed."""
    times: list[datetime] = field(default_factory=list)
    """When it publishes something, worked out once."""
    log: list[datetime] = field(default_factory=list)
    seen: dict[int, datetime] = field(default_factory=dict)

    def entries(self, now: datetime) -> tuple[Entry, ...]:
        """What its feed shows at `now`, the newest first."""
        if not self.times:
            minutes = (START + n * MINUTE for n in range(-7 * 24 * 60, 7 * 24 * 60))
            self.times.extend(at for at in minutes if self.published(at))
        times = self.times[: bisect_right(self.times, now)][: -self.shown - 1 : -1]
        return tuple(
            Entry(int((at - START) / MINUTE), 1, str(at), None, published_at=at) for at in times
        )

    def answer(self, sent: dict[str, str], now: datetime) -> tuple[Page, ParsedFeed]:
        """What it answers to a conditional GET."""
        self.log.append(now)
        entries = self.entries(now)
        etag = f'"{entries[0].guid if entries else ""}"'
        status = self.status(now)
        if status == 200 and (self.lies or etag == sent.get("if-none-match")):
            status = 304 if sent else 200
        page = Page(
            "https://a.example/", "https://a.example/", status,
            (("etag", etag), *self.headers), etag.encode(), now,
        )  # fmt: skip
        parsed = ParsedFeed(
            "rss20",
            entries,
            ttl_minutes=self.ttl,
            skip_hours=self.skip_hours,
            skip_days=self.skip_days,
        )
        return page, parsed


def busy_for_a_day(at: datetime) -> int:
    """503 on Wednesday."""
    return 503 if at.weekday() == 2 else 200


def too_many_requests(at: datetime) -> int:
    """429 on Wednesday."""
    return 429 if at.weekday() == 2 else 200


HOURS = timedelta(hours=1)
DAY = timedelta(days=1)
OWNERS = [
    lambda: Owner("hourly", every(60), seen_within=2 * HOURS, most=500),
    lambda: Owner("every three minutes", every(3), seen_within=40 * MINUTE),
    lambda: Owner("daily", every(1440), seen_within=5 * HOURS, most=80),
    lambda: Owner("never", lambda _: False, most=60),
    lambda: Owner("office hours", in_office_hours, seen_within=5 * HOURS, most=400),
    lambda: Owner(
        "max-age", every(60), 2 * HOURS, 3 * HOURS, 84, (("cache-control", "max-age=7200"),)
    ),
    lambda: Owner("ttl", every(60), 90 * MINUTE, 3 * HOURS, 112, ttl=90),
    lambda: Owner("a week's ttl", every(60), DAY, DAY + HOURS, 8, ttl=10_080),
    lambda: Owner(
        "skips nights",
        every(60),
        seen_within=9 * HOURS,
        skip_hours=(0, 1, 2, 3, 4, 5),
    ),
    lambda: Owner(
        "skips weekends", every(60), seen_within=51 * HOURS, skip_days=("Saturday", "Sunday")
    ),
    lambda: Owner("lies with 304", every(60), seen_within=DAY + 2 * HOURS, lies=True),
    lambda: Owner(
        "busy on Wednesday",
        every(60),
        seen_within=DAY + 5 * HOURS,
        status=busy_for_a_day,
        headers=(("retry-after", "14400"),),
    ),
    lambda: Owner(
        "429 on Wednesday, until a date",
        every(60),
        seen_within=DAY + 2 * HOURS,
        status=too_many_requests,
        headers=(("retry-after", format_datetime(START + 3 * DAY, usegmt=True)),),
    ),
]


def a_week_of(owner: Owner) -> None:
    """Polls `owner` for a week, looked at every ten minutes, as a schedule does."""
    feed = Feed(feed_id(owner.name), "https://a.example/")
    now = START
    while now < START + WEEK:
        if (feed.next_poll_at is None or feed.next_poll_at <= now) and may_be_asked(feed, now):
            page, parsed = owner.answer(validators(feed, now), now)
            try:
                read = brings_body(feed, page)
            except PressclipError as error:
                feed = decide_failure(feed, error, now=now, interval=BASE).feed
            else:
                feed = decide_feed(
                    feed, page, parsed if read else None, now=now, interval=BASE
                ).feed
                for entry in parsed.entries if read else ():
                    owner.seen.setdefault(entry.entry_id, now)
        now += TICK


@pytest.mark.parametrize("make", OWNERS, ids=lambda make: make().name)
def test_no_owner_is_asked_more_than_allowed_and_news_is_seen_soon(
    make: Callable[[], Owner],
) -> None:
    owner = make()
    a_week_of(owner)
    gaps = [later - earlier for earlier, later in zip(owner.log, owner.log[1:], strict=False)]
    assert min(gaps, default=owner.allows) >= owner.allows
    assert len(owner.log) <= owner.most
    for at in owner.log[1:]:  # what is skipped is known only once the feed was read
        assert at.hour not in owner.skip_hours
        assert at.strftime("%A") not in owner.skip_days
    for earlier, later in zip(owner.log, owner.log[1:], strict=False):
        assert later >= _allowed_after(owner, earlier)
    late = [
        at
        for at in owner.times
        if START < at < START + WEEK - owner.seen_within
        and owner.seen.get(int((at - START) / MINUTE), START + 2 * WEEK) - at > owner.seen_within
    ]
    assert late == []


def _allowed_after(owner: Owner, request: datetime) -> datetime:
    """When an owner that answered `request` with Retry-After wants to be asked again."""
    asked = dict(owner.headers).get("retry-after")
    if asked is None or owner.status(request) == 200:
        return request
    if asked.isdecimal():
        return request + timedelta(seconds=int(asked))
    return min(START + 3 * DAY, request + DAY)


RSS = (
    "<rss version='2.0'><channel><title>Paper</title>{head}"
    "<item><guid>{guid}</guid><title>One</title><link>http://a.example/{guid}</link>"
    "<pubDate>{date}</pubDate></item></channel></rss>"
)


def a_feed(now: list[datetime], head: str = "", **headers: str) -> object:
    """A handler with a new entry every hour, told by an ETag."""

    async def handle(request: Request, writer: object) -> None:
        hour = now[0].replace(minute=0, second=0, microsecond=0)
        etag = f'W/"{hour:%d%H}"'
        same = request.headers.get("if-none-match") == etag
        body = RSS.format(head=head, guid=f"{hour:%d%H}", date=format_datetime(hour))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        await answer(304 if same else 200, {"ETag": etag, **named}, b"" if same else body.encode())(
            request,
            writer,  # type: ignore[arg-type]
        )

    return handle


@pytest.mark.integration
async def test_a_night_over_real_http(tmp_path: Path) -> None:
    """The same with sockets, the warehouse and the schedule between, looked at every hour."""
    now = [START - 4 * HOURS]
    routes = {
        "/plain": a_feed(now),
        "/fresh": a_feed(now, cache_control="max-age=10800"),
        "/ttl": a_feed(now, "<ttl>240</ttl>"),
        "/nights": a_feed(now, "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour></skipHours>"),
        "/moved": answer(301, {"Location": "/plain2"}, b""),
        "/plain2": a_feed(now),
        "/gone": answer(410),
        "/page": answer(200, {"Content-Type": "text/html"}, PAGE),
    }
    asked: dict[str, list[datetime]] = {path: [] for path in routes}
    async with (
        Site(routes) as site,  # type: ignore[arg-type]
        open_run(settings(tmp_path), now=lambda: now[0]) as run,
    ):
        feeds = tuple(
            Feed(feed_id(site.url(path)), site.url(path)) for path in routes if path != "/plain2"
        )
        await run.land(run.batch("feeds", feeds=feeds))
        await run.load()
        while now[0] < START + 14 * HOURS:
            before = len(site.log)
            await poll(run)
            for request in site.log[before:]:
                asked[request.target].append(now[0])
            now[0] += HOURS
        await publish_copy(run)
    assert asked["/gone"] == [START - 4 * HOURS]
    least = {
        path: min(later - earlier for earlier, later in pairwise(at))
        for path, at in asked.items()
        if len(at) > 1
    }
    assert least["/fresh"] >= 3 * HOURS
    assert least["/ttl"] >= 4 * HOURS
    assert not {at.hour for at in asked["/nights"]} & {0, 1, 2}
    assert 3 in {at.hour for at in asked["/nights"]}
    assert len(asked["/moved"]) == len(asked["/plain2"])
    first, *rest = (request for request in site.log if request.target == "/plain")
    assert "if-none-match" not in first.headers
    assert all(request.headers["if-none-match"].startswith('W/"') for request in rest)
    (proposed,) = read(run.desk, "SELECT proposed_url FROM sources WHERE url LIKE '%/page'").rows
    assert proposed == (site.url("/plain"),)


PAGE = b"<html><head><link rel='alternate' type='application/rss+xml' href='/plain'></head></html>"
