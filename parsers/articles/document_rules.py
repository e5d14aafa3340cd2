"""What of a page saved as text is chrome: the rules of `data/saved_pages.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files

from parsers.text.lines import fold, squeeze

_MAX_CHARS = 300
"""Longer lines are no chrome."""
_MAX_GLUED_CHARS = 160
_ENDS_SENTENCE = re.compile(r"[.。।][\"'”’»)\]]*\Z")


class Acts(IntEnum):
    """How much goes with a line, least first."""

    LINE = 1
    ONE = 2
    """And a headline below it."""
    LIST = 3
    """And all below it up to the next sentence."""
    END = 4
    """And all that follows."""


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """One row of the rules file."""

    name: str
    """The class of boilerplate."""
    acts: Acts
    whole: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    removes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """All rules, by what a line must hold for them to match."""

    rows: tuple[DocumentRule, ...]
    whole: dict[str, DocumentRule]
    """By the letters and digits of a phrase; of two rules the one that acts more."""
    labels: tuple[tuple[re.Pattern[str], DocumentRule], ...]
    patterns: tuple[tuple[re.Pattern[str], DocumentRule], ...]
    longest: int
    glued: re.Pattern[str]
    """A phrase that closes the text, right behind the end of a sentence."""

    def match(self, line: str) -> DocumentRule | None:
        """The rule that names a line as chrome; None for what may be of the article."""
        if len(line) > _MAX_CHARS:
            return None
        return (self.whole.get(squeeze(line)) or self._labelled(line) or self._glued(line)) or next(
            (rule for pattern, rule in self.patterns if pattern.fullmatch(line)), None
        )

    def _labelled(self, line: str) -> DocumentRule | None:
        if _ENDS_SENTENCE.search(line):
            return None
        return next((rule for pattern, rule in self.labels if pattern.match(line)), None)

    def _glued(self, line: str) -> DocumentRule | None:
        """The rule that acts most of those whose phrases the line is made of."""
        text = squeeze(line)
        if len(text) > _MAX_GLUED_CHARS:
            return None
        reached: dict[int, DocumentRule | None] = {0: None}
        """How far phrases and numbers reach → the rule of theirs that acts most."""
        for start in range(len(text)):
            if start not in reached:
                continue
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                rule = self.whole.get(text[start:end])
                if rule or text[start:end].isdecimal():
                    found = filter(None, (reached[start], rule, reached.get(end)))
                    reached[end] = max(found, key=lambda r: r.acts, default=None)
        return reached.get(len(text))

    def glued_tail(self, line: str) -> tuple[int, DocumentRule] | None:
        """Where the chrome begins that lost line breaks glued to the end of a paragraph."""
        found = self.glued.search(line)
        if found is None:
            return None
        return found.start(1), self.whole[squeeze(found[1])]


@cache
def document_rules() -> DocumentRules:
    """The rules that ship with this package."""
    source = files("parsers").joinpath("data/saved_pages.toml").read_text("utf-8")
    rows = tuple(_rule(table) for table in tomllib.loads(source)["rule"])
    whole: dict[str, DocumentRule] = {}
    for rule in sorted(rows, key=lambda r: r.acts):
        whole |= {squeeze(phrase): rule for phrase in rule.whole}
    labels = tuple((_label(label), rule) for rule in rows for label in rule.labels)
    patterns = tuple((rule.pattern, rule) for rule in rows if rule.pattern)
    longest = max(map(len, whole))
    return DocumentRules(rows, whole, labels, patterns, longest, _glued_pattern(rows))


def _rule(table: dict[str, object]) -> DocumentRule:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    values["name"] = values.pop("class")
    values["acts"] = Acts[str(values["acts"]).upper()]
    if "pattern" in values:
        values["pattern"] = re.compile(str(values["pattern"]), re.IGNORECASE)
    return DocumentRule(**values)  # type: ignore[arg-type]  # checked by the tests of the rows


def _label(label: str) -> re.Pattern[str]:
    """The label with a colon behind, or, where it is no everyday word, with a capital glued to it
    (which is no part of a word in capitals)."""
    spelled = _spelled(label)
    glued = r"|(?-i:(?=[A-ZÀ-Þ][a-zà-ÿ]|\d))" if " " in label or label == "Tags" else ""
    capitals = rf"|\W*(?-i:{label.upper()}(?=[a-zà-ÿ]))" if label.isalpha() else ""
    return re.compile(
        rf"\W*(?-i:(?=[A-ZÀ-Þ])){spelled}(?:\s?[:：]{glued})\s*\S{capitals}", re.IGNORECASE
    )


def _glued_pattern(rows: tuple[DocumentRule, ...]) -> re.Pattern[str]:
    phrases = {
        phrase for rule in rows if rule.acts in (Acts.LIST, Acts.END) for phrase in rule.whole
    }
    longest = sorted((p for p in phrases if len(fold(p)) > 2), key=len, reverse=True)
    spelled = "|".join(map(_spelled, longest))
    capitals = "|".join(phrase.upper() for phrase in longest if phrase.isalpha())
    end = r"(?<=[.!?…。\"”»)])"
    return re.compile(
        rf"{end}((?i:(?-i:(?=[A-ZÀ-Þ]))(?:{spelled}))(?=[A-ZÀ-Þ0-9]|\W*\Z|[:\s])"
        rf"|(?:{capitals})(?=[a-zà-ÿ]))"
    )


def _spelled(phrase: str) -> str:
    return r"\W+".join(re.escape(word) for word in fold(phrase).split())
