"""What is known of a subscription, and what a hub says and is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubscriptionState(StrEnum):
    """Where a subscription is."""

    ASKED = "asked"
    """The hub was asked and has not verified yet that it was us."""
    ACTIVE = "active"
    DENIED = "denied"
    """The hub said no; it is asked again now and then."""
    LEAVING = "leaving"
    """The feed is not watched any more; the hub is asked to forget us."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed's subscription at its hub (W3C WebSub, 2018). Times are aware and in UTC."""

    feed_id: int
    hub_url: str
    topic_url: str
    """What the feed calls itself: its `self` link, or else its address."""
    token: str
    """The part of our callback that nobody can guess: only the hub was told."""
    secret: str
    """The key of the hub's signatures."""
    state: SubscriptionState
    since: datetime
    """When it got into this state."""
    ask_at: datetime | None = None
    """When the hub is to be asked (again)."""
    asks: int = 0
    """How often the hub was asked since it last verified; 0: nothing is open."""
    lease_until: datetime | None = None
    reason: str | None = None
    """What the hub, or the network, said when it last did not work."""
    pushed_at: datetime | None = None
    """The last push with a right signature."""
    passed_on_at: datetime | None = None
    """When a poll was last started for a push."""
    missed_at: datetime | None = None
    """When a poll last found news that no push had announced."""
    refused: int = 0
    """Pushes whose signature was wrong."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a hub asks us to confirm, or tells us (WebSub, sections 5.2 and 5.3)."""

    mode: str
    """`subscribe`, `unsubscribe` or `denied`; anything, really."""
    topic: str
    challenge: str
    lease_seconds: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an intent."""

    subscription: Subscription | None
    """As it is from now on; None: it is over."""
    echo: str
    """What to answer the hub with."""
