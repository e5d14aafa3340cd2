"""Who wrote it, and who else is named for a part in it.

    JSON-LD ─ meta ─ lines around the article ─ elements marked as a byline ─▶ credits

The first place that names a person says who the authors are; the name of a newsroom or of the site
counts only where no place names one. Editors, photographers and contributors come from every place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from lxml.html import HtmlElement

from parsers.metadata.byline_roles import ONLY_LABEL, ROLE_OF
from parsers.metadata.bylines import (
    Found,
    read_byline,
    read_bylines,
    read_marked,
    role_of_label,
)
from parsers.metadata.facts import Node, PageStatements, Sourced, clean_value, node_types
from parsers.metadata.introductions import read_introduced, read_presented
from parsers.metadata.names import is_name, is_organisation
from parsers.metadata.surroundings import LinesAround, is_among_others, is_byline
from parsers.records import Credit, CreditRole
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
    "citation_author",
    "article.author",
    "rnews:author",
    "author_name",
    "content_author",
    "rbauthors",
    "byline",
)
_MADE_META = re.compile(r"(?:^|[.:_-])(?:authors?|author[._-]?names?|authored[._-]?by|byline)$")
"""Names of meta elements that systems made up for the same: `vr:author`, `news_authors`."""
_NOT_MADE_META = re.compile(
    r"web[._-]?author|smartbanner|app|books?[.:_-]|citation|music|video|product|review"
)
_ROLES_IN_JSON = (
    ("editor", CreditRole.EDITOR),
    ("contributor", CreditRole.CONTRIBUTOR),
    ("photographer", CreditRole.PHOTOGRAPHER),
)
_BODIES = frozenset(
    ("Organization", "NewsMediaOrganization", "GovernmentOrganization", "Corporation")
)
_PEOPLE = frozenset(("Person",))
_BOTH = re.compile(r"\s(?:and|&|und|et|y|dan|en)\s")
_BYLINE_CHARS = 160
_MARKED = "marked"
_HEAD_LINES = 12
"""Lines below a headline in which "By" leads to the author of the page."""
_INTRODUCED = "introduced"
_PRESENTED = "presented"
_SHOWN = {_INTRODUCED: "byline", _PRESENTED: "byline"}
_MONONYM = re.compile(r"[A-Z][a-z]+(?:['-][A-Z]?[a-z]+)*\.?")
"""One word that is written as a name is: "Suharti", not "janeroes", "JaneR" or "jane_roe"."""
_FAMILY = re.compile(
    r"(?:(?:van|von|de|der|den|da|di|al) ){0,2}[A-ZÀ-Þ][a-zà-ÿ’'-]+(?:[A-Z][a-z]+)?"
)
_GIVEN = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ-]+(?: [A-ZÀ-Þ](?:\.|[a-zà-ÿ-]+))?")
_PARTED = (
    r"(?i:translat|übersetz|trad[ui]|edited|reviewed|checked|redigi|bearbeit|photo|foto)"
    r"\w*[^.]{0,20}?"
)
"""What stands before who has another part than the author's."""
_CARD_CHARS, _CARD_WORDS = 600, 4
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_PERSON, _ACCOUNT, _NEWSROOM = range(3)
_NEAR = 6
"""Lines above a headline that may name its author."""


