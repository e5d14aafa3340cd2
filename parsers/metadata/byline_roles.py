"""Which part of a byline has which role: "Reporting by Jane Roe; editing by John Doe".

    line ─ cut where a label ("Editor:") or a lead ("edited by") begins ─▶ (role, names)

What the words mean is data (`data/bylines.toml`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files

from parsers.records import CreditRole
from parsers.text.lines import fold

_RULES = tomllib.loads(files("parsers").joinpath("data/bylines.toml").read_text("utf-8"))
WORDS: dict[str, frozenset[str]] = {
    kind: frozenset(words) for kind, words in _RULES["words"].items()
}
WORDS["others"] |= WORDS["genres"]
ROLE_OF = {
    label: None if role == "nobody" else CreditRole(role)
    for role, labels in reversed(_RULES["labels"].items())
    for label in labels
}
"""By label; None where it tells nobody who wrote it."""
LEAD_OF = {lead: CreditRole(role) for role, leads in _RULES["leads"].items() for lead in leads}
_BEHIND_OF = {lead: CreditRole(role) for role, leads in _RULES["behind"].items() for lead in leads}
_TRAIL_OF = {
    trail: CreditRole(role) for role, trails in _RULES["trails"].items() for trail in trails
}


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def _of_works(works: dict[str, list[str]]) -> str:
    before = f"(?:(?:{_one_of(works['before'])}) )?" if works["before"] else ""
    return f"{before}(?:{_one_of(works['nouns'])}) (?:{_one_of(works['by'])})"


_GENRES = _one_of(WORDS["genres"])
_AND = "(?:and|und|et|y|e|dan)"
_WORKS = "|".join(map(_of_works, _RULES["works"].values()))
"""What somebody made, up to the name: its author's."""
_MADE = re.compile(
    rf"^(?:[^\W\d_]{{1,4}} )?(?:{_GENRES}) (?:by|von|par|por|oleh|door)\s+"
    r"(?=(?-i:[^\W\d_a-zà-ÿ]))",
    re.IGNORECASE,
)
"""Before whoever made it: people in a byline, in any other line also banks and councils."""
_MADE_OF = re.compile(rf"^(?:{_GENRES}) (?:de|di) ", re.IGNORECASE)
_MADE_LABEL = re.compile(rf"^(?:{_GENRES})\s?:\s*", re.IGNORECASE)
"""Before what it is about; before who made it where another lead or label stands behind that."""
_LABEL = re.compile(
    rf"(?:^|(?<=[\s(（|/·•,;>\]]))(?P<label>{_one_of(ROLE_OF)})\s*[:：]\s*", re.IGNORECASE
)
LEAD = re.compile(
    rf"^[\W_]*(?:(?P<lead>{_WORKS}|{_one_of(LEAD_OF)}|(?<=\()reportage)(?:\s+(?:dr|prof|mr|mrs|ms)\.)?(?:\b|(?<=/)|(?<=[’']))\s*[:：]?\s*)",
    re.IGNORECASE,
)
ONLY_LABEL = re.compile(rf"^\W*(?P<label>{_one_of(ROLE_OF)})\s*[:：]?\W*$", re.IGNORECASE)
_NEXT_LEAD = re.compile(
    rf"\s*(?:[;.,]\s*|\s{_AND}\s)"
    # One word ("di", "von") may be in a name or before a place.
    rf"(?=(?:{_WORKS}|{_one_of((*(lead for lead in LEAD_OF if ' ' in lead), *_BEHIND_OF))})\s)",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"\W*(?P<lead>{_one_of(_BEHIND_OF)})\s", re.IGNORECASE)
