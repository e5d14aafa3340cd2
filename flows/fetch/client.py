"""The HTTP client: every request this project sends goes through here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpcore
import httpx

from flows.clock import now
from flows.fetch.addresses import AddressRules
from flows.fetch.decompress import ACCEPT_ENCODING
from flows.fetch.exchange import exchange
from flows.fetch.fetched import CookiesOfWay, Fetched, Headers, Hop
from flows.fetch.guarded_backend import GuardedBackend
from flows.fetch.host_cache import HostCache
from flows.fetch.host_locks import HostLocks
from flows.fetch.host_pools import HostPools
from flows.fetch.memory_budget import MemoryBudget, Reservation
from flows.fetch.pacing import rest_asked_by
from flows.fetch.proxies import Proxies
from flows.fetch.request import Deadline, Request, Response, Spool
from flows.fetch.settings import FetchSettings
from parsers.errors import Drop, PressclipError, Quarantine, Retry
from parsers.records import Page
from parsers.urls import MAX_LENGTH

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPING_POST = frozenset({307, 308})
"""Redirects under which a POST stays one (RFC 9110 section 15.4); the others are answers."""
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

_SAME_ORIGIN_ONLY = frozenset({"authorization", "cookie", "proxy-authorization"})
_OURS = frozenset({"host", "user-agent", "accept-encoding", "connection", "referer"})
_ANSWERED = frozenset({"bad_coding", "truncated"})
"""Failures of an answer, not of its host."""
_UNREACHED = frozenset({"dns_failed", "connect_failed"})
"""Failures before there was a connection."""
_SENDABLE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

Check = Callable[[str], Awaitable[None]]


class HttpClient:
    """Asks politely, safely and within limits; an async context manager.

    Any HTTP answer is a `Page`, 304, 404 and 503 too. Whatever kept a server from answering
    is raised as `Retry`, whatever we refuse as `Drop`.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Callable[[], datetime] = now,
        cache: HostCache | None = None,
        locks: HostLocks | None = None,
    ) -> None:
        """`clock` stamps the pages and reads Retry-After dates; waiting uses the monotonic
        clock. `cache`, opened and closed by the caller, carries hosts' rests and robots.txt
        from one run to the next; `locks`, too, keeps two runs at once from asking one host at
        the same time."""
        self.settings = settings
        self.clock = clock
        self.cache = cache
        self.budget = MemoryBudget(
            settings.memory_budget, settings.max_wire_bytes + settings.max_unpacked_bytes
        )
        self._locks = locks
        self._rules = AddressRules.read(settings.allowed_networks, settings.allowed_hosts)
        self._resolvers: ThreadPoolExecutor | None = None
        self._pools: HostPools | None = None
        self._proxies = Proxies(())

    async def __aenter__(self) -> Self:
        """Raises Quarantine("bad_ca_file") or Quarantine("bad_proxy") where the environment or
        the settings name something unusable."""
        proxy = self.settings.proxy
        self._proxies = Proxies.explicit(proxy) if proxy else Proxies.from_environment()
        try:
            tls = httpx.create_ssl_context()  # honours SSL_CERT_FILE and SSL_CERT_DIR
        except OSError as error:
            raise Quarantine(
                "bad_ca_file",
                f"The certificates named by SSL_CERT_FILE or SSL_CERT_DIR can't be read: {error}.",
            ) from error
        self._resolvers = ThreadPoolExecutor(
            self.settings.max_connections, thread_name_prefix="resolve"
        )
        backend = GuardedBackend(self._rules, self._resolvers)
        self._pools = HostPools(self.settings, backend, tls, self._remembered_rest, self._locks)
        if self.cache is not None:
            self.cache.forget(before=self.clock())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every connection."""
        pools, self._pools = self._pools, None
        if pools is not None:
            await pools.close()
        if self._resolvers is not None:
            self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        check: Check | None = None,
        cut: bool = False,
    ) -> Page:
        """What `url` answers, after redirects; see `get_traced`. With `cut`, of a body with more
        than `max_bytes` on the wire the beginning is given."""
        fetched = await self._follow(url, headers or {}, max_bytes, check, cut=cut)
        return fetched.page

    async def get_traced(  # noqa: PLR0913 - all but the address by name
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        check: Check | None = None,
        patient: bool = True,
        reservation: Reservation | None = None,
        spool: Spool | None = None,
    ) -> Fetched:
        """What `url` answers, with the redirects that led there. Cookies that are set on the way
        are sent along on that way, and forgotten at its end.

        `headers` are sent along (Authorization and Cookie to the first origin only).
        `max_bytes` replaces the settings' limits on the body. `check` is awaited with the
        address of each redirect before it is followed, and refuses by raising; pass
        `Robots.check` for pages. `patient` says whether a host that rests for a short time is
        waited for. `reservation`, of `budget`, counts the page as in hand until the caller
        closes it. `spool` takes a body that it wants, whatever the limits; then the page has none.

        Raises Drop (`bad_url`, `blocked_address`, `too_large`, `unpack_bomb`,
        `unknown_coding`, `headers_too_large`, `too_many_redirects`, `redirect_loop`) and Retry
        (`timeout`, `too_slow`, `dns_failed`, `connect_failed`, `connection_lost`,
        `tls_failed`, `proxy_failed`, `bad_response`, `truncated`, `bad_coding`,
        `host_paused`, `host_down`).
        """
        return await self._follow(
            url,
            headers or {},
            max_bytes,
            check,
            patient=patient,
            reservation=reservation,
            spool=spool,
        )

    async def post(self, url: str, form: Mapping[str, str]) -> Page:
        """What `url` answers to `form`, after redirects that keep it a POST; raises like
        `get_traced`."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        fetched = await self._follow(url, headers, None, None, urlencode(form).encode())
        return fetched.page

    async def _follow(  # noqa: PLR0913 - what get_traced and post have in common
        self,
        url: str,
        headers: Mapping[str, str],
        max_bytes: int | None,
        check: Check | None,
        form: bytes | None = None,
        *,
        cut: bool = False,
        patient: bool = True,
        reservation: Reservation | None = None,
        spool: Spool | None = None,
    ) -> Fetched:
        target = first = read_url(url)
        hops: list[Hop] = []
        cookies = CookiesOfWay()
        asked: set[tuple[str, str | None]] = set()
        followed = REDIRECTS if form is None else KEEPING_POST
        deadline = Deadline(self.settings.total_timeout)
        with nullcontext(reservation) if reservation else self.budget.reservation() as held:
            while True:
                cookie = cookies.header(target)
                asked.add((str(target), cookie))
                sent = self._headers(target, headers, same_origin=_same_origin(first, target))
                sent += (("Cookie", cookie),) if cookie else ()
                with _on_the_way_from(url, hops):
                    request = Request(
                        target, sent, deadline, held, max_bytes, form, cut, patient, spool
                    )
                    response = await self._request(request)
                location = _location(response)
                if response.status not in followed or not location:
                    page = self._page(url, str(target) if hops else url, response)
                    return Fetched(page, tuple(hops), _without_secrets(sent), response.packed)
                with _on_the_way_from(url, [Hop(response.status, str(target), location)]):
                    moved = read_url(location, base=target)
                hops.append(Hop(response.status, str(target), str(moved)))
                cookies.take(target, response.headers, self.clock())
                self._check_hops(url, hops, (str(moved), cookies.header(moved)) in asked)
                if check is not None:
                    await check(str(moved))
                target = moved

    def slow_down(self, url: httpx.URL, pause: float) -> None:
        """Pause at least `pause` seconds between requests to the host of `url` (a crawl-delay),
        within the settings' bounds."""
        wanted = min(pause, self.settings.max_crawl_delay)
        pace = self._open_pools.pool(server_of(url)).pace
        pace.slow_down(max(self.settings.host_pause, wanted))

    @property
    def _open_pools(self) -> HostPools:
        if self._pools is None:
            raise RuntimeError("HttpClient is used outside of its `async with`")
        return self._pools

    async def _request(self, request: Request) -> Response:
        """One request in its host's turn."""
        proxy = self._proxies.proxy_for(request.url)
        self._rules.check_host(request.url.raw_host.decode("ascii"), proxied=proxy is not None)
        host = server_of(request.url)
        async with self._open_pools.acquire(host, patient=request.patient) as pool:
            now, had = asyncio.get_running_loop().time, request.deadline.left
            try:
                async with request.deadline.running():
                    response = await exchange(self._open_pools, pool, proxy, request)
            except TimeoutError as error:
                request.reservation.close()
                # Where a redirect came first and took most of the time, this host is not to blame.
                if had >= self.settings.total_timeout / 2:
                    pool.pace.unheard(now(), connected=True)
                raise Retry(
                    "timeout",
                    f"{request.url} did not finish within {self.settings.total_timeout:g} s.",
                ) from error
            except PressclipError as error:
                request.reservation.close()
                if isinstance(error, Retry) and error.name not in _ANSWERED:
                    pool.pace.unheard(now(), connected=not _unreached(error))
                raise
            page = self._page(str(request.url), str(request.url), response)
            rest = rest_asked_by(page, cap=self.settings.max_pause)
            if rest is not None:
                pool.pace.asked_to_rest(now(), rest)
                if self.cache is not None:
                    self.cache.remember_rest(host, self.clock() + timedelta(seconds=rest))
            return response

    def _remembered_rest(self, host: str) -> float:
        if self.cache is None:
            return 0.0
        # Bounded, because the clock may have jumped back since.
        return min(self.cache.rest_of(host, self.clock()), self.settings.max_pause)

    def _headers(self, url: httpx.URL, extra: Mapping[str, str], *, same_origin: bool) -> Headers:
        """What is sent to `url`: nothing about anyone, and no Referer."""
        ours = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self.settings.user_agent_header,
            "Accept": ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        for name, value in extra.items():
            private = name.lower() in _SAME_ORIGIN_ONLY and not same_origin
            # A validator comes from strangers: one that HTTP can't carry is left out.
            if private or name.lower() in _OURS or not _SENDABLE.fullmatch(value):
                continue
            ours[name.title()] = value.strip()
        return tuple((name, value) for name, value in ours.items())

    def _page(self, url: str, final_url: str, response: Response) -> Page:
        return Page(url, final_url, response.status, response.headers, response.body, self.clock())

    def _check_hops(self, url: str, hops: list[Hop], in_circle: bool) -> None:
        if in_circle:
            raise Drop(
                "redirect_loop",
                f"{url} redirects in a circle at {hops[-1].target}, also with the cookies that "
                "were set on the way.",
            )
        if len(hops) > self.settings.max_redirects:
            raise Drop(
                "too_many_redirects",
                f"{url} redirects more than {self.settings.max_redirects} times.",
            )


