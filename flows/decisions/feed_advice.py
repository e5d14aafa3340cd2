"""What a person can do about what a feed answered. Pure. Commands are written so that a shell takes
addresses as they are, whatever is in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from shlex import quote

from flows.decisions.feed_state import RESTAMPED, UNVOUCHED, Poll
from warehouse.records import Feed

NOTHING = "nothing"
SILENT_FOR = timedelta(days=90)
"""How old the newest entry of a feed is that nobody seems to write any more."""
_LOOK = "look for its new address on its site, or else {drop}"
_ASK = "ask its owner, since its server refuses us, or else {drop}"
_TELL = "tell its owner, who would have to fix it, or else {drop}"
_WAIT = "wait until its server allows"
_ADVICE = {
    **dict.fromkeys(("http_404", "http_410", "not_a_feed", "not_xml", "not_sitemap"), _LOOK),
    **dict.fromkeys(("redirect_loop", "too_many_redirects"), _LOOK),
    **dict.fromkeys(("http_401", "http_402", "http_403", "http_451"), _ASK),
    **dict.fromkeys(("malformed_feed", "unreadable_feed", "unpack_bomb", "lying_304"), _TELL),
    **dict.fromkeys(("bad_coding", "unknown_coding", "headers_too_large"), _TELL),
    **dict.fromkeys(("http_429", "host_paused", "host_down"), _WAIT),
    "blocked_address": "if that network is yours, name it in PRESSCLIP_ALLOW_NETWORKS",
    "too_large": "raise PRESSCLIP_MAX_BODY, or else {drop}",
    "bad_url": "check the address",
    "dns_failed": "check the name; if its host is gone, look for the feed's new address",
}
"""By the short name of what went wrong."""
_NOTHING_TAKEN = {
    RESTAMPED: "watch its site's feed or news sitemap instead, if there is one",
    UNVOUCHED: "if they are of one outlet, name it: pressclip feeds add … --site …",
}
"""By the short name of what keeps an answer's pages from being taken."""


def what_to_do(feed: Feed, poll: Poll, now: datetime, watched: Collection[str]) -> str:
    """What there is to do about `feed`, which answered so; `watched` are the addresses of ours."""
    if poll.failure is None or not poll.feed.failures:
        return _about_an_answer(poll, now)
    ours = feed.url in watched
    drop = f"pressclip feeds remove {quote(feed.url)}" if ours else "leave it out"
    if (proposed := poll.feed.proposed_url) is None:
        advice = _ADVICE.get(poll.failure.error, "wait; if that lasts for days, {drop}")
        return advice.format(drop=drop)
    if proposed in watched:
        return f"{drop}: its page names {proposed}, which is watched"
    if ours:
        return f"pressclip feeds move {quote(feed.url)} {quote(proposed)}"
    return f"try {proposed}, which the page there names"


def _about_an_answer(poll: Poll, now: datetime) -> str:
    feed = poll.feed
    if poll.failure and poll.failure.error in _NOTHING_TAKEN:
        return _NOTHING_TAKEN[poll.failure.error]
    if poll.failure and not poll.entries:
        return _WAIT
    if feed.moving_to:
        return f"{NOTHING}; it moves to {feed.moving_to}, where it is asked after some days"
    if not poll.entries:
        return "look whether it is still written, if it stays empty"
    if feed.newest_at and now - feed.newest_at > SILENT_FOR:
        return f"look whether it is still written: its newest entry is of {feed.newest_at:%Y-%m-%d}"
    return f"{NOTHING}; what is wrong with it is its owner's to fix" if poll.failure else NOTHING