def read_credits(
    tree: HtmlElement, facts: PageStatements, around: LinesAround, site_names: Iterable[str]
) -> Sourced[tuple[Credit, ...]] | None:
    """Everyone whom the page names, its authors from the best place that names a person."""
    below = read_bylines(around.below)
    stated_bodies = set(_named_as(_BODIES, facts)) - _confirmed(facts, below)
    bodies = {fold(name) for name in site_names} | stated_bodies
    people = set(_named_as(_PEOPLE, facts))
    best: dict[int, Sourced[list[Credit]]] = {}
    others: list[Credit] = []
    for stated, source, is_told in _candidates(tree, facts, around, below, stated_bodies):
        if _PERSON in best and source == _MARKED:
            break
        # Where anybody is named, even a newsroom, whom the end introduces may be the subject.
        if (best and source == _INTRODUCED) or (_PERSON in best and source == _PRESENTED):
            continue
        named = list(stated)
        others += [credit for credit in named if credit.role is not CreditRole.AUTHOR]
        signed = [credit for credit in named if credit.role is CreditRole.AUTHOR]
        ranks = [_rank(credit.name, bodies, people) for credit in signed]
        rank = min(ranks, default=_NEWSROOM)
        if not signed or (rank == _NEWSROOM and source == _MARKED):
            continue
        # What is only shown names an author where nothing states one, not even his account.
        if rank == _NEWSROOM or is_told or _ACCOUNT not in best:
            kept = [one for one, its in zip(signed, ranks, strict=True) if its < _NEWSROOM]
            best.setdefault(rank, Sourced(kept or signed, _SHOWN.get(source, source)))
    if not best:
        signing = [one.credit for one in below if one.at < _HEAD_LINES]
        return Sourced(_unique([*map(_signing, signing), *others]), "byline") if others else None
    chosen = _more_of(best[min(best)], below, around)
    # Whom a label calls the editor is no author where another signs.
    labelled = {fold(credit.name) for credit in others}
    authors = [credit for credit in chosen.value if fold(credit.name) not in labelled]
    return Sourced(_unique([*(authors or chosen.value), *others]), chosen.source)


def _signing(credit: Credit) -> Credit:
    """Where nobody else is named, a contributor is who wrote it."""
    is_contributor = credit.role is CreditRole.CONTRIBUTOR
    return replace(credit, role=CreditRole.AUTHOR) if is_contributor else credit


def _more_of(
    chosen: Sourced[list[Credit]], below: Iterable[Found], around: LinesAround
) -> Sourced[list[Credit]]:
    """The authors of the first line below the headline that names all of the `chosen` and others:
    publishing systems state one author of several. Not who has another part elsewhere."""
    lines: dict[int, dict[str, Credit]] = {}
    for one in below:
        if one.credit.role is CreditRole.AUTHOR and one.at < _HEAD_LINES:
            lines.setdefault(one.at, {})[fold(one.credit.name)] = one.credit
    stated = {fold(credit.name) for credit in chosen.value}
    for shown in lines.values():
        is_part = all(any(name.endswith(one) for name in shown) for one in stated)
        if is_part and len(shown) > len(stated) and not any(map(is_organisation, shown)):
            parted = " ".join(line.text for line in (*around.below, *around.behind))
            has_other_part = any(
                name not in stated and re.search(_PARTED + re.escape(credit.name), parted)
                for name, credit in shown.items()
            )
            return chosen if has_other_part else Sourced(list(shown.values()), "byline")
    return chosen


def _rank(name: str, bodies: Set[str], people: Set[str]) -> int:
    """What a name is of: a person, an account that may be a person's, or nobody's own."""
    if fold(name) in bodies or is_organisation(name):
        return _NEWSROOM
    if " " in name or not name.isascii():
        return _PERSON
    return _PERSON if fold(name) in people and _MONONYM.fullmatch(name) else _ACCOUNT


def read_signatures(facts: PageStatements) -> tuple[str, ...]:
    """Every name that the markup signs the article with, those of agencies among them."""
    stated = (
        credit
        for name in _META
        for said in facts.meta.get(name, ())
        for credit in read_byline(said)
    )
    return tuple(credit.name for credit in (*_in_json(facts.article, facts), *stated))


def _named_as(types: Set[str], facts: PageStatements) -> Iterator[str]:
    """The authors, folded, that the page's own statements say are of one of `types`."""
    for node in (facts.article, facts.page):
        stated = node.get("author") or node.get("creator")
        for item in stated if isinstance(stated, list) else [stated]:
            if isinstance(item, dict) and types & set(node_types(item)):
                yield from (fold(name) for name, _ in _node_names(item, facts))


