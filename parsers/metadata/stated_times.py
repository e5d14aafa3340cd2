"""When the markup of a page says that it was published and changed: JSON-LD, meta elements,
`time` elements, properties of microdata and RDFa."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from parsers.metadata.facts import Node, PageStatements, Sourced
from parsers.metadata.surroundings import is_among_others
from parsers.records import DateFlag
from parsers.text.dates import Moment, parse_moment

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published",
    "published_date",
    "published-date",
    "published_at",
    "publication_date",
    "publication-date",
    "article.published",
    "citation_publication_date",
    "citation_online_date",
    "rnews:datepublished",
    "article:published",
    "created",
    "datecreated",
    "date",
    "cxenseparse:recs:publishtime",
)
_MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
)
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"\.(\d+)")
_EARLIEST, _LATEST = 1995, 2200
_LONGEST_WORDS = 80
_LAST_EPOCH = 10**13
_MADE_NAME = re.compile(
    r"(?:pub(?:lish(?:ed)?|lication)?(?:date|time|on|at)|date(?:published|created|issued|posted)"
    r"|(?:created|creation|posted|posting|release|released|issued|issue|post|article)date"
    r"|publishtimestamp|published)(?:time|utc|iso|original)?$"
)
"""The end of a meta element's name, without its signs, that some system made up for the same."""
_NOT_MADE = re.compile(r"modif|updat|unpub|expir|event|image|video|site|book|movie|album|product")
_PROPERTIES = XPath("//body//*[@content or @datetime][@itemprop or @property]")
_OF_PUBLICATION = frozenset(
    ("datepublished", "schema:datepublished", "dc:created", "dcterms:created", "dcterms:issued")
)
_ENTRY_DATE = re.compile(r"\b(?:entry|post)-date\b")
_CHANGED = re.compile(r"updated|modified")


def published_time(tree: HtmlElement, facts: PageStatements) -> Sourced[Moment] | None:
    """When the markup says that the article was published; the best place first."""
    return (
        _stated(facts, ("datePublished", "dateCreated"), _PUBLISHED)
        or _marked(tree)
        or _of_properties(tree)
        or _of_meta(facts, filter(_is_made_up, facts.meta))
    )


def modified_time(facts: PageStatements) -> Sourced[Moment] | None:
    """When it says that the article, or the page that it is on, was changed last."""
    keys = ("dateModified",)
    return _stated(facts, keys, _MODIFIED) or _of_node(facts.page, keys, facts.html_lang)


def page_time(facts: PageStatements) -> Sourced[Moment] | None:
    """When it says that the page was published that the article is on."""
    return _of_node(facts.page, ("datePublished", "dateCreated"), facts.html_lang)


def _stated(
    facts: PageStatements, keys: tuple[str, ...], names: tuple[str, ...]
) -> Sourced[Moment] | None:
    return _of_node(facts.article, keys, facts.html_lang) or _of_meta(facts, names)


def _of_meta(facts: PageStatements, names: Iterable[str]) -> Sourced[Moment] | None:
    """The first moment that meta elements of these names state."""
    for name in names:
        for value in facts.meta.get(name, ()):
            moment = read_moment(value, facts.html_lang)
            if moment:
                return Sourced(moment, name)
    return None


def _is_made_up(name: str) -> bool:
    """Whether somebody made a meta element's name up for this: `vr:published_time`, `pub_date`."""
    squeezed = re.sub(r"[^a-z]", "", name.rpartition(":")[2])
    return bool(_MADE_NAME.search(squeezed)) and not _NOT_MADE.search(name)


def _of_node(node: Node, keys: tuple[str, ...], language: str | None) -> Sourced[Moment] | None:
    moments = (read_moment(node.get(key), language) for key in keys)
    found = next(filter(None, moments), None)
    return Sourced(found, "json-ld") if found else None


