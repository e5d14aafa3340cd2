"""Where a text comes from, by its own words: the agency that it names, the place of its dateline.

    its first line      "JAKARTA (Antara) - …"      ─▶ agency (dateline), place
    its last words      "… on Monday. (Reuters)"    ─▶ agency (credit)
    a credit below it   "Source: Reuters"           ─▶ agency (credit)
    its authors         "Jane Roe, Reuters"         ─▶ agency (author)

A mention in running text ("told Reuters") says nothing about where the text is from, so only these
places count, and only in the forms that datelines and credits have. The agencies are data
(`data/agencies.toml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from parsers.articles.agency_rules import agencies, agency_rows

_HEAD = 160
"""Characters of the first line that a dateline stands in."""
_OPENING = 1000
"""Characters that a standfirst and the start of the line below it stand in."""

# Agencies: in the brackets of a dateline, in a credit, or alone in a line.
_IN_BRACKETS = re.compile(
    r"(?P<before>[^()（）\n]{0,70}?)[(（](?P<marks>[^()（）\n]{2,40})[)）]"
    r"(?P<after>\s*(?:[.:]\s?)?(?:[—–―:]|-{1,2}|\.-)|\.?\s(?=\w))"
)
_BEFORE_BRACKETS = re.compile(
    r"\d|^\s*(?:(?:(?<=\w )(?:de|d[aou]s?|del|la|am|an der|sur)\s)?"
    r"[^\W\d_a-z][\w.'’\[\]-]*[\s,/—–-]*){0,4}$"
)
"""A date, or nothing but names."""
_BEGINS = re.compile(
    r"(?P<marks>(?:Agência|Agencia|Agence|Agenzia)\s[^\n—–-]{3,30})\s(?:[—–]|--?)\s(?![a-zà-ÿа-яё])"
)
"""Before a capital; a name alone ("Bloomberg - 50 years") may be what the text is about."""
_PLACE_WORDS = r"(?:[^\W\d_a-z][\w'’]*+(?:-[\w'’]++)*+\s?+)"
"""Possessive: capitals without a space ("AAAA") are words in more ways than can be tried."""
_BESIDE_PLACE = re.compile(
    rf"{_PLACE_WORDS}{{1,4}}+(?:[,.]\s\(?\d{{1,2}}\.?[\s/][\w/]{{1,12}}\.?\)?)?[,.]\s"
    r"(?P<marks>[^\n,.()—–-]{2,30}?)\s?(?:[—–]|--?)\s"
)
"""A place, a date, an agency: "Jakarta, ANTARA -"."""
_BEFORE_PLACE = re.compile(
    rf"(?P<marks>[^\n,.()—–-]{{2,30}}?)(?:\.-|,\s(?:{_PLACE_WORDS}{{1,3}}+(?:[—–]|--?)"
    r"|\d{1,2}\s\w{3,9}\.))\s(?![a-zà-ÿа-яё])"
)
"""The same the other way about: "REUTERS, London -", "ТАСС, 3 марта.", "EFE.-"."""
_CREDIT = re.compile(
    r"^[\s(\[—–/*-]*(?:(?:sources?|quellen?|sumber|fuentes?|fontes?|bron|kilde|źródło|zdroj|"
    r"kaynak|来源|來源|出典|источник|with|avec|con|com|mit material (?:von|der)|via|by|"
    r"con información de|com informações d[ae]|"
    r"riproduzione riservata|(?:©|\(c\)|copyright|hak cipta)(?:\W*(?:19|20)\d\d)?)[\s:：©]*)+"
    r"(?:by\s)?(?P<marks>[^\n]{2,100})$",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"^(?:/[a-zà-ÿ]{2,5}\b|-infocom\b)")
"""Which part of an agency, or who of it: "dpa/hv"."""
_RIGHTS = re.compile(r"\W*(?:©|\(c\)|copyright|hak cipta|riproduzione)", re.IGNORECASE)
"""Before whose a text is; behind that stands what is allowed, in any words."""
_SOURCE = re.compile(
    r"\W*(?:sources?|quellen?|sumber|fuentes?|fontes?|bron|источник)\s?[:：]", re.IGNORECASE
)
"""With a name beside an agency it is that of a chart or a picture: "Source: AFP, World Bank"."""
_OWNED = re.compile(
    r"\s(?:©|\(c\)|copyright)[\s©]*(?P<marks>[^\d©\n]{2,40}?)\s(?:19|20)\d\d\W*$", re.IGNORECASE
)
"""Whose a text is, behind who made it."""
_CODED = re.compile(
    r"(?:(?:^\W*|,\s)(?P<code>[a-zà-ÿ]{2,4})|^\W*(?:pewarta|reporter|penulis|text|texte|texto|teks|текст)\s?:[^:/\n]{3,50})"
    r"/(?P<marks>[^/\n]{2,20}?)\W*$",
    re.IGNORECASE,
)
"""An agency behind who of the outlet took its text over: "Source: example.com, xy/dpa"."""
_ALONE = re.compile(r"^[\s(\[（—–/*©-]*(?P<marks>[^\n]{2,40}?)[\s)\]）/.]*$")
_JOINT = re.compile(r"\s*(?:/|,|;|&|\+|\s(?:and|und|et|y|e|dan|with)\s)\s*")
_JOINING = re.compile(r"\s*(?:[/,;&+|·•(–—-]|(?:and|und|et|y|e|dan|и|with|mit|avec|con|com)\s)")
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORDS = re.compile(
    # An apostrophe ends a quotation only where no word follows it: "à l’AFP".
    r"(?:^|[.!?…»”\"]|’(?=[\s(\[/—–-]))\s*"
    r"(?:[(\[](?P<bracketed>[^()\[\]]{2,60})[)\]]|/(?P<slashed>[^/]{2,30})/"
    r"|(?:--?|[—–/])\s?(?P<dashed>[^—–-]{2,30})|(?<!\?)(?<!\?\s)(?P<bare>[^\s.!?][^.!?]{1,24}))\.?$"
)
"""What stands behind the last sentence of a text; alone behind a question it answers that."""
_LAST_CHARS, _LAST_LINES = 90, 2
_ENDING = 600
"""Characters at the end of a text that tell its language."""
_WITH = re.compile(r"\s(?:with|mit|avec|con|com)\s")
_FIRST_PUBLISHED = re.compile(
    r"\b(?:was|were) first published\b"
    r"(?:\s(?:on\s)?[A-Z][a-z]{2,8}\.?\s\d{1,2}, (?:19|20)\d\d)?\W*$"
    r"|\s(?:on\s)?[A-Z][a-z]{2,8}\.?\s\d{1,2}, (?:19|20)\d\d\W*$"
)
"""What was is this text; who first published something is somebody else."""
_PARTED = re.compile(r"\s[|•]\s|;\s")
"""Between the credits of a line; the first tells whose the text is."""
_CONTRIBUTED = re.compile(r"\bcontributed(?:\s(?:reporting\s)?to\sthis\s\w+)?\W*$")
"""Behind people of an agency: "AP writer Jane Roe in Rome contributed"."""
_SET_PHRASE = re.compile(
    r"\bin this (?:report|story|article|text)\b|\b(?<=published )in\b|\b(?<=appeared )in\b|\bfirst"
    r"(?= appeared (?:on|in)\b)|\b(?:is|est)\s"
    r"(?=(?:re)?(?:publi|print|produced|provided|distributed|based on|pris|fourni|tradui))"
    r"|\b(?:são|é)\s(?=d[ao]s?\s)"
)
"""Words that are those of a credit in these forms only: "Reuters is in this" is none."""
_DATED = re.compile(r"(?:©|\(c\)|copyright)[^.\d]{0,40}(?:19|20)\d\d", re.IGNORECASE)
"""With a year it is the text's, not a picture's."""
_BYLINE_JOINT = re.compile(
    r"\s*(?:[,;/|·•()]\s*(?:(?:with|mit|avec|con|com|da|de|do|von|der|of)\s)?|\s(?:[–—-]|writers?|reporters?|correspondents?)\s|\s(?:and|und|et|y|e|dan|и|with|mit|avec|con|com|for|für|pour|para|dari)"
    r"\s(?:(?:the|der|die|la|le|a|o)\s)?)\s*"
)
_BYLINE_LEAD = re.compile(
    r"^(?:(?:reporting\s)?by|von|par|por|oleh|da|de la|di|from|aus|autora?|author|penulis|автор"
    r"|texto?|texte)\b\s?:?\s*",
    re.IGNORECASE,
)
_SIGNING = re.compile(r"(?:(?:reporting\s)?by|von|por|par|oleh)\s", re.IGNORECASE)
_OUTLET = re.compile(r"(?:The|Der|Die|Das|Le|La|Les|El|Los|Las|O|Il|A)\s")
"""Outlets begin with an article, people hardly do."""
_NAMED = re.compile(
    r"[^\W\d_a-zà-ÿа-я][\w.'’-]*(?:\s(?:[a-z]{1,3}\s)?[^\W\d_a-zà-ÿа-я][\w.'’-]*){0,3}"
)
_PICTURE = re.compile(
    r"\b(?:photos?|fotos?|pictures?|bild(?:er)?|images?|imagen|imagem|gambar|v[ií]d[eé]os?|grafik|getty|"
    r"фото|видео)\b",
    re.IGNORECASE,
)
_SHORT = 2
"""Letters of an abbreviation that are a name's as well: "She gave up. CP", "Copyright AA Milne"."""
_BYLINE_CHARS = 90
_TOP_LINES = 2
_CLEARED = frozenset(("copyright", "source_note", "byline", "author_code"))
"""Classes of lines that cleaning takes away and credits are among."""
_CREDIT_CHARS = 110
_LONG_NAME = 5
"""Letters of a name that hardly anything else begins with."""
_CREDIT_LINES = 3
"""Lines at the end of a text that a credit is looked for in."""