def _confirmed(facts: PageStatements, below: Iterable[Found]) -> set[str]:
    """Names of people, folded, that a place made for authors has: publishing systems say of many a
    person that it is an organisation."""
    said = (value for name in _META for value in facts.meta.get(name, ()))
    led = (one.credit.name for one in below if one.led and one.at < _HEAD_LINES)
    return {fold(name) for name in (*said, *led) if is_name(name, strict=True)}


def _unique(named: Iterable[Credit]) -> tuple[Credit, ...]:
    """Each name once, with the first part that it is said to have."""
    found: dict[str, Credit] = {}
    for credit in named:
        found.setdefault(fold(credit.name), credit)
    return tuple(found.values())


def _candidates(
    tree: HtmlElement,
    facts: PageStatements,
    around: LinesAround,
    below: Sequence[Found],
    bodies: Set[str],
) -> Iterator[tuple[Iterable[Credit], str, bool]]:
    """Who may be named, from where, and whether that place is made to tell; the best first."""
    yield _in_json(facts.article, facts), "json-ld", True
    # Whoever put the page into the system is often what its meta elements name.
    yield [one.credit for one in below if one.led and one.at < _HEAD_LINES], "byline", True
    for name in _META:
        stated = [
            _in_order(said, is_scholar=name == "citation_author")
            for said in facts.meta.get(name, ())
            if fold(said) not in bodies
        ]
        yield [credit for said in stated for credit in read_byline(said)], name, True
    for name, values in facts.meta.items():
        if name not in _META and _MADE_META.search(name) and not _NOT_MADE_META.search(name):
            yield [credit for said in values for credit in _told(said)], name, True
    yield _labelled(facts), "twitter:data", True
    # In what a page has at its end many a word stands alone above a job.
    behind = read_bylines(around.behind, by_job=False)
    for lines in (below, read_bylines(around.above[-_NEAR:]), behind):
        yield [one.credit for one in lines], "byline", False
    yield read_introduced(around), _INTRODUCED, False
    yield read_presented(tree, around, facts.titles), _PRESENTED, False
    yield _in_json(facts.page, facts), "json-ld", False
    yield _marked(tree, around), _MARKED, False


def _told(said: str) -> Iterator[Credit]:
    """The names in a value that only its place may vouch for: of two words or more."""
    return (credit for credit in read_byline(said) if is_name(credit.name, strict=True))


def _labelled(facts: PageStatements) -> Iterator[Credit]:
    """Whom a page's card for sharing names: a label, and in another element its value."""
    for number in ("1", "2"):
        for label in facts.meta.get(f"twitter:label{number}", ())[:1]:
            role = role_of_label(label)
            if role is None:
                continue
            for said in facts.meta.get(f"twitter:data{number}", ())[:1]:
                for credit in read_byline(said):
                    yield replace(credit, role=role)


def _in_order(said: str, *, is_scholar: bool = False) -> str:
    """The name of a scholar, or of whom a catalogue names, as people say it: "Roe, Jane" is Jane
    Roe. Elsewhere one word before the only comma is a family's name, and no newsroom."""
    family, _, given = (part.strip() for part in said.partition(","))
    if not given or "," in given:
        return said
    is_family = _FAMILY.fullmatch(family) and _GIVEN.fullmatch(given)
    if is_scholar or (is_family and not is_organisation(f"{family} {given}")):
        return f"{given} {family}"
    return said


def _in_json(node: Node, facts: PageStatements) -> Iterator[Credit]:
    for said, is_whole in _node_names(node.get("author") or node.get("creator"), facts):
        yield from [Credit(said, CreditRole.AUTHOR)] if is_whole else read_byline(said)
    for key, role in _ROLES_IN_JSON:
        for said, _ in _node_names(node.get(key), facts):
            yield from (Credit(credit.name, role) for credit in read_byline(said))


