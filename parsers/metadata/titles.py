"""The title: what the article is called, without the name of the site.

A page states its title in several places, some written for search engines or sharing. What
most places agree on, and the reader sees as the headline, is the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from parsers.metadata.facts import PageStatements, Sourced, clean_value
from parsers.metadata.surroundings import is_among_others
from parsers.text.lines import fold

_BAR = re.compile(r"\s+[|–—·•»«-]{1,2}\s+|\s*[|｜]\s*|--+")
_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SEPARATOR = re.compile(
    r"\s+(?:[|–—·•»«‹›:/~⋆]+|-{1,2})\s+|\s*[|｜]\s*|(?<=\S):\s+|\s*：\s*|\s*【|--+|\s*[_–—]\s*(?=[\u3400-\u9fff])"
)
_META = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "headline")
_GENERIC = frozenset(("home", "homepage", "index", "untitled", "news", "article", "startseite"))
_MIN_CHARS, _MAX_CHARS = 3, 500
_MAX_HEADINGS = 40
_FEW_WORDS = 2
_TITLE_CHARS = 15
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BREAKS = frozenset(("br", "div", "p", "small", "h2", "h3"))
_ALIKE = 0.22
"""The share of words that a headline has in common with another title of its article."""
_PARAGRAPH = 160
"""Signs from which on a paragraph is the article's text."""
_HEADLINE_WEIGHT = 1.1
"""Where two titles have as many places each, the one the reader sees wins."""


def find_headline(
    tree: HtmlElement, facts: PageStatements, site_names: Iterable[str]
) -> HtmlElement | None:
    """The element that readers see as the headline: of the first-order headings that don't name the
    site the one most like the titles that the page states, or a lower one that is one of them."""
    sites = {fold(name) for name in site_names} - {""}
    titles = tuple(dict.fromkeys((*facts.titles[:6], *facts.meta.get("og:title", ())[:1])))
    stated = [_words(cut_site_name(value, sites)) for value in titles]
    parts = [_parts(value) for value in titles]
    best: HtmlElement | None = None
    best_likeness = -1.0
    for heading in islice(tree.iter("h1"), _MAX_HEADINGS):
        text = _text(heading)
        if len(text) <= _MIN_CHARS or len(text) > _MAX_CHARS or _is_no_title(text, sites):
            continue
        words = _words(text)
        likeness = max((_likeness(words, other) for other in stated), default=0.0)
        if len(words) <= _FEW_WORDS and not any(fold(text) in part for part in parts):
            likeness = min(likeness, 0.0)
        if likeness > best_likeness:
            best, best_likeness = heading, likeness
    # Of a title in two parts the first-order heading may be the part that names the site.
    shown = fold(_text(best)) if best is not None else ""
    wanted = {
        part
        for said in parts
        for part in said
        if part != shown
        and len(part.split()) > _FEW_WORDS
        and (best_likeness < _ALIKE or shown in said)
    }
    lower = list(islice(tree.iter("h2", "h3"), _MAX_HEADINGS)) if wanted or best is None else []
    exact = next((heading for heading in lower if fold(_text(heading)) in wanted), best)
    if exact is not None or not lower:
        return exact
    likely = (each for each in _before_text(tree, lower) if _is_nearly_one(_text(each), stated))
    return next(likely, None)


