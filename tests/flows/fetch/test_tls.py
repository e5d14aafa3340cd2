"""TLS and HTTP/2, against real servers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from flows.fetch.client import HttpClient
from parsers.errors import Drop, Retry
from tests.servers.asgi import served_over_http2
from tests.servers.site import Site, answer, server_side
from tests.settings import fetch_settings


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The authority, named by SSL_CERT_FILE."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return authority


async def test_a_certificate_of_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    site = Site({"*": answer()}, tls=server_side(authority, "127.0.0.1"))
    async with site, HttpClient(fetch_settings()) as client:
        with pytest.raises(Retry) as caught:
            await client.get(site.url())
    assert caught.value.name == "tls_failed"
    assert "certificate" in caught.value.message
    assert site.asked == []


async def test_ssl_cert_file_is_honoured(trusted: trustme.CA) -> None:
    site = Site({"*": answer(body=b"over TLS")}, tls=server_side(trusted, "127.0.0.1"))
    async with site, HttpClient(fetch_settings()) as client:
        assert (await client.get(site.url())).body == b"over TLS"


async def test_a_certificate_for_another_name_is_refused(trusted: trustme.CA) -> None:
    site = Site({"*": answer()}, tls=server_side(trusted, "other.example"))
    async with site, HttpClient(fetch_settings()) as client:
        with pytest.raises(Retry) as caught:
            await client.get(site.url())
    assert caught.value.name == "tls_failed"


async def refusal_of(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    tls: ssl.SSLContext | None = None,
) -> Retry:
    """What asking a server that answers so over https comes to."""
    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    async with server, HttpClient(fetch_settings()) as client:
        with pytest.raises(Retry) as caught:
            await client.get(f"https://127.0.0.1:{port}/")
    return caught.value


async def test_a_server_that_speaks_no_tls_is_named() -> None:
    async def complain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    assert (await refusal_of(complain)).name == "tls_failed"


async def test_a_broken_handshake_is_a_failure_of_tls() -> None:
    """Servers that speak old TLS only hang up, and were said not to be reached at all."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        writer.close()

    error = await refusal_of(hang_up)
    assert error.name == "tls_failed"
    assert "EOF" in error.message


async def over_http2(scope: Any, receive: Any, send: Any) -> None:
    """Says which version it was asked over and from which port; /endless never ends, /gone
    does not either, /many has many headers."""
    if scope["type"] == "lifespan":
        return
    headers = [(b"content-type", b"text/plain")]
    if scope["path"] == "/many":
        headers += [(b"x-%d" % n, b"y" * 1000) for n in range(100)]
    status = 410 if scope["path"] == "/gone" else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = f"{scope['http_version']} from {scope['client'][1]}".encode()
    while scope["path"] in {"/endless", "/gone"}:
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
    await send({"type": "http.response.body", "body": body})


async def test_http2_is_spoken_where_the_server_can(trusted: trustme.CA, tmp_path: Path) -> None:
    async with (
        served_over_http2(over_http2, trusted, tmp_path) as address,
        HttpClient(fetch_settings()) as client,
    ):
        bodies = {(await client.get(f"{address}/{n}")).body for n in range(3)}
    assert len(bodies) == 1, "one connection serves them all"
    assert bodies.pop().startswith(b"2 from ")


async def test_an_endless_body_over_http2_harms_no_later_request(
    trusted: trustme.CA, tmp_path: Path
) -> None:
    settings = fetch_settings(max_wire_bytes=200_000)
    async with (
        served_over_http2(over_http2, trusted, tmp_path) as address,
        HttpClient(settings) as client,
    ):
        for _ in range(2):
            with pytest.raises(Drop) as caught:
                await client.get(f"{address}/endless")
            assert caught.value.name == "too_large"
            assert (await client.get(f"{address}/")).body.startswith(b"2 from ")


async def test_a_connection_with_an_unread_body_is_not_used_again(
    trusted: trustme.CA, tmp_path: Path
) -> None:
    async with (
        served_over_http2(over_http2, trusted, tmp_path) as address,
        HttpClient(fetch_settings()) as client,
    ):
        before = (await client.get(f"{address}/")).body
        assert (await client.get(f"{address}/gone")).status == 410
        after = (await client.get(f"{address}/")).body
    assert before != after


async def test_too_many_headers_over_http2_are_refused(trusted: trustme.CA, tmp_path: Path) -> None:
    async with (
        served_over_http2(over_http2, trusted, tmp_path) as address,
        HttpClient(fetch_settings()) as client,
    ):
        with pytest.raises(Drop) as caught:
            await client.get(f"{address}/many")
        assert caught.value.name == "headers_too_large"
        assert (await client.get(f"{address}/")).body.startswith(b"2 from ")


async def broken_http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Agrees to HTTP/2 and then does not speak it; speaks HTTP/1.1 well."""
    if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
        settings_frame = b"\0\0\0\x04\0\0\0\0\0"
        go_away = b"\0\0\x08\x07\0\0\0\0\0" + b"\0\0\0\0" + b"\0\0\0\x0d"  # HTTP_1_1_REQUIRED
        writer.write(settings_frame + go_away)
    else:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n1.1")
    await writer.drain()
    writer.close()


async def test_a_status_over_http2_that_is_no_number_is_named(trusted: trustme.CA) -> None:
    async def no_number(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        settings_frame = b"\0\0\0\x04\0\0\0\0\0"
        headers_frame = b"\0\0\x06\x01\x05\0\0\0\x01" + b"\x08\x04fine"  # :status
        writer.write(settings_frame + headers_frame)
        await writer.drain()
        await reader.read()

    context = server_side(trusted, "127.0.0.1")
    context.set_alpn_protocols(["h2"])
    assert (await refusal_of(no_number, context)).name == "bad_response"


async def test_a_server_whose_http2_is_broken_is_asked_over_http1(trusted: trustme.CA) -> None:
    context = server_side(trusted, "127.0.0.1")
    context.set_alpn_protocols(["h2", "http/1.1"])
    server = await asyncio.start_server(broken_http2, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server, HttpClient(fetch_settings()) as client:
        for _ in range(2):
            assert (await client.get(f"https://127.0.0.1:{port}/")).body == b"1.1"
