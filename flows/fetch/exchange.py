"""One request and its answer over a pool's connections, within the limits.

Errors of httpcore, h2, TLS and the operating system get their names here, and nowhere else.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import h2.events
import h2.exceptions
import httpcore
import httpx

from flows.fetch.bodies import read_body
from flows.fetch.fetched import Headers
from flows.fetch.host_pools import Connections, HostPool, HostPools
from flows.fetch.pacing import Pace
from flows.fetch.request import Request, Response
from flows.fetch.settings import FetchSettings
from parsers.errors import Drop, PressclipError, Retry

_HTTP2_TROUBLE = (
    h2.exceptions.ProtocolError,
    h2.events.StreamReset,
    h2.events.ConnectionTerminated,
)
"""What httpcore's protocol errors carry where HTTP/2 was spoken."""

SLOW = frozenset({"timeout", "too_slow"})
"""Failures of a host that begins to answer and does not come to an end."""

_BROKEN = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)

_NAMES: tuple[tuple[type[BaseException], str, str], ...] = (
    # The first that fits, so the special ones come first.
    (httpcore.ConnectTimeout, "timeout", "could not be connected to in time"),
    (httpcore.TimeoutException, "timeout", "fell silent"),
    (TimeoutError, "timeout", "sent no answer in time"),
    (ssl.SSLError, "tls_failed", "has no valid TLS certificate or breaks TLS"),
    (httpcore.ProxyError, "proxy_failed", "was refused by the proxy"),
    (httpcore.ConnectError, "connect_failed", "can't be connected to"),
    (httpcore.NetworkError, "connection_lost", "closed the connection"),
    (httpcore.ProtocolError, "bad_response", "answered something that is not HTTP"),
    (h2.exceptions.H2Error, "bad_response", "answered something that is not HTTP/2"),
    (httpcore.ConnectionNotAvailable, "connection_lost", "closed the connection"),
    (OSError, "connection_lost", "closed the connection"),
)
_SAID: tuple[tuple[str, type[Drop] | type[Retry], str, str], ...] = (
    # What h11 and h2 say in words only; their numbers are MAX_INCOMPLETE_EVENT_SIZE and
    # MAX_HEADER_LIST_SIZE in httpcore.
    ("Receive buffer too long", Drop, "headers_too_large", "answered with headers without end"),
    ("Oversized header block", Drop, "headers_too_large", "answered with too many headers"),
    ("without sending complete message", Retry, "truncated", "ended before its end"),
    ("without sending a response", Retry, "connection_lost", "closed the connection unanswered"),
    ("Server disconnected", Retry, "connection_lost", "closed the connection"),
    ("CERTIFICATE_VERIFY_FAILED", Retry, "tls_failed", "has a certificate that can't be trusted"),
)


@contextmanager
def named_errors(url: httpx.URL) -> Iterator[None]:
    """Turn every error of the libraries below into a `Retry` that says what happened to `url`.

    Headers beyond what the libraries take become Drop("headers_too_large").
    """
    try:
        yield
    except tuple(kind for kind, _, _ in _NAMES) as error:
        raise _named(url, error) from error


