"""Who wrote it: names of people or newsrooms, without prepositions, roles and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from parsers.metadata.facts import Node, PageStatements, Sourced, clean_value
from parsers.text.lines import fold

_META = (
    "author",
    "article:author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "dc:creator",
    "creator",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "og:article:author",
    "authors",
)
_BY = re.compile(
    r"^\W*(?:written by|story by|report by|posted by|published by|by|von|text von|ein text von|"
    r"eine analyse von|ein kommentar von|interview von|par|propos recueillis par|por|escrito por|"
    r"di|a cura di|door|geschreven door|af|av|tekst|oleh|ditulis oleh|penulis|reporter|laporan|"
    r"text|texte|autor(?:in)?|author|redacción|redazione di|автор|текст|yazan)\b\s*:?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[;|/·•\n]|,(?!\s*(?:jr|sr)\b)|\s(?:and|und|et|y|e|en|og|och|dan|&|with|mit)\s)\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|\S+@\S+|/", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:staff|senior|chief|deputy|reporter|writer|editor|correspondent|journalist|columnist|"
    r"contributor|producer|photographer|redakteur(?:in)?|korrespondent(?:in)?|journaliste|"
    r"periodista|redactor|redattore|wartawan|jurnalis|kontributor|penyunting|min(?:ute)?s?|"
    r"updated|published|veröffentlicht|aktualisiert|januar[iy]?|februar[iy]?|uhr|wib)\b|\d{2}",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    (
        "admin",
        "administrator",
        "webmaster",
        "editor",
        "redaksi web",
        "author",
        "null",
        "none",
        "undefined",
        "user",
        "guest",
        "unknown",
    )
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|authors|autor|autoren|auteur|penulis)(?:[\s_-]+(?:name|names|link|by))?(?:$|\s)|author-?_?name|byline__?(?:name|author)|authorname",
    re.IGNORECASE,
)
_NAME_LIMIT = 60
_BYLINE_LIMIT = 160


def read_authors(
    tree: HtmlElement, facts: PageStatements, site_names: Iterable[str]
) -> Sourced[tuple[str, ...]] | None:
    """The authors from the best place that names any; the site itself only where it is alone."""
    sites = {fold(name) for name in site_names}
    fallback: Sourced[tuple[str, ...]] | None = None
    for raw, source in _candidates(tree, facts):
        if source == "byline" and fallback is not None:
            break
        names = {fold(name): name for byline in raw for name in split_names(byline)}
        people = tuple(name for folded, name in names.items() if folded not in sites)
        if fallback is not None and not all(" " in name for name in people):
            # The page named its newsroom; only full names are better than that.
            continue
        if people:
            return Sourced(people, source)
        if names and fallback is None:
            fallback = Sourced(tuple(names.values()), source)
    return fallback


def _candidates(tree: HtmlElement, facts: PageStatements) -> Iterator[tuple[list[str], str]]:
    yield list(_node_names(facts.article.get("author"), facts)), "json-ld"
    for name in _META:
        yield list(facts.meta.get(name, ())), name
    yield list(_bylines(tree)), "byline"


def _node_names(value: object, facts: PageStatements) -> Iterator[str]:
    """Names in a JSON-LD author: a string, an object, or a list of either."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            said = item.get("name") or _referred(item, facts).get("name")
            names = said if isinstance(said, list) else [said]
            yield from (name for name in names if isinstance(name, str))
        elif isinstance(item, str):
            yield item


def _referred(item: Node, facts: PageStatements) -> Node:
    wanted = item.get("@id")
    return next((n for n in facts.nodes if wanted and n.get("@id") == wanted and "name" in n), {})


def _bylines(tree: HtmlElement) -> Iterator[str]:
    """Texts of the first elements that are marked up as a byline."""
    for element in tree.iter("a", "span", "div", "p", "address", "strong", "li", "cite", "small"):
        rel = element.get("rel") or ""
        prop = element.get("itemprop") or ""
        if (
            "author" in rel.split()
            or "author" in prop.split()
            or _NAMED.search(element.get("class") or "")
        ):
            text = clean_value(element.text_content())
            if text and len(text) <= _BYLINE_LIMIT and split_names(text):
                yield text
                return


def split_names(text: str) -> list[str]:
    """The names in a byline such as "By Jane Doe and John Roe, Staff Writers"."""
    cleaned = clean_value(text) or ""
    if _ADDRESS.match(cleaned):
        return []
    cleaned = _BY.sub("", _BY.sub("", cleaned))
    parts = (part.strip(" ,;:-–—.") for part in _SPLIT.split(cleaned))
    return [part for part in parts if _is_name(part)]


def _is_name(part: str) -> bool:
    if not 2 <= len(part) <= _NAME_LIMIT or len(part.split()) > 6:
        return False
    if _ADDRESS.search(part) or _ROLE.search(part) or fold(part) in _NOBODY:
        return False
    return any(character.isalpha() for character in part)
