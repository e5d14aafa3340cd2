"""Feeds with faults that a reader can be sure about, mended before they are parsed.

    text ─▶ mend_feed: what stands before the feed, its own entities,   ─▶ well-formed: as it is
            CDATA sections that swallow other items
         ─▶ as_xml: references and prefixes put right (markup.py),      ─▶ well-formed
            and where that is not enough, the tags of each item alone

A warning of the server ahead of the document, `?a=1&b=2` in a link, one tag that does not end: all
of these are common, and none of them is worth losing a feed or a host for.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from xml.parsers import expat

from parsers.feeds.markup import (
    AMPERSAND,
    XML_NAMES,
    attributes,
    balance,
    change_markup,
    declarations,
    mend_markup,
    prefixes_in,
    without_verbatim,
)
from parsers.feeds.text import join_surrogates

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\s|<!DOCTYPE\b", re.IGNORECASE)
_MISC = re.compile(r"<!--.*?(?:-->|$)|<\?.*?(?:\?>|$)", re.DOTALL)
_GUID = re.compile(r"<((?:[\w.-]+:)?(?:guid|id))((?:\s[^<>]*?)?)(/?)>", re.IGNORECASE)
_PERMALINK = re.compile(r"""\sisPermaLink\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)

_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ITEM_ENDS = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_LAST_TAG = re.compile(r"<([\w:.-]+)(?:\s[^<>]*)?>\s*$")

_ENTITY = re.compile(r"""<!ENTITY\s+([a-zA-Z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>""")
_PLAIN_VALUE = re.compile(
    r"(?:[^&<%]|&#\d{1,7};|&#[xX][0-9a-fA-F]{1,6};|&(?:amp|lt|gt|quot|apos);){1,200}"
)
_MOST_ENTITIES = 100
_MOST_INSERTED = 100_000
"""Characters that the entities of a feed's own document type may bring into it."""

