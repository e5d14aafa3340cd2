"""Which address is the article's identity, among those that a page states."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from parsers.metadata.facts import PageStatements
from parsers.sites import site_of
from parsers.urls import canonical_or_none, host_of, same_site, tenant_of


def read_address(facts: PageStatements, url: str, text: str) -> tuple[str, str | None]:
    """(canonical URL, syndication URL) of a page read at `url`.

    A canonical link is believed where it stays on the page's own site and doesn't point at the
    front page or a section above the page, as broken templates do; one to another host is a claim
    of syndication. A page without any address is named by its text.
    """
    own = canonical_or_none(url)
    stated = facts.canonical or next(iter(facts.meta.get("og:url", ())), None)
    target = _joined(url, stated) if stated else ""
    claimed = canonical_or_none(target) if stated else None
    if own is None:
        return claimed or content_urn(text), None
    if claimed is None or claimed == own:
        return own, None
    if not _one_tenant(target, url):
        return own, claimed
    return (own if _is_above(claimed, own) else claimed), None


def _one_tenant(target: str, url: str) -> bool:
    """Whether two addresses are of one site and one tenant of it: of hosts whose names others can
    register below, and of paths that others can have."""
    if not same_site(target, url) or tenant_of(target) != tenant_of(url):
        return False
    return site_of(host_of(target)) == site_of(host_of(url))


def content_urn(text: str) -> str:
    """The name of a text that has no address."""
    return "urn:sha256:" + sha256(text.encode("utf-8", "replace")).hexdigest()


def _is_above(claimed: str, own: str) -> bool:
    """Whether `claimed` is the front page, or a section that holds the page `own`."""
    above, below = (urlsplit(url).path.strip("/") for url in (claimed, own))
    if urlsplit(claimed).query:
        return False
    return (not above and bool(below)) or below.startswith(above + "/")


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url
