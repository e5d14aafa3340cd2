"""Which proxy, if any, a request goes through.

The environment's rules (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY in either case, and
their traps) are the standard library's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.request import getproxies, proxy_bypass

import httpx

from parsers.errors import Quarantine


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies for each scheme, read once when the client starts."""

    by_scheme: tuple[tuple[str, str], ...]
    """(`http` or `https`, proxy URL) pairs."""
    no_proxy: str = ""

    @classmethod
    def explicit(cls, url: str) -> Proxies:
        """One proxy for everything."""
        return cls((("http", _checked(url)), ("https", _checked(url))))

    @classmethod
    def from_environment(cls) -> Proxies:
        """What HTTP_PROXY and its siblings say."""
        found = getproxies()
        # ALL_PROXY is for the schemes that have none of their own; it may name a kind of proxy
        # that is of no use to us and harms nobody as long as it is not needed.
        chosen = {scheme: found.get(scheme) or found.get("all") for scheme in ("http", "https")}
        return cls(
            tuple((scheme, _checked(proxy)) for scheme, proxy in chosen.items() if proxy),
            found.get("no", ""),
        )

    def proxy_for(self, url: httpx.URL) -> str | None:
        """The proxy for `url`, or None to go straight there."""
        proxy = dict(self.by_scheme).get(url.scheme)
        if proxy is None:
            return None
        host = url.raw_host.decode("ascii")
        if url.port is not None and ":" not in host:
            host = f"{host}:{url.port}"  # NO_PROXY may name a port
        return None if proxy_bypass(host, {"no": self.no_proxy}) else proxy


def _checked(proxy: str) -> str:
    """`proxy` as a URL; raises Quarantine("bad_proxy") for what can't be used as one."""
    shown = re.sub(r"//[^/]*@", "//…@", proxy)  # without its password
    try:
        url = httpx.URL(proxy if "://" in proxy else f"http://{proxy}")
    except httpx.InvalidURL as error:
        raise Quarantine("bad_proxy", f"The proxy {shown!r} is not a URL: {error}.") from error
    if url.scheme not in {"http", "https"} or not url.host or "%" in url.host:
        raise Quarantine(
            "bad_proxy",
            f"The proxy {shown!r} can't be used: give one that starts with http:// or https://.",
        )
    return str(url)
