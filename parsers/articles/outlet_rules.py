"""How texts name outlets and say that news is from one: what `data/outlets.toml` says, compiled.

A form is looked for beside a name that was found, never in the text: most texts name no outlet.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from parsers.articles.agency_rules import agency_rows

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĞĪİŁŃŌŐŘŚŞŠŤŪŮŹŻŽА-ЯЁІЇЄ"
_PART = "Bericht|Informa|Recherche|Angabe|Interview"
"""Of a German word that begins with a name: "Spiegel-Informationen"."""
_OPENS = "[«»„“”\"'‘]?"
CLOSES = "[»«“”\"'’]?"
_DAYS = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_GOES_ON = re.compile(rf"\s(?!(?:{_DAYS}))[{_UPPER}]")
"""A longer name: "Bloomberg Tower", "the New York Times Company"."""
_OWNS = re.compile(
    r"['’]s\s(?!(?:own\s)?(?:report|stor|source|interview|investigation|article))[a-z]"
)
"""What or who is its own: "told the BBC's lawyers"."""
_OF_ANOTHER = re.compile(
    r"(?:^|\s)(?:of|for|from|at|by|with|against|to|about|in|on|von|bei|für|aus|mit|gegen|de|del|di|"
    r"da|do|du|des|à|au|aux|pour|chez|contre|para|dari|untuk|oleh|pada|van|voor|bij|у|из|от|для|"
    r"против|о|с|в|на|(?:редактор|директор|сотрудни|представител|владел|глав|учредител)\w*|"
    rf"[{_UPPER}][\w’'.-]*(?<!['’]s))\s\Z"
)
"""Words before a name with which it is no subject: "the head of CNN reported"."""
_BEGINS = re.compile(
    r"(?:^|[.!?]\s|[»”\"]\s)(?:As|And|But|Earlier|Meanwhile|Previously|Separately|Yesterday|When|While|Wie|"
    r"Zuvor|Auch|Doch|Und|Während|Ayer|Hoy|Además|También|Pero|Y|Hier|Mais|Et|Ainsi|Ontem|Hoje|Já|Mas|E|"
    r"Sebelumnya|Sementara|Namun|Kemudian|Ранее|Также|Вчера|Позже|Накануне|Но|А|И|Как)\s\Z"
)
"""A capital that only begins a sentence: "Earlier Bloomberg reported"."""
_NEGATED = re.compile(
    r"\b(?:not|never|nor|without|nicht|nie|kein\w*|no|nunca|jamás|pas|jamais|não|не|tidak|bukan|belum|"
    r"non|mai|niet|den(?:y|ied|ies|ying)|contrary|disput\w+|reject\w+|dementiert\w*|"
    r"bestritt\w*|negó|desmintió|rechazó|démenti|nié|negou|desmentiu|опроверг\w*|membantah)\s(?:\w+\s){0,1}\Z",
    re.IGNORECASE,
)
_NO_NAME = (
    r"(?!(?:Oficial|Officiel|Laut|Nach|Wie|Der|Die|Das|Dem|Den|Des|Auch|As|In|On|At|And|But|From|Menurut|"
    r"Melansir|Mengutip|Dikutip|Dilansir|Sumber|Kepada|Según|Selon|Segundo|Source|Via)\b)"
)
"""Words with a capital that no outlet's name begins or goes on with."""
_PROPER = (
    rf"(?P<proper>{_NO_NAME}[{_UPPER}][\w’'.-]*(?:\s(?:(?:de|del|della|di|da|do|la|of|the|und|y|e)\s)?"
    rf"[{_UPPER}][\w’'-]*){{0,3}})"
)
_WORDS = re.compile(r"<(\w+)>")
ENGLISH = ("The ", "the ")
_CONTRACTED = {
    "The": ENGLISH,
    "Le": ("au ", "du "),
    "Les": ("aux ", "des ", "les "),
    "O": ("ao ", "do ", "pelo ", "no "),
    "El": ("al ", "del "),
    "Il": ("al ", "del ", "dal "),
}
"""Words in which an outlet's article stands: "au Monde"."""


