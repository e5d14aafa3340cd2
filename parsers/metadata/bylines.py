"""Names and roles in what pages show as a byline.

    line ─ cut at labels ("Penulis:", "Editor:") ─ dates, places, jobs off ─ names parted ─▶ credits

Which part has which role is read in `byline_roles.py`. A line names somebody only where a label, a
lead ("By", "Oleh") or its markup says so; a name alone is any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.metadata.byline_roles import (
    LEAD,
    LEAD_OF,
    LINE_CHARS,
    ONLY_LABEL,
    ROLE_OF,
    labels,
    segments,
)
from parsers.metadata.names import (
    ADDRESS,
    NAME_CHARS,
    NAME_WORDS,
    is_job,
    is_name,
    is_staff,
    parts_of_names,
)
from parsers.metadata.surroundings import ShownLine
from parsers.records import Credit, CreditRole
from parsers.text.references import unescape

_CUT = re.compile(
    r"\t?\s*(?:[|·•●∙⋅›»\t\n]|\s@\w|\s[–—-]\s|[(（\[]|\d|(?<=\w)\s*[–—]\s|,?\s+(?:for|in|at|on|untuk|bei|chez|dari|from|is)\s"
    r"|\s*:\s|updated|published|©|copyright).*$",
    re.IGNORECASE | re.DOTALL,
)
_JOINT = re.compile(
    r"(?:\s*\t?\s*([,&])|\s+((?:,\s?)?and|und|et|y|e|og|och|dan|en))\s*\t", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"[\W_]*(?:and|und|et|y|e|og|och|dan|en)?[\W_]*", re.IGNORECASE)
_SITE = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|de|id|co|io|info|tv|fr|es|it|pt|uk|us|eu)\b",
    re.IGNORECASE,
)
_DATE_BEFORE = re.compile(
    r"^\W*(?:[^\W\d_]{3,9}\.?\s\d{1,2},?\s\d{4}|\d{1,2}\.?\s[^\W\d_]{3,9}\.?,?\s\d{4}"
    r"|\d{1,4}([/.-])\d{1,2}\1\d{1,4})[\s|·•,–—-]+(?=[^\W\d_])"
)
_KOREAN = re.compile(
    r"(?P<name>[김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방]"
    r"[가-힣](?![부국팀])[가-힣])\s?(?:\w{2}\s?)?(?:기자|특파원|논설위원)"
)
"""A family's name, a given one and the job; desks of a newsroom end with another syllable."""
_RUN = re.compile(r"\s{2,}")
_FEW_WORDS = 2
_LABEL_CHARS = 40
_LABEL_AND_NAME = 2
_LINES_BETWEEN = 2
"""How far apart lines may stand that name authors of one article."""


def split_names(text: str) -> list[str]:
    """The names in a byline such as "By Jane Doe and John Roe, Staff Writers"."""
    return [credit.name for credit in read_byline(text) if credit.role is CreditRole.AUTHOR]


def read_byline(text: str) -> list[Credit]:
    """Everyone whom a text names that is known to be a byline."""
    return [
        credit
        for role, said in segments(_squeezed(unescape(unescape(text))), bare=CreditRole.AUTHOR)
        for credit in _credits(said, role, strict=False)
    ]


def _squeezed(text: str) -> str:
    """`text` with one sign for each run of white space: the line or piece that ends there, if one
    does."""
    return _RUN.sub(lambda run: next((one for one in "\n\t" if one in run[0]), " "), text)


