"""Canonical URLs: the identity of an article.

A canonical URL is a name, not an address to fetch: `Article.url` says where the text was read.
All spellings of one address give one name, and two articles never share one:

    address ─▶ absolute (RFC 3986 §5) ─▶ scheme, host, port ─▶ path ─▶ query ─▶ fragment
            ─▶ unwrapped (AMP caches, search results) ─▶ name

- **Scheme.** `https` wherever the port is the scheme's own: no publisher serves another article
  under the other scheme, and feeds and pages disagree about it for years. A port that is spelled
  out serves one scheme only, so there the scheme stays.
- **Host.** Lower case, punycode, no trailing dot, no user name, and without its first label where
  that names a device (`www`, `m`, `amp` …): which of them a feed links to changes with the reader.
- **Path.** Case kept. Unreserved characters unescaped, all others escaped in capitals (RFC 3986
  §6.2.2), dot segments removed, trailing slash, index file, AMP form and session id dropped.
- **Query.** Tracking dropped; the rest sorted by name, because servers read it as a set; equal
  names keep their order. Sorting never makes two articles one: sites that give order a meaning
  would break in every cache on the way.
- **Fragment.** Dropped unless it is a route (`#!/story`, `#/story`), which names another document.

What is dropped is data: `parsers/data/urls.toml`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from unicodedata import normalize
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from parsers.errors import Drop
from parsers.url_rules import RULES

MAX_LENGTH = 8192
"""Characters. Servers refuse longer request lines (RFC 9112 §3 asks for 8,000 octets at least)."""

_SUB_DELIMS = "!$&'()*+,;="
_PATH_SAFE = _SUB_DELIMS + ":@/%"
_QUERY_SAFE = _SUB_DELIMS + ":@/?%"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CONTROLS = "".join(map(chr, range(33)))
_DOTS = re.compile("[\u3002\uff0e\uff61]")
"""Full stops of other scripts that end a label too (UTS 46)."""
_KNOWN = 512
"""Addresses whose form is kept: that of a page is asked for several times while it is read."""


@lru_cache(_KNOWN)
def canonical_url(url: str, base: str | None = None) -> str:
    """The canonical form of `url`, resolved against `base` where it is relative.

    Applying it twice changes nothing. Raises Drop("bad_url") for what is not an absolute http
    or https URL.
    """
    address = _absolute(url, base)
    while True:
        name = _normalised(address)
        # The address first: normalising takes away `/amp`, by which some wrappers are known. But
        # the name too, or a wrapper that only shows itself there would be unwrapped next time.
        inner = _unwrapped(address) or _unwrapped(name)
        # Every round makes the name shorter, so this ends.
        if inner is None or len(_normalised(inner)) >= len(name):
            return name
        address = inner


def canonical_or_none(url: str) -> str | None:
    """The canonical form of an absolute `url`; None for what can't be used as a link."""
    try:
        return canonical_url(url)
    except Drop:
        return None


def host_of(url: str) -> str:
    """The host of an absolute URL in lower case and punycode, without its port.

    Raises Drop("bad_url") like `canonical_url`.
    """
    return _host(_absolute(url, None))[0]


def plain_address(url: str) -> str:
    """One spelling for all that RFC 3986 calls equal (sections 6.2.2 and 6.2.3): small letters in
    scheme and host, no port of the scheme's own, no escapes that are not needed, no dot segments.
    What is no address stays as it is."""
    try:
        address = _absolute(url, None)
        host, port = _host(address)
    except Drop:
        return url
    parts = urlsplit(address)
    user = parts.netloc.rpartition("@")[0]
    shown = "" if port is None or port == _DEFAULT_PORTS[parts.scheme] else f":{port}"
    path = _without_dot_segments(_escaped(parts.path, _PATH_SAFE)) if parts.path else "/"
    # An empty query is another address than none (section 6.2.3).
    asked = parts.query or address.partition("#")[0].endswith("?")
    query = f"?{_escaped(parts.query, _QUERY_SAFE)}" if asked else ""
    return f"{parts.scheme}://{user}{'@' if user else ''}{host}{shown}{path}{query}"


def same_site(a: str, b: str) -> bool:
    """Whether two URLs name hosts of one site for different devices (www, m, amp …), at one port.

    Other hosts of one owner (`blog.` and `shop.`) are different sites: nothing in a name says
    who owns it; and what answers at another port may be another's server. A URL that is none has no
    site.
    """
    try:
        return _server(a) == _server(b)
    except Drop:
        return False


def _server(url: str) -> tuple[str, int | None]:
    address = _absolute(url, None)
    host, port = _host(address)
    return _site(host), None if port in _DEFAULT_PORTS.values() else port


def tenant_of(url: str) -> str | None:
    """Who has the part of a site that a URL is in, where the site lets many have one; else None."""
    try:
        address = _absolute(url, None)
        host, path = _host(address)[0], _path(urlsplit(address).path)
    except Drop:
        return None
    found = (rule.path.match(path) for rule in RULES.tenants if rule.host.fullmatch(host))
    return next((match[1].lower() for match in found if match), None)


def is_wrapper(url: str) -> bool:
    """Whether `url` is a search service's link that hides the article behind it.

    Such a link is no identity: what it leads to has to be asked for. Links that carry the
    article's address in them are none; `canonical_url` unwraps them.
    """
    try:
        address = _absolute(direct_link(url), None)
        host, path = _host(address)[0], urlsplit(address).path
    except Drop:
        return False
    return any(rule.host.fullmatch(host) and rule.path.fullmatch(path) for rule in RULES.opaque)


