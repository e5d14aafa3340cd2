"""XPath searches for elements by their attributes, made in a walk of the tree.

Where an expression has regular expressions, libxml2 asks Python for each element and attribute:
4 ms a page with all that trafilatura looks for, and half as much where it has none. Here the
expression is read once, and what a value says is worked out once for all elements that have it.

    .//*[self::div or self::p][re:test(@class, 'share|menu') or contains(@id, 'nav')]
        ─▶ tags: div, p        class: share|menu        id: nav

An expression that says anything else stays as it is, so another release of trafilatura may cost
more, and finds what it looks for all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

_VALUES = 8192
"""So many values of an attribute are remembered: pages and sites call many elements the same."""
_VALUE_CHARS = 500
"""Longer values are not remembered."""
_SOURCE = r"@(?P<{0}>[\w-]+)(?:\|@(?P<{0}_or>[\w-]+))?"
_TERM = re.compile(
    rf"re:test\({_SOURCE.format('tested')}, ?'(?P<pattern>[^']+)'(?:, ?'(?P<flag>[^']+)')?\)"
    rf"|contains\({_SOURCE.format('holding')}, ?'(?P<held>[^']+)'\)"
    r"|contains\(translate\(@(?P<translated>[\w-]+), ?'(?P<source>\w+)', ?'(?P<target>\w+)'\), ?"
    r"'(?P<meant>[^']+)'\)"
    rf"|starts-with\({_SOURCE.format('beginning')}, ?'(?P<begun>[^']+)'\)"
    r"|@(?P<equal>[\w-]+) ?= ?'(?P<whole>[^']*)'"
    r"|@(?P<there>[\w-]+)"
)
_OR = re.compile(r"\s+or\s+")
_UNION = re.compile(r"\|(?=\(?\.//)")
_QUOTED = re.compile(r"'[^']*'")
_STEP = re.compile(
    r"\s*\(?\.//(?P<tag>\*|\w+)(?:\[(?P<tags>self::\w+(?:\s+or\s+self::\w+)*)\])?"
    r"(?:\[(?P<terms>[^\[\]]+)\])?(?P<rest>(?:\[[^\[\]]+\])*)\)?(?P<first>\[1\])?\s*"
)
_FIRST = "[1]"


class _Values(dict[str, bool]):
    """Whether values of an attribute say what is looked for, as far as they were met."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, value: str) -> bool:
        says = self._pattern.search(value) is not None
        if len(value) <= _VALUE_CHARS:
            if len(self) >= _VALUES:
                self.clear()
            self[value] = says
        return says


@dataclass(frozen=True, slots=True)
class _Term:
    """What an attribute must say; of two, the one that the source has first."""

    names: tuple[str, ...]
    pattern: str


