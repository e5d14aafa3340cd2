"""How long an answer says it stays fresh."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flows.fetch.pacing import parse_http_date
from parsers.records import Page

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