# Places: before a dash, with an agency or outlet beside them.
_DASH = r"\s*(?:[–—]|-{1,2})\s+"
_NAME = r"(?P<place>[^\W\d_a-z][\w.'’]*(?:[ -][^\W\d_a-z][\w.'’]*){0,3})"
_PLACE_AFTER_DOMAIN = re.compile(  # EXAMPLE.COM, Jakarta (Wire) -
    r"[\w-]+(?:\.\w{2,10})+,\s" + _NAME + r"(?:\s*\([^()]{2,30}\))?" + _DASH
)
_PLACE_IN_CAPITALS = re.compile(
    r"(?P<place>[^\W\d_a-z]{2}(?:[^\W\d_a-z]|['’ /-]|\.(?= )){1,38}?)"  # JAKARTA, NEW YORK
    r"(?:,\s[\w .]{2,30})?"  # WASHINGTON, Jan 9
    r"(?:\s*\([^()]{2,30}\))?" + _DASH  # (Reuters)
)
_PLACE_BESIDE_OUTLET = re.compile(  # Berlin (dpa) - and Jakarta, Example Post -
    r"(?:[\w.]+(?:\s[\w.]+){0,2},\s)?" + _NAME + r"\s*(?:,\s[\w. ]{2,30}|\([^()]{2,30}\))" + _DASH
)