class _Step:
    """Elements with one of some tags, of whose attributes one says something."""

    def __init__(self, tags: tuple[str, ...], terms: tuple[_Term, ...]) -> None:
        self.tags = tags
        self._is_any = not terms
        self._alone = _by_name(term for term in terms if len(term.names) == 1)
        self._pairs = [
            (term.names, _Values(re.compile(term.pattern))) for term in terms if len(term.names) > 1
        ]
        self._likely = _by_name(terms) if self._pairs else self._alone

    def among(self, elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
        """Those of `elements`, which have one of the tags."""
        likely = self._likely
        for element in elements:
            attributes = element.items()
            for name, value in attributes:
                if name in likely and likely[name][value]:
                    if not self._pairs or self._holds(attributes):
                        yield element
                    break
            else:
                if self._is_any:
                    yield element

    def _holds(self, attributes: Sequence[tuple[str, str]]) -> bool:
        firsts = ((says, (v for n, v in attributes if n in names)) for names, says in self._pairs)
        return any(
            self._alone[name][value] for name, value in attributes if name in self._alone
        ) or (any(says[value] for says, values in firsts for value in islice(values, 1)))


def _by_name(terms: Iterable[_Term]) -> dict[str, _Values]:
    patterns: dict[str, list[str]] = {}
    for term in terms:
        for name in term.names:
            patterns.setdefault(name, []).append(f"(?:{term.pattern})")
    return {name: _Values(re.compile("|".join(found))) for name, found in patterns.items()}


class Search:
    """What `expression` finds; its first only (`first`) where nobody asks for more."""

    def __init__(self, expression: XPath, *, first: bool = False) -> None:
        self._expression = expression
        self._first = first
        steps = _steps_if_any(expression.path, first=first)
        self.is_read = bool(steps)
        """Whether it is made in a walk."""
        is_whole = all(is_whole for _, is_whole in steps)
        self._rest = None if is_whole else _of_itself(expression)
        """What else it says, asked of the few elements of which all this holds."""
        self._steps = [step for step, _ in steps]

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        """The elements below `tree`, in their order."""
        if not self.is_read:
            return cast("list[HtmlElement]", self._expression(tree))
        found = self._found(tree)
        if self._rest is not None:
            found = filter(self._rest, found)
        return list(islice(found, 1) if self._first else found)

    def _found(self, tree: HtmlElement) -> Iterator[HtmlElement]:
        if len(self._steps) == 1:
            step = self._steps[0]
            return step.among(tree.iterdescendants(*step.tags))
        found = {
            element
            for step in self._steps
            for element in step.among(tree.iterdescendants(*step.tags))
        }
        return (element for element in tree.iterdescendants("*") if element in found)


def _of_itself(expression: XPath) -> XPath:
    """An expression for one of its elements."""
    path = expression.path.replace(".//*", "self::*")
    return XPath(path, namespaces={"re": "http://exslt.org/regular-expressions"})


def _steps_if_any(path: str, *, first: bool) -> list[tuple[_Step, bool]]:
    try:
        return _steps(path, first=first)
    except (ValueError, re.error):  # letters that become none; a pattern that only libxml2 reads
        return []


def _steps(path: str, *, first: bool) -> list[tuple[_Step, bool]]:
    """The steps of an expression, each with whether that is all it says; none where one of them
    says what no walk can tell."""
    quoted: list[str] = []

    def hide(found: re.Match[str]) -> str:
        quoted.append(found[0][1:-1])
        return f"'{len(quoted) - 1}'"

    steps = []
    for part in _UNION.split(_QUOTED.sub(hide, path)):
        step = _STEP.fullmatch(part)
        if step is None:
            return []
        terms = [_term(said, quoted) for said in _OR.split((step["terms"] or "").strip()) if said]
        rest = step["rest"].replace(_FIRST, "") if first else step["rest"]
        if None in terms or (step["first"] and not first):
            return []
        tags = re.findall(r"self::(\w+)", step["tags"] or "") or [step["tag"]]
        steps.append((_Step(tuple(tags), tuple(filter(None, terms))), not rest))
    return steps


def _term(said: str, quoted: list[str]) -> _Term | None:
    found = _TERM.fullmatch(said.strip())
    if found is None:
        return None
    text = {
        key: quoted[int(number)]
        for key in ("pattern", "held", "source", "target", "meant", "begun", "whole")
        if (number := found[key]) is not None
    }
    if found["tested"]:
        names, pattern = (found["tested"], found["tested_or"]), text["pattern"]
        pattern = f"(?i:{pattern})" if found["flag"] else pattern
    elif found["holding"]:
        names, pattern = (found["holding"], found["holding_or"]), re.escape(text["held"])
    elif found["translated"]:
        names, pattern = (found["translated"], None), _translated(**text)
    elif found["beginning"]:
        names, pattern = (
            (found["beginning"], found["beginning_or"]),
            rf"\A{re.escape(text['begun'])}",
        )
    elif found["equal"]:
        names, pattern = (found["equal"], None), rf"\A{re.escape(text['whole'])}\Z"
    else:
        names, pattern = (found["there"], None), ""
    return _Term(tuple(filter(None, names)), pattern)


def _translated(source: str, target: str, meant: str) -> str:
    """What becomes `meant` where each letter of `source` is written as that of `target`."""
    table = dict(zip(source, target, strict=True))
    return "".join(
        f"[{re.escape(''.join({c for c in (letter, *table) if table.get(c, c) == letter}))}]"
        for letter in meant
    )