def direct_link(url: str) -> str:
    """The address to ask for instead of `url`: the one it wraps, where its text tells it; else
    `url` itself, whatever it is."""
    address = url
    try:
        while (inner := _unwrapped(_absolute(address, None))) and len(inner) < len(address):
            address = inner
    except Drop:
        return address
    return address


def _absolute(url: str, base: str | None) -> str:
    """`url` made absolute, cleaned as browsers do (WHATWG URL §4.4: trim, drop tabs and breaks)."""
    cleaned = re.sub(r"[\t\r\n]", "", url.strip(_CONTROLS))
    if len(cleaned) > MAX_LENGTH:
        raise _bad(url, f"it is longer than {MAX_LENGTH} characters")
    try:
        joined = urljoin(base, cleaned) if base else cleaned
        parts = urlsplit(joined)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _bad(url, str(error)) from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise _bad(url, "it does not begin with http:// or https://")
    if not host:
        raise _bad(url, "it names no host")
    return joined


def _unwrapped(address: str) -> str | None:
    """The address that an address only wraps, where its text tells it; None otherwise."""
    host, parts = _host(address)[0], urlsplit(address)
    for rule in RULES.wrappers:
        found = rule.host.fullmatch(host) and rule.path.fullmatch(parts.path)
        inner = rule.target(found, parts.query) if found else None
        if inner is None:
            continue
        try:
            target = _absolute(inner, None)
            _host(target)
        except Drop:
            continue
        return target
    return None


def _normalised(url: str) -> str:
    parts = urlsplit(url)
    host, port = _host(url)
    scheme = parts.scheme
    if port is None or port == _DEFAULT_PORTS[scheme]:
        scheme, authority = "https", _site(host)
    else:
        authority = f"{_site(host)}:{port}"
    query = _query(parts.query)
    fragment = _fragment(parts.fragment)
    return f"{scheme}://{authority}{_path(parts.path)}{query}{fragment}"


def _host(url: str) -> tuple[str, int | None]:
    """Host and port of an absolute URL; internationalised names in punycode.

    UTS 46 without its table: compatibility forms folded, lower case, then punycode. That keeps
    ß and ς apart from ss and σ, as IDNA 2008 and browsers do.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        try:
            return f"[{IPv6Address(host.partition('%')[0]).compressed}]", parts.port
        except AddressValueError as error:
            raise _bad(url, f"{host} is no IPv6 address") from error
    if "%" in host:
        host = unquote_to_bytes(host).decode("utf-8", "replace")
    folded = _DOTS.sub(".", normalize("NFKC", host).lower()).rstrip(".")
    labels = [
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in normalize("NFC", folded).split(".")
    ]
    name = ".".join(labels)
    if not _HOST.fullmatch(name) or len(name) > 253:
        raise _bad(url, f"{host!r} is no host name")
    return name, parts.port


def _site(host: str) -> str:
    """`host` without labels that name a device; at least two labels stay (`m.com` is a site)."""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in RULES.device_labels and not labels[-1].isdigit():
        labels = labels[1:]
    return ".".join(labels)


@lru_cache(_KNOWN)
def _path(path: str) -> str:
    changed = _escaped(path.replace("\\", "/"), _PATH_SAFE)
    current = ""
    # What one rule leaves may be another's case (`/.;sid=1`); every rule but the dots' shortens.
    while changed != current:
        current = changed
        changed = _without_dot_segments(changed)
        for rule in RULES.paths:
            changed = rule.pattern.sub(rule.replace, changed)
    return current or "/"


def _query(query: str) -> str:
    pairs = []
    for piece in _escaped(query, _QUERY_SAFE).split("&"):
        # A link that was escaped twice: `?a=1&amp;b=2`.
        pair = re.sub(r"^(?:amp;)+", "", piece)
        name, _, value = pair.partition("=")
        if pair.strip("=") and not RULES.drops(name, value):
            pairs.append(pair)
    pairs.sort(key=lambda pair: pair.partition("=")[0])
    return "?" + "&".join(pairs) if pairs else ""


def _fragment(fragment: str) -> str:
    """The fragment where it is a route of a page that shows many articles, else nothing."""
    route = re.match(r"!?/?[^/!]", fragment)
    if route is None or fragment[0] not in "!/":
        return ""
    return "#" + _escaped(fragment, _QUERY_SAFE)


def _escaped(text: str, safe: str) -> str:
    """`text` with percent-encoding normalised (RFC 3986 §6.2.2.1 and §6.2.2.2)."""
    whole = _STRAY_PERCENT.sub("%25", text)
    return _ESCAPE.sub(_normal_escape, quote(whole, safe=safe, errors="replace"))


def _normal_escape(match: re.Match[str]) -> str:
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"


def _without_dot_segments(path: str) -> str:
    """RFC 3986 §5.2.4, for a path that starts with a slash or is empty."""
    output: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del output[-1:]
        elif segment != ".":
            output.append(segment)
    if segments[-1] in {".", ".."}:
        output.append("")
    return "/" + "/".join(output)


def _bad(url: str, why: str) -> Drop:
    return Drop("bad_url", f"{url[:200]!r} can't be used as a link: {why}.")
