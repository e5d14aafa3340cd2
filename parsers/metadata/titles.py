"""The title: what the article is called, without the name of the site."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from parsers.lines import fold, normalise_lines
from parsers.metadata.facts import Facts, clean_value

_SEPARATOR = re.compile(r"\s+[|–—·•»«‹›:/~⋆]+\s+|\s+-{1,2}\s+|\s*[|｜]\s*|(?<=\S):\s+")
_GENERIC = frozenset(("home", "homepage", "index", "untitled", "news", "article", "startseite"))


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it came from."""

    value: str
    source: str


def read_title(tree: HtmlElement, facts: Facts, site_name: str | None) -> Found | None:
    """The article's title from the best place that states one."""
    headings = _headings(tree)
    for found in _candidates(facts, headings):
        value = cut_site_name(found.value, site_name, facts.html_title)
        if value and fold(value) not in _GENERIC and fold(value) != fold(site_name or ""):
            return Found(value, found.source)
    return None


def _candidates(facts: Facts, headings: list[str]) -> list[Found]:
    found: list[Found] = []
    og = facts.first("og:title")
    if og:
        found.append(Found(og[0], "og:title"))
    headline = clean_value(facts.article.get("headline"))
    if headline:
        found.append(Found(headline, "json-ld"))
    meta = facts.first("twitter:title", "dc.title", "dcterms.title", "citation_title", "headline")
    if meta:
        found.append(Found(*meta))
    if len(headings) == 1:
        found.append(Found(headings[0], "h1"))
    if facts.html_title:
        found.append(Found(facts.html_title, "title"))
    found.extend(Found(heading, "h1") for heading in headings)
    return found


def _headings(tree: HtmlElement) -> list[str]:
    texts = (" ".join(normalise_lines(h.text_content())) for h in tree.iter("h1"))
    return [text for text in texts if text]


def cut_site_name(title: str, site_name: str | None, html_title: str | None = None) -> str:
    """`title` without a leading or trailing part that is the site's name."""
    site = fold(site_name or "")
    parts = list(_SEPARATOR.finditer(title))
    if not parts or not site:
        return title
    first, last = title[: parts[0].start()], title[parts[-1].end() :]
    if _names_site(last, site):
        return title[: parts[-1].start()].strip()
    if _names_site(first, site):
        return title[parts[0].end() :].strip()
    return title


def _names_site(part: str, site: str) -> bool:
    folded = fold(part)
    squeezed, squeezed_site = folded.replace(" ", ""), site.replace(" ", "")
    return bool(folded) and (
        folded == site or squeezed == squeezed_site or squeezed.startswith(squeezed_site)
    )
