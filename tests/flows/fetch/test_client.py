"""What the client sends, follows and hands back, over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from flows.fetch.client import HttpClient, read_url
from flows.fetch.fetched import Hop
from flows.fetch.request import Spool
from flows.fetch.settings import FetchSettings
from parsers.errors import Drop, Quarantine
from tests.servers.site import Handler, Request, Site, answer, redirect
from tests.settings import fetch_settings
from tests.waiting import until

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
TEXT = "<p>Naïve café</p>".encode() * 100


async def test_an_answer_is_a_page() -> None:
    site = Site({"/a": answer(200, {"Content-Type": "text/html", "X-Twice": "1"}, TEXT)})
    async with site, HttpClient(fetch_settings(), clock=lambda: NOON) as client:
        page = await client.get(site.url("/a#part"))
    assert (page.url, page.final_url) == (site.url("/a#part"), site.url("/a#part"))
    assert (page.status, page.body, page.fetched_at) == (200, TEXT, NOON)
    assert page.headers[1:] == (("content-type", "text/html"), ("x-twice", "1"))
    assert site.asked == ["/a"]


@pytest.mark.parametrize("status", [204, 304, 401, 403, 404, 410, 429, 500, 503])
async def test_every_status_is_a_page(status: int) -> None:
    body = b"" if status in {204, 304} else b"sorry"
    async with (
        Site({"/": answer(status, body=body)}) as site,
        HttpClient(fetch_settings()) as client,
    ):
        page = await client.get(site.url())
    assert (page.status, page.body) == (status, body)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("br", brotli.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT)),
    ],
)
async def test_content_codings_are_undone(coding: str, packed: bytes) -> None:
    handler = answer(headers={"Content-Encoding": coding}, body=packed)
    async with Site({"/": handler}) as site, HttpClient(fetch_settings()) as client:
        page = await client.get(site.url())
    assert page.body == TEXT
    assert coding in site.log[0].headers["accept-encoding"]


async def test_what_is_sent_says_who_asks_and_nothing_about_anyone() -> None:
    settings = fetch_settings(version="9.9", contact="https://reader.example/about")
    async with Site({"*": answer()}) as site, HttpClient(settings) as client:
        await client.get(site.url())
    assert set(site.log[0].headers) == {"host", "user-agent", "accept", "accept-encoding"}
    assert site.log[0].headers["user-agent"] == "pressclip/9.9 (+https://reader.example/about)"
    assert site.log[0].headers["host"] == f"127.0.0.1:{site.port}"


async def test_validators_go_back_exactly_as_given_also_after_a_redirect() -> None:
    async def not_modified(request: Request, writer: asyncio.StreamWriter) -> None:
        same = request.headers.get("if-none-match") == 'W/"ü 1"'
        await answer(304 if same else 200, body=b"")(request, writer)

    routes = {"/feed": redirect("/real"), "/real": not_modified}
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        page = await client.get(
            site.url("/feed"), headers={"If-None-Match": 'W/"ü 1"', "If-Modified-Since": "a\nb"}
        )
    assert page.status == 304
    assert "if-modified-since" not in site.log[0].headers  # could not be sent without harm


async def test_cookies_are_not_kept_and_no_referer_is_sent() -> None:
    async def set_cookie(request: Request, writer: asyncio.StreamWriter) -> None:
        await answer(302, {"Set-Cookie": "a=1; Path=/", "Location": "/next"}, b"")(request, writer)

    async with (
        Site({"/": set_cookie, "/next": answer()}) as site,
        HttpClient(fetch_settings()) as client,
    ):
        await client.get(site.url())
        await client.get(site.url("/next"))
    assert site.asked == ["/", "/next", "/next"]
    assert [("cookie" in request.headers) for request in site.log] == [False, True, False]
    assert not any("referer" in request.headers for request in site.log)


async def test_authorization_stays_with_the_first_origin() -> None:
    async with Site({"*": answer()}) as other, HttpClient(fetch_settings()) as client:
        routes: dict[str, Handler] = {
            "/": redirect("/here"),
            "/here": redirect(other.url("/there")),
        }
        async with Site(routes) as site:
            await client.get(site.url(), headers={"Authorization": "Basic c2VjcmV0"})
    assert [r.headers.get("authorization") for r in site.log] == ["Basic c2VjcmV0"] * 2
    assert "authorization" not in other.log[0].headers


async def test_redirects_are_followed_and_traced() -> None:
    async with Site({"*": answer(body=b"new home")}, host="127.0.0.2") as other:
        routes: dict[str, Handler] = {
            "/feed": redirect("/feed/", 301),
            "/feed/": redirect("../moved?x=1#here", 307),
            "/moved?x=1": redirect(other.url("/home"), 308),
        }
        async with Site(routes) as site, HttpClient(fetch_settings()) as client:
            fetched = await client.get_traced(site.url("/feed"))
    assert fetched.page.body == b"new home"
    assert fetched.page.url == site.url("/feed")
    assert fetched.page.final_url == other.url("/home")
    assert fetched.hops == (
        Hop(301, site.url("/feed"), site.url("/feed/")),
        Hop(307, site.url("/feed/"), site.url("/moved?x=1")),
        Hop(308, site.url("/moved?x=1"), other.url("/home")),
    )


@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
async def test_a_target_that_is_not_escaped_is_understood(coding: str) -> None:
    written = "/café".encode(coding).decode("latin-1")
    expected = "/caf%C3%A9"
    async with (
        Site({"/": redirect(written), expected: answer()}) as site,
        HttpClient(fetch_settings()) as client,
    ):
        assert (await client.get(site.url())).status == 200


async def test_a_chain_of_redirects_ends() -> None:
    async def on(request: Request, writer: asyncio.StreamWriter) -> None:
        await redirect(f"{request.target}x")(request, writer)

    async with Site({"*": on}) as site, HttpClient(fetch_settings(max_redirects=3)) as client:
        with pytest.raises(Drop) as caught:
            await client.get(site.url())
    assert caught.value.name == "too_many_redirects"
    assert len(site.log) == 4


async def test_each_redirect_can_be_refused_before_it_is_followed() -> None:
    checked: list[str] = []

    async def check(url: str) -> None:
        checked.append(url)
        raise Drop("robots_disallowed", "no")

    routes = {"/": redirect("/closed"), "/closed": answer()}
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        with pytest.raises(Drop, match="no"):
            await client.get(site.url(), check=check)
    assert checked == [site.url("/closed")]
    assert site.asked == ["/"]


def _beginning(with_it: bytes) -> Callable[[bytes], bool]:
    return lambda start: start.startswith(with_it)


@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_a_spool_takes_what_it_wants_whatever_the_limits(tmp_path: Path, coding: str) -> None:
    text = b"<urlset>" + random.Random(1).randbytes(400_000).hex().encode()
    body = gzip.compress(text) if coding else text
    settings = fetch_settings(max_wire_bytes=200_000, max_unpacked_bytes=200_000)
    site = Site({"*": answer(headers={"Content-Encoding": coding}, body=body)})
    async with site, HttpClient(settings) as client:
        with Spool(tmp_path, _beginning(b"<urlset>"), 900_000) as spool:
            for _ in range(2):
                fetched = await client.get_traced(site.url(), spool=spool)
                assert (fetched.page.body, fetched.packed) == (b"", b"")
                assert spool.path is not None
                assert spool.path.read_bytes() == text
        assert list(tmp_path.iterdir()) == []
        for wanted, most in ((b"<rss>", 900_000), (b"<urlset>", 300_000)):
            with (
                Spool(tmp_path, _beginning(wanted), most) as spool,
                pytest.raises(Drop, match="is larger than"),
            ):
                await client.get_traced(site.url(), spool=spool)
        small = Spool(tmp_path, lambda _: False, 900_000)
        site.routes["*"] = answer(body=TEXT)
        assert (await client.get_traced(site.url(), spool=small)).page.body == TEXT
    assert list(tmp_path.iterdir()) == []


async def test_a_redirect_without_a_target_is_a_page() -> None:
    async with Site({"/": answer(302)}) as site, HttpClient(fetch_settings()) as client:
        assert (await client.get(site.url())).status == 302


async def test_a_callers_limit_replaces_the_settings() -> None:
    async with Site({"*": answer(body=TEXT)}) as site, HttpClient(fetch_settings()) as client:
        assert (await client.get(site.url(), max_bytes=len(TEXT))).body == TEXT
        with pytest.raises(Drop) as caught:
            await client.get(site.url(), max_bytes=len(TEXT) - 1)
    assert caught.value.name == "too_large"


async def test_loopback_is_refused_unless_it_is_allowed() -> None:
    async with Site({"*": answer()}) as site:
        async with HttpClient(FetchSettings()) as client:
            for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0"):
                with pytest.raises(Drop) as caught:
                    await client.get(f"http://{host}:{site.port}/")
                assert caught.value.name == "blocked_address"
        async with HttpClient(FetchSettings(allowed_hosts=("localhost",))) as client:
            assert (await client.get(f"http://localhost:{site.port}/")).status == 200
    assert len(site.log) == 1


BAD_URLS = (
    "",
    "/relative",
    "//host/path",
    "ftp://a.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://",
    "http:///path",
    "http://a..example/",
    "http://./",
    "http://a b.example/",
    "http://a.example:0/",
    "http://a.example:99999/",
    "http://a.example:x/",
    "http://a\n.example/",
    "http://user:secret@a.example/",
    "http://[::1",
    f"http://{'a' * 300}.example/",
    "http://１２７.0.0.1/",
    "http://a.example/" + "x" * 9_000,
)


@pytest.mark.parametrize("url", BAD_URLS, ids=lambda url: url[:30])
def test_what_is_no_usable_address_is_refused(url: str) -> None:
    with pytest.raises(Drop) as caught:
        read_url(url)
    assert caught.value.name == "bad_url"
    assert "secret" not in caught.value.message
    assert len(caught.value.message) < 500


@given(
    st.one_of(
        st.text(), st.text().map("http://a.example/".__add__), st.text().map("http://".__add__)
    )
)
def test_any_text_is_a_usable_address_or_refused(text: str) -> None:
    try:
        url = read_url(text)
    except Drop:
        return
    assert url.scheme in {"http", "https"}
    assert read_url(str(url)) == url


def test_addresses_are_made_fit_for_the_wire() -> None:
    assert str(read_url(" HTTP://BÜCHER.example:80/a b?q=ü#x ")) == (
        "http://xn--bcher-kva.example/a%20b?q=%C3%BC"
    )
    assert str(read_url("https://a.example./x")) == "https://a.example/x"


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"SSL_CERT_FILE": "/nowhere/ca.pem"}, "bad_ca_file"),
        ({"HTTP_PROXY": "gopher://p"}, "bad_proxy"),
    ],
)
def test_a_broken_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], name: str
) -> None:
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)

    async def start() -> None:
        async with HttpClient(FetchSettings()):
            pass

    with pytest.raises(Quarantine) as caught:
        asyncio.run(start())
    assert caught.value.name == name


async def test_a_cancelled_request_frees_its_hosts_turn() -> None:
    async def hang(_: Request, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with Site({"/hang": hang, "/": answer()}) as site, HttpClient(fetch_settings()) as client:
        task = asyncio.create_task(client.get(site.url("/hang")))
        await until(lambda: site.log)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await client.get(site.url())).status == 200