def role_of_label(text: str) -> CreditRole | None:
    """The role that a text gives to the name behind it; None where it's no label."""
    label = ONLY_LABEL.match(text) if len(text) <= _LABEL_CHARS else None
    return ROLE_OF[label["label"].lower()] if label else None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom a line names."""

    at: int
    """Which line."""
    led: bool
    """Whether a word says so; otherwise the markup does."""
    credit: Credit


def read_bylines(lines: Sequence[ShownLine], *, by_job: bool = True) -> list[Found]:
    """Everyone whom `lines` name, where a label, a lead or their markup says so, or (`by_job`) the
    job in the next line. Authors are those of the first lines that name any: a later "by" is of
    something else."""
    found: list[Found] = []
    names: list[Credit] = []
    roles: list[CreditRole | None] = []
    pending: CreditRole | None = None
    for at, line in enumerate(lines):
        if line.is_tags:
            continue
        text = "\t".join(piece.text for piece in line.pieces)
        label = ONLY_LABEL.match(text) if len(text) <= _LABEL_CHARS else None
        if label:
            said = label["label"].lower()
            roles.append(ROLE_OF[said])
            pending = roles[-1]
            # Names in a column, then what each of them did.
            if said not in LEAD_OF and names and len(roles) == len(names):
                found += [Found(at, False, credit) for credit in _paired(names, roles)]
                names, roles, pending = [], [], None
            continue
        stated = list(_in_line(line, text)) if len(text) <= LINE_CHARS else []
        alone = [] if stated else list(read_alone(text, led=pending is not None))
        was_led = pending is not None and bool(alone)
        if pending is not None and alone:
            stated, alone = [Credit(credit.name, pending) for credit in alone], []
        elif by_job and alone and at + 1 < len(lines) and _tells_job(lines[at + 1].text):
            stated, alone = alone, []
        names = [*names, *alone] if alone and not roles else alone
        roles, pending = [], None
        leads = bool(stated) and bool(was_led or LEAD.match(text) or labels(text))
        found += [Found(at, leads, credit) for credit in stated]
    return list(_first_authors(found))


def _tells_job(text: str) -> bool:
    return is_job(text) and not ONLY_LABEL.match(text)


def _first_authors(found: Iterable[Found]) -> Iterator[Found]:
    last: Found | None = None
    for one in found:
        if one.credit.role is not CreditRole.AUTHOR:
            yield one
        elif last is None or (one.at - last.at <= _LINES_BETWEEN and one.led == last.led):
            last = one
            yield one


def _paired(names: Sequence[Credit], roles: Sequence[CreditRole | None]) -> Iterator[Credit]:
    for credit, role in zip(names, roles, strict=True):
        if role is not None:
            yield Credit(credit.name, role)


def read_alone(text: str, *, led: bool = False) -> Iterator[Credit]:
    """The names of a line that holds nothing else; what they did is not known, unless a line above
    has `led` to it: then one word may be a name too."""
    if len(text) <= NAME_CHARS and not text[:1].islower() and text.count(" ") < NAME_WORDS:
        yield from _credits(text, CreditRole.AUTHOR, strict=True, single=led)


def _in_line(line: ShownLine, text: str) -> Iterator[Credit]:
    labelled = [
        credit
        for role, said in segments(text, bare=None)
        for credit in _credits(said, role, strict=True, single=len(text.split()) <= _FEW_WORDS)
    ]
    if labelled:
        yield from labelled
        if labelled[0].role is CreditRole.AUTHOR and not labels(text):
            yield from _side_by_side(line)
        return
    texts = [piece.text for piece in line.pieces]
    told = list(_with_its_label(texts))
    if told:
        yield from told
        return
    # A name, and what its owner is: "Jane Roe\tAuthor", "Jane Roe, Reporter · 9 January".
    for before, after in pairwise(texts):
        label = ONLY_LABEL.match(after) if len(after) <= _LABEL_CHARS else None
        if label and label["label"].lower() not in LEAD_OF:
            role = ROLE_OF[label["label"].lower()]
            yield from _credits(before, role, strict=True) if role else ()
            return
    if any(piece.is_name for piece in line.pieces):
        yield from _marked_pieces(line)
        return
    parts = [part.strip() for part in _CUT.sub("", text).split(",")]
    if len(parts) == 2 and is_job(parts[1]):
        yield from _credits(parts[0], CreditRole.AUTHOR, strict=True)


def _with_its_label(texts: Sequence[str]) -> Iterator[Credit]:
    """Whom a line of two elements names, a label and a name ("Penulis\tJane Roe"), or a piece that
    ends with the job, as Koreans write."""
    label = ONLY_LABEL.match(texts[0]) if len(texts[0]) <= _LABEL_CHARS else None
    role = ROLE_OF[label["label"].lower()] if label else None
    if label and role and label["label"].lower() not in LEAD_OF and len(texts) == _LABEL_AND_NAME:
        yield from _credits(texts[1], role, strict=True)
        return
    korean = next(filter(None, map(_KOREAN.fullmatch, texts)), None)
    if korean:
        yield Credit(korean["name"], CreditRole.AUTHOR)


def _marked_pieces(line: ShownLine) -> Iterator[Credit]:
    """The names in a line that have a link or mark of their own each, with the role that the label
    before them gives. Right behind it one word may be a name; behind a comma stands none."""
    role: CreditRole | None = CreditRole.AUTHOR
    led = first = False
    for piece in line.pieces:
        label = ONLY_LABEL.match(piece.text) if len(piece.text) <= _LABEL_CHARS else None
        if label:
            role, led, first = ROLE_OF[label["label"].lower()], True, True
        elif role and piece.is_name and not piece.text.startswith(","):
            named = list(_marked(piece.text))
            if not named and first:
                named = list(_credits(piece.text, role, strict=True, single=True))
            if led and not named and not _BETWEEN_NAMES.fullmatch(piece.text):
                role = None
            yield from (replace(one, role=role) if led and role else one for one in named)
            first = False


def _side_by_side(line: ShownLine) -> Iterator[Credit]:
    """The names in a line that have a link or mark of their own each, up to another text."""
    begun = False
    for piece in line.pieces:
        if piece.is_name and not ONLY_LABEL.match(piece.text):
            if piece.text.startswith(","):
                continue
            begun = True
            yield from _marked(piece.text)
        elif begun and not _BETWEEN_NAMES.fullmatch(piece.text):
            return


def read_marked(text: str) -> list[Credit]:
    """Everyone whom the text of an element names that is marked up as a byline."""
    return list(_marked(text))


def _marked(said: str) -> Iterator[Credit]:
    for role, names in segments(_DATE_BEFORE.sub("", _squeezed(said)), bare=CreditRole.AUTHOR):
        yield from _credits(names, role, strict=True)


def _credits(
    said: str, role: CreditRole, *, strict: bool, single: bool = False
) -> Iterator[Credit]:
    said = (
        _JOINT.sub(lambda found: f" {found[1] or found[2]} ", said).strip().strip("\"“”'*_").strip()
    )
    if ADDRESS.match(said) or _SITE.match(said):
        return
    lead = LEAD.match(said)
    if lead and lead.end() < len(said):
        said = said[lead.end() :]
    cut = _AFTER_BRACKET.sub("", (_CUT if strict else _CUT_LOOSE).sub("", said))
    named = False
    if _BRACKETED.fullmatch(said):
        yield Credit(said, role)
        return
    for part in parts_of_names(cut):
        name = part.strip(' ,;:-–—\t"“”*_()（）')
        name = name if _INITIALED.search(name) else name.rstrip(".")
        if is_name(name, strict=strict, single=single):
            named = True
            yield Credit(name, role)
    whole = cut.strip(' ,;:-–—\t"“”*_()（）')
    if not named and role is CreditRole.AUTHOR and is_staff(whole):
        yield Credit(whole, role)


_BRACKETED = re.compile(
    r"(?:[A-ZÀ-Ý][^\W\d_]+\s){1,2}[(“\"][A-ZÀ-Ý][^\W\d_]+[)”\"](?:\s[A-ZÀ-Ý][^\W\d_]+){1,2}"
)
"""A name with another one in it that its owner goes by."""
_AFTER_BRACKET = re.compile(r"[)）\]].*$", re.DOTALL)
_INITIALED = re.compile(r"\b(?:[JS]r|I)\.$")
_CUT_LOOSE = re.compile(r"\s*(?:[|·•●⋅\n]|\s@\w|\s[–—-]\s|[(（\[]|\s\d).*$", re.DOTALL)
