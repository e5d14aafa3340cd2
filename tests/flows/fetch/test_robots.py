"""robots.txt (RFC 9309) over real sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from protego import Protego

from flows.fetch.client import HttpClient
from flows.fetch.robots import KEPT, KEPT_UNREACHABLE, Robots, read_robots, rules_for
from parsers.errors import Drop, Retry
from parsers.records import Page
from tests.servers.site import Handler, Request, Site, answer, raw, redirect
from tests.settings import fetch_settings

RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /

User-agent: Pressclip
Disallow: /private/
Allow: /private/open
Disallow: /*.pdf$
"""


@dataclass
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def asking(
    rules: Handler, clock: Clock | None = None, **changes: object
) -> AsyncIterator[tuple[Robots, Site]]:
    """Somebody who asks for rules, and a site with these."""
    async with (
        Site({"/robots.txt": rules}) as site,
        HttpClient(fetch_settings(**changes)) as client,
    ):
        yield Robots(client, now=clock or Clock()), site


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/2026/story", True),
        ("/private/story", False),
        ("/private/open", True),
        ("/paper.pdf", False),
        ("/paper.pdf?page=2", True),
        ("/robots.txt", True),
    ],
)
async def test_the_rules_for_our_name_decide(path: str, allowed: bool) -> None:
    async with asking(answer(body=RULES)) as (robots, site):
        if allowed:
            await robots.check(site.url(path))
        else:
            with pytest.raises(Drop) as caught:
                await robots.check(site.url(path))
            assert caught.value.name == "robots_disallowed"
            assert site.url(path) in caught.value.message


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410])
async def test_without_rules_everything_is_allowed(status: int) -> None:
    async with asking(answer(status, body=b"User-agent: *\nDisallow: /")) as (robots, site):
        await robots.check(site.url("/story"))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_rules_that_cannot_be_read_disallow_for_the_time_being(status: int) -> None:
    async with asking(answer(status)) as (robots, site):
        for _ in range(2):
            with pytest.raises(Retry) as caught:
                await robots.check(site.url("/story"))
            assert caught.value.name == "robots_unavailable"
            assert caught.value.after == KEPT_UNREACHABLE
        assert site.asked == ["/robots.txt"]


async def test_a_host_that_does_not_answer_is_named_and_asked_once() -> None:
    async with asking(raw(b"")) as (robots, site):
        for _ in range(3):
            with pytest.raises(Retry) as caught:
                await robots.check(site.url("/story"))
            assert caught.value.name == "connection_lost"
        assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize(
    "rules",
    [
        redirect("/robots.txt"),
        redirect("file:///etc/passwd"),
        redirect("http://10.0.0.1/robots.txt"),
        answer(body=b"x" * 5_000_001 + b"\nUser-agent: *\nDisallow: /"),
    ],
    ids=["circle", "file", "private", "too large"],
)
async def test_rules_that_are_none_allow_everything(rules: Handler) -> None:
    async with asking(rules) as (robots, site):
        await robots.check(site.url("/story"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("User-agent: *\nDisallow: /a", ["User-agent: *", "Disallow: /a"]),
        ("user-agent:Pressclip/2.1 # us\nDisallow: /a", ["User-agent: Pressclip", "Disallow: /a"]),
        ("User-agent: pressclipper\nDisallow: /a", []),
        ("User-agent: press\nDisallow: /a", []),
        (
            "User-agent: other\n# and\n\nUser-agent: pressclip\nDisallow: /a",
            ["User-agent: pressclip", "Disallow: /a"],
        ),
        (
            "User-agent: pressclip\nDisallow: /a\nUser-agent: other\nDisallow: /b",
            ["User-agent: pressclip", "Disallow: /a"],
        ),
        (
            "User-agent: pressclip\nSitemap: http://a.example/s.xml\nCrawl-delay: 5\nAllow:/b",
            [
                "User-agent: pressclip",
                "Sitemap: http://a.example/s.xml",
                "Crawl-delay: 5",
                "Allow:/b",
            ],
        ),
        ("User agent *\nDisallow /a", ["User-agent: *", "Disallow /a"]),
        ("Disallow: /before-any-agent", []),
        ("<html><p>Disallow: nothing", []),
    ],
)
def test_only_the_groups_that_are_for_us_are_read(text: str, kept: list[str]) -> None:
    assert list(rules_for(text, "pressclip")) == kept