@dataclass(frozen=True, slots=True)
class _Forms:
    """Ways to name a source, by what stands beside its name."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    around: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    def holds(self, left: str, right: str, grammar: OutletGrammar) -> bool:
        """Whether a name between `left` and `right` stands in one of them."""
        return (
            self._stands_behind(left, right, grammar)
            or self._is_subject(left, right, grammar)
            or any(before.search(left) and after.match(right) for before, after in self.around)
        )

    def _stands_behind(self, left: str, right: str, grammar: OutletGrammar) -> bool:
        found = self.before.search(left) if self.before else None
        if found is None or (grammar.is_of_names and _GOES_ON.match(right)) or _OWNS.match(right):
            return False
        return not _NEGATED.search(left[: found.start()])

    def _is_subject(self, left: str, right: str, grammar: OutletGrammar) -> bool:
        if self.after is None or not self.after.match(right):
            return False
        before = grammar.phrase.sub("", left)
        return not _OF_ANOTHER.search(before) or bool(_BEGINS.search(before))


@dataclass(frozen=True, slots=True)
class OutletGrammar:
    """How texts of a language name their sources."""

    says: _Forms
    surely: _Forms
    phrase: re.Pattern[str]
    """What belongs to a name and stands before it: "the newspaper"."""
    kind: re.Pattern[str]
    """The same where it says what the name is one of."""
    called: re.Pattern[str] | None
    """An outlet that is called one."""
    sounds: re.Pattern[str]
    """A name that hardly anything but an outlet has."""
    weak: re.Pattern[str]
    """Such a name that others have, too."""
    heads: re.Pattern[str]
    """A word of those: they are looked for beside it only."""
    joint: re.Pattern[str]
    """What stands between two that are credited together."""
    not_after: re.Pattern[str]
    language: str
    is_of_names: bool
    """Whether a capital tells a name; German writes all nouns so."""


@cache
def outlet_grammar(language: str) -> OutletGrammar | None:
    """That of a language; None where there is none."""
    rules = outlet_rules()["forms"].get(language)
    return _grammar(language, rules) if rules else None


def _grammar(code: str, rules: dict[str, Any]) -> OutletGrammar:
    words: dict[str, str] = rules.get("words", {})
    articles = "|".join(
        article if article[-1] in "'’" else rf"{article}\s" for article in rules["articles"]
    )
    kinds = "|".join(rules["kinds"]).replace(" ", r"\s")
    kind = rf"(?:(?:[\w-]+\s){{0,2}}(?:{kinds})\s(?:[\w-]+\s)?)?" if kinds else ""
    phrase = rf"(?:(?:{articles}))?{kind}{_OPENS}" if articles else kind + _OPENS
    words_called = rules.get("called", ())
    called = "|".join((*words_called, *(word[0].upper() + word[1:] for word in words_called)))
    called = called.replace(" ", r"\s")
    not_after = "|".join(rules["not_after"]).replace(" ", r"\s") or "(?!)"
    return OutletGrammar(
        says=_forms(rules["says"], words, phrase),
        surely=_forms(rules["surely"], words, phrase),
        phrase=re.compile(rf"(?:(?<=\s)|^){phrase}\Z", re.IGNORECASE),
        kind=re.compile(rf"\b(?:{kinds or '(?!)'})\s(?:[\w-]+\s)?{_OPENS}\Z", re.IGNORECASE),
        called=re.compile(rf"(?:{called})\s{_OPENS}{_PROPER}") if called else None,
        sounds=_sounding(rules.get("sounds", ("(?!)",))),
        weak=re.compile(rules.get("weak", "(?!)")),
        heads=re.compile("|".join(rules.get("heads", ("(?!)",)))),
        joint=re.compile(
            rf"{CLOSES}(?:,|\s(?:and|und|y|e|et|dan|dari|и|en|ve))\s{phrase}", re.IGNORECASE
        ),
        not_after=re.compile(rf"\s(?:{not_after})\b", re.IGNORECASE),
        language=code,
        is_of_names=code != "de",
    )


def _forms(said: Iterable[str], words: dict[str, str], phrase: str) -> _Forms:
    halves = [_filled(form, words).replace(" ", r"\s").split("{}") for form in said]
    before = [left for left, right in halves if left and not right]
    after = [right for left, right in halves if right and not left]
    return _Forms(
        before=_standing_before(before, phrase) if before else None,
        after=_standing_after(after) if after else None,
        around=tuple(
            (_standing_before([left], phrase), _standing_after([right]))
            for left, right in halves
            if left and right
        ),
    )


def _sounding(names: Iterable[str]) -> re.Pattern[str]:
    word = {"Name": rf"{_NO_NAME}[{_UPPER}][\w’'-]*"}
    forms = "|".join(_filled(name, word).replace(" ", r"\s") for name in names)
    return re.compile(rf"(?:{forms})(?!\w|-\w)")


def _filled(form: str, words: dict[str, str]) -> str:
    """A form with the words that it names: those that nothing may follow are no group."""
    return _WORDS.sub(
        lambda found: (
            words[found[1]] if words[found[1]].startswith("(?!") else f"(?:{words[found[1]]})"
        ),
        form,
    )


def _standing_before(lefts: list[str], phrase: str) -> re.Pattern[str]:
    start = r"(?:(?<!\w)|(?=[,“”«»\"]))"
    return re.compile(rf"{start}(?:{'|'.join(lefts)}){phrase}\Z", re.IGNORECASE)


def _standing_after(rights: list[str]) -> re.Pattern[str]:
    return re.compile(
        rf"{CLOSES}(?:\s\([^()]{{2,12}}\))?(?:{'|'.join(rights)})(?!\w)", re.IGNORECASE
    )


@dataclass(frozen=True, slots=True)
class OutletNames:
    """What outlets and agencies are called."""

    names: dict[str, tuple[str, bool]]
    """By mark: what it is called, and whether that is a common word."""
    pattern: re.Pattern[str]
    small: re.Pattern[str]
    """The same of the few that begin with a small letter, as most words do."""
    small_marks: tuple[str, ...]
    homes: dict[str, frozenset[str]]
    """The languages in which a mark that means something else, too, is this outlet."""
    person: re.Pattern[str]
    """Somebody whose surname is an outlet's name."""
    contracted: dict[str, tuple[str, ...]]
    """Marks without their article, and what they stand behind then."""
    agencies: frozenset[str]
    sites: dict[str, list[str]]
    none: re.Pattern[str]
    """Names that sound like an outlet's and are none."""
    none_at: frozenset[str]
    """How addresses of networks, shops and authorities begin."""
    lead: re.Pattern[str]


