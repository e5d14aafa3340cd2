"""Takes away what is not the article from text that is already text.

Works on the text of saved documents and as the last pass after extraction from HTML. The
rules are data (`data/boilerplate.toml`): each names a class of boilerplate, says where in the
text it may act, and carries its own examples, which the tests run. A line that no rule names
stays, so short true lines (a subheading, a closing question) are kept.

    line ─ what is no sentence (a label, a headline): the wording is enough
         ─ a whole sentence: something of its page must set it apart from the prose around it
           (`apart.py`), or its wording must be one that no news text has

because news texts can say anything: that somebody may earn a commission, or was asked to subscribe.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parsers.extraction.boilerplate_rules import Scope, load_rules
from parsers.text.lines import PROSE_CHARS, fold, is_prose, is_whole_sentence, normalise_lines
from parsers.text.written_dates import read_date_line, split_dated_name

_HEAD_LINES = 6
_TAIL_LINES = 12
_TAIL_PARAGRAPHS = 2
_MAX_GLUED = 12
_MAX_SHARE = 0.4
"""A class that would take more of the text's sentences than this takes none of them."""
_DATE_LABEL = re.compile(
    r"^\W*(?:published|updated|posted|last updated|created|date|veröffentlicht|aktualisiert|stand|"
    r"publié le|publicado el|publicado em|pubblicato il|gepubliceerd op|diterbitkan|terbit)?\W*"
    r"(?:on|am|at|em)?\W+",
    re.IGNORECASE,
)
_BIO = re.compile(
    r"(?:is|was|are|has|writes|covers|joined|works|reports|reported|contributed|can be|lives|"
    r"ist|war|arbeitet|schreibt|berichtet|est|écrit|couvre|es|escribe|cubre|é|escreve|"
    r"scrive|adalah|merupakan|schrijft)\b"
)
_MAX_LINES = 20_000
"""Lines beyond are left out: no article has as many, and each costs some microseconds."""


Evidence = Callable[[str], str | None]
"""What sets a line apart from the prose around it besides its words, None where nothing does."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Lines below which the article's own text goes on, as their places in its page tell."""

    subheadings: frozenset[str] = frozenset()
    """Headings right above prose of the text: its own, whatever they say."""
    boxes: frozenset[str] = frozenset()
    """What stands above links or another box, below which there is prose again."""


NOWHERE = Inside()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without its boilerplate, and what was taken away."""

    text: str
    """Paragraphs separated by one blank line."""
    removed_lines: tuple[tuple[str, str], ...] = ()
    """(boilerplate class, line) pairs in reading order."""
    evidence: tuple[str, ...] = ()
    """What gave each removed line away: `label` (it is no sentence), `wording` (a sentence that no
    news text says), `place`, `closing` (a line that ends the article), or what of its page sets it
    apart, as `parsers.extraction.apart` names it."""

    @property
    def removed(self) -> tuple[tuple[str, int], ...]:
        """(boilerplate class, lines removed) pairs, most frequent first."""
        return tuple(Counter(name for name, _ in self.removed_lines).most_common())


def nothing_known(_line: str) -> str | None:
    """The evidence where there is no page to look at: none."""
    return None


def clean_text(
    text: str,
    *,
    title: str | None,
    authors: Sequence[str] = (),
    evidence: Evidence = nothing_known,
    inside: Inside = NOWHERE,
) -> Cleaned:
    """Remove the boilerplate of `text`, whose lines are its paragraphs.

    `title` is the article's own title: repeated before the text it is boilerplate, as is the name
    of one of `authors` alone in a line, or a line below the text that says who they are.
    `evidence` names what of the page sets a line apart from the prose around it; `inside` are lines
    that close no article, because its text goes on below.
    """
    lines = normalise_lines(text)[:_MAX_LINES]
    removed: list[tuple[str, str]] = []
    lines = _without_glued_tail(lines, removed)
    lines = _without_cut(lines, removed, inside)
    lines = _without_title(lines, title, removed)
    proofs = ["closing"] * len(removed)
    kept: list[str] = []
    head, tail = _head_end(lines), _tail_start(lines)
    places = [(index < head, index >= tail) for index in range(len(lines))]
    found = [
        _judge(line, *place, authors, evidence, ruled=line not in inside.subheadings)
        for line, place in zip(lines, places, strict=True)
    ]
    for line, finding in zip(lines, _braked(found, lines), strict=True):
        if finding is None:
            kept.append(line)
        else:
            removed.extend(finding.removed)
            proofs.extend(finding.evidence for _ in finding.removed)
    return Cleaned("\n\n".join(kept), tuple(removed), tuple(proofs))


@dataclass(frozen=True, slots=True)
class _Finding:
    """Why a line is boilerplate."""

    removed: tuple[tuple[str, str], ...]
    """(class, line) pairs, two where a line has a byline and a date."""
    evidence: str


def _judge(  # noqa: PLR0913 - a line, its place, and what is known of its page
    line: str,
    in_head: bool,
    in_tail: bool,
    authors: Sequence[str],
    evidence: Evidence,
    *,
    ruled: bool,
) -> _Finding | None:
    """Why a line is boilerplate in its place; None where it stays. `ruled` says whether rules
    count: they don't for what heads prose of the text."""
    scopes = _scopes(in_head=in_head, in_tail=in_tail)
    # Asked first, because most lines are prose, and nothing but a few wordings is left for those.
    apart = evidence(line) if is_whole_sentence(line) else "label"
    rule = None
    if ruled:
        rule = load_rules().match(line, scopes) if apart else load_rules().certain(line, scopes)
    if rule and apart == "label" and rule.apart and not (in_head or in_tail):
        apart = evidence(line)
        rule = rule if apart else None
    if rule is not None:
        return _Finding(((rule.name, line),), apart or "wording")
    name = _class_by_place(line, authors, in_head, in_tail)
    if name is not None:
        return _Finding(((name, line),), "place")
    dated = split_dated_name(line) if in_head else None
    if dated is None:
        return None
    return _Finding(tuple(zip(("byline", "date_line"), dated, strict=True)), "place")


