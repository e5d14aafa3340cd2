"""Cookies that are set on the way to a page: sent along on that way, to whom they belong, and no
further (RFC 6265)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from flows.fetch.client import HttpClient
from flows.fetch.fetched import CookiesOfWay
from parsers.errors import Drop
from tests.servers.site import Handler, Request, Site, answer, redirect
from tests.settings import fetch_settings

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SET = "https://www.paper.example/news/today"


def sent(set_by: str, header: str, to: str) -> str | None:
    """What is sent along to one address of what another one set."""
    cookies = CookiesOfWay()
    cookies.take(httpx.URL(set_by), (("set-cookie", header),), NOW)
    return cookies.header(httpx.URL(to))


@pytest.mark.parametrize(
    ("header", "to", "expected"),
    [
        ("a=1", "https://www.paper.example/news/x", "a=1"),
        ("a=1", "https://www.paper.example/sport", None),
        ("a=1; Path=/", "https://www.paper.example/sport", "a=1"),
        ("a=1; Path=/news", "https://www.paper.example/newsletter", None),
        ("a=1; Path=/", "https://paper.example/", None),
        ("a=1; Path=/", "https://shop.www.paper.example/", None),
        ("a=1; Path=/; Domain=paper.example", "https://shop.paper.example/", "a=1"),
        ("a=1; Path=/; Domain=.Paper.Example", "https://paper.example/", "a=1"),
        ("a=1; Path=/; Domain=paper.example", "https://newspaper.example/", None),
        ("a=1; Path=/; Domain=other.example", "https://other.example/", None),
        ("a=1; Path=/; Domain=example", "https://other.example/", None),
        ("a=1; Path=/; Secure", "https://www.paper.example/", "a=1"),
        ("a=1; Path=/; Secure", "http://www.paper.example/", None),
        ("a=1; Path=/", "http://www.paper.example/", "a=1"),
        ("a=1; Path=/; Max-Age=0", "https://www.paper.example/", None),
        ("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://www.paper.example/", None),
        ("a=1; Path=/; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "https://www.paper.example/", "a=1"),
        ("a=b=c; path=/; HttpOnly; SameSite=Lax", "https://www.paper.example/", "a=b=c"),
        ("nothing", "https://www.paper.example/news/x", None),
        ("=1", "https://www.paper.example/news/x", None),
        ("a=\x07", "https://www.paper.example/news/x", None),
        ("a=" + "x" * 5000, "https://www.paper.example/news/x", None),
    ],
)
def test_a_cookie_goes_to_whom_it_belongs(header: str, to: str, expected: str | None) -> None:
    assert sent(SET, header, to) == expected


def test_nobody_sets_one_for_a_whole_suffix_or_over_http_for_https() -> None:
    assert sent("https://a.co.uk/", "a=1; Domain=co.uk; Path=/", "https://b.co.uk/") is None
    assert sent("http://a.example/", "a=1; Secure; Path=/", "https://a.example/") is None
    assert sent("http://127.0.0.1/", "a=1; Domain=0.0.1; Path=/", "http://127.0.0.1/") is None


def test_a_later_one_takes_the_place_of_an_earlier_one_and_there_are_not_too_many() -> None:
    cookies, url = CookiesOfWay(), httpx.URL("https://a.example/x/y")
    cookies.take(url, (("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2; Path=/x")), NOW)
    cookies.take(url, (("set-cookie", "a=3; Path=/"),), NOW)
    assert cookies.header(url) == "b=2; a=3"
    cookies.take(url, (("set-cookie", "a=; Path=/; Max-Age=-1"),), NOW)
    assert cookies.header(url) == "b=2"
    many = tuple(("set-cookie", f"c{number}=1; Path=/") for number in range(999))
    cookies.take(url, many, NOW)
    assert (cookies.header(url) or "").count(";") + 1 == CookiesOfWay.MOST


def once_with(cookie: str, handler: Handler, elsewhere: str) -> Handler:
    """`handler` for whoever brings `cookie`, a redirect for everyone else."""

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        brings = cookie in request.headers.get("cookie", "")
        await (handler if brings else redirect(elsewhere))(request, writer)

    return handle


def setting(cookie: str, target: str) -> Handler:
    return answer(302, {"Set-Cookie": cookie, "Location": target}, b"")


async def test_a_way_back_with_a_cookie_is_no_circle() -> None:
    routes = {
        "/feed": once_with("seen=yes", answer(body=b"the feed"), "/gate"),
        "/gate": setting("seen=yes; Path=/", "/feed"),
    }
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        page = await client.get(site.url("/feed"))
        assert (page.status, page.body) == (200, b"the feed")
        assert site.asked == ["/feed", "/gate", "/feed"]
        await client.get(site.url("/feed"))
    # The second way begins without a cookie.
    assert [("cookie" in request.headers) for request in site.log] == [False, False, True] * 2


async def test_another_site_gets_none_and_a_circle_is_still_one() -> None:
    async with Site({"*": answer()}, host="127.0.0.2") as other:
        routes = {"/away": setting("a=1; Path=/", other.url("/x")), "/round": redirect("/round")}
        async with Site(routes) as site, HttpClient(fetch_settings()) as client:
            fetched = await client.get_traced(site.url("/away"))
            assert "cookie" not in other.log[0].headers
            assert not [name for name, _ in fetched.sent if name.lower() == "cookie"]
            with pytest.raises(Drop) as caught:
                await client.get(site.url("/round"))
            assert caught.value.name == "redirect_loop"


async def test_ever_new_cookies_end_at_the_limit_of_redirects() -> None:
    async def ever_new(request: Request, writer: asyncio.StreamWriter) -> None:
        await setting(f"n={len(site.log)}; Path=/", "/")(request, writer)

    async with Site({"/": ever_new}) as site, HttpClient(fetch_settings()) as client:
        with pytest.raises(Drop) as caught:
            await client.get(site.url("/"))
    assert caught.value.name == "too_many_redirects"
    assert len(site.log) <= 12
