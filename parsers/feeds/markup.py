"""Markup that is no XML, made XML: what somebody typed is kept, and what is missing put in.

A raw ampersand (`?a=1&b=2`, AT&T), a name of HTML's entities, a prefix that nobody declared, a tag
that does not end: each is common, and none of them is worth more than what it stands in.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from html.entities import entitydefs

from parsers.text.characters import without_forbidden

_VERBATIM = re.compile(r"<!\[CDATA\[|<!--")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
AMPERSAND = re.compile(r"&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6});|([a-zA-Z_][\w.-]*);)?")
XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"</?([a-zA-Z_][\w.-]*):|\s([a-zA-Z_][\w.-]*):[\w.-]+\s*=")
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)\s*=")
_ROOT_NAME = re.compile(r"<[\w:.-]+")
_PREFIXES: Mapping[str, str] = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "yandex": "http://news.yandex.ru",
}
"""What the prefixes mean that feeds use without declaring them."""

_PIECE = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?(?:\]\]>|$))|(?P<gone><!--.*?(?:-->|$)|<[?!][^<>]*>?)"
    r"|</(?P<end>[a-zA-Z_][\w:.-]*)[^<>]*>?"
    r"|<(?P<start>[a-zA-Z_][\w:.-]*)"
    r"(?P<attributes>(?:\s(?:[^<>\"']|\"[^>\"\n]{0,500}\"|'[^>'\n]{0,500}')*?|\s[^<>]*?)?)(?P<empty>/?)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z_][\w:.-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)""")
_VOID = frozenset({"br", "hr", "img", "input", "wbr", "area", "col", "embed", "param", "track"})
"""Elements of HTML that have no end."""
_LEAVES = frozenset(
    ["title", "link", "guid", "id", "pubdate", "category", "comments", "published", "updated"]
)
"""Fields that hold text only: where another field begins in one, its end was forgotten."""
_FIELDS = _LEAVES | {
    *("author", "channel", "content", "content:encoded", "dc:creator", "dc:date", "dc:subject"),
    *("description", "enclosure", "entry", "item", "media:content", "media:group"),
    *("media:thumbnail", "source", "summary"),
}


def mend_markup(text: str) -> tuple[str, str | None]:
    """`text` with its references and prefixes put right, and the name of a fault that is none of
    those."""
    allowed = without_forbidden(text)
    problem = "characters that XML forbids" if len(allowed) != len(text) else None
    return with_prefixes(mend_references(allowed)), problem


def mend_references(text: str) -> str:
    """`text` in which every `&` outside of CDATA begins a reference that XML knows. Names of HTML's
    entities are resolved; whatever is no whole reference was typed as it stands."""
    return change_markup(text, lambda markup: AMPERSAND.sub(_reference, markup))


def change_markup(
    text: str, change: Callable[[str], str], keep: Callable[[str], str] | None = None
) -> str:
    """`text` with `change` made of all but its CDATA sections and comments, which XML does not look
    into, and `keep`, if any, of those. A section that never ends is none."""
    pieces, position, at = [], 0, 0
    endless: set[str] = set()
    while (opening := _VERBATIM.search(text, at)) is not None:
        at = opening.end()
        end = -1 if opening[0] in endless else text.find(_ENDS[opening[0]], at)
        if end < 0:
            # Looked for once only: a feed may begin a million of them.
            endless.add(opening[0])
            continue
        at = end + 3
        verbatim = text[opening.start() : at]
        pieces += [change(text[position : opening.start()]), keep(verbatim) if keep else verbatim]
        position = at
    return "".join([*pieces, change(text[position:])])


def without_verbatim(text: str) -> str:
    """`text` with nothing in its CDATA sections and comments, and all else where it was."""
    return change_markup(text, lambda markup: markup, lambda verbatim: " " * len(verbatim))