def _before_text(tree: HtmlElement, lower: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    """The `lower` headings up to the first paragraph: none of those that lead to other articles."""
    headings = set(lower)
    for element in tree.iter("h2", "h3", "p"):
        if is_among_others(element):
            continue
        if element in headings:
            links = (element.find(".//a"), next(element.iterancestors("a"), None))
            if links == (None, None):
                yield element
        elif element.tag == "p" and len(element.text_content()) > _PARAGRAPH:
            return


def _is_nearly_one(text: str, stated: Sequence[set[str]]) -> bool:
    """Whether a heading has the words of a stated title, one of them more or less."""
    words = _words(text)
    return len(words) > _FEW_WORDS and any(
        len(other) > _FEW_WORDS and len(words ^ other) <= 1 for other in stated
    )


def _parts(title: str) -> set[str]:
    """A title, what stands before each of its separators and what stands behind, folded."""
    found = {fold(title)}
    for separator in _SEPARATOR.finditer(title):
        found |= {fold(title[: separator.start()]), fold(title[separator.end() :])}
    return found - {""}


def read_title(
    facts: PageStatements, site_names: Iterable[str], headline: HtmlElement | None
) -> Sourced[str] | None:
    """The article's title and the place that states it: the headline, unless it has nothing in
    common with what the page states elsewhere; then what most places agree on."""
    sites = {fold(name) for name in site_names} - {""}
    seen = _text(headline) if headline is not None else ""
    if headline is not None and headline.tag != "h1":
        parts = set().union(
            *map(_parts, facts.titles), *map(_parts, facts.meta.get("og:title", ()))
        )
        seen = seen if fold(seen) in parts else ""
    found = [
        Sourced(value, candidate.source)
        for candidate in _stated(facts, seen)
        if len(candidate.value) <= _MAX_CHARS
        and (value := cut_site_name(candidate.value, sites))
        and not _is_no_title(value, sites)
    ]
    if not found:
        return None
    best = max(found, key=lambda title: (_votes(title.value, found), -found.index(title)))
    words = _words(seen)
    if words and (
        best.source == "h1"
        or max(_likeness(words, _words(one.value)) for one in found if one.source != "h1") >= _ALIKE
    ):
        shown = _without_byline(_cut_exactly(seen, sites), found)
        return _longer_or_edited(shown, found) or Sourced(shown, "h1")
    return best


def _longer_or_edited(shown: str, found: Sequence[Sourced[str]]) -> Sourced[str] | None:
    """What the page states as its title where the headline that it shows is only its beginning, or
    was written apart; None where the headline is the title.

    A search engine's title is often the same in every place, so only what adds to the headline
    counts there. Where a newsroom writes titles for each place apart, its structured headline and
    the page's own title may still be one: that is the title, and the headline is one of the others.
    """
    said = {one.source: one for one in reversed(found) if one.source != "h1"}
    edited, page, shared = said.get("json-ld"), said.get("title"), said.get("og:title")
    if edited is None or page is None or shared is None or fold(edited.value) != fold(page.value):
        return None
    seen, wanted, other = fold(shown), fold(edited.value), fold(shared.value)
    if wanted.startswith(seen):
        return edited if other == wanted != seen else None
    return edited if other not in (seen, wanted) else None


def _without_byline(headline: str, found: Sequence[Sourced[str]]) -> str:
    """A headline without a date or byline that its element holds too: what another place states is
    the title where the rest has a year in it."""
    for other in found:
        if len(other.value) >= _TITLE_CHARS and other.value in headline:
            rest = headline.replace(other.value, " ", 1)
            if _YEAR.search(rest) and not _YEAR.search(other.value):
                return other.value
    return headline


def _is_no_title(text: str, sites: set[str]) -> bool:
    folded = fold(text)
    squeezed = folded.replace(" ", "")
    return folded in _GENERIC or squeezed in {site.replace(" ", "") for site in sites}


def _text(element: HtmlElement) -> str:
    """The text of a heading on one line; what a reader sees in two lines is no one word."""
    broken = any(child.tag in _BREAKS for child in element.iterdescendants())
    text = " ".join(element.itertext()) if broken else element.text_content()
    return clean_value(text.replace("<", " ")) or ""


def _words(text: str) -> set[str]:
    """The words of a title; of a script without spaces, its pairs of characters."""
    words: set[str] = set()
    for word in fold(text).split():
        wide = len(word) > 1 and _WIDE.search(word)
        words |= {word[at : at + 2] for at in range(len(word) - 1)} if wide else {word}
    return words


def _likeness(one: set[str], other: set[str]) -> float:
    """The share of the longer title's words that are in the shorter one."""
    return len(one & other) / max(len(one), len(other)) if one and other else 0.0


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


def _stated(facts: PageStatements, seen: str) -> list[Sourced[str]]:
    found = [Sourced(value, name) for name in _META[:1] for value in facts.meta.get(name, ())[:1]]
    headline = clean_value(facts.article.get("headline")) or clean_value(facts.article.get("name"))
    if headline:
        found.append(Sourced(headline, "json-ld"))
    found += [Sourced(value, name) for name in _META[1:] for value in facts.meta.get(name, ())[:1]]
    if seen:
        found.append(Sourced(seen, "h1"))
    if facts.html_title:
        found.append(Sourced(facts.html_title, "title"))
    return found


def _cut_exactly(headline: str, sites: set[str]) -> str:
    """A headline without the name of the site behind a bar or dash: whoever puts it into the
    headline itself means it elsewhere."""
    for separator in reversed(list(_BAR.finditer(headline))):
        if _is_no_title(headline[separator.end() :], sites) and separator.start():
            return headline[: separator.start()].strip()
    return headline


def cut_site_name(title: str, sites: set[str]) -> str:
    """`title` without a leading or trailing part that names the site.

    `sites` are folded names of the site (see `parsers.text.lines.fold`). Before a colon only the
    name itself does: "Example's plans: …" is a title.
    """
    for separator in reversed(list(_SEPARATOR.finditer(title))):
        exactly = ":" in separator[0]
        behind = title[separator.end() :]
        if separator.start() and _names_site(behind, sites, exactly=exactly):
            return cut_site_name(title[: separator.start()].strip(), sites)
    first = _SEPARATOR.search(title)
    if first and title[first.end() :].strip():
        exactly = ":" in first[0]
        if _names_site(title[: first.start()], sites, exactly=exactly):
            return title[first.end() :].strip()
    return title


def _names_site(part: str, sites: set[str], *, exactly: bool) -> bool:
    squeezed = fold(part).replace(" ", "")
    if len(squeezed) < 2:
        return False
    names = {site.replace(" ", "") for site in sites}
    if exactly:
        return squeezed in names
    return any(
        squeezed == name
        or (len(name) > 3 and (squeezed.startswith(name) and len(squeezed) < 2 * len(name) + 12))
        or (len(squeezed) > 4 and (name.startswith(squeezed) or name.endswith(squeezed)))
        for name in names
    )