@dataclass(frozen=True, slots=True)
class WireOrigin:
    """A named agency, and where it is named."""

    agency: str
    place: str
    """`dateline`, `credit` or `author`."""


def read_dateline(text: str) -> str | None:
    """The place that the first line says it was written from, or the second below a standfirst; the
    text keeps it.

    Recognised are a place in capitals before a dash, and a place with an agency or outlet:
    "Jakarta, Example Post - …", "EXAMPLE.COM, Jakarta (Wire) – …".
    """
    opening = [line[:_HEAD] for line in text.lstrip()[:_OPENING].split("\n") if line][:2]
    forms = (_PLACE_AFTER_DOMAIN, _PLACE_IN_CAPITALS, _PLACE_BESIDE_OUTLET)
    found = next(filter(None, (form.match(line) for line in opening for form in forms)), None)
    return found["place"].strip() if found else None


def read_wire(
    text: str,
    authors: Sequence[str] = (),
    removed_lines: Sequence[tuple[str, str]] = (),
    bylines: Sequence[str] = (),
) -> WireOrigin | None:
    """The agency that `text` says it comes from; of several, the first that it names.

    `removed_lines` are what cleaning took away, (class, line) pairs: credits are often among them.
    `bylines` are the short lines that the page shows below its headline.
    """
    first = _first_line(text)
    agency = _opening(first)
    if agency:
        return WireOrigin(agency, "dateline")
    # Twice as many, because an empty line stands between two paragraphs.
    lines = map(str.strip, text.rsplit("\n", 2 * _CREDIT_LINES)[-2 * _CREDIT_LINES :])
    last = list(filter(None, lines))
    below = [line for line in last if line != first][-_CREDIT_LINES:]
    cleared = [line for name, line in removed_lines if name in _CLEARED or _DATED.search(line)]
    credited = (
        _ends(text),
        *map(_credited, (*below, *cleared)),
        *map(_last_words, last[-_LAST_LINES:]),
        *(_closes(line) for _, line in removed_lines),
        *(_last_words(line) for line in cleared if line.startswith("(")),
        *(_in_byline(line) for line in below if _WITH.search(line) or _BYLINE_LEAD.match(line)),
    )
    agency = next(filter(None, credited), None)
    if agency:
        return WireOrigin(agency, "credit")
    opening = [line for line in text.lstrip()[:_OPENING].split("\n") if line][:_TOP_LINES]
    signed = (*map(_signed, authors), *map(_in_byline, (*bylines, *cleared, *opening)))
    agency = next(filter(None, signed), None)
    return WireOrigin(agency, "author") if agency else None


