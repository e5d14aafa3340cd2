"""The boilerplate rules: read from `data/boilerplate.toml`, matched against lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations

from parsers.text.lines import fold

_MAX_LINE_CHARS = 700
"""Longer lines are prose whatever they say."""


_SEPARATED = re.compile(r"[^:|»›>–—]*[:|»›>–—]")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_MAX_GLUED_CHARS = 80
_MAX_PHRASE_CHARS = 160
_GLUED_CHARS = 200
"""The end of a line that is searched for phrases glued to it."""
_MANY_WORDS = 60
_LINES = 512
_REPORTED = re.compile(
    r"[,”\"»] *(?:[\w.'’-]+ ){0,3}(?:said|says|told|tells|wrote|writes|asked|explained|argued|"
    r"replied|joked|admitted|testified|warned|added|kata|ujar|tulis|pinta|ajak|jelas|sindir|"
    r"bantah|sagte|sagt|schrieb|schreibt|bat|fragte|erklärte|antwortete|meinte|a dit|dit|a écrit|"
    r"écrit|a crié|a répondu|selon|dijo|dice|escribió|pidió|contestó|según|disse|diz|escreveu|"
    r"pediu|ha detto|ha scritto|ha chiesto|zei|riep|schreef|powiedział\w*|mówił\w*|sade|sa|sagde|"
    r"sanoi|сказал\w*|ответил\w*|dedi)\b",
    re.IGNORECASE,
)
"""What is said by somebody in the text."""


class Scope(StrEnum):
    """Where in a text a rule may act."""

    ANYWHERE = "anywhere"
    HEAD = "head"
    """Before the first paragraph."""
    TAIL = "tail"
    """After the last paragraph, or in the last few lines."""
    CUT = "cut"
    """The line closes the article: it goes, and with it everything below."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rules file."""

    name: str
    """The class of boilerplate, such as `read_also`."""
    scope: Scope
    whole: tuple[str, ...] = ()
    """Phrases that are boilerplate when they are the whole line."""
    starts: tuple[str, ...] = ()
    """Phrases that make a line boilerplate when it starts with them; after a phrase that ends in
    a colon a separator must follow in the line too."""
    pattern: str | None = None
    """A regular expression for the whole line, case ignored."""
    needs: tuple[str, ...] = ()
    """A line that `pattern` names holds one of these in lower case; empty where it may hold
    anything."""
    max_words: int = 40
    """Longer lines are never matched by `starts` or `pattern`."""
    glued: bool = False
    """Whether the phrases of `whole` are also cut where they are glued to a line's end."""
    apart: bool = False
    """Whether its labels go only where something of the page sets them apart: what is an item of
    a list as well as a button."""
    certain: str | None = None
    """A regular expression for whole sentences that no news text says, wherever they stand."""
    certain_needs: tuple[str, ...] = ()
    """The same as `needs` for `certain`."""
    sentences: tuple[str, ...] = ()
    """Examples of those."""
    removes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, indexed by what a line must hold for them to match."""

    rows: tuple[Rule, ...]
    whole: dict[str, tuple[Rule, ...]]
    starts: dict[str, tuple[tuple[str, bool, Rule], ...]]
    """First word → (folded phrase, whether a separator must follow, rule)."""
    patterns: dict[frozenset[Scope], tuple[tuple[re.Pattern[str], tuple[str, ...], Rule], ...]]
    """What may name a line by its whole wording, and what the line must hold for it to be tried,
    for each choice of scopes."""
    sentences: tuple[tuple[re.Pattern[str], tuple[str, ...], Rule], ...]
    """The same for what names a whole sentence by its wording alone."""
    glued: re.Pattern[str]
    glued_names: dict[str, str]
    glued_phrases: tuple[str, ...]
    glued_ends: frozenset[str]
    """The last words of the phrases that may be glued."""

    def match(self, line: str, scopes: Collection[Scope]) -> Rule | None:
        """The first rule of `scopes` that names `line`."""
        if len(line) > _MAX_LINE_CHARS:
            return None
        # Phrases are short, and to fold a paragraph costs more than all the rest.
        folded = _folded_start(line)
        for rule in self.whole.get(folded, ()) if len(line) <= _MAX_PHRASE_CHARS else ():
            if rule.scope in scopes:
                return rule
        if len(line) <= _MAX_GLUED_CHARS:
            parts = _CAMEL.split(line)
            named = [self.whole.get(fold(part)) for part in parts] if len(parts) > 1 else []
            if named and all(named) and named[0]:
                return named[0][0]
        words = (folded if len(line) <= _MAX_PHRASE_CHARS else line).split(" ", _MANY_WORDS)
        first = folded.split(" ", 1)[0]
        for phrase, separated, rule in self.starts.get(first, ()):
            if (
                rule.scope in scopes
                and len(words) <= rule.max_words
                and (folded + " ").startswith(phrase + " ")
                and (not separated or _SEPARATED.match(line[: len(phrase) + 12]))
            ):
                return rule
        lowered = line.lower()
        for pattern, needs, rule in self.patterns[frozenset(scopes)]:
            if (
                len(words) <= rule.max_words
                and (not needs or any(map(lowered.__contains__, needs)))
                and pattern.fullmatch(line)
            ):
                return rule
        return None

    def certain(self, sentence: str, scopes: Collection[Scope]) -> Rule | None:
        """The rule of `scopes` that names a whole sentence as boilerplate by its wording alone.

        What somebody is reported to have said is none.
        """
        if len(sentence) > _MAX_LINE_CHARS:
            return None
        if len(sentence) <= _MAX_GLUED_CHARS:
            for rule in self.whole.get(fold(sentence), ()):
                if rule.scope in scopes and not rule.apart:
                    return rule
        lowered = sentence.lower()
        for pattern, needs, rule in self.sentences:
            if (
                rule.scope in scopes
                and (not needs or any(map(lowered.__contains__, needs)))
                and pattern.fullmatch(sentence)
            ):
                return None if _REPORTED.search(sentence) else rule
        return None

    def glued_suffix(self, line: str) -> tuple[str, int] | None:
        """(class, start) of a closing phrase that ends `line`, None where there is none."""
        if fold(line[-60:]).rpartition(" ")[2] not in self.glued_ends and not line[-1:].isupper():
            return None
        if not fold(line[-_GLUED_CHARS:]).endswith(self.glued_phrases):
            return None
        found = self.glued.search(line[-_GLUED_CHARS:])
        if found is None or not found[1]:
            return None
        start = max(0, len(line) - _GLUED_CHARS) + found.start(1)
        return (self.glued_names[fold(found[1])], start) if start > 0 else None


@lru_cache(maxsize=_LINES)
def _folded_start(line: str) -> str:
    """How a line begins, for comparison: each line of a text is matched two or three times."""
    return fold(line[:_MAX_PHRASE_CHARS])


@cache
def load_rules() -> Rules:
    """The rules that ship with this package."""
    source = files("parsers").joinpath("data/boilerplate.toml").read_text("utf-8")
    return read_rules(source)


def read_rules(source: str) -> Rules:
    """The rules of a TOML text; its own head says what the keys mean."""
    rows = tuple(_rule(table) for table in tomllib.loads(source)["rule"])
    whole: dict[str, tuple[Rule, ...]] = {}
    starts: dict[str, tuple[tuple[str, bool, Rule], ...]] = {}
    glued: dict[str, str] = {}
    for rule in rows:
        for phrase in rule.whole:
            whole[fold(phrase)] = (*whole.get(fold(phrase), ()), rule)
            if rule.glued:
                glued[fold(phrase)] = rule.name
        for phrase in rule.starts:
            folded = fold(phrase)
            first = folded.split(" ", 1)[0]
            starts[first] = (*starts.get(first, ()), (folded, phrase.endswith(":"), rule))
    patterns = tuple(
        (re.compile(found, re.IGNORECASE), needs, r)
        for r in rows
        for found, needs in ((r.pattern, r.needs), (r.certain, r.certain_needs))
        if found
    )
    sentences = tuple(
        (re.compile(r.certain, re.IGNORECASE), r.certain_needs, r) for r in rows if r.certain
    )
    return Rules(
        rows,
        whole,
        starts,
        {
            frozenset(scopes): tuple(row for row in patterns if row[2].scope in scopes)
            for count in range(len(Scope) + 1)
            for scopes in combinations(Scope, count)
        },
        sentences,
        _glued_pattern(glued),
        glued,
        tuple(glued),
        frozenset(p.rpartition(" ")[2] for p in glued),
    )


def _rule(table: dict[str, object]) -> Rule:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    values["name"] = values.pop("class")
    values["scope"] = Scope(str(values["scope"]))
    return Rule(**values)  # type: ignore[arg-type]  # TOML values are checked by the rule tests


def _glued_pattern(phrases: dict[str, str]) -> re.Pattern[str]:
    """Matches any of the phrases, longest first, at the end of a line."""
    longest = sorted(phrases, key=len, reverse=True)
    spelled = "|".join(r"\W+".join(map(re.escape, phrase.split())) for phrase in longest)
    return re.compile(rf"({spelled})[!.:\s]*$", re.IGNORECASE)
