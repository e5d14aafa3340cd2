"""What becomes of a feed, given what it answered. Pure: feed and answer in, next state out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from flows.decisions.new_entries import (
    NewEntries,
    gap_of,
    mark_backfill,
    new_entries,
    newest_at,
    newest_entry,
)
from flows.decisions.outcomes import NOT_ASKED
from flows.decisions.poll_times import fitting_interval, next_poll
from flows.decisions.redirects import follow_moves, look_in_former_place, without_validators
from flows.fetch.pacing import freshness, retry_after
from parsers.errors import NotAFeed, PressclipError, Quarantine, Retry
from parsers.records import (
    FEED_READER,
    NEWS_SITEMAP,
    SITEMAP,
    SITEMAP_INDEX,
    Entry,
    Failure,
    Page,
    ParsedFeed,
)
from warehouse.queue.clock import AHEAD
from warehouse.records import BACKLOG, EntryOutcome, EntryState, Feed, FeedHealth

LONGEST_TRUST = timedelta(days=1)
"""How long 304 answers are believed without a full fetch: some servers' validators lie."""
GIVE_UP = 60
"""Failed polls in a row after which a feed is retired: two months at a poll a day."""
GIVE_UP_UNFORESEEN = 6
"""The same where the fault is ours: asking again will not fix it."""
SITEMAPS = frozenset({NEWS_SITEMAP, SITEMAP, SITEMAP_INDEX})
"""Formats of feeds that are sitemaps."""
RESTAMPED = "restamped_sitemap"
"""What is wrong with a sitemap that calls more pages new than any paper has."""
UNVOUCHED = "unvouched_pages"
"""What is wrong with a sitemap that lists pages of sites that do not name it."""
_BODIES = frozenset({200, 203, 226})


@dataclass(frozen=True, slots=True)
class Poll:
    """What became of one feed that was asked."""

    feed: Feed
    """Its next state."""
    entries: tuple[Entry, ...] = ()
    failure: Failure | None = None
    outcomes: tuple[EntryOutcome, ...] = ()
    """Of entries that are not harvested."""


def believable_feed(feed: Feed, now: datetime) -> Feed:
    """`feed` without what a clock said of it that was ahead: it is read in full, and confirms anew
    where it moves. That it was read before stays known, or all it shows would be no news."""

    def is_ahead(moment: datetime | None) -> bool:
        return moment is not None and moment > now + AHEAD

    moving = not is_ahead(feed.moving_since)
    return replace(
        feed,
        polled_at=None if is_ahead(feed.polled_at) else feed.polled_at,
        succeeded_at=now if is_ahead(feed.succeeded_at) else feed.succeeded_at,
        full_fetch_at=None if is_ahead(feed.full_fetch_at) else feed.full_fetch_at,
        newest_at=now if is_ahead(feed.newest_at) else feed.newest_at,
        moving_to=feed.moving_to if moving else None,
        moving_polls=feed.moving_polls if moving else 0,
        moving_since=feed.moving_since if moving else None,
        changed_at=None if is_ahead(feed.changed_at) else feed.changed_at,
    )