@cache
def outlet_names() -> OutletNames:
    """What outlets and agencies are called."""
    rules = outlet_rules()
    rows = rules["outlets"]["list"]
    agencies = agency_rows()
    names = {
        mark: (str(row["name"]), False)
        for row in agencies
        for mark in row["marks"]
        if len(mark) > 2 or mark == "AP"
    }
    contracted: dict[str, tuple[str, ...]] = {}
    for row in rows:
        marks = (row["name"], *row.get("marks", ()))
        names |= dict.fromkeys(marks, (row["name"], row.get("common", False)))
        for article, _, rest in (mark.partition(" ") for mark in marks):
            if article in _CONTRACTED and rest not in names:
                contracted[rest] = _CONTRACTED[article]
                names[rest] = names[row["name"]]
    homes = {
        mark: frozenset(languages)
        for row in (*agencies, *rows)
        for mark, languages in row.get("home", {}).items()
    }
    small = tuple(mark for mark in names if mark[0].islower())
    leads = "|".join(rules["line"]["leads"])
    somebody = rf"^(?:{'|'.join(rules['persons']['given'])})\s\w+$"
    return OutletNames(
        names=names,
        pattern=_any_of(mark for mark in names if not mark[0].islower()),
        small=_any_of(small),
        small_marks=small,
        homes=homes,
        person=_person(rules["persons"], [*agencies, *rows]),
        contracted=contracted,
        agencies=frozenset(str(row["name"]) for row in agencies),
        sites={row["name"]: row["sites"] for row in (*agencies, *rows) if "sites" in row},
        none=re.compile("|".join((*rules["no_outlet"]["names"], somebody))),
        none_at=frozenset(rules["no_outlet"]["sites"]),
        lead=re.compile(rf"\W*(?:(?:{leads})\s?[:：]|v[ií]a)\s*", re.IGNORECASE),
    )


def _person(before: dict[str, list[str]], rows: list[dict[str, Any]]) -> re.Pattern[str]:
    names = [
        mark for row in rows if "person" in row for mark in (row["name"], *row.get("marks", ()))
    ]
    surnames = "|".join(name for name in names if name.isalpha() and name[1:].islower())
    firsts = "|".join((*before["titles"], *before["given"]))
    return re.compile(rf"\b(?:{firsts})\.?\s(?P<surname>{surnames})\b")


def _any_of(marks: Iterable[str]) -> re.Pattern[str]:
    """Any of these names. The letters that they begin with come first: only there is a pattern of
    so many tried."""
    by_letter: dict[str, list[str]] = {}
    for mark in sorted(marks, key=len, reverse=True):
        by_letter.setdefault(mark[0], []).append(_spaced(mark[1:]))
    forms = [f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items()]
    return re.compile(rf"(?:{'|'.join(forms)})(?![\w@]|\.\w|-(?!{_PART})\w)")


def _spaced(mark: str) -> str:
    return re.escape(mark).replace(r"\ ", r"\s")


@cache
def outlet_rules() -> dict[str, Any]:
    """The file, as it is."""
    return tomllib.loads(files("parsers").joinpath("data/outlets.toml").read_text("utf-8"))
