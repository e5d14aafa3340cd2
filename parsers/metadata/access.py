"""Whether the page gives the whole article to anyone: free, paywalled or unknown.

Evidence, strongest first: schema.org `isAccessibleForFree`, the `content_tier` that several
publishing systems put into a meta element, and a container that calls itself a paywall.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from parsers.metadata.facts import PageStatements, Sourced
from parsers.records import Access

_TIERS = {
    "free": Access.FREE,
    "metered": Access.PAYWALLED,
    "locked": Access.PAYWALLED,
    "paid": Access.PAYWALLED,
    "premium": Access.PAYWALLED,
}
_TIER_NAMES = (
    "article:content_tier",
    "og:article:content_tier",
    "content_tier",
    "article:access",
    "cxenseparse:pageclass-tier",
)
_PAYWALL = re.compile(
    r"(?:^|[\s_-])(?:paywall|regwall|piano-?(?:offer|inline)|tp-(?:container|modal)|"
    r"subscriber-only|premium-?(?:content|teaser|wall)|meteredcontent|article-?barrier)(?:$|[\s_-])",
    re.IGNORECASE,
)


def read_access(tree: HtmlElement, facts: PageStatements) -> Sourced[Access] | None:
    """(access, evidence); None where the page says nothing about it."""
    for node in (facts.article, *facts.nodes):
        stated = _stated(node.get("isAccessibleForFree"))
        if stated is not None:
            access = Access.FREE if stated else Access.PAYWALLED
            return Sourced(access, f"isAccessibleForFree={str(stated).lower()}")
    for name in _TIER_NAMES:
        for value in facts.meta.get(name, ()):
            tier = _TIERS.get(value.lower())
            if tier:
                return Sourced(tier, f"{name}={value.lower()}")
    for element in tree.iter("div", "section", "aside"):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        wall = _paywall_in(name[:400])
        if wall and (element.text_content() or "").strip():
            return Sourced(Access.PAYWALLED, f"container {wall}")
    return None


@lru_cache(8192)
def _paywall_in(name: str) -> str | None:
    """What in an element's name calls it a paywall. Pages call many elements the same."""
    match = _PAYWALL.search(name) if len(name) > 1 else None
    return match[0].strip() if match else None


def _stated(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower().rsplit("/", 1)[-1])
    return None