def _without_secrets(sent: Headers) -> Headers:
    return tuple(header for header in sent if header[0].lower() not in _SAME_ORIGIN_ONLY)


def read_url(url: str, *, base: httpx.URL | None = None) -> httpx.URL:
    """`url` as something that can be asked: absolute, http or https, without its fragment.

    Raises Drop("bad_url") for everything else, and for a URL with a user name in it.
    """
    shown = url if len(url) <= 200 else url[:200] + "…"
    if len(url) > MAX_LENGTH:
        raise Drop("bad_url", f"{shown!r} is not asked: it is {len(url)} characters long.")
    try:
        parsed = httpx.URL(url.strip()) if base is None else base.join(url.strip())
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise Drop("bad_url", f"{shown!r} is not a URL: {error}.") from error
    if parsed.scheme not in {"http", "https"}:
        raise Drop("bad_url", f"{shown!r} is not asked: it is not an http or https address.")
    # `example.com.` is the same host, but no certificate names it.
    host = parsed.raw_host.decode("ascii").rstrip(".")
    if not re.fullmatch(r"[0-9a-z_.:-]+", host, re.IGNORECASE) or ".." in host or len(host) > 253:
        raise Drop("bad_url", f"{shown!r} is not asked: it has no usable host name.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise Drop("bad_url", f"{shown!r} is not asked: there is no port {parsed.port}.")
    if parsed.userinfo:
        raise Drop(
            "bad_url",
            f"The address at {host} is not asked: it has a user name or password in it, and "
            "those are not sent.",
        )
    if "#" not in url and host == parsed.raw_host.decode("ascii"):
        return parsed  # copying parses it once more, which takes a while
    return parsed.copy_with(fragment=None, host=host)


def _unreached(error: Retry) -> bool:
    return error.name in _UNREACHED or isinstance(error.__cause__, httpcore.ConnectTimeout)


def server_of(url: httpx.URL) -> str:
    """What has a turn and a rhythm of its own: a host, with http and https together; a port of its
    own is a server of its own."""
    host = url.raw_host.decode("ascii")
    return host if url.port is None else f"{host}:{url.port}"


def _location(response: Response) -> str | None:
    """The Location header; servers that do not escape it write it in UTF-8."""
    value = next((value for name, value in response.headers if name == "location"), None)
    if value is None:
        return None
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return value


@contextmanager
def _on_the_way_from(url: str, hops: Sequence[Hop]) -> Iterator[None]:
    """Say in a refusal where the refused address came from, if a redirect led there."""
    try:
        yield
    except Drop as error:
        if not hops:
            raise
        raise Drop(error.name, f"{error} A redirect from {url} led there.") from error


def _same_origin(a: httpx.URL, b: httpx.URL) -> bool:
    return (a.scheme, a.raw_host, a.port) == (b.scheme, b.raw_host, b.port)
