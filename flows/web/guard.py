"""Who may ask for pages, and how: everything is decided here, before any page is.

method ─▶ host ─▶ address ─▶ password ─▶ from which site ─▶ the page, its links below the root

A page on any site may have a browser send requests to this machine (DNS rebinding gives that site a
name for it), so only the names that are meant are answered.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.settings import Settings
from flows.web.passwords import Passwords, name_of
from parsers.errors import Drop

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

HEALTH = "/health"
"""Whether the pages are served."""
HEALTH_OF_COPY = "/health/copy"
"""Whether what they show can be read; the pages themselves answer."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d+)?", re.ASCII)
_LOOPBACK_NAME = "localhost"


@dataclass(frozen=True, slots=True)
class WebRules:
    """Who is answered."""

    host: str | None
    """The public name of the pages, besides loopback's."""
    netloc: str
    """The same as an address has it, with its port; empty: none."""
    root: str
    """The path that they are below, such as /press; empty: none."""
    password: str | None
    proxies: tuple[Network, ...]


def web_rules(settings: Settings) -> WebRules:
    """The rules that `settings` make; raises Drop("bad_setting") for what makes none."""
    host, netloc, root = None, "", ""
    if settings.web_root is not None:
        place = urlsplit(settings.web_root)
        if place.scheme not in {"http", "https"} or not place.hostname or place.query:
            raise Drop(
                "bad_setting",
                "PRESSCLIP_WEB_ROOT must be the address of the pages, such as "
                f"https://desk.example/press/; got {settings.web_root!r}.",
            )
        host = f"[{place.hostname}]" if ":" in place.hostname else place.hostname
        netloc, root = place.netloc.lower(), place.path.rstrip("/")
    return WebRules(
        host,
        netloc,
        root,
        settings.web_password,
        tuple(map(_network, settings.web_trusted_proxies)),
    )


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise Drop(
            "bad_setting",
            "PRESSCLIP_WEB_TRUSTED_PROXIES must be addresses or networks, such as 10.0.0.7 or "
            f"10.0.0.0/24, comma separated; got {text!r}.",
        ) from error


def refuse_exposed(rules: WebRules, host: str) -> None:
    """Raises Drop("exposed") where everybody who reaches `host` could read the desk."""
    if not (rules.password or rules.proxies or is_loopback(host)):
        raise Drop(
            "exposed",
            f"Everybody who reaches {host} could read this desk. Set PRESSCLIP_WEB_PASSWORD, or "
            "PRESSCLIP_WEB_TRUSTED_PROXIES where a proxy asks who they are; or listen on "
            "127.0.0.1.",
        )


def owner_of(rules: WebRules, host: str) -> str | None:
    """Under which name the connections of `host` count; those of a trusted proxy for nobody, since
    it has limits of its own."""
    address = _address(host)
    return None if _is_in(address, rules.proxies) else name_of(address)


def reader_of(request: Request) -> str:
    """Who asks, as far as anybody knows."""
    return name_of(_address(request.client.host) if request.client else None)


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine for itself only."""
    address = _address(host)
    if address is None:
        return host.lower() == _LOOPBACK_NAME
    return address.is_loopback


_WITH_PORT = re.compile(r"(\[[^\]]+\]|[0-9.]+):[0-9]+")
"""How some proxies name a visitor."""


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    # How a socket for both IPv6 and IPv4 calls addresses of IPv4.
    return getattr(address, "ipv4_mapped", None) or address


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Who asks, as far as it is believed."""

    peer: Address | None
    """At the other end of the connection."""
    client: Address | None
    """For whom the peer asks."""
    host: str
    scheme: str


def _visitor(scope: Scope, headers: Headers, proxies: tuple[Network, ...]) -> _Visitor:
    peer = _address(scope["client"][0]) if scope.get("client") else None
    host, scheme = headers.get("host", ""), str(scope["scheme"])
    if not _is_in(peer, proxies):
        return _Visitor(peer, peer, host, scheme)
    # The nearest proxy says the last; what comes before it the visitor may have said.
    forwarded = [
        _address(told[1] if (told := _WITH_PORT.fullmatch(part)) else part)
        for part in _parts(headers, "x-forwarded-for")
    ]
    client = next((one for one in reversed(forwarded) if not _is_in(one, proxies)), peer)
    host = ([host, *_parts(headers, "x-forwarded-host")])[-1]
    over = ([scheme, *_parts(headers, "x-forwarded-proto")])[-1].lower()
    return _Visitor(peer, client, host, over if over in {"http", "https"} else scheme)


def _parts(headers: Headers, name: str) -> list[str]:
    return [part.strip() for line in headers.getlist(name) for part in line.split(",")]


def _is_in(address: Address | None, networks: tuple[Network, ...]) -> bool:
    return address is not None and any(address in network for network in networks)