def validators(feed: Feed, now: datetime) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110, section 13), or none when it is time to see
    the whole body again. An index of sitemaps stays the same while these change."""
    if (
        feed.format == SITEMAP_INDEX
        or feed.full_fetch_at is None
        or now - feed.full_fetch_at >= LONGEST_TRUST
    ):
        return {}
    headers = {"if-none-match": feed.etag, "if-modified-since": feed.last_modified}
    return {name: value for name, value in headers.items() if value}


def was_conditional(sent: Iterable[tuple[str, str]]) -> bool:
    """Whether a request with these headers allows the answer that nothing has changed."""
    return any(name.lower() in {"if-none-match", "if-modified-since"} for name, _ in sent)


def body_hash(page: Page) -> str:
    """What tells one body of a feed from the next."""
    return blake2b(page.body, digest_size=16).hexdigest()


def may_have_news(feed: Feed, digest: str) -> bool:
    """Whether a body with this digest may tell something that the last one did not."""
    return digest != feed.body_hash or feed.format == SITEMAP_INDEX


def brings_body(feed: Feed, page: Page, *, conditional: bool = True) -> bool:
    """Whether `page` brings a body to read (True) or says that nothing changed (False).
    `conditional` is whether it was asked for such an answer.

    Raises Retry("lying_304") where it was not, and Retry named after any other status; 410 Gone
    retires the feed in `decide_failure`.
    """
    if page.status == 304 and conditional:
        return False
    if page.status == 304:
        raise Retry(
            "lying_304",
            f"{feed.url} answered that nothing has changed (304) to a request for all of it, so "
            "nobody can tell what is in it. Its server, or a cache before it, would have to be "
            "fixed.",
        )
    if page.status in _BODIES:
        return True
    raise Retry(
        f"http_{page.status}",
        f"{feed.url} answered {page.status}. "
        + (
            "The feed is gone for good; it will not be asked again."
            if page.status == 410
            else _advice(page.status)
        ),
        after=retry_after(page),
    )


def _advice(status: int) -> str:
    if status in {401, 402, 403}:
        return "Its server refuses us; it will be asked again. If that lasts, ask its owner."
    if status == 429:
        return "We ask its server too often; it will be asked again when it allows."
    return "It will be asked again; if that lasts, look for the feed's new address."


def decide_feed(  # noqa: PLR0913 - all but feed and answer by name, each says one thing
    feed: Feed,
    page: Page,
    parsed: ParsedFeed | None,
    *,
    now: datetime,
    interval: float,
    target: str | None = None,
    digest: str | None = None,
) -> Poll:
    """What becomes of a feed that answered; `parsed` is None where nothing changed, `target` is
    where permanent redirects led, `digest` the body's, where that is not at hand any more. One of
    which nothing could be read has failed: else nobody would miss its news, and its validators
    would keep it from being read again."""
    if parsed is not None and (fault := _nothing_read(feed.url, parsed)):
        return decide_failure(feed, fault, now=now, interval=interval)
    unchanged = page.status == 304
    polled = replace(
        feed,
        health=FeedHealth.OK,
        error=None,
        failures=0,
        polled_at=now,
        succeeded_at=now,
        etag=page.header("etag") or (feed.etag if unchanged else None),
        last_modified=page.header("last-modified") or (feed.last_modified if unchanged else None),
    )
    if not unchanged:
        digest = digest or body_hash(page)
        polled = replace(polled, full_fetch_at=now, body_hash=digest, proposed_url=None)
    if parsed is not None:
        polled = _as_read(polled, parsed)
    polled = _timed(feed, polled, page, parsed, now=now, interval=interval)
    polled = follow_moves(polled, target, now)
    if parsed is None:
        return Poll(polled)
    entries = mark_backfill(feed, parsed.entries)
    return Poll(polled, entries, _complaint(polled, parsed, now), _backlog(feed, parsed, now))


def _backlog(feed: Feed, parsed: ParsedFeed, now: datetime) -> tuple[EntryOutcome, ...]:
    """What a sitemap that gives no titles lists when it is read for the first time is known from
    then on, and not asked for: nothing tells whether it is news."""
    if feed.succeeded_at is not None or parsed.format not in SITEMAPS:
        return ()
    return tuple(
        EntryOutcome(entry.entry_id, EntryState.DEAD, now, BACKLOG, attempts=0)
        for entry in parsed.entries
        if entry.title is None
    )


def _as_read(feed: Feed, parsed: ParsedFeed) -> Feed:
    """`feed` with what its body says of it."""
    newest = newest_entry(parsed.entries)
    return replace(
        feed,
        title=feed.title or parsed.title,
        site_url=feed.site_url or parsed.site_url,
        language=feed.language or parsed.language,
        format=parsed.format,
        hub_url=parsed.hub_url,
        self_url=parsed.self_url,
        ttl_minutes=parsed.ttl_minutes,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        entry_gap=gap_of(parsed.entries),
        newest_at=newest_at(feed, parsed.entries),
        newest_entry_id=newest.entry_id if newest else None,
        read_by=FEED_READER,
    )


def _timed(  # noqa: PLR0913 - the feed before and after its answer, and what it was
    feed: Feed,
    polled: Feed,
    page: Page,
    parsed: ParsedFeed | None,
    *,
    now: datetime,
    interval: float,
) -> Feed:
    """`polled`, asked again when its owner allows and its rhythm makes it worthwhile."""
    news = new_entries(feed, parsed.entries) if parsed else NewEntries(0, 0)
    before = feed
    if parsed is not None:
        before = replace(feed, entry_gap=polled.entry_gap, newest_at=polled.newest_at)
    every = fitting_interval(before, news, base=interval, now=now)
    asked = max(freshness(page, now), timedelta(minutes=polled.ttl_minutes or 0))
    pause = max(timedelta(seconds=every), asked)
    return replace(polled, poll_every=every, next_poll_at=next_poll(polled, now, pause))


def _complaint(feed: Feed, parsed: ParsedFeed, now: datetime) -> Failure | None:
    """What was wrong with a feed that was read all the same, the most telling first."""
    found = dict(_complaints(feed.url, parsed))
    if not found:
        return None
    name, message = next(iter(found)), " ".join(found.values())
    return Failure("poll", feed.url, name, message, "drop", now, feed_id=feed.feed_id)


def _complaints(url: str, parsed: ParsedFeed) -> Iterator[tuple[str, str]]:
    read = len(parsed.entries)
    if parsed.restamped:
        yield (
            RESTAMPED,
            f"{url} calls {parsed.restamped} pages new or changed of late, so its dates tell "
            "nothing; none of them is asked. If it is right, PRESSCLIP_MAX_ENTRIES sets the limit.",
        )
    if parsed.unvouched:
        yield (
            UNVOUCHED,
            f"{url} lists {parsed.unvouched} pages of other sites, whose robots.txt does not name "
            "it; they were left out.",
        )
    if parsed.entries_dropped and read:
        yield (
            "too_many_entries",
            f"{url} has {parsed.entries_dropped} entries beyond the newest {read}; they were left "
            "out. PRESSCLIP_MAX_ENTRIES sets the limit.",
        )
    if parsed.entries_by_link:
        yield (
            "repeated_guids",
            f"{url} gives several pages one guid; {parsed.entries_by_link} entries are told apart "
            "by their links instead. Its owner would have to fix that.",
        )
    if parsed.entries_by_text:
        yield (
            "repeated_links",
            f"{url} gives several items one link; {parsed.entries_by_text} entries share theirs "
            "with others and are told apart by what they say. Its owner would have to fix that.",
        )
    if parsed.items_slimmed:
        yield (
            "heavy_items",
            f"{url} has {parsed.items_slimmed} entries with too many tags in them to be read; they "
            "were left with their titles, links, guids and dates.",
        )
    if parsed.problem and read:
        yield (
            "malformed_feed",
            f"{url} is not well-formed ({parsed.problem}); {read} entries could be read all the "
            "same.",
        )


def _nothing_read(url: str, parsed: ParsedFeed) -> Quarantine | None:
    """What is wrong with a feed that gave no entry and is not just empty."""
    if parsed.entries or not (parsed.problem or parsed.entries_dropped):
        return None
    return Quarantine(
        "malformed_feed",
        f"{url} is not well-formed ({parsed.problem or 'its items do not end'}), and none of its "
        "entries could be read. It will be asked again; if that lasts, its owner would have to "
        "fix it.",
    )


def decide_failure(feed: Feed, error: PressclipError, *, now: datetime, interval: float) -> Poll:
    """What becomes of a feed that could not be read: asked again later and later, looked for in
    its former place, or retired."""
    asked = timedelta(seconds=getattr(error, "after", None) or 0.0)
    if error.name in NOT_ASKED:
        # Its host rests: nothing was learnt of the feed itself.
        waits = replace(feed, error=error.name, next_poll_at=next_poll(feed, now, asked))
        return Poll(waits, failure=_failure(waits, error, now))
    failures = feed.failures + 1
    pause = max(timedelta(seconds=interval) * 2 ** min(failures - 1, 10), asked)
    failed = replace(
        feed,
        health=FeedHealth.FAILING,
        error=error.name,
        failures=failures,
        polled_at=now,
        next_poll_at=next_poll(feed, now, pause),
        proposed_url=_proposed(feed, error),
    )
    if error.name == "http_410" and feed.former_url is not None:
        failed = without_validators(replace(failed, url=feed.former_url, former_url=None))
    elif error.name == "http_410" or failures >= _patience(error):
        failed = replace(failed, health=FeedHealth.RETIRED, next_poll_at=None)
    else:
        failed = look_in_former_place(failed)
    return Poll(failed, failure=_failure(failed, error, now, url=feed.url))


def _proposed(feed: Feed, error: PressclipError) -> str | None:
    """The feed to propose instead, where a page took its place."""
    found = error.found if isinstance(error, NotAFeed) else ()
    return next((url for url in found if url != feed.url), feed.proposed_url)


def _patience(error: PressclipError) -> int:
    return GIVE_UP_UNFORESEEN if error.name == "unforeseen" else GIVE_UP


def _failure(
    feed: Feed, error: PressclipError, now: datetime, *, url: str | None = None
) -> Failure:
    message = error.message
    if feed.proposed_url:
        message += f"; if that is the feed now, `pressclip feeds move {feed.url}` says so."
    if feed.health is FeedHealth.RETIRED and error.name != "http_410":
        message += (
            f" That was {feed.failures} times in a row: it is not asked any more until "
            "`pressclip failures retry`."
        )
    return Failure(
        stage="poll",
        url=url or feed.url,
        error=error.name,
        message=message,
        next_step="drop" if feed.health is FeedHealth.RETIRED else error.next_step,
        failed_at=now,
        attempts=feed.failures,
        next_try_at=feed.next_poll_at,
        feed_id=feed.feed_id,
    )
