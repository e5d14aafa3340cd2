"""When a host may be asked again: decisions about time, without any waiting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from parsers.records import Page

DEFAULT_PAUSE = 30.0
"""Seconds a host rests after a 429 that does not say how long: as long as a run waits for it."""


MAX_UNANSWERED = 20
"""Requests in a row without any HTTP answer, or with one too slow to wait for its end, after which
a host counts as down; so many, because single broken pages of a living host must not keep its other
pages from us."""
MAX_UNREACHED = 4
"""The same for requests that did not even get a connection."""
DOWN_FOR = 600.0
"""Seconds until a host that is down is tried again, once."""


@dataclass(slots=True)
class Pace:
    """One host's rhythm. `now` is a monotonic clock's seconds, so clock jumps do no harm."""

    pause: float
    """Between the end of a request and the start of the next."""
    not_before: float = 0.0
    paused_until: float = 0.0
    """Set where the host itself asked us to rest."""
    unanswered: int = 0
    """Requests in a row that got no HTTP answer, or none that came to its end in time."""
    down_until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next request may start."""
        return max(0.0, self.not_before - now, self.paused_until - now)

    def rest(self, now: float) -> float:
        """Seconds that the host itself still asks us to stay away."""
        return max(0.0, self.paused_until - now)

    def used(self, now: float) -> None:
        """A request starts or ends: the next one waits for the pause."""
        self.not_before = max(self.not_before, now + self.pause)

    def slow_down(self, pause: float) -> None:
        """The host asks for another pause, which counts for the request just ended too."""
        self.not_before += max(0.0, pause - self.pause)
        self.pause = pause

    def asked_to_rest(self, now: float, seconds: float) -> None:
        """The host asked for a rest; a longer one that is already running stands."""
        self.paused_until = max(self.paused_until, now + seconds)

    def heard(self) -> None:
        """The host answered something in time, whatever it was."""
        self.unanswered = 0

    def unheard(self, now: float, *, connected: bool) -> None:
        """A request got no answer; too many of them, and the host counts as down: sooner where it
        could not even be connected to, since that says nothing of the page."""
        self.unanswered += 1 if connected else MAX_UNANSWERED // MAX_UNREACHED
        if self.unanswered >= MAX_UNANSWERED:
            self.down_until = now + DOWN_FOR

    def down(self, now: float) -> float:
        """Seconds that the host still counts as down."""
        return max(0.0, self.down_until - now)


def parse_http_date(value: str | None) -> datetime | None:
    """An HTTP date (RFC 9110 section 5.6.7, the obsolete forms too), or None."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value.strip())
        # Within: at either end of the calendar a zone leads out of it.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None


def retry_after(page: Page, *, cap: float = 86_400.0) -> float | None:
    """Seconds that Retry-After asks for, in either form (RFC 9110 section 10.2.3).

    A date is counted from the server's own Date, so that its clock may be wrong; never less
    than 0 nor more than `cap`. None where the header is absent or can't be read.
    """
    value = (page.header("retry-after") or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        # Digits without end are a number too, and bigger than any cap.
        return cap if len(value) > 15 else min(float(value), cap)
    until = parse_http_date(value)
    if until is None:
        return None
    now = parse_http_date(page.header("date")) or page.fetched_at
    return min(max((until - now).total_seconds(), 0.0), cap)


def rest_asked_by(page: Page, *, cap: float) -> float | None:
    """Seconds for which an answer pauses its whole host, or None.

    Only 429 speaks for the host. A 503, with Retry-After or without, speaks for its own URL:
    one failing feed must not hold up all others of a big host (FreshRSS issue 7870).
    """
    if page.status != 429:
        return None
    asked = retry_after(page, cap=cap)
    return min(DEFAULT_PAUSE, cap) if asked is None else asked


_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def freshness(page: Page, now: datetime) -> timedelta:
    """How long `page` says it stays fresh: Cache-Control max-age, else Expires (RFC 9111, section
    4.2.1); zero where it does not say."""
    control = page.header("cache-control") or ""
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return timedelta(0)
    found = _MAX_AGE.search(control)
    if found:
        return timedelta(seconds=int(found.group(1)))
    expires = parse_http_date(page.header("expires"))
    # Both by the server's clock, which may be wrong.
    told_at = parse_http_date(page.header("date")) or now
    return max(timedelta(0), expires - told_at) if expires else timedelta(0)
