"""The title: what the article is called, without the name of the site.

A page states its title in several places, some written for search engines or sharing. What
most places agree on, and the reader sees as the headline, is the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from parsers.metadata.facts import PageStatements, Sourced, clean_value
from parsers.text.lines import fold, normalise_lines

_SEPARATOR = re.compile(r"\s+(?:[|–—·•»«‹›:/~⋆]+|-{1,2})\s+|\s*[|｜]\s*|(?<=\S):\s+|\s*：\s*|\s*【")
_META = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "headline")
_GENERIC = frozenset(("home", "homepage", "index", "untitled", "news", "article", "startseite"))
_MAX_CHARS = 500
_HEADLINE_WEIGHT = 1.1
"""Where two titles have as many places each, the one the reader sees wins."""


def read_title(
    tree: HtmlElement, facts: PageStatements, site_names: Iterable[str]
) -> Sourced[str] | None:
    """The article's title and the first place that states it."""
    sites = {fold(name) for name in site_names} - {""}
    found = [
        Sourced(value, candidate.source)
        for candidate in _candidates(tree, facts)
        if len(candidate.value) <= _MAX_CHARS
        and (value := cut_site_name(candidate.value, sites))
        and fold(value) not in _GENERIC
        and fold(value) not in sites
    ]
    if not found:
        return None
    return max(found, key=lambda title: (_votes(title.value, found), -found.index(title)))


def _votes(title: str, found: list[Sourced[str]]) -> float:
    """How many places state `title`, alone or with something before or behind it cut off."""
    wanted = fold(title)
    places: dict[str, float] = {}
    for other in found:
        said = fold(other.value)
        if said == wanted or (
            other.source == "title" and len(wanted) > 15 and said.startswith(wanted + " ")
        ):
            places[other.source] = _HEADLINE_WEIGHT if other.source == "h1" else 1.0
    sharing = places.keys() & set(_META)
    return sum(places.values()) - max(0, len(sharing) - 1)


def _candidates(tree: HtmlElement, facts: PageStatements) -> list[Sourced[str]]:
    found = [Sourced(value, name) for name in _META[:1] for value in facts.meta.get(name, ())[:1]]
    headline = clean_value(facts.article.get("headline")) or clean_value(facts.article.get("name"))
    if headline:
        found.append(Sourced(headline, "json-ld"))
    found += [Sourced(value, name) for name in _META[1:] for value in facts.meta.get(name, ())[:1]]
    headings = [" ".join(normalise_lines(h.text_content())) for h in tree.iter("h1")]
    found += [Sourced(heading, "h1") for heading in headings[:5] if len(heading) > 3]
    if facts.html_title:
        found.append(Sourced(facts.html_title, "title"))
    return found


def cut_site_name(title: str, sites: set[str]) -> str:
    """`title` without a leading or trailing part that names the site.

    `sites` are folded names of the site (see `parsers.text.lines.fold`).
    """
    for separator in reversed(list(_SEPARATOR.finditer(title))):
        if _names_site(title[separator.end() :], sites) and separator.start():
            return cut_site_name(title[: separator.start()].strip(), sites)
    first = _SEPARATOR.search(title)
    if first and _names_site(title[: first.start()], sites) and title[first.end() :].strip():
        return title[first.end() :].strip()
    return title


def _names_site(part: str, sites: set[str]) -> bool:
    squeezed = fold(part).replace(" ", "")
    if len(squeezed) < 2:
        return False
    names = {site.replace(" ", "") for site in sites}
    return any(
        squeezed == name
        or (len(name) > 3 and (squeezed.startswith(name) and len(squeezed) < 2 * len(name) + 12))
        or (len(squeezed) > 4 and name.startswith(squeezed))
        for name in names
    )