class Guard:
    """An ASGI app that lets those requests through to `app` which the rules allow."""

    def __init__(self, app: ASGIApp, rules: WebRules) -> None:
        self._app = app
        self._rules = rules
        self._passwords = Passwords(rules.password) if rules.password else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = Headers(scope=scope)
            visitor = _visitor(scope, headers, self._rules.proxies)
            answer = (
                _refused_request(scope, headers)
                or self._refused_visitor(visitor)
                or self._health(scope)
                or (
                    None
                    if self._is(scope, HEALTH_OF_COPY)
                    else self._refused_password(visitor, headers)
                )
                or _refused_site(scope, headers, {visitor.host.lower(), self._rules.netloc} - {""})
                or self._led_to_root(scope)
            )
            await (answer or self._page)(self._seen(scope, visitor), receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _seen(self, scope: Scope, visitor: _Visitor) -> Scope:
        """The request as the pages see it: its path below the root, whether or not a proxy has
        taken that off, and what is believed of who asks."""
        root, path = self._rules.root, scope["path"]
        below = path if path == root or path.startswith(f"{root}/") else root + path
        headers = MutableHeaders(raw=list(scope["headers"]))
        headers["host"] = visitor.host
        client = (str(visitor.client), 0) if visitor.client else None
        return {
            **scope,
            "root_path": root,
            "path": below,
            "headers": headers.raw,
            "scheme": visitor.scheme,
            "client": client,
        }

    def _refused_visitor(self, visitor: _Visitor) -> Response | None:
        name = _HOST.fullmatch(visitor.host)
        if not name or not (is_loopback(name[1]) or name[1].lower() == self._rules.host):
            return _refusal(
                421,
                "These pages have another address. The one that they are to be read at is said by "
                "PRESSCLIP_WEB_ROOT.",
            )
        ours = visitor.peer is not None and (
            visitor.peer.is_loopback or _is_in(visitor.peer, self._rules.proxies)
        )
        if self._passwords is None and not ours:
            return _refusal(403, "These pages are read through their proxy only.")
        return None

    def _health(self, scope: Scope) -> Response | None:
        return PlainTextResponse("ok\n", headers=_HEADERS) if self._is(scope, HEALTH) else None

    def _is(self, scope: Scope, path: str) -> bool:
        return scope["path"] in {path, self._rules.root + path}

    def _refused_password(self, visitor: _Visitor, headers: Headers) -> Response | None:
        if self._passwords is None:
            return None
        verdict = self._passwords.judge(visitor.client, headers.get("authorization"))
        if verdict.wait:
            wait = str(int(verdict.wait) + 1)
            return _refusal(429, "Too many wrong passwords; wait a minute.", {"Retry-After": wait})
        if not verdict.right:
            asked = {"WWW-Authenticate": 'Basic realm="pressclip", charset="UTF-8"'}
            return _refusal(401, "A password is needed; any user name will do.", asked)
        return None

    def _led_to_root(self, scope: Scope) -> Response | None:
        if self._rules.root and scope["path"] == self._rules.root:
            return RedirectResponse(f"{self._rules.root}/", 307, _HEADERS)
        return None


def _refused_request(scope: Scope, headers: Headers) -> Response | None:
    if scope["method"] not in {"GET", "HEAD"}:
        return _refusal(405, "Nothing can be changed here.", {"Allow": "GET, HEAD"}, scope)
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        return _refusal(400, "A question has no body here.", scope=scope)
    return None


def _refused_site(scope: Scope, headers: Headers, ours: Set[str]) -> Response | None:
    """Other sites may link to pages; they may not have a browser fetch, frame or prefetch them
    (web.dev/articles/fetch-metadata). `ours` are the names that these pages are read under."""
    site = headers.get("sec-fetch-site")
    if site is None:
        return _refused_unsaid(scope, headers, ours)
    asked = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    follows = asked == ("navigate", "document") and "sec-purpose" not in headers
    return None if site in {"same-origin", "none"} or follows else _refusal(403, _ONLY_LINKS)


_ONLY_LINKS = "Other sites may link to these pages, and nothing else."


def _refused_unsaid(scope: Scope, headers: Headers, ours: Set[str]) -> Response | None:
    """Browsers do not say for whom they ask where pages are read over plain HTTP under another name
    than loopback's. What fetches says its Origin; a picture says nothing, as a link that somebody
    typed, so a question in SQL is run only where one of our own pages leads to it."""
    origin, referer = headers.get("origin"), _netloc(headers.get("referer", ""))
    reads = "text/html" in headers.get("accept", "")
    if (origin and _netloc(origin) not in ours) or (referer not in {"", *ours} and not reads):
        return _refusal(403, _ONLY_LINKS)
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("q")
    is_browser = headers.get("user-agent", "").startswith("Mozilla/")
    if not asked or "/ask" not in scope["path"] or referer in ours or not is_browser:
        return None
    return (
        HTMLResponse(_not_run_yet(asked), headers=_HEADERS) if reads else _refusal(403, _ONLY_LINKS)
    )


def _netloc(url: str) -> str:
    """The host of `url`, with its port; that of nobody where it is no URL."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return "?"


def _not_run_yet(sql: str) -> str:
    """A page that leads on to the same address, as one of ours."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Ask · Pressclip</title>'
        "<p>This question comes from elsewhere, and was not run yet.</p>"
        f'<pre>{escape(sql)}</pre><p><a href="">Run it</a></p></html>'
    )


def _refusal(
    status: int, text: str, headers: Mapping[str, str] = {}, scope: Scope | None = None
) -> Response:
    """`scope` is given where a body may follow: the connection is closed, or the server would go on
    reading what nobody wants."""
    closing = {"Connection": "close"} if scope and scope["http_version"] != "2" else {}
    return PlainTextResponse(f"{text}\n", status, {**_HEADERS, **headers, **closing})
