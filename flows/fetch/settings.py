"""What the HTTP client needs to know; built by `flows.settings`, the one reader of the
environment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Politeness, limits and exceptions. Times are seconds, sizes are bytes."""

    user_agent: str = "pressclip"
    """The product name, without version; robots.txt rules for this name apply to us."""
    version: str = "0.1"
    contact: str | None = None
    """A page or address where a site's owner learns who is asking; sent in User-Agent."""

    proxy: str | None = None
    """An http:// or https:// proxy for everything. None: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY
    and NO_PROXY decide, as they do for every well-behaved tool."""

    max_connections: int = 64
    """Requests in flight at once, over all hosts."""
    connections_per_host: int = 1
    host_pause: float = 1.0
    """Between the end of one request to a host and the start of the next."""
    max_pause: float = 86_400.0
    """The longest that a Retry-After can keep us from a host."""
    patience: float = 120.0
    """Rests that one host asks for are waited for up to so long altogether; where it asks for more,
    `Retry` says when it may be asked again."""

    connect_timeout: float = 10.0
    first_byte_timeout: float = 20.0
    """From the request until the last header of the answer."""
    read_timeout: float = 15.0
    """The longest silence within a body."""
    total_timeout: float = 60.0
    """One URL with all its redirects, without the waiting for the hosts' turns."""
    min_rate: float = 1024.0
    """Bytes a second; a body that comes more slowly is given up after `rate_grace`."""
    rate_grace: float = 10.0

    max_wire_bytes: int = 10_000_000
    """A body as it was sent."""
    max_unpacked_bytes: int = 20_000_000
    """A body after gzip, br or zstd is undone."""
    max_unpack_ratio: float = 250.0
    """Unpacked over wire, for bodies beyond a megabyte: text packs ten to twenty times, and
    deflate can't go beyond 1032."""
    memory_budget: int = 50_000_000
    """Bytes of bodies beyond a megabyte that are in hand at once: received or being received, and
    not parsed yet."""
    least_rate: float = 65_536.0
    """Bytes a second of a body beyond a megabyte, in any `rate_grace`; one that comes more slowly
    is given up where others wait for the memory that it takes."""
    max_header_bytes: int = 64_000
    max_redirects: int = 10

    allowed_networks: tuple[str, ...] = ()
    """Networks that may be asked although they are not public, such as `127.0.0.0/8`."""
    allowed_hosts: tuple[str, ...] = ()
    """Names that may be asked whatever address they have."""

    respect_robots: bool = True
    max_crawl_delay: float = 30.0
    """A robots.txt that asks for longer pauses gets this one."""

    @property
    def user_agent_header(self) -> str:
        """Such as `pressclip/0.1 (+https://example.org/about-our-reader)`."""
        contact = f" (+{self.contact})" if self.contact else ""
        return f"{self.user_agent}/{self.version}{contact}"