def _reference(match: re.Match[str]) -> str:
    number, name = match.groups()
    if number:
        return match[0].lower() if _is_allowed(number) else ""
    if name in XML_NAMES:
        return match[0]
    character = entitydefs.get(name) or html.unescape(match[0]) if name else match[0]
    return html.escape(character, quote=False)


def _is_allowed(number: str) -> bool:
    """Whether XML has the character of a reference (XML 1.0, section 2.2)."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if code > 0x10FFFF or code in {0xFFFE, 0xFFFF} or 0xD800 <= code <= 0xDFFF:
        return False
    return code >= 0x20 or code in {0x9, 0xA, 0xD}


def with_prefixes(text: str) -> str:
    """`text` with declarations for the prefixes that it uses and does not declare."""
    root = _ROOT_NAME.match(text)
    missing = prefixes_in(text) - set(_DECLARED.findall(text))
    if not missing or root is None:
        return text
    return text[: root.end()] + declarations(missing) + text[root.end() :]


def prefixes_in(text: str) -> set[str]:
    """The prefixes that elements and attributes in `text` have, and XML itself does not declare."""
    found = _PREFIX.findall(text)
    return {element or attribute for element, attribute in found} - {"xml", "xmlns"}


def declarations(prefixes: Iterable[str]) -> str:
    """The attributes that declare `prefixes`."""
    return "".join(
        f' xmlns:{prefix}="{_PREFIXES.get(prefix, f"urn:undeclared:{prefix}")}"'
        for prefix in sorted(prefixes)
    )


def balance(text: str, *, cut_off: bool = False) -> str:
    """`text` as well-formed XML without a root: a row of elements and text. Of one that was cut off
    the field goes that has no end: nobody should take half a text for a whole one."""
    soup = _Soup()
    for piece in _PIECE.finditer(text):
        if piece["start"]:
            soup.begin(piece["start"], piece["attributes"], empty=bool(piece["empty"]))
        elif piece["end"]:
            soup.end(piece["end"])
        elif piece["cdata"]:
            soup.pieces.append(piece[0] if piece[0].endswith("]]>") else piece[0] + "]]>")
        elif piece["text"]:
            soup.pieces.append(_text(piece[0]))
    return soup.finished(cut_off=cut_off)


class _Soup:
    """What was tidied so far, and which elements are open in it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._open: list[str] = []
        self._begun: list[int] = []
        """Where among the pieces each of those begins."""
        self._counts: Counter[str] = Counter()
        """How many of each name are open, so that a stray end costs no search."""

    def begin(self, name: str, inside: str, *, empty: bool) -> None:
        if self._open and self._open[-1].lower() in _LEAVES and name.lower() in _FIELDS:
            self._close()
        empty = empty or name.lower() in _VOID
        self.pieces.append(f"<{name}{attributes(inside)}{'/' if empty else ''}>")
        if not empty:
            self._open.append(name)
            self._begun.append(len(self.pieces) - 1)
            self._counts[name] += 1

    def end(self, name: str) -> None:
        while self._counts[name]:
            if self._close() == name:
                break

    def finished(self, *, cut_off: bool) -> str:
        """All of it, with ends for what is open; without the field that it was `cut_off` in."""
        if cut_off and len(self._open) > 1:
            del self.pieces[self._begun[1] :]
            del self._open[1:]
        return "".join([*self.pieces, *(f"</{name}>" for name in reversed(self._open))])

    def _close(self) -> str:
        name = self._open.pop()
        self._begun.pop()
        self._counts[name] -= 1
        self.pieces.append(f"</{name}>")
        return name


def _text(text: str) -> str:
    return mend_references(text).replace("<", "&lt;").replace("]]>", "]]&gt;")


def attributes(text: str) -> str:
    """The attributes in a tag as XML has them: quoted, each once."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        bare = value[1:-1] if value[0] in "\"'" else value
        found.setdefault(name, mend_references(bare).replace("<", "&lt;").replace('"', "&quot;"))
    return "".join(f' {name}="{value}"' for name, value in found.items())