def _node_names(value: object, facts: PageStatements) -> Iterator[tuple[str, bool]]:
    """Names in a JSON-LD author: a string, an object, a list of either, or one inside another; and
    whether each is one name whatever is in it: that of an organisation with "and" in it."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            said = item.get("name") or _referred(item, facts).get("name")
            is_body = bool(_BODIES & set(node_types(item)))
            for name in said if isinstance(said, list) else [said]:
                inner = name.get("name") if isinstance(name, dict) else name
                if isinstance(inner, str):
                    yield inner, is_body and _is_one(inner)
        elif isinstance(item, str):
            yield _in_order(item), False


def _is_one(name: str) -> bool:
    """Whether the name of an organisation with "and" in it is no list of people."""
    parts = _BOTH.split(name)
    return len(parts) > 1 and (is_organisation(name) or any(" " not in part for part in parts))


def _referred(item: Node, facts: PageStatements) -> Node:
    wanted = item.get("@id")
    return next((n for n in facts.nodes if wanted and n.get("@id") == wanted and "name" in n), {})


def _marked(tree: HtmlElement, around: LinesAround) -> Iterator[Credit]:
    """The names in the first element that is marked up as a byline, wherever it stands: not in a
    list of other articles or the card of one, and not before the headline."""
    below = around.headline is None
    own = _holders(around)
    for element in tree.iter("h1", "a", "span", "div", "p", "address", "strong", "li", "cite"):
        if element.tag == "h1":
            below = below or element is around.headline
        elif below and is_byline(element) and not is_among_others(element):
            pieces = filter(None, map(clean_value, element.itertext()))
            text = "\t".join(pieces) or _hidden_name(element)
            found = read_marked(text) if len(text) <= _BYLINE_CHARS else []
            if found and not _is_of_others(element, own, text):
                yield from found
                return


def _holders(around: LinesAround) -> Set[HtmlElement]:
    """The elements that the headline is in."""
    return (
        frozenset(around.headline.iterancestors()) if around.headline is not None else frozenset()
    )


def _is_of_others(element: HtmlElement, own: Set[HtmlElement], text: str) -> bool:
    """Whether a label before an element gives whom it names no author's part, or it is in the card
    of another article: beside a link of some words."""
    outer = element.getparent()
    before = element.getprevious()
    said = (before.tail if before is not None else outer.text if outer is not None else "") or ""
    label = ONLY_LABEL.match(said.strip()) if len(said) <= _BYLINE_CHARS else None
    if label and ROLE_OF[label["label"].lower()] is None:
        return True
    return _is_in_card(outer, own, text.partition("\t")[0])


def _is_in_card(outer: HtmlElement | None, own: Set[HtmlElement], name: str) -> bool:
    """Whether an element is in the card of another article: in a small box, beside a link of some
    words or one that is a heading, which the name is no part of."""
    while outer is not None and outer not in own and len(outer.text_content()) <= _CARD_CHARS:
        for link in outer.iter("a"):
            said = " ".join(link.text_content().split())
            is_title = said.count(" ") >= _CARD_WORDS or (said and _is_heading(link))
            if is_title and name not in said and said not in name:
                return True
        outer = outer.getparent()
    return False


def _is_heading(link: HtmlElement) -> bool:
    parent = link.getparent()
    within = parent is not None and parent.tag in _HEADINGS
    return within or any(child.tag in _HEADINGS for child in link)


def _hidden_name(element: HtmlElement) -> str:
    """The name that a property of microdata has for machines only, of what has the headline."""
    named = element.find(".//meta[@itemprop='name']")
    owners = (each for each in element.iterancestors() if each.get("itemscope") is not None)
    owner = next(owners, None)
    if named is None or (owner is not None and owner.find(".//h1") is None):
        return ""
    return clean_value(named.get("content")) or ""
