"""What the site is called, by everything that says so."""

from __future__ import annotations

from urllib.parse import urlsplit

from parsers.metadata.facts import PageStatements, Sourced, clean_value, node_types

_META = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "twitter:app:name:iphone",
)
_SITE_TYPES = frozenset(("WebSite", "NewsMediaOrganization"))


def read_site_names(facts: PageStatements, url: str) -> list[Sourced[str]]:
    """Names of the site, the most trusted first; the host's own label comes last."""
    found = [Sourced(value, name) for name in _META for value in facts.meta.get(name, ())[:1]]
    publisher = facts.article.get("publisher")
    for node in [publisher, *(n for n in facts.nodes if _SITE_TYPES & set(node_types(n)))]:
        name = clean_value(node.get("name")) if isinstance(node, dict) else clean_value(node)
        if name:
            found.append(Sourced(name, "json-ld"))
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    labels = host.split(".")
    if len(labels) > 1:
        found.append(Sourced(host, "url"))
        found.append(Sourced(max(labels[:-1], key=len), "url"))
    return found