def _first_line(text: str) -> str:
    return text.lstrip()[:_HEAD].split("\n", 1)[0]


def _opening(first: str) -> str | None:
    """The agency of a dateline, or of the form in which its texts begin."""
    for pattern, name in agencies().opens:
        if pattern.match(first):
            return name
    begins = _BEGINS.match(first)
    if begins and begins["marks"] in agencies().names:
        return agencies().names[begins["marks"]]
    for beside in filter(None, (_BESIDE_PLACE.match(first), _BEFORE_PLACE.match(first))):
        if beside["marks"] in agencies().names.keys() - agencies().shared:
            return agencies().names[beside["marks"]]
    found = _IN_BRACKETS.match(first)
    if found is None or not _BEFORE_BRACKETS.search(found["before"]):
        return None
    return None if _is_short_for(found["marks"], found["before"]) else _signed(found["marks"])


def _is_short_for(letters: str, words: str) -> bool:
    """Whether an abbreviation is that of the words before it: "Personal Assistants (PA)"."""
    initials = "".join(word[0] for word in _WORD.findall(words) if not word.isupper())
    return letters.isupper() and initials.endswith(letters)


def _credited(line: str) -> str | None:
    """The agency with whose mark a credit begins ("The Associated Press. All rights reserved"),
    or that stands alone in a line."""
    if len(line) > _CREDIT_CHARS:
        return None
    parts = _PARTED.split(line)
    line = parts[0] if _PICTURE.search(line) else next(filter(_SOURCE.match, parts), parts[0])
    names = agencies().names
    credit = _CREDIT.match(line)
    said = credit["marks"] if credit else ""
    mark = next((mark for mark in names if _begins_with(said, mark)), "")
    is_right = len(mark) > _SHORT and _RIGHTS.match(line)
    if mark and (is_right or _is_of_credit(said[len(mark) :], line)):
        return names[mark]
    forms = (_ALONE,) if _PICTURE.search(line) else (_OWNED, _CODED, _ALONE)
    for found in filter(None, (form.search(line) for form in forms)):
        if found["marks"].strip() in names:
            joint = found.groupdict().get("code") or ""  # "apa/dpa"
            return names.get(joint.upper()) or names[found["marks"].strip()]
    return _among_credit_words(line)


def _begins_with(said: str, mark: str) -> bool:
    return said.startswith(mark) and not said[len(mark) : len(mark) + 1].isalnum()


def _is_of_credit(rest: str, line: str) -> bool:
    """Whether nothing stands behind a mark but agencies, the words of a credit and, where the line
    is no source's, names that something joins to it."""
    left = agencies().mark.sub(" ", _SERVICE.sub("", rest))
    words = [word for word in _WORD.findall(left) if word.casefold() not in agencies().credit_words]
    named = _JOINING.match(rest) and not _SOURCE.match(line) and not _PICTURE.search(line)
    return not words or bool(named and all(word[0].isupper() for word in words))


def _among_credit_words(line: str) -> str | None:
    """The agency in a line that has nothing beside it but the words of a credit."""
    named = agencies().mark.search(line)
    if named is None or line.rstrip().endswith("?") or _is_other(named[0], line[: named.start()]):
        return None
    said = _SET_PHRASE.sub(" ", _FIRST_PUBLISHED.sub(" ", line))
    words = _WORD.findall(agencies().mark.sub(" ", said))
    if _CONTRIBUTED.search(line):
        words = [word for word in words if not word[0].isupper() and word not in ("in", "s")]
    words = [word.casefold() for word in words]
    return agencies().names[named[0]] if agencies().credit_words.issuperset(words) else None