def test_a_hostile_file_is_read_quickly() -> None:
    agents = "".join(f"User-agent: a{n}\n" for n in range(10_000))
    rules = "".join(f"Disallow: /{n}*x$\n" for n in range(15_000))
    body = f"User-agent: *\nUser-agent: pressclip\n{agents}{rules}".encode()
    url = "http://a.example/robots.txt"
    began = time.process_time()
    read = read_robots(Page(url, url, 200, (), body, datetime.now(UTC)), "pressclip")
    assert not Protego.parse(read).can_fetch("http://a.example/14999-x", "pressclip")
    assert time.process_time() - began < 30, "seconds of work; it takes a tenth of one"


async def test_of_a_file_without_end_the_beginning_counts() -> None:
    rules = b"User-agent: *\nDisallow: /private\n" + b"#" * 99 + b"\n"

    async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + rules)
        while not writer.is_closing():
            writer.write(b"Disallow: /private/and/a/long/way/down\n" * 1000)
            await writer.drain()

    async with asking(endless) as (robots, site):
        await robots.check(site.url("/story"))
        with pytest.raises(Drop, match="disallows"):
            await robots.check(site.url("/private/story"))


async def test_redirects_to_the_rules_are_followed() -> None:
    async with asking(redirect("/real-robots")) as (robots, site):
        site.routes["/real-robots"] = answer(body=b"User-agent: *\nDisallow: /")
        with pytest.raises(Drop):
            await robots.check(site.url("/story"))


async def test_many_who_ask_at_once_fetch_the_rules_once() -> None:
    async with asking(answer(body=RULES)) as (robots, site):
        await asyncio.gather(*(robots.check(site.url(f"/{n}")) for n in range(50)))
        assert site.asked == ["/robots.txt"]


async def test_rules_are_asked_for_again_after_a_day() -> None:
    clock = Clock()
    async with asking(answer(body=b""), clock) as (robots, site):
        await robots.check(site.url("/story"))
        clock.seconds += KEPT - 1
        await robots.check(site.url("/story"))
        assert len(site.log) == 1
        site.routes["/robots.txt"] = answer(body=b"User-agent: *\nDisallow: /")
        clock.seconds += 2
        with pytest.raises(Drop):
            await robots.check(site.url("/story"))


async def test_rules_known_before_stand_while_new_ones_cannot_be_read() -> None:
    clock = Clock()
    async with asking(answer(body=RULES), clock) as (robots, site):
        await robots.check(site.url("/story"))
        site.routes["/robots.txt"] = answer(503)
        clock.seconds += KEPT + 1
        await robots.check(site.url("/story"))
        with pytest.raises(Drop):
            await robots.check(site.url("/private/story"))
        site.routes["/robots.txt"] = answer(404)
        clock.seconds += KEPT_UNREACHABLE + 1
        await robots.check(site.url("/private/story"))


async def test_a_crawl_delay_is_kept_within_bounds() -> None:
    rules = answer(body=b"User-agent: *\nCrawl-delay: 3600\n")
    async with asking(rules, max_crawl_delay=0.3) as (robots, site):
        site.routes["*"] = answer()
        await robots.check(site.url("/1"))
        await robots.client.get(site.url("/1"))
        await robots.client.get(site.url("/2"))
        assert 0.28 < site.log[-1].at - site.log[-2].at < 2


async def test_each_port_and_scheme_has_rules_of_its_own() -> None:
    closed = answer(body=b"User-agent: *\nDisallow: /")
    async with asking(closed) as (robots, site), Site() as other:
        with pytest.raises(Drop):
            await robots.check(site.url("/story"))
        await robots.check(other.url("/story"))


async def test_nothing_is_asked_where_the_settings_do_not_respect_robots() -> None:
    async with asking(answer(body=RULES), respect_robots=False) as (robots, site):
        await robots.check(site.url("/private/story"))
        assert site.asked == []


async def test_a_page_that_redirects_to_a_closed_place_is_not_followed() -> None:
    async with asking(answer(body=RULES)) as (robots, site):
        site.routes["/story"] = redirect("/private/story")
        await robots.check(site.url("/story"))
        with pytest.raises(Drop) as caught:
            await robots.client.get(site.url("/story"), check=robots.check)
        assert caught.value.name == "robots_disallowed"
        assert site.asked == ["/robots.txt", "/story"]
