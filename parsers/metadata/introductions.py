"""Whom a page introduces without a word that says who wrote it.

    a name alone beside the date below the headline ─┐ told again at the end
    a name at the end, and what it is or does        ─┴▶ nobody whom the text is about ─▶ credits

Subjects and tags of an article look the same, so a name that its paragraphs or titles have is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from parsers.metadata.bylines import read_alone
from parsers.metadata.names import is_job, is_name, tells_who
from parsers.metadata.surroundings import LinesAround, ShownLine, is_byline
from parsers.metadata.visible_dates import is_date_line
from parsers.records import Credit, CreditRole
from parsers.text.lines import fold

_ALTS = XPath("//body//img/@alt")
_NEAR = 6
_PARAGRAPH = 160
_LEVELS = 4
_PARTS = re.compile(r"\s*[|·•∙⋅]\s*|\s[–—-]\s")
_READING = re.compile(r"\d+\W?\s?(?:min|minutes?|minuten|menit|minutos|minuti)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19[89]|20\d)\d(?!\d)")
_PORTRAIT = re.compile(
    r"\b(?:photo|picture|portrait|image|headshot|avatar|profile|foto|bild|of|von|de|the|author)\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\W{0,3}\s?(?:is|was|has|writes|covers|reports|works|leads|joined|lives|holds|studies|ist|schreibt|"
    r"arbeitet|adalah|merupakan|es|escribe|est|écrit|é|escreve|è|scrive|schrijft)\s"
)
_ABOUT = re.compile(
    r"(?:about|über|zur person|à propos de|acerca de|sobre|tentang|over|su)\s*:?\s+"
    r"(?P<name>\S.{3,50})",
    re.IGNORECASE,
)
_MORE = re.compile(r"(?:more|all|other|see all|view all)\b.{0,30}\b(?:by|from|of)\s", re.IGNORECASE)


def read_introduced(around: LinesAround) -> Iterator[Credit]:
    """Whom a line names that holds nothing else, near the headline or at the end of the page, where
    a line at the end tells who that is: "Jane Roe", "Jane Roe is a writer from …"."""
    behind = [line.text for line in around.behind]
    told = [text for text in behind if tells_who(text)]
    for name in (*(line.text for line in around.below[:_NEAR]), *behind) if told else ():
        named = [credit for credit in read_alone(name) if credit.name == name]
        if named and any(text.startswith(f"{name} ") for text in told):
            yield from named
            return


def read_presented(
    tree: HtmlElement, around: LinesAround, titles: Iterable[str]
) -> Iterator[Credit]:
    """Whom the page presents as its author in two places or in words; nobody whom it is about."""
    names = [name for name in _beside_date(around) if _is_told_again(name, around)]
    names = names or list(_at_end(around, tree))[:1]
    if not names:
        return
    about = [*titles, *_paragraphs(tree)]
    for name in names:
        if not any(name in text and not text.startswith(name) for text in about):
            yield Credit(name, CreditRole.AUTHOR)


def _paragraphs(tree: HtmlElement) -> Iterator[str]:
    texts = (" ".join(paragraph.text_content().split()) for paragraph in tree.iter("p"))
    return (text for text in texts if len(text) > _PARAGRAPH)


def _beside_date(around: LinesAround) -> Iterator[str]:
    """The names alone in a line, or a part of one, beside the date or how long it takes to read."""
    lines = around.below[:_NEAR]
    for at, line in enumerate(lines):
        parts = _PARTS.split(line.text)
        if len(parts) == 1:
            dated = any(_is_when(other.text) for other in lines[max(0, at - 1) : at + 2])
        else:
            dated = any(map(_is_when, parts))
        if dated and not line.is_tags:
            yield from filter(_is_alone, parts)


def _is_when(text: str) -> bool:
    return bool(_READING.search(text)) or (bool(_YEAR.search(text)) and is_date_line(text))


def _is_alone(text: str) -> bool:
    return any(credit.name == text for credit in read_alone(text))


def _is_told_again(name: str, around: LinesAround) -> bool:
    """Whether a line at the end begins with a name and tells what its owner is or does, is the name
    alone before what that is, or leads to more by it."""
    for at, line in enumerate(around.behind):
        text = line.text
        behind = _next_text(around, at)
        if text == name and (is_job(behind) or _tells_of(name, behind)):
            return True
        if _tells_of(name, text) or (text.endswith(name) and _MORE.match(text)):
            return True
    return False


def _next_text(around: LinesAround, at: int) -> str:
    return around.behind[at + 1].text if at + 1 < len(around.behind) else ""


def _tells_of(name: str, text: str) -> bool:
    """Whether a text begins with a name, or its first word, and a verb."""
    for said in (name, name.partition(" ")[0]):
        if text.startswith(said) and _DOES.match(text, len(said)):
            return True
    return False


def _at_end(around: LinesAround, tree: HtmlElement) -> Iterator[str]:
    """The names at the end of a page that its lines introduce; what is alone before a job only with
    a portrait or where the markup says that it is of an author."""
    alts = {fold(_PORTRAIT.sub(" ", alt)) for alt in cast(list[str], _ALTS(tree))}
    for at, line in enumerate(around.behind):
        text, behind = line.text, _next_text(around, at)
        about = _ABOUT.fullmatch(text)
        if about and is_name(about["name"], strict=True) and _tells_of(about["name"], behind):
            yield about["name"]
        elif _is_alone(text) and (is_job(behind) or _tells_of(text, behind)):
            if fold(text) in alts or _is_of_author(line):
                yield text
        elif tells_who(text) and line.pieces[0].element.tag in ("em", "i"):
            name = _DOES.split(text)[0]
            if is_name(name, strict=True):
                yield name


def _is_of_author(line: ShownLine) -> bool:
    block: HtmlElement | None = line.block
    for _ in range(_LEVELS):
        if block is None or block.tag in ("body", "article", "main"):
            return False
        if is_byline(block):
            return True
        block = block.getparent()
    return False
