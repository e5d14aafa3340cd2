"""What a request brought: a page, and the way to it, with the cookies that were set on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import httpx

from flows.fetch.pacing import retry_after
from parsers.errors import Drop, Retry
from parsers.records import Page
from parsers.text.dates import parse_date

Headers = tuple[tuple[str, str], ...]

_NO_WHOLE_PAGE = frozenset({204, 205, 206})
"""Successes that bring no page (RFC 9110, sections 15.3.5 and 15.3.6), or a part of one that nobody
asked for (15.3.7): half an article would be stored as a whole one."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed."""

    status: int
    """301 and 308 say that the thing moved for good, the others do not."""
    url: str
    """The address that redirected."""
    target: str
    """The address it pointed to."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page and the way to it."""

    page: Page
    hops: tuple[Hop, ...] = ()
    sent: Headers = ()
    """The headers of the last request, without those that may hold secrets."""
    packed: bytes = b""
    """The body as it came over the wire, its content coding not undone."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie as RFC 6265 has them (section 5.3)."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool


class CookiesOfWay:
    """What servers set on the way to one page, and get back on that way only: some sites lead
    whoever brings no cookie round in a circle. It ends with the way; nothing is kept."""

    MOST = 50
    LONGEST = 4096
    """Characters of one cookie."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], Cookie] = {}

    def take(self, url: httpx.URL, headers: Headers, now: datetime) -> None:
        """Keeps what the answer of `url` sets."""
        for name, value in headers:
            if name != "set-cookie" or len(value) > self.LONGEST:
                continue
            attributes = _attributes(value)
            cookie = _cookie(url, value.partition(";")[0], attributes)
            if cookie is None:
                continue
            key = (cookie.name, cookie.domain, cookie.path)
            self._cookies.pop(key, None)
            if not _is_over(attributes, now) and len(self._cookies) < self.MOST:
                self._cookies[key] = cookie

    def header(self, url: httpx.URL) -> str | None:
        """What is sent along to `url`; None where that is nothing."""
        host, path = url.raw_host.decode("ascii").lower(), url.path or "/"
        fitting = (
            cookie
            for cookie in self._cookies.values()
            if (host == cookie.domain if cookie.host_only else _in_domain(host, cookie.domain))
            and _in_path(path, cookie.path)
            and (url.scheme == "https" or not cookie.secure)
        )
        # Longer paths first (section 5.4).
        ordered = sorted(fitting, key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in ordered) or None


_PLAIN = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")
"""What can be sent back without harm."""


def _attributes(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _cookie(url: httpx.URL, pair: str, attributes: dict[str, str]) -> Cookie | None:
    """The cookie, if its server may set it (section 5.3)."""
    name, equals, value = (part.strip() for part in pair.partition("="))
    if not name or not equals or not _PLAIN.fullmatch(f"{name}={value}"):
        return None
    host, secure = url.raw_host.decode("ascii").lower(), "secure" in attributes
    if secure and url.scheme != "https":
        return None
    domain = attributes.get("domain", "").lower().removeprefix(".")
    if domain and domain != host and not _may_set(host, domain):
        return None
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = (url.path or "/").rpartition("/")[0] or "/"
    return Cookie(name, value, domain or host, not domain or domain == host, path, secure)


def _may_set(host: str, domain: str) -> bool:
    """Whether `host` speaks for all of `domain`: not for a country's names, nor for others."""
    # The Public Suffix List takes a while to import, and next to no redirect needs it.
    from parsers.sites import site_of  # noqa: PLC0415

    return _in_domain(host, domain) and _in_domain(domain, site_of(host))


def _in_domain(host: str, domain: str) -> bool:
    return host == domain or (host.endswith(f".{domain}") and not host[-1:].isdigit())


def _in_path(path: str, of: str) -> bool:
    """Section 5.1.4."""
    return path == of or path.startswith(of if of.endswith("/") else f"{of}/")


def _is_over(attributes: dict[str, str], now: datetime) -> bool:
    """Whether a cookie is set in order to be forgotten."""
    age = attributes.get("max-age", "")
    if re.fullmatch(r"-?\d{1,10}", age):
        return int(age) <= 0
    expires = attributes.get("expires")
    if expires is None:
        return False
    until = parse_date(expires)
    return until < now if until else " 1970" in expires or "-1970" in expires


def require_body(page: Page) -> None:
    """Passes a page that brings a body to parse; raises for every other answer, named
    `http_<status>`: Retry for those that pass, Drop for those that stay."""
    if 200 <= page.status < 300 and page.status not in _NO_WHOLE_PAGE:
        return
    name = f"http_{page.status}"
    message = f"{page.final_url} answered {page.status}"
    if page.status in {206, 408, 425, 429} or page.status >= 500:
        raise Retry(name, f"{message}; it will be tried again.", after=retry_after(page))
    raise Drop(name, f"{message}, so there is no article to read.")