def _marked(tree: HtmlElement) -> Sourced[Moment] | None:
    """The `time` element that is marked up as the date of publication.

    By its own attributes first, then by WordPress's class names, of it or its wrapper. Those mark
    every post that a page lists, also in its menu, so they count below the headline only.
    """
    entry_date: Moment | None = None
    below_headline = False
    for element in tree.iter("h1", "time"):
        moment = read_moment(element.get("datetime")) or _in_words(element)
        if element.tag == "h1":
            below_headline = True
        elif moment is not None and not is_among_others(element):
            name, around = _name(element), _name(element.getparent())
            if element.get("pubdate") is not None or "publish" in name:
                return Sourced(moment, "time")
            if below_headline and not entry_date and _ENTRY_DATE.search(f"{name} {around}"):
                entry_date = moment
    return Sourced(entry_date, "time") if entry_date else None


def _of_properties(tree: HtmlElement) -> Sourced[Moment] | None:
    """What an element states for machines that microdata or RDFa calls the date of publication: the
    only such date, or the first of the thing that has the headline."""
    elements = [
        (element, moment)
        for element in cast(list[HtmlElement], _PROPERTIES(tree))
        if _OF_PUBLICATION.intersection(_property(element).split())
        and (moment := read_moment(element.get("content") or element.get("datetime")))
        and not is_among_others(element)
    ]
    if len({moment for _, moment in elements}) > 1:
        elements = [(element, moment) for element, moment in elements if _is_of_headline(element)]
    return Sourced(elements[0][1], "time") if elements else None


def _property(element: HtmlElement) -> str:
    return f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()


def _is_of_headline(element: HtmlElement) -> bool:
    """Whether the thing that an element is a property of has the page's headline in it."""
    owners = (outer for outer in element.iterancestors() if outer.keys() and _is_thing(outer))
    owner = next(owners, None)
    return owner is not None and owner.find(".//h1") is not None


def _is_thing(element: HtmlElement) -> bool:
    return element.get("itemscope") is not None or element.get("typeof") is not None


def only_time(tree: HtmlElement) -> Sourced[Moment] | None:
    """The page's one `time`, unless it says that it is when the page was changed."""
    elements = [
        (element, read_moment(element.get("datetime")))
        for element in tree.iter("time")
        if not is_among_others(element)
    ]
    moments = {moment for _, moment in elements if moment}
    if len(moments) != 1 or any(_CHANGED.search(_name(element)) for element, _ in elements):
        return None
    return Sourced(moments.pop(), "time")


def _in_words(element: HtmlElement) -> Moment | None:
    return parse_moment(element.text_content()) if "publish" in _name(element) else None


def _name(element: HtmlElement | None) -> str:
    """What the author of the page calls an element."""
    if element is None:
        return ""
    return f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()


def read_moment(value: object, language: str | None = None) -> Moment | None:
    """A time or day as pages state it for machines: in ISO 8601, as feeds do, in words, or as
    seconds since 1970. Without an offset it is taken for UTC. None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value)) if abs(value) < _LAST_EPOCH else None
    if not isinstance(value, str) or not 8 <= len(value.strip()) <= _LONGEST_WORDS:
        return None
    moment = _iso(value.strip()) or parse_moment(value.strip(), language)
    return moment if moment and _EARLIEST <= moment.at.year <= _LATEST else None


def _iso(value: str) -> Moment | None:
    text = _OFFSET.sub(r"\1:\2", value.replace("Z", "+00:00"))
    text = _FRACTION.sub(lambda match: "." + match[1][:6].ljust(6, "0"), text)
    try:
        stated = datetime.fromisoformat(text)
        moment = (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if moment.year > _LATEST:
        return None
    offset = stated.utcoffset()
    flag = None if stated.tzinfo else DateFlag.DAY if _is_day(text) else DateFlag.NO_ZONE
    return Moment(moment, flag, None if offset is None else int(offset.total_seconds()) // 60)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