_TRAIL = re.compile(rf"^(?P<names>.{{4,120}}?)\s(?P<trail>{_one_of(_TRAIL_OF)})\W*$", re.IGNORECASE)
_BEFORE_NAMES = re.compile(
    rf"(?P<joint>^|[,;]\s*|\s{_AND}\s)"
    rf"(?:(?!\s{_AND}\s)[^,;])*?"
    r"\b(?:writers?|reporters?|correspondents?|journalists?)\s(?=[^\W\d_a-z])"
)
"""For whom they work: "Example Press writer Jane Roe", each in its own part of a list."""
_PLACE_FIRST = re.compile(r"^(?:à|au|aux|en|em|no|na|in|at|aus|from)\s[^,]*,?\s*")
"""Where somebody is that a lead names by the job alone: "De notre correspondant à Paris"."""
_ARTICLE_LAST = re.compile(r",\s(?:The|Le|La|Les|El|Los|Las)\s[^\W\d_a-z][^,]*$")
"""A place or an outlet behind the names: "Par Jeanne Roe, La Rochelle"."""
_PLACED = re.compile(
    r"\s(?:in|at|à|en|em)\s(?-i:[^\W\d_a-z])[\w.’'-]*(?:\s(?-i:[^\W\d_a-z])[\w.’'-]*){0,2}"
    r"(?=,|\s(?:and|et|y|e|und)\s|$)",
    re.IGNORECASE,
)
"""From where each reported: "Jane Roe in London and John Doe in Rome"."""
_DID = re.compile(
    r"(?P<names>[^()]{4,80}?)\s\((?P<label>[^()]{3,20})\)\s*(?:,|and|und|et|y|e|&|$)\s*",
    re.IGNORECASE,
)
_INNER_LEAD = re.compile(
    r"(?:^|(?<=\s))(?:by|oleh|par|por|von)\s+(?=(?-i:[^\W\d_a-zà-ÿ]))", re.IGNORECASE
)
_DONE = frozenset(
    (
        *("reviewed", "edited", "photo", "photos", "image"),
        *("porträt", "portrait", "perfil", "retrato", "historia", "entrevista"),
    )
)
"""Before "by" they give another role than the author's, or tell whom it is about."""
LINE_CHARS = 220


def segments(text: str, bare: CreditRole | None) -> Iterator[tuple[CreditRole, str]]:
    """The parts of a byline with the role that each names; `bare` is that of what no word leads."""
    found = labels(text)
    head = text[: found[0].start()] if found else text
    if found and _MADE_LABEL.match(head):
        yield CreditRole.AUTHOR, _MADE_LABEL.sub("", head)
    yield from _led(head, bare, alone=not found)
    for at, label in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        said = ROLE_OF[label["label"].lower()]
        if said is not None:
            yield said, text[label.end() : end]


def labels(text: str) -> list[re.Match[str]]:
    """Where a text has labels before names."""
    return list(_LABEL.finditer(text)) if ":" in text or "：" in text else []


def _led(head: str, bare: CreditRole | None, *, alone: bool) -> Iterator[tuple[CreditRole, str]]:
    """The parts of what has no label; `alone`: there is nothing else in the line."""
    trail = _TRAIL.match(head) if alone else None
    if trail:
        yield _TRAIL_OF[trail["trail"].lower()], _only_names(trail["names"])
        return
    parts = _NEXT_LEAD.split(head)
    beside = (_MADE_OF, _BEHIND) if len(parts) > 1 else ()
    if any(lead.match(head) for lead in (LEAD, *beside)) or (beside and head.startswith("(")):
        for part in parts:  # "(Jane Roe, edited by John Doe)"
            behind = _BEHIND.match(part) if beside else None
            if behind:
                yield _BEHIND_OF[behind["lead"].lower()], _only_names(part[behind.end() :])
            else:
                yield from _of_lead(_MADE_OF.sub("", part) if beside else part)
    elif bare is not None:
        yield bare, _MADE.sub("", head)
    elif alone:
        inner = _INNER_LEAD.search(head)
        if inner and len(head) <= LINE_CHARS // 2 and _is_preamble(head[: inner.start()]):
            yield CreditRole.AUTHOR, head[inner.end() :]


def _of_lead(part: str) -> Iterator[tuple[CreditRole, str]]:
    lead = LEAD.match(part)
    if lead is None:
        yield CreditRole.AUTHOR, part.lstrip("( ")
        return
    said = part[lead.end() :]
    did = list(_DID.finditer(said))
    roles = [ROLE_OF.get(each["label"].lower()) for each in did]
    if roles and all(roles) and "".join(each[0] for each in did) == said:
        yield from ((role, each["names"]) for role, each in zip(roles, did, strict=True) if role)
    else:
        yield LEAD_OF.get(lead["lead"].lower(), CreditRole.AUTHOR), _only_names(said)


def _only_names(said: str) -> str:
    """The names of a part without where their owners are and for whom they work."""
    people = _BEFORE_NAMES.sub(r"\g<joint>", said)
    return _PLACE_FIRST.sub("", _PLACED.sub("", _ARTICLE_LAST.sub("", people)))


def _is_preamble(text: str) -> bool:
    """Whether what stands before "by NAME" is a date or a reading time, or says what is by them:
    "This post was written"; and no other words."""
    words = [word for word in fold(text).split() if len(word) > 2 and word.isalpha()]
    return all(
        word in WORDS["calendar"]
        or word in WORDS["openings"]
        or (word in WORDS["others"] - WORDS["genres"] and word not in _DONE)
        for word in words
    )
