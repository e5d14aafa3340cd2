"""What becomes of a feed, given what it answered. Pure: feed and answer in, next state out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from flows.fetch.pacing import retry_after
from flows.freshness import freshness
from parsers.errors import PressclipError, Retry
from parsers.records import Entry, Failure, Page, ParsedFeed
from warehouse.records import Feed, FeedHealth

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=1)
LONGEST_TRUST = timedelta(days=1)
"""How long 304 answers are believed without a full fetch: some servers' validators lie."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What became of one feed that was asked."""

    feed: Feed
    """Its next state."""
    entries: tuple[Entry, ...] = ()
    failure: Failure | None = None


def validators(feed: Feed, now: datetime) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110, section 13), or none when it is time to see
    the whole body again."""
    if feed.full_fetch_at is None or now - feed.full_fetch_at > LONGEST_TRUST:
        return {}
    headers = {"if-none-match": feed.etag, "if-modified-since": feed.last_modified}
    return {name: value for name, value in headers.items() if value}


def body_hash(page: Page) -> str:
    """What tells one body of a feed from the next."""
    return blake2b(page.body, digest_size=16).hexdigest()


def brings_body(feed: Feed, page: Page) -> bool:
    """Whether `page` brings a body to read (True) or says that nothing changed (False).

    Raises Retry named after any other status; 410 Gone retires the feed in `decide_failure`.
    """
    if page.status == 304:
        return False
    if page.status == 200:
        return True
    raise Retry(
        f"http_{page.status}",
        f"{feed.url} answered {page.status}. "
        + (
            "The feed is gone for good; it will not be asked again."
            if page.status == 410
            else "It will be asked again; if that lasts, look for the feed's new address."
        ),
        after=retry_after(page),
    )


def decide_feed(
    feed: Feed, page: Page, parsed: ParsedFeed | None, *, now: datetime, interval: float
) -> Poll:
    """What becomes of a feed that answered; `parsed` is None where nothing changed."""
    pause = max(timedelta(seconds=interval), freshness(page, now))
    if parsed and parsed.ttl_minutes:
        pause = max(pause, timedelta(minutes=parsed.ttl_minutes))
    polled = replace(
        feed,
        health=FeedHealth.OK,
        error=None,
        failures=0,
        polled_at=now,
        succeeded_at=now,
        next_poll_at=now + min(max(pause, SHORTEST), LONGEST),
        etag=page.header("etag") or (feed.etag if page.status == 304 else None),
        last_modified=page.header("last-modified")
        or (feed.last_modified if page.status == 304 else None),
    )
    if page.status == 200:
        polled = replace(polled, full_fetch_at=now, body_hash=body_hash(page))
    if parsed is None:
        return Poll(polled)
    polled = replace(
        polled,
        title=feed.title or parsed.title,
        site_url=feed.site_url or parsed.site_url,
        language=feed.language or parsed.language,
        format=parsed.format,
        hub_url=parsed.hub_url,
    )
    return Poll(polled, entries=parsed.entries, failure=_complaint(polled, parsed, now))


def _complaint(feed: Feed, parsed: ParsedFeed, now: datetime) -> Failure | None:
    """What was wrong with a feed that was read all the same."""
    if parsed.entries_dropped:
        name = "too_many_entries"
        message = (
            f"{feed.url} has {parsed.entries_dropped} entries beyond the newest "
            f"{len(parsed.entries)}; they were left out. PRESSCLIP_MAX_ENTRIES sets the limit."
        )
    elif parsed.problem:
        name = "malformed_feed"
        message = (
            f"{feed.url} is not well-formed ({parsed.problem}); "
            f"{len(parsed.entries)} entries could be read all the same."
        )
    else:
        return None
    return Failure("poll", feed.url, name, message, "drop", now, feed_id=feed.feed_id)


def decide_failure(feed: Feed, error: PressclipError, *, now: datetime, interval: float) -> Poll:
    """What becomes of a feed that could not be read: asked again later and later, or retired."""
    failures = feed.failures + 1
    pause = timedelta(seconds=interval) * 2 ** min(failures - 1, 10)
    asked = getattr(error, "after", None)
    if asked is not None:
        pause = max(pause, timedelta(seconds=asked))
    gone = error.name == "http_410"
    next_poll_at = None if gone else now + min(max(pause, SHORTEST), LONGEST)
    polled = replace(
        feed,
        health=FeedHealth.RETIRED if gone else FeedHealth.FAILING,
        error=error.name,
        failures=failures,
        polled_at=now,
        next_poll_at=next_poll_at,
    )
    failure = Failure(
        stage="poll",
        url=feed.url,
        error=error.name,
        message=error.message,
        next_step="drop" if gone else "retry",
        failed_at=now,
        attempts=failures,
        next_try_at=next_poll_at,
        feed_id=feed.feed_id,
    )
    return Poll(polled, failure=failure)
