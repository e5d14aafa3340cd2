"""Which other outlets a text says its news is from: "first reported by The Verge".

    the outlets that a text names         ─▶ those right beside the words of a credit
    a line below it, "Source: The Verge"  ─▶ the outlet

An outlet that is what the news is about ("The Verge was sold") is none, so only these forms count.
Outlets and forms are data (`data/outlets.toml`); agencies are outlets, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from unicodedata import normalize
from urllib.parse import urlsplit

from parsers.articles.outlet_rules import (
    CLOSES,
    ENGLISH,
    OutletGrammar,
    outlet_grammar,
    outlet_names,
)
from parsers.records import Credit, CreditRole
from parsers.sites import site_of

_MOST = 8
"""So many outlets are told of an article."""
_MOST_NAMED = 200
_CHARS = 30_000
"""So much of a text is read."""
_NAME_CHARS = 45
_AROUND = 130
"""Characters beside a name that a form stands in."""
_LINES, _LINE_CHARS = 3, 90
"""Lines at the end of a text that may be a credit."""
_CLAUSE_ENDS = re.compile(rf"{CLOSES}\s?(?:[.,;:!?)»”]|$)")
_QUOTED = re.compile(r"^[»«“”\"']|[«»„“”\"']$")
_WORD_HEAD = re.compile(r"(?<![\w-])[\w-]+\Z")
_PART = re.compile(r"\s(?:TV|Television|Radio|News|Online|Business|International|[Mm]agazine)\b")
"""What may follow a name: "Bloomberg TV"."""
_OF = re.compile(r"\sof\s[A-Z]")
"""A longer name: "the New England Journal of Medicine"."""
_SUED = re.compile(r"\b(?:sued|sues|suing|beat|beats)\s(?:the\s)?\Z")
"""What is done to an outlet: "he sued CNN, which reported it"."""
_WHO = re.compile(r"\s?(?:\(\d\d\)|,\s(?:who|whose|der|die|dem|den|qui|quien|sa|son)\b)")
"""Behind somebody: "laut Stern (52)"."""
_OFFICIAL = re.compile(
    r"\b(?:resmi|official|offizielle[nrs]?|oficial|officiel|ufficiale|официальн\w+)\s(?:\w+\s){0,2}\Z"
)
"""A site of whom it is about."""
_IN_WORD = re.compile(r"[\w@./-]\Z")
_DOMAIN_ENDS = re.compile(
    r"\.(?:com|net|org|info|news|tv|io|co|id|de|at|ch|es|fr|it|nl|be|br|pt|ru|ua|by|se|pl|tr|uk|us|in|au)"
    r"(?![\w@/-]|\.\w)"
)
_DOMAIN_BEGINS = re.compile(
    r"(?<![\w@./-])(?P<label>[A-Za-z][A-Za-z0-9-]{1,30})(?:\.[a-z]{2,12})?\Z"
)
_ARTICLE = re.compile(r"^(?:(?:l[eao]s?|el|il|de[rn]?|die|das|het|[oa])\s|l['’])", re.IGNORECASE)
"""With which a name begins and its site may not: "la Repubblica", repubblica.it."""
_NO_OUTLET = frozenset(("gov", "go", "ac", "edu", "mil", "gob", "gouv", "gub", "sch", "bund"))


@dataclass(frozen=True, slots=True)
class _Named:
    """An outlet where a text names it."""

    name: str
    start: int
    end: int
    is_common: bool = False
    """Whether it needs a form in which hardly anything but an outlet stands."""
    is_domain: bool = False
    is_doubtful: bool = False
    """Whether it means something else in most texts of the language."""
    is_word: bool = False
    """Whether that is a word or somebody: no form makes it sure."""


def read_credited(
    text: str,
    language: str | None,
    removed_lines: Sequence[tuple[str, str]] = (),
    *,
    own: frozenset[str] = frozenset(),
) -> tuple[Credit, ...]:
    """The outlets that `text` says its news is from, in the order in which it credits them.

    `removed_lines` are what cleaning took away, (class, line) pairs: credits are often among them.
    `own` are the names that are not told (`own_names`).
    """
    text = text[:_CHARS]
    grammar = outlet_grammar(language or "en")
    found = _credited(text, grammar) if grammar else iter(())
    below = [line for line in text.rsplit("\n", 2 * _LINES)[-2 * _LINES :] if line.strip()]
    lines = (*below[-_LINES:], *(line for _, line in removed_lines))
    names = dict.fromkeys((*found, *(name for line in lines for name in _sources_in(line))))
    others = [name for name in names if not own.intersection(_own_forms(name))]
    return tuple(Credit(name, CreditRole.SOURCE) for name in others[:_MOST])


def own_names(url: str | None, *names: str | None) -> frozenset[str]:
    """What an article's own outlet is called, by its address and its other names."""
    site = site_of(urlsplit(url).hostname or "") if url else ""
    return frozenset((*_site_forms(site), *(_folded(name or "") for name in names)))


