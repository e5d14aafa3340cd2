"""The client against servers that misbehave on purpose."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.fetch.client import HttpClient
from parsers.errors import Drop, PressclipError, Retry
from tests.servers.site import Handler, Request, Site, answer, raw, redirect, reset_connection
from tests.settings import fetch_settings
from tests.waiting import until_answered

HEAD = b"HTTP/1.1 200 OK\r\n"
TEN_MB = b"\0" * 10_000_000


@asynccontextmanager
async def serving(handler: Handler, **changes: object) -> AsyncIterator[tuple[HttpClient, Site]]:
    """A client, and a site that answers everything with `handler`."""
    async with Site({"*": handler}) as site, HttpClient(fetch_settings(**changes)) as client:
        yield client, site


def endless(head: bytes, piece: bytes, *, pause: float = 0.0) -> Handler:
    """`head`, and then `piece` for ever."""

    async def handle(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return handle


def silent(head: bytes = b"") -> Handler:
    """`head`, and then nothing for ever."""

    async def handle(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()
        await asyncio.sleep(60)

    return handle


async def reset(_: Request, writer: asyncio.StreamWriter) -> None:
    reset_connection(writer)


async def reset_within_the_body(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 100\r\n\r\nhalf")
    await writer.drain()
    await asyncio.sleep(0.05)
    reset_connection(writer)


def packed(coding: str, body: bytes, head: bytes = HEAD) -> bytes:
    """An answer whose body is `body` and said to be packed as `coding`."""
    return (
        head + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


def nested_gzip(body: bytes, depth: int) -> bytes:
    for _ in range(depth):
        body = gzip.compress(body, 9)
    return body


async def to_itself(request: Request, writer: asyncio.StreamWriter) -> None:
    await redirect(request.target)(request, writer)


CHUNK = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

FAULTS: dict[str, tuple[Handler, type[PressclipError], str]] = {
    "no answer at all": (silent(), Retry, "timeout"),
    "headers that never end, slowly": (
        endless(HEAD, b"X-A: b\r\n", pause=0.05),
        Retry,
        "timeout",
    ),
    "headers that never end, quickly": (
        endless(HEAD, b"X-A: bbbbb\r\n" * 100),
        Drop,
        "headers_too_large",
    ),
    "one endless header": (endless(HEAD + b"X-A: ", b"b" * 4096), Drop, "headers_too_large"),
    "more headers than the limit": (
        answer(headers={f"X-{n}": "y" * 1000 for n in range(70)}),
        Drop,
        "headers_too_large",
    ),
    "informational answers for ever": (
        endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", pause=0.01),
        Retry,
        "timeout",
    ),
    "silence within the body": (
        silent(HEAD + b"Content-Length: 100\r\n\r\nhalf"),
        Retry,
        "timeout",
    ),
    "a byte now and then": (endless(CHUNKED, b"1\r\nx\r\n", pause=0.05), Retry, "too_slow"),
    "a body without end": (endless(CHUNKED, CHUNK), Drop, "too_large"),
    "a body without end or length": (endless(HEAD + b"\r\n", b"x" * 65536), Drop, "too_large"),
    "a declared length beyond the limit": (
        silent(HEAD + b"Content-Length: 99999999999\r\n\r\n"),
        Drop,
        "too_large",
    ),
    "less than declared": (raw(HEAD + b"Content-Length: 100\r\n\r\nhalf"), Retry, "truncated"),
    "a chunk cut short": (raw(CHUNKED + b"10\r\nhalf"), Retry, "truncated"),
    "a reset before the answer": (reset, Retry, "connection_lost"),
    "a reset within the body": (reset_within_the_body, Retry, "connection_lost"),
    "an end before the answer": (raw(b""), Retry, "connection_lost"),
    "not HTTP": (raw(b"220 mail.example ESMTP ready\r\n\r\n"), Retry, "bad_response"),
    "a broken chunk": (raw(CHUNKED + b"zz\r\n"), Retry, "bad_response"),
    "two lengths": (
        raw(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
        Retry,
        "bad_response",
    ),
    "a length below zero": (raw(HEAD + b"Content-Length: -1\r\n\r\nabc"), Retry, "bad_response"),
    "a transfer coding nobody asked for": (
        raw(HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        Retry,
        "bad_response",
    ),
    "a header with a NUL": (raw(HEAD + b"X: a\0b\r\n\r\n"), Retry, "bad_response"),
    "a chunk whose own header does not end": (
        endless(CHUNKED + b"5;x=", b"y" * 4096),
        Drop,
        "headers_too_large",
    ),
    "a gzip bomb": (raw(packed("gzip", gzip.compress(TEN_MB * 3, 9))), Drop, "unpack_bomb"),
    "a brotli bomb": (
        raw(packed("br", brotli.compress(TEN_MB * 3, quality=2))),
        Drop,
        "unpack_bomb",
    ),
    "a zstd bomb": (raw(packed("zstd", zstandard.compress(TEN_MB * 3))), Drop, "unpack_bomb"),
    "a bomb in a bomb": (
        raw(packed("gzip, gzip", nested_gzip(TEN_MB * 3, 2))),
        Drop,
        "unpack_bomb",
    ),
    "packed five times": (
        raw(packed("gzip, gzip, gzip, gzip, gzip", nested_gzip(b"x", 5))),
        Drop,
        "unpack_bomb",
    ),
    "a coding nobody asked for": (raw(packed("compress", b"\x1f\x9d\x90")), Drop, "unknown_coding"),
    "damaged gzip": (
        raw(packed("gzip", gzip.compress(b"word " * 999)[:10] + b"\xff" * 50)),
        Retry,
        "bad_coding",
    ),
    "gzip cut short": (
        raw(packed("gzip", gzip.compress(bytes(range(256)) * 9)[:-20])),
        Retry,
        "truncated",
    ),
    "a redirect to itself": (to_itself, Drop, "redirect_loop"),
    "a redirect to a file": (redirect("file:///etc/passwd"), Drop, "bad_url"),
    "a redirect to a mail address": (redirect("mailto:a@b.example"), Drop, "bad_url"),
    "a redirect to a script": (redirect("javascript:alert(1)"), Drop, "bad_url"),
    "a redirect to an endless address": (redirect("/" + "x" * 20_000), Drop, "bad_url"),
    "a redirect to nonsense": (redirect("http://[::"), Drop, "bad_url"),
    "a redirect to a private address": (redirect("http://10.0.0.1/"), Drop, "blocked_address"),
    "a redirect to the cloud's metadata": (
        redirect("http://169.254.169.254/latest/meta-data/"),
        Drop,
        "blocked_address",
    ),
    "a redirect to a decimal spelling": (redirect("http://2886729729/"), Drop, "blocked_address"),
    "a redirect to a hexadecimal spelling": (redirect("http://0xa.1/"), Drop, "blocked_address"),
    "a redirect to an octal spelling": (redirect("http://0300.0250.1.1/"), Drop, "bad_url"),
}


SHORT_TIMES = {
    "connect_timeout": 0.5,
    "first_byte_timeout": 0.5,
    "read_timeout": 0.5,
    "rate_grace": 0.3,
}


@pytest.mark.parametrize("name", FAULTS)
async def test_each_fault_ends_in_time_with_a_name(name: str) -> None:
    handler, kind, error = FAULTS[name]
    # Times are short only where they are what ends it: they must end nothing else.
    short = SHORT_TIMES if error in {"timeout", "too_slow"} else {}
    async with serving(handler, max_wire_bytes=1_000_000, **short) as (client, site):
        with pytest.raises(kind) as caught:
            await client.get(site.url())
    assert caught.value.name == error, caught.value.message
    assert "http://127.0.0.1:" in caught.value.message


async def test_the_client_works_on_after_every_fault() -> None:
    routes = {f"/{n}": handler for n, (handler, _, _) in enumerate(FAULTS.values())}
    async with (
        Site({**routes, "/good": answer(body=b"good")}) as site,
        HttpClient(fetch_settings(max_wire_bytes=1_000_000, **SHORT_TIMES)) as client,
    ):
        for path in routes:
            with pytest.raises(PressclipError):
                await client.get(site.url(path))
            assert await until_answered(client, site.url("/good")) == b"good"


async def test_bodies_of_refusals_may_be_as_broken_as_they_like() -> None:
    handlers = {
        "/cut": raw(b"HTTP/1.1 503 Busy\r\nContent-Length: 100\r\nRetry-After: 7\r\n\r\nhalf"),
        "/bomb": raw(packed("gzip", gzip.compress(TEN_MB), b"HTTP/1.1 404 None\r\n")),
        "/endless": endless(b"HTTP/1.1 410 Gone\r\n\r\n", b"x" * 65536),
    }
    async with Site(handlers) as site, HttpClient(fetch_settings()) as client:
        assert (await client.get(site.url("/cut"))).header("retry-after") == "7"
        assert (await client.get(site.url("/bomb"))).status == 404
        assert (await client.get(site.url("/endless"))).status == 410


async def test_bytes_on_the_wire_have_a_limit_of_their_own() -> None:
    chunked = raw(CHUNKED + CHUNK * 100 + b"0\r\n\r\n")  # 1.6 MB
    async with serving(chunked, max_wire_bytes=1_000_000) as (client, site):
        with pytest.raises(Drop) as caught:
            await client.get(site.url())
    assert caught.value.name == "too_large"
    assert "1000000 bytes" in caught.value.message


async def test_total_time_is_bounded_over_all_redirects() -> None:
    async def slowly_on(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.4)
        await redirect(f"{request.target}x")(request, writer)

    async with serving(slowly_on, total_timeout=1.0) as (client, site):
        with pytest.raises(Retry) as caught:
            await client.get(site.url())
    assert caught.value.name == "timeout"
    assert len(site.log) <= 3, "each takes 0.4 s"


async def test_a_closed_port_and_a_name_that_does_not_exist() -> None:
    async with Site() as site:
        closed = site.url()
    async with HttpClient(fetch_settings()) as client:
        with pytest.raises(Retry) as refused:
            await client.get(closed)
        with pytest.raises(Retry) as unknown:
            await client.get("http://no-such-name.invalid/")
    assert refused.value.name == "connect_failed"
    assert unknown.value.name == "dns_failed"


async def test_a_connection_closed_while_idle_is_replaced_silently() -> None:
    async def drop_second(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.connection == 1 and request.target == "/second":
            reset_connection(writer)
        else:
            await answer(body=b"ok")(request, writer)

    async with serving(drop_second) as (client, site):
        await client.get(site.url("/first"))
        page = await client.get(site.url("/second"))
    assert page.body == b"ok"
    assert [(r.target, r.connection) for r in site.log] == [
        ("/first", 1),
        ("/second", 1),
        ("/second", 2),
    ]


async def test_a_connection_made_anew_that_fails_is_not_tried_twice() -> None:
    """Its server had closed the one before as it had said, so there is nothing to make up for, and
    the second request came without a pause."""

    async def drop_second(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.target == "/second":
            reset_connection(writer)
        else:
            await answer(headers={"Connection": "close"}, body=b"ok")(request, writer)

    async with serving(drop_second) as (client, site):
        await client.get(site.url("/first"))
        with pytest.raises(Retry):
            await client.get(site.url("/second"))
    assert site.asked == ["/first", "/second"]


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
async def test_a_plain_body_that_is_said_to_be_packed_is_taken_as_it_is(coding: str) -> None:
    body = b"<!doctype html><title>Plain</title>" + b"<p>words</p>" * 50
    async with serving(raw(packed(coding, body))) as (client, site):
        assert (await client.get(site.url())).body == body


ANSWERS = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=300).map((HEAD + b"Content-Length: 20\r\n").__add__),
    st.binary(max_size=300).map((CHUNKED).__add__),
    st.binary(max_size=300).map((HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08").__add__),
)


@settings(max_examples=20)
@given(answers=st.lists(ANSWERS, min_size=15, max_size=15))
def test_any_bytes_are_a_page_or_a_named_error(answers: list[bytes]) -> None:
    async def ask_for_all() -> list[str]:
        routes = {f"/{n}": raw(data) for n, data in enumerate(answers)}
        async with Site(routes) as site, HttpClient(fetch_settings()) as client:
            return [await outcome(client, site.url(path)) for path in routes]

    assert set(asyncio.run(ask_for_all())) <= {
        "page",
        "bad_response",
        "connection_lost",
        "truncated",
        "bad_coding",
        "timeout",
    }


async def outcome(client: HttpClient, url: str) -> str:
    """`page`, or the name of the error."""
    try:
        await client.get(url)
    except PressclipError as error:
        return error.name
    return "page"


async def test_a_tls_handshake_that_never_ends_is_given_up() -> None:
    async with serving(silent(), connect_timeout=0.3) as (client, site):
        with pytest.raises(Retry) as caught:
            await client.get(site.url().replace("http:", "https:"))
    assert caught.value.name == "timeout"


async def test_large_bodies_do_not_stand_in_each_others_way() -> None:
    body = b"x" * 3_000_000
    async with (
        Site({"*": answer(body=body)}, host="0.0.0.0") as site,
        HttpClient(fetch_settings()) as client,
    ):
        urls = [f"http://127.4.0.{n}:{site.port}/" for n in range(1, 21)]
        pages = await asyncio.gather(*(client.get(url) for url in urls))
    assert {len(page.body) for page in pages} == {3_000_000}