def _braked(found: Sequence[_Finding | None], lines: Sequence[str]) -> list[_Finding | None]:
    """`found` without the classes that would take too much of the text's sentences."""
    chars = [len(line) if is_whole_sentence(line) else 0 for line in lines]
    taken: Counter[str] = Counter()
    for finding, size in zip(found, chars, strict=True):
        if finding is not None:
            taken[finding.removed[0][0]] += size
    limit = _MAX_SHARE * sum(chars)
    return [
        None if finding and size and taken[finding.removed[0][0]] > limit else finding
        for finding, size in zip(found, chars, strict=True)
    ]


def _scopes(*, in_head: bool = False, in_tail: bool = False) -> set[Scope]:
    """Where a line stands, in the words of the rules."""
    # A heading that closes no article is none of its subheadings either.
    scopes = {Scope.ANYWHERE, Scope.CUT}
    if in_head:
        scopes.add(Scope.HEAD)
    if in_tail:
        scopes.add(Scope.TAIL)
    return scopes


def _class_by_place(line: str, authors: Sequence[str], in_head: bool, in_tail: bool) -> str | None:
    """The class of a line that only its place and the article's authors give away."""
    if in_head and read_date_line(_DATE_LABEL.sub("", line)):
        return "date_line"
    if not authors or not (in_head or in_tail):
        return None
    folded = fold(line)
    for author in map(fold, authors):
        if folded == author:
            return "byline"
        if in_tail and " " in author and folded.startswith(author + " "):
            return "author_bio" if _BIO.match(folded[len(author) + 1 :]) else None
    return None


def _head_end(lines: list[str]) -> int:
    """Index of the first line after the head: what stands before the first prose."""
    first = next((i for i, line in enumerate(lines) if is_prose(line)), 0)
    return min(first, _HEAD_LINES)


def _tail_start(lines: list[str]) -> int:
    """Index of the first line of the tail: what follows the last two paragraphs of the article.

    Lines that a rule names are no paragraphs, however long: a bio may stand below a copyright.
    """
    paragraphs = 0
    scopes = _scopes(in_tail=True)
    for index in range(len(lines) - 1, -1, -1):
        paragraphs += is_prose(lines[index]) and load_rules().match(lines[index], scopes) is None
        if paragraphs == _TAIL_PARAGRAPHS:
            return max(index + 1, len(lines) - _TAIL_LINES)
    return max(0, len(lines) - _TAIL_LINES)


def _without_cut(lines: list[str], removed: list[tuple[str, str]], inside: Inside) -> list[str]:
    """Drop everything from the first line on that closes the article.

    A line such as "Related articles" closes it only where less prose follows than precedes:
    some pages carry such a box in the middle of the text.
    """
    prose = [len(line) if is_prose(line) else 0 for line in lines]
    total = sum(prose)
    before = 0
    for index, line in enumerate(lines):
        may_close = index and before >= PROSE_CHARS and total - before < before / 2
        closes = may_close and line not in inside.subheadings and line not in inside.boxes
        rule = load_rules().match(line, {Scope.CUT}) if closes else None
        if rule is not None:
            removed.extend((rule.name, dropped) for dropped in lines[index:])
            return lines[:index]
        before += prose[index]
    return lines


def _without_glued_tail(lines: list[str], removed: list[tuple[str, str]]) -> list[str]:
    """Cut closing phrases glued to the end of a line, as lost line breaks leave them.

    "…said so.RELATED ARTICLESLEAVE A REPLY" becomes "…said so." The first phrase of the run
    must follow the end of a sentence, so that prose that ends in such a word is kept.
    """
    result: list[str] = []
    for original in lines:
        line = original
        glued: list[tuple[str, str]] = []
        for _ in range(_MAX_GLUED):
            found = load_rules().glued_suffix(line)
            if found is None:
                break
            name, start = found
            glued.insert(0, (name, line[start:].strip()))
            line = line[:start].rstrip()
        if glued and re.search(r"[.!?…\"”»)]$", line):
            removed.extend(glued)
            result.append(line)
        else:
            result.append(original)
    return result


def _without_title(
    lines: list[str], title: str | None, removed: list[tuple[str, str]]
) -> list[str]:
    """Drop the title where it is repeated before the text."""
    wanted = fold(title or "")
    if not wanted:
        return lines
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if fold(line) == wanted and any(is_prose(after) for after in lines[index + 1 :]):
            removed.append(("repeated_title", line))
            return [*lines[:index], *lines[index + 1 :]]
        if is_prose(line):
            break
    return lines