_HALF = re.compile(r"&#(?:0*5[5-7]\d{3}|x0*d[89a-f][0-9a-f]{2});", re.IGNORECASE)
_ITEM = re.compile(r"<((?:[\w.-]+:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_IDENTITY = re.compile(r"<(?:guid|id|link)\b", re.IGNORECASE)
_ROOT_TAG = re.compile(r"<(?P<name>[\w:.-]+)(?P<attributes>(?:\s[^<>]*?)?)\s*(?P<empty>/?)>")
_JUNK_AFTER_END = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


@dataclass(frozen=True, slots=True)
class Mended:
    """A feed's text from its root element on."""

    text: str
    problem: str | None = None
    """The fault that was taken out, by name."""
    lines_before: int = 0
    """Lines ahead of the root: where a fault is, people look for in the whole document."""
    head: str = ""
    """What stood before the root."""


def looks_like_feed(text: str) -> bool:
    """Whether `text` has the root of a feed in it, and not that of a page before it."""
    root = _ROOT.search(text)
    page = _PAGE.search(text)
    return root is not None and (page is None or root.start() < page.start())


def mend_feed(text: str) -> Mended:
    """`text` without what stands before its root, and with the faults taken out that would hide
    other items though the text could be parsed."""
    root = _ROOT.search(text)
    head = text[: root.start()] if root else ""
    declaration = _DECLARATION.search(head)
    before = head[: declaration.start()] if declaration else head
    problem = None
    if _MISC.sub("", before).strip("\ufeff \t\r\n"):
        problem = "text before the feed's beginning"
    body = _with_own_entities(text[len(head) :], head)
    ended = _with_ends_of_cdata(body)
    if ended != body:
        problem = problem or "a CDATA section that does not end"
    whole = join_surrogates(ended)
    if whole != ended and _HALF.search(without_verbatim(ended)):
        problem = problem or "references to halves of characters"
    return Mended(_GUID.sub(_opaque_guid, whole), problem, head.count("\n"), head)


def as_xml(text: str, lines_before: int = 0) -> tuple[str, str | None]:
    """`text`, from a feed's root on, as well-formed XML, and the name of what kept it from being
    some: a fault costs the item that it stands in at most."""
    fault = _fault_in(text)
    if fault is None:
        return text, None
    problem = f"not well-formed: {expat.ErrorString(fault.code)} (line "
    problem += f"{fault.lineno + lines_before})"
    if fault.code == _JUNK_AFTER_END:
        # Such as a script that somebody on the way put there.
        text = _before(text, fault)
    mended, forbidden = mend_markup(text)
    if _fault_in(mended) is not None:
        mended = _in_pieces(mended)
    return mended, forbidden or problem


def item_places(text: str) -> list[tuple[int, int]]:
    """Where each item begins and ends; one that is never closed ends where the next begins."""
    openings = list(_ITEM.finditer(without_verbatim(text)))
    limits = [*(opening.start() for opening in openings[1:]), len(text)]
    items = []
    for opening, limit in zip(openings, limits[: len(openings)], strict=True):
        closing = f"</{opening[1]}>"
        at = text.find(closing, opening.end(), limit)
        items.append((opening.start(), at + len(closing) if at >= 0 else limit))
    return items


def _fault_in(text: str) -> expat.ExpatError | None:
    """Why `text` is not well-formed. It has no document type, so no entities (see `mend_feed`)."""
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return error
    return None


def _before(text: str, fault: expat.ExpatError) -> str:
    """`text` as far as a fault in it."""
    lines = text.split("\n")
    # The parser counts columns in bytes.
    last = lines[fault.lineno - 1].encode("utf-8", "replace")[: fault.offset]
    return "\n".join([*lines[: fault.lineno - 1], last.decode("utf-8", "ignore")])


def _in_pieces(text: str) -> str:
    """A feed in which the items that are not well-formed are put right, each alone."""
    tag = _ROOT_TAG.match(text)
    name, stated = (tag["name"], attributes(tag["attributes"])) if tag else ("rss", "")
    declared = set(re.findall(r"\sxmlns:([\w.-]+)=", stated))
    root = f"<{name}{stated}{declarations(prefixes_in(text) - declared)}>"
    places = item_places(text)
    starts = [tag.end() if tag else 0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(text)]
    outline = "".join(text[start:end] for start, end in zip(starts, ends, strict=True))
    pieces = [
        _piece(text[start:end], root, name, cut_off=end == len(text)) for start, end in places
    ]
    return "".join([root, _piece(outline, root, name), *pieces, f"</{name}>"])


def _piece(text: str, root: str, name: str, *, cut_off: bool = False) -> str:
    """A piece of a feed as what can stand in its root; nothing where it defies being put right, or
    was `cut_off` before it told what identifies it."""
    if _fault_in(f"{root}{text}</{name}>") is None:
        return text
    tidied = balance(text, cut_off=cut_off)
    if (cut_off and not _IDENTITY.search(tidied)) or _fault_in(f"{root}{tidied}</{name}>"):
        return ""
    return tidied


def _with_own_entities(body: str, head: str) -> str:
    """`body` with the entities resolved that its document type defines, as far as they are short
    and plain text: none ever stands for markup or for other entities."""
    defined = {
        name: html.unescape(quoted or single)
        for name, quoted, single in _ENTITY.findall(head)[:_MOST_ENTITIES]
        if name not in XML_NAMES and _PLAIN_VALUE.fullmatch(quoted or single)
    }
    left = _MOST_INSERTED

    def resolved(match: re.Match[str]) -> str:
        nonlocal left
        value = defined.get(match[2] or "")
        if value is None or len(value) > left:
            return match[0]
        left -= len(value)
        return html.escape(value)

    if not defined:
        return body
    return change_markup(body, lambda markup: AMPERSAND.sub(resolved, markup))


def _with_ends_of_cdata(text: str) -> str:
    """`text` in which no CDATA section that somebody forgot to end swallows the items behind it: it
    ends where the element does that it begins in."""
    if text.count(_CDATA) <= text.count(_CDATA_END):
        return text
    pieces, position, closing = [], 0, 0
    while (opening := text.find(_CDATA, position)) >= 0:
        inside = opening + len(_CDATA)
        if closing < inside:
            # Looked for once only where there is none: a feed may begin a million sections.
            found = text.find(_CDATA_END, inside)
            closing = found if found >= 0 else len(text)
        following = text.find(_CDATA, inside, closing)
        limit = following if following >= 0 else closing
        item_end = _ITEM_ENDS.search(text, inside, limit)
        end = _end_of_element(text, opening, inside, limit) if limit < closing or item_end else None
        if end is None and item_end:
            end = item_end.start()
        pieces.append(text[position : limit if end is None else end])
        if end is not None:
            pieces.append(_CDATA_END)
        position = limit if end is None else end
    return "".join([*pieces, text[position:]])


def _end_of_element(text: str, opening: int, inside: int, limit: int) -> int | None:
    """Where the element ends in which a CDATA section begins at `opening`, before `limit`."""
    tag = _LAST_TAG.search(text, max(0, opening - 300), opening)
    end = text.find(f"</{tag[1]}", inside, limit) if tag else -1
    return end if end >= 0 else None


def _opaque_guid(match: re.Match[str]) -> str:
    """A guid that feedparser leaves as it is.

    By default it resolves guids against the feed's address, and they would change with it.
    """
    attributes_left = _PERMALINK.sub("", match[2])
    return f'<{match[1]}{attributes_left} isPermaLink="false"{match[3]}>'
