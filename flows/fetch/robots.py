"""robots.txt (RFC 9309): whether a page may be asked, and how slowly.

Asked before pages, not before feeds: a feed was subscribed to, and its publisher made it for
programs. protego reads the rules; this module fetches them and keeps them.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from protego import Protego

from flows.fetch.client import HttpClient, read_url
from flows.fetch.pacing import retry_after
from parsers.errors import Drop, Retry
from parsers.records import Page

READ_BYTES = 512 * 1024
"""Rules beyond are not read; RFC 9309 section 2.5 asks for at least 500 KiB."""
KEPT = 24 * 3600.0
"""Seconds that rules are kept (RFC 9309 section 2.4)."""
KEPT_UNREACHABLE = 600.0
"""Seconds until rules that could not be read are asked for again."""
_MAX_SITES = 1000
_AGENT_LINE = re.compile(r"\s*user[\s-]?agent\s*[:\s]\s*(\*|[a-z_-]*)", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"\s*site-?map\s*:\s*(\S.{0,2000})$", re.IGNORECASE)
_MAX_SITEMAPS = 50
_RULE_LINE = re.compile(r"\s*(?:(?:dis)?allow|crawl[\s-]?delay)\s*[:\s]", re.IGNORECASE)


@dataclass(slots=True)
class _Site:
    """What is known of one origin's robots.txt."""

    key: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | None = None
    """None while none were read."""
    unreachable: Retry | None = None
    """Why the rules could not be read; then everything is disallowed for the time being."""
    good_until: float = float("-inf")


class Robots:
    """The rules of every site that was asked about, fetched through `client` and kept."""

    def __init__(self, client: HttpClient, *, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives monotonic seconds, for the age of what is kept."""
        self.client = client
        self._now = now
        self._sites: OrderedDict[str, _Site] = OrderedDict()

    async def check(self, url: str) -> None:
        """Return where `url` may be asked, and slow its host down if the rules ask for that.

        Raises Drop("robots_disallowed"); Retry where the rules can't be read for now
        (`robots_unavailable` for 5xx and 429, else what kept the host from answering), because
        then nothing may be asked (RFC 9309 section 2.3.1.4).
        """
        if not self.client.settings.respect_robots:
            return
        parsed = read_url(url)
        rules = await self._rules(parsed)
        agent = self.client.settings.user_agent
        delay = rules.crawl_delay(agent)
        if delay:
            self.client.slow_down(parsed, float(delay))
        if not rules.can_fetch(str(parsed), agent):
            raise Drop(
                "robots_disallowed",
                f"{url} is not asked: the site's robots.txt disallows it for {agent}.",
            )

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of the site of `url` names, in its order (see
        https://www.sitemaps.org/protocol.html#submit_robots). Raises Retry like `check`."""
        rules = await self._rules(read_url(url))
        return tuple(dict.fromkeys(rules.sitemaps))

    async def _rules(self, url: httpx.URL) -> Protego:
        """The rules of the site of `url`; raises Retry where they can't be read for now."""
        site = self._site(f"{url.scheme}://{url.netloc.decode('ascii')}")
        async with site.lock:
            if self._now() >= site.good_until:
                await self._refresh(site, url)
        if site.unreachable is not None:
            error = site.unreachable
            raise Retry(error.name, error.message, after=site.good_until - self._now())
        if site.rules is None:
            raise AssertionError("rules are read, or there is an error that says why not")
        return site.rules

    def _site(self, origin: str) -> _Site:
        site = self._sites.get(origin)
        if site is None:
            # What is remembered are the rules for one agent, and the sitemaps. Earlier versions
            # remembered none of these, so what they remembered is asked for anew.
            key = f"{self.client.settings.user_agent} {origin} with sitemaps"
            site = self._sites[origin] = _Site(key)
            self._recall(site)
        self._sites.move_to_end(origin)
        while len(self._sites) > _MAX_SITES:
            self._sites.popitem(last=False)
        return site

    def _recall(self, site: _Site) -> None:
        """Take over what an earlier run read."""
        cache = self.client.cache
        known = cache.rules_of(site.key, self.client.clock()) if cache is not None else None
        if known is not None:
            rules, seconds = known
            site.rules = Protego.parse(rules)
            site.good_until = self._now() + min(seconds, KEPT)

    async def _refresh(self, site: _Site, url: httpx.URL) -> None:
        """Fetch the rules anew; those known before stand while the new can't be read."""
        address = str(url.copy_with(raw_path=b"/robots.txt"))
        try:
            page = await self.client.get(address, max_bytes=READ_BYTES, cut=True)
            rules = read_robots(page, self.client.settings.user_agent)
        except Drop:
            # Too large, redirected in circles or to where we don't go: "unavailable" in the
            # RFC's words (2.3.1.3), which allows everything.
            rules = ""
        except Retry as error:
            if error.name == "host_paused":
                raise
            kept = max(KEPT_UNREACHABLE, min(error.after or 0.0, KEPT))
            site.good_until = self._now() + kept
            site.unreachable = error if site.rules is None else None
            return
        site.rules, site.unreachable = Protego.parse(rules), None
        site.good_until = self._now() + KEPT
        if self.client.cache is not None:
            until = self.client.clock() + timedelta(seconds=KEPT)
            self.client.cache.remember_rules(site.key, rules, until)


def read_robots(page: Page, agent: str) -> str:
    """The rules for `agent` that an answer to /robots.txt means; none allow everything.

    Raises Retry("robots_unavailable") for 5xx, and for 429, which does not say that there
    are no rules.
    """
    if page.status == 429 or page.status >= 500:
        raise Retry(
            "robots_unavailable",
            f"{page.url} answered {page.status}; until it can be read, nothing on its site is "
            "asked.",
            after=retry_after(page),
        )
    if not 200 <= page.status < 300:
        return ""
    body = page.body
    if len(body) > READ_BYTES:
        # A line that is cut could forbid far more than it does.
        body = body[:READ_BYTES].rpartition(b"\n")[0]
    text = body.decode("utf-8-sig", "replace")
    return "\n".join(rules_for(text, agent))


def rules_for(text: str, agent: str) -> Iterator[str]:
    """The lines of those groups of a robots.txt that are for `agent` or for everyone, and those
    that name sitemaps, which are for everyone wherever they stand.

    protego takes time by agents times rules: without this, 2,000 of each would hold up
    everything for ten seconds. Agents are compared by their product token (RFC 9309 section
    2.2.1), without a version.
    """
    ours, naming, sitemaps = False, False, 0
    for line in text.splitlines():
        if named := _AGENT_LINE.match(line):
            if not naming:  # a new group
                ours, naming = False, True
            if named[1] == "*" or named[1].lower() == agent.lower():
                ours = True
                yield f"User-agent: {named[1]}"
        elif _RULE_LINE.match(line):
            naming = False
            if ours:
                yield line
        elif (sitemap := _SITEMAP_LINE.match(line)) and sitemaps < _MAX_SITEMAPS:
            sitemaps += 1
            yield f"Sitemap: {sitemap[1].strip()}"