def _named(url: httpx.URL, error: BaseException) -> PressclipError:
    chain = tuple(_chain(error))
    text = next((said for cause in chain if (said := str(cause))), type(error).__name__)
    for said, outcome, name, what in _SAID:
        if said in text:
            return outcome(name, f"{url} {what} ({text}).")
    # TLS errors hide behind a connect error, at any depth; behind others, a connection that had
    # been made was cut.
    hidden = chain if isinstance(error, httpcore.ConnectError) else chain[:2]
    for kind, name, what in _NAMES:
        if isinstance(error, kind) or (
            kind is ssl.SSLError and any(isinstance(cause, kind) for cause in hidden)
        ):
            return Retry(name, f"{url} {what} ({text}).")
    raise AssertionError("named_errors catches only what is in the table") from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and the errors it came from, the nearest first."""
    while isinstance(error, Exception):  # what is cancelled says nothing of use
        yield error
        error = error.__cause__ or error.__context__


async def exchange(
    pools: HostPools, pool: HostPool, proxy: str | None, request: Request
) -> Response:
    """Send `request` and read its answer.

    It is sent a second time, on a new connection, where the first may have failed for reasons
    that say nothing about the page (RFC 9110 section 9.2.2 allows it for GET; what we post asks
    for a state, such as a subscription, and may be said twice).
    """
    with named_errors(request.url):
        async with pools.connections(pool, proxy) as connections:
            kept = bool(connections.pool.connections)
            try:
                return await _over(pools, pool, connections, request)
            except (httpcore.NetworkError, httpcore.ProtocolError, h2.exceptions.H2Error) as error:
                if not _worth_another_try(error, pool, kept=kept):
                    raise
                connections.spoiled = True
        async with pools.connections(pool, proxy) as connections:
            return await _over(pools, pool, connections, request)


def _worth_another_try(error: Exception, pool: HostPool, *, kept: bool) -> bool:
    """Whether the server may just have closed an idle connection that was `kept` from an earlier
    request, or promises HTTP/2 and does not speak it; then HTTP/1.1 is spoken on this pool from
    now on."""
    if kept:
        return isinstance(error, _BROKEN)
    carried = error.args[0] if error.args else None
    if isinstance(carried, h2.exceptions.DenialOfServiceError):
        return False  # too many headers are too many over HTTP/1.1 too
    if pool.http2 and isinstance(carried, _HTTP2_TROUBLE):
        pool.http2 = False
        return True
    return False


async def _over(
    pools: HostPools, pool: HostPool, connections: Connections, request: Request
) -> Response:
    url = httpcore.URL(
        scheme=request.url.raw_scheme,
        host=request.url.raw_host,
        port=request.url.port,
        target=request.url.raw_path,
    )
    settings = pools.settings
    sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in request.headers]
    timeouts = {
        "connect": settings.connect_timeout,
        "pool": settings.connect_timeout,
        "write": settings.read_timeout,
        "read": settings.read_timeout,
    }
    async with AsyncExitStack() as stack:
        async with asyncio.timeout(settings.connect_timeout + settings.first_byte_timeout):
            with _numbered():
                response = await stack.enter_async_context(
                    connections.pool.stream(
                        "GET" if request.form is None else "POST",
                        url,
                        headers=sent,
                        content=request.form,
                        extensions={"timeout": timeouts},
                    )
                )
        headers = _read_headers(response, request, settings)
        with _hearing(pool.pace):
            packed, body = await _read_body(response, headers, request, pools, connections)
        return Response(response.status, headers, body, packed)


@contextmanager
def _numbered() -> Iterator[None]:
    """Over HTTP/2 httpcore takes what is said of the status for a number, whatever it is."""
    try:
        yield
    except ValueError as error:
        raise httpcore.RemoteProtocolError(f"its status is no number: {error}") from error


@contextmanager
def _hearing(pace: Pace) -> Iterator[None]:
    """Notes that a host has answered once its answer ends: one whose answers never do is as good as
    dead."""
    try:
        yield
    except PressclipError as error:
        if error.name not in SLOW:
            pace.heard()
        raise
    pace.heard()


async def _read_body(
    response: httpcore.Response,
    headers: Headers,
    request: Request,
    pools: HostPools,
    connections: Connections,
) -> tuple[bytes, bytes]:
    try:
        with named_errors(request.url):
            return await read_body(response, headers, request, pools, connections)
    except PressclipError:
        if 200 <= response.status < 300:
            raise
        connections.spoiled = True
        return b"", b""


def _read_headers(
    response: httpcore.Response, request: Request, settings: FetchSettings
) -> Headers:
    size = sum(len(name) + len(value) + 4 for name, value in response.headers)
    if size > settings.max_header_bytes:
        raise Drop("headers_too_large", f"{request.url} answered with {size} bytes of headers.")
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in response.headers
    )