def _is_other(mark: str, before: str) -> bool:
    """Whether it is hardly an agency, but a club or a party: "with the help of the AA"."""
    return mark in agencies().shared and before.endswith("the ")


def _last_words(line: str) -> str | None:
    """The agency whose mark stands behind the last sentence of a line."""
    found = _LAST_WORDS.search(line[-_LAST_CHARS:].rstrip())
    if found is None:
        return None
    said = next(filter(None, found.groups()))
    if found["bracketed"]:
        return _signed(said) or _in_byline(said)
    bare = found["bare"] and not _is_shared(said.strip())
    if bare:
        return agencies().names.get(said.strip()) if len(said.strip()) > _SHORT else None
    return _signed(said)


def _is_shared(said: str) -> bool:
    """Whether a text is of several, as "dpa/hv": of other agencies, or who wrote for it."""
    parts = said.split("/")
    return len(parts) > 1 and all(part in agencies().names or part.islower() for part in parts)


def _ends(text: str) -> str | None:
    """The agency of the form in which the last words of its texts are."""
    last = text[-_ENDING:].rstrip()
    return next((name for pattern, name in agencies().ends if pattern.search(last)), None)


def _closes(line: str) -> str | None:
    """The agency of the form in which its texts end."""
    return next((name for pattern, name in agencies().closes if pattern.match(line)), None)


def _in_byline(line: str) -> str | None:
    """The agency of a line that has names in it and nothing else: "By Jane Roe, Reuters"."""
    named = next(filter(None, map(agencies().names.get, _parts_of_byline(line))), None)
    return named or (_among_credit_words(line) if len(line) <= _BYLINE_CHARS else None)


def _parts_of_byline(line: str) -> list[str]:
    """The names in a line that has nothing else; none of another line."""
    if len(line) > _BYLINE_CHARS or _PICTURE.search(line):
        return []
    parts = _BYLINE_JOINT.split(_BYLINE_LEAD.sub("", line.strip()))
    said = [part for part in map(str.strip, parts) if part]
    marks = agencies().names
    return said if all(part in marks or _NAMED.fullmatch(part) for part in said) else []


def who_signs(lines: Sequence[str], last: str = "") -> tuple[str, ...]:
    """The people that the first line names beside an agency; of the last line of a text they are
    only where it says so ("By Jane Roe and AFP"): "El Diario / EFE" are two outlets."""
    marks = agencies().names
    for line in (*lines, *filter(_SIGNING.match, (last,))):
        parts = _parts_of_byline(line)
        people = tuple(part for part in parts if part not in marks and " " in part)
        is_signed = any(part in marks for part in parts)
        if people and is_signed and not _among_credit_words(line):
            return () if any(map(_OUTLET.match, people)) else people
    return ()


def _signed(said: str) -> str | None:
    """The agency that signs as `said`, alone or with others: "APA/dpa", "A. Name, Reuters"; beside
    one that does in small letters, too: "apa/dpa"."""
    parts = _JOINT.split(said.strip())
    names = agencies().names
    if not any(part in names for part in parts):
        return None
    return next(filter(None, (names.get(part) or names.get(part.upper()) for part in parts)))


def agency_of(credited: str, site: str) -> str | None:
    """The agency whose own page it is that credits one, or none (""), at a site; None for a page of
    anybody else. One that credits none has to be at a site of the list; one that credits an agency
    at a site of that, or at one that begins with its name: is it, where the name is short."""
    listed = _agency_sites().get(site)
    if listed or not credited:
        return listed if credited in ("", listed) else None
    name, label = _plain(credited), site.partition(".")[0].replace("-", "")
    own = label.startswith(name) if len(name) >= _LONG_NAME else label == name
    return credited if own else None


@cache
def _agency_sites() -> dict[str, str]:
    return {site: str(row["name"]) for row in agency_rows() for site in row.get("sites", ())}


def _plain(name: str) -> str:
    """A name as the beginning of an address has it."""
    return "".join(char for char in name.lower() if unicodedata.category(char)[0] in "LN")