def sites_meant(names: Iterable[str], sites: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Which of `sites` credits of these outlets may mean: (name, site, whether that is known).

    It is known of the sites in the list, and of names that are addresses. Of others the address
    begins with the name, as that of another outlet may: there is a Mundo in many countries.
    """
    listed = outlet_names().sites
    by_form = defaultdict(list)
    for name in names:
        known = [*listed.get(name, ()), *([name.casefold()] if "." in name else ())]
        for form in known or [_folded(name)]:
            by_form[form].append((name, bool(known)))
    return [
        (name, site, known)
        for site in sites
        for form in _site_forms(site)
        for name, known in by_form.get(form, ())
    ]


def _site_forms(site: str) -> tuple[str, ...]:
    return (site, _folded(site.partition(".")[0]))


def _own_forms(name: str) -> tuple[str, ...]:
    bare = _ARTICLE.sub("", name)
    return (_folded(name), _folded(bare), name.casefold(), *outlet_names().sites.get(name, ()))


def _folded(name: str) -> str:
    squeezed = "".join(filter(str.isalnum, normalize("NFKD", name.casefold())))
    return squeezed.removeprefix("the") or squeezed


def _credited(text: str, grammar: OutletGrammar) -> Iterator[str]:
    named = _named(text, grammar)
    credited = [_is_credited(outlet, *_beside(text, outlet), grammar) for outlet in named]
    for place in range(1, len(named)):
        joint = text[named[place - 1].end : named[place].start]
        if credited[place - 1] != credited[place] and grammar.joint.fullmatch(joint):
            credited[place - 1] = credited[place] = True
    last = text.rfind("\n") + 1
    for outlet, is_credited in zip(named, credited, strict=True):
        if is_credited and not (outlet.start >= last and _is_of_wire(outlet.name, text[last:])):
            yield outlet.name


def _is_of_wire(name: str, line: str) -> bool:
    """Whether it is an agency in a last line that is no sentence: such lines tell the wire."""
    is_short = len(line) <= _LINE_CHARS and not line.rstrip().endswith((".", "!", "?", "”", "»"))
    return is_short and name in outlet_names().agencies


def _beside(text: str, named: _Named) -> tuple[str, str]:
    """What stands in its line before a name, and behind it."""
    left = text[max(0, named.start - _AROUND) : named.start].rpartition("\n")[2]
    return left, text[named.end : named.end + _AROUND].partition("\n")[0]


def _named(text: str, grammar: OutletGrammar) -> list[_Named]:
    """What may be an outlet in `text`, in its order."""
    known = list(islice(_known(text, grammar.language), _MOST_NAMED))
    taken = {place for named in known for place in range(named.start + 1, named.end + 1)}
    others = (*_called(text, grammar), *_sounding(text, grammar), *_domains(text))
    found = (*known, *(named for named in others if named.end not in taken))
    return sorted(found, key=lambda named: named.start)


def _known(text: str, language: str) -> Iterator[_Named]:
    """The outlets of the list."""
    outlets = outlet_names()
    small = [outlets.small] if any(mark in text for mark in outlets.small_marks) else []
    surnames = {found["surname"] for found in outlets.person.finditer(text)}
    for found in chain.from_iterable(form.finditer(text) for form in (outlets.pattern, *small)):
        start, mark = found.start(), " ".join(found[0].split())
        before = text[max(0, start - 6) : start]
        needed = outlets.contracted.get(mark, "")
        if mark in surnames or _IN_WORD.search(before) or not before.endswith(needed):
            continue
        if needed is ENGLISH:
            start -= len(ENGLISH[0])
        name, is_common = outlets.names[mark]
        part = _PART.match(text, found.end())
        end = part.end() if part else found.end()
        is_doubtful = language not in outlets.homes.get(mark, (language,))
        is_word = is_doubtful and not mark.isupper()
        yield _Named(name, start, end, is_common, is_doubtful=is_doubtful, is_word=is_word)


def _called(text: str, grammar: OutletGrammar) -> Iterator[_Named]:
    """What is called a newspaper and the like."""
    for found in grammar.called.finditer(text) if grammar.called else ():
        head = _WORD_HEAD.search(text, max(0, found.start() - 30), found.start())
        start = head.start() if head else found.start()
        name = found["proper"].rstrip(".")  # that of a sentence
        if not outlet_names().none.search(name):
            yield _Named(name, start, found.start("proper") + len(name))


def _sounding(text: str, grammar: OutletGrammar) -> Iterator[_Named]:
    """What has a name that hardly anything but an outlet has."""
    ends = 0
    for head in grammar.heads.finditer(text):
        start = max(ends, head.start() - _NAME_CHARS)
        found = grammar.sounds.search(text, start, head.end() + _NAME_CHARS)
        if found is None:
            continue
        ends = found.end()
        name = found[0].lstrip('«"')
        is_none = _OF.match(text, ends) or outlet_names().none.search(name)
        if not is_none and not _IN_WORD.search(text[max(0, found.start() - 1) : found.start()]):
            is_doubtful = bool(grammar.weak.search(name))
            yield _Named(name, ends - len(name), ends, is_doubtful=is_doubtful)


def _domains(text: str) -> Iterator[_Named]:
    """Names of sites, but of those whose owner `text` names elsewhere: it is what the news is
    about."""
    folded = ""
    for end in _DOMAIN_ENDS.finditer(text):
        found = _DOMAIN_BEGINS.search(text[max(0, end.start() - 50) : end.start()])
        if found is None:
            continue
        domain, label = found[0] + end[0], found["label"].casefold()
        if label in outlet_names().none_at:
            continue
        folded = folded or text.casefold()
        is_said_again = folded.count(label) > 1
        if not is_said_again and not _NO_OUTLET.intersection(domain.split(".")):
            yield _Named(domain, end.end() - len(domain), end.end(), is_domain=True)


def _is_credited(named: _Named, left: str, right: str, grammar: OutletGrammar) -> bool:
    if grammar.not_after.match(right) or _SUED.search(left):
        return False
    if named.is_domain and _OFFICIAL.search(left):
        return False
    is_sure = grammar.surely.holds(left, right, grammar)
    is_quoted = bool(_QUOTED.search(left) and _QUOTED.match(right))
    if named.is_doubtful and not is_quoted and not grammar.kind.search(left):
        return is_sure and not named.is_word
    if is_sure or named.is_domain:
        return is_sure
    is_clear = is_quoted or (_CLAUSE_ENDS.match(right) and not _WHO.match(right))
    if named.is_common and not is_clear:
        return False
    return grammar.says.holds(left, right, grammar)


def _sources_in(line: str) -> list[str]:
    """The outlets of a line that has nothing else: "Source: The Verge"."""
    if len(line) > _LINE_CHARS:
        return []
    lead = outlet_names().lead.match(line)
    parts = re.split(r"\s*[,;/&]\s*", line[lead.end() :].strip(" .)]*")) if lead else []
    named = [outlet_names().names.get(part, ("", True)) for part in parts]
    if any(is_common for _, is_common in named):
        return []
    return [name for name, _ in named if name not in outlet_names().agencies]
