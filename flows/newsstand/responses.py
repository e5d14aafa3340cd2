"""From a request to the bytes of a response: the HTTP rules, without the sockets (RFC 9110)."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import urlsplit

from flows.newsstand.press import Press, Reply
from flows.newsstand.rendering import render

_LINK = re.compile(
    r"(?P<before>(?:href|src|action)=[\"'])(?P<target>/(?!/)|http://(?=[\w.-]+\.example))"
)


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """The head of a request."""

    method: str
    target: str
    """As on the request line: absolute (proxy) or a path (direct)."""
    headers: tuple[tuple[str, str], ...]
    """Names in lower case."""
    keep_alive: bool

    @classmethod
    def parse(cls, head: bytes) -> ServedRequest | ServedResponse:
        """The request whose head ends in an empty line, or the 4xx response it deserves."""
        lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        words = lines[0].split(" ")
        pairs = [line.partition(":") for line in lines[1:]]
        if len(words) != 3 or words[2] not in {"HTTP/1.0", "HTTP/1.1"}:
            return ServedResponse.plain(400, "Not a request line of HTTP/1.1.")
        if any(not colon or not name or name != name.strip() for name, colon, _ in pairs):
            return ServedResponse.plain(400, "Not a header line.")
        headers = tuple((name.lower(), value.strip()) for name, _, value in pairs)
        held = dict(headers)
        if words[2] == "HTTP/1.1" and "host" not in held:
            return ServedResponse.plain(400, "A request of HTTP/1.1 names its host.")
        # Nothing here takes a body, so a connection that brings one is not read any further.
        body = "transfer-encoding" in held or held.get("content-length", "0") != "0"
        closing = "close" in held.get("connection", "").lower() or words[2] == "HTTP/1.0"
        return cls(words[0], words[1], headers, keep_alive=not (body or closing))

    def header(self, name: str) -> str | None:
        """The values of header `name` (lower case) in one line, or None."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class ServedResponse:
    """A response, ready to be written."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    head_only: bool = False
    """The answer to HEAD: Content-Length as for GET, and no body."""

    @classmethod
    def plain(cls, status: int, text: str, *headers: tuple[str, str]) -> ServedResponse:
        """A line of text for people."""
        return cls(
            status, (("Content-Type", "text/plain; charset=utf-8"), *headers), f"{text}\n".encode()
        )

    def encode(self, *, keep_alive: bool) -> bytes:
        """The bytes on the wire. A 304 has no body and no Content-Length (RFC 9110, 15.4.5)."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append(f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}")
        if self.status != 304:
            lines.append(f"Content-Length: {len(self.body)}")
        if not keep_alive:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head if self.head_only or self.status == 304 else head + self.body


def respond(press: Press, request: ServedRequest) -> ServedResponse:
    """What the press answers to `request`."""
    if request.method not in {"GET", "HEAD"}:
        return ServedResponse.plain(
            405, "This press is read with GET and HEAD.", ("Allow", "GET, HEAD")
        )
    return replace(_get(press, request), head_only=request.method == "HEAD")


def _get(press: Press, request: ServedRequest) -> ServedResponse:
    direct = request.target.startswith("/")
    url = f"http:/{request.target}" if direct else request.target
    try:
        parts = urlsplit(url)
    except ValueError:
        return ServedResponse.plain(400, "Not a URL.")
    if parts.scheme != "http":
        return ServedResponse.plain(400, "This press is reached over http only.")
    if direct and not parts.netloc:
        html = render("welcome.html", edition=press.edition, outlets=press.outlets)
        return _conditional(request, Reply(200, "text/html; charset=utf-8", html.encode()))
    reply = press.answer(url)
    if reply is None and direct:
        return ServedResponse.plain(404, "No such outlet; / lists them.")
    if reply is None:
        return ServedResponse.plain(502, "No outlet of the made-up press has this host name.")
    return _conditional(request, _for_browser(parts.netloc, reply) if direct else reply)


def _conditional(request: ServedRequest, reply: Reply) -> ServedResponse:
    headers = [("Content-Type", reply.content_type), *reply.headers]
    if reply.status != 200:
        return ServedResponse(reply.status, tuple(headers), reply.body)
    zipped = _accepts_gzip(request.header("accept-encoding"))
    body = gzip.compress(reply.body, mtime=0) if zipped else reply.body
    # Strong validators differ by coding (RFC 9110, 8.8.3.3).
    digest = blake2b(reply.body, digest_size=8).hexdigest()
    etag = f'"{digest}-gzip"' if zipped else f'"{digest}"'
    headers += [("ETag", etag), ("Vary", "Accept-Encoding")]
    if zipped:
        headers.append(("Content-Encoding", "gzip"))
    if reply.modified is not None:
        headers.append(("Last-Modified", format_datetime(reply.modified, usegmt=True)))
    if _unchanged(request, etag, reply.modified):
        return ServedResponse(304, tuple(h for h in headers if h[0] not in _NOT_IN_304), b"")
    return ServedResponse(200, tuple(headers), body)


_NOT_IN_304 = {"Content-Type", "Content-Encoding"}


def _unchanged(request: ServedRequest, etag: str, modified: datetime | None) -> bool:
    """RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
    tags = request.header("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return etag in known or "*" in known
    since = request.header("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _accepts_gzip(header: str | None) -> bool:
    for coding in (header or "").lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _for_browser(host: str, reply: Reply) -> Reply:
    """The reply with its links leading back to this server, for a client that knows no proxy."""
    headers = tuple(
        (name, value.replace("http://", "/", 1) if name == "Location" else value)
        for name, value in reply.headers
    )
    body = reply.body
    if reply.content_type.startswith("text/html"):
        html = body.decode("latin-1")
        body = _LINK.sub(lambda m: _local(m, host), html).encode("latin-1")
    return replace(reply, body=body, headers=headers)


def _local(match: re.Match[str], host: str) -> str:
    return match["before"] + (f"/{host}/" if match["target"] == "/" else "/")
