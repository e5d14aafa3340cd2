"""Where a feed's hub is, and what the feed calls itself (WebSub, section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from parsers.records import Page, ParsedFeed

_LINK = re.compile(r'<([^<>"]*)>((?:[^,"<]|"(?:[^"\\]|\\.)*")*)')
_PARAMETER = re.compile(r';\s*([^\s=;,"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))')
_LONGEST = 8192
"""Characters of Link headers that are looked at."""


def with_hub_of(page: Page, feed: ParsedFeed) -> ParsedFeed:
    """`feed` with the hub and the name that its Link headers give it: they come before those in
    the body. The first hub counts, where there are several."""
    links = list(_links(value for name, value in page.headers if name == "link"))
    hub = next((link for relation, link in links if relation == "hub"), None)
    own = next((link for relation, link in links if relation == "self"), None)
    return replace(
        feed,
        hub_url=_absolute(hub, page.final_url) or feed.hub_url,
        self_url=_absolute(own, page.final_url) or feed.self_url,
    )


def _links(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(relation, target) pairs of Link headers (RFC 8288, section 3); of two `rel` the first
    counts."""
    for target, parameters in _LINK.findall(",".join(values)[:_LONGEST]):
        found = _PARAMETER.findall(parameters)
        relation = next((quoted or bare for name, quoted, bare in found if name == "rel"), "")
        for name in relation.lower().split():
            yield name, target.strip()


def _absolute(target: str | None, base: str) -> str | None:
    if not target:
        return None
    try:
        url = urljoin(base, target)
        return url if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc else None
    except ValueError:
        return None
