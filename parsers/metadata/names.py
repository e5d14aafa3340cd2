"""Whether words are a name, a newsroom's, or what somebody does. What they mean is data
(`data/bylines.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.metadata.byline_roles import WORDS
from parsers.text.lines import fold

_SPLIT = re.compile(
    r"\s*(?:[;|/·•\n\t、،]|,(?!\s*(?:jr|sr|ii|iii)\b(?!\.?\s?(?!(?:and|und|et|y|e|dan)\s)[^\W\d_]))|\s(?:and|und|et|y|e|en|og|och|dan|&|with|mit|avec|con|med|met|и|ve|i|và|と)\s|\s&\s*)\s*"
    r"(?:(?:and|und|dan|et|y|&)\s)?",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?:|www\.|\S+@\S+|^@|\.(?:com|net|org|id)\b", re.IGNORECASE)
_WIDE_NAME = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,8}(?:\s[\u3040-\u9fff\uac00-\ud7af]{1,6})?"
)
_CASED = re.compile(r"[^\W\d_]")
_IS_SOMEBODY = re.compile(
    r"(?:[^\W\d_][\w.’'-]*\s){2,5}(?:is|adalah|merupakan|ist|est|es|é|è|är|er)\s", re.IGNORECASE
)
_END_OF_JOB = re.compile(r"[,.;]|\s(?:and|und|et|y|dan|e|who|of|from|at|for)\s")
_ARTICLES = frozenset(("der", "den", "das", "el", "la", "le", "di", "of", "y", "e"))
"""Small words that begin no name of two words, as "van Dijk" does."""
NAME_CHARS, NAME_WORDS = 60, 6


def is_name(part: str, *, strict: bool, single: bool = False) -> bool:
    """Whether a part of a byline is a name: `strict` where nothing but its form vouches for it; one
    word may be one where something does (`single`)."""
    words = part.split()
    if not 2 <= len(part) <= NAME_CHARS or len(words) > NAME_WORDS or _is_no_name(part):
        return False
    if single and len(words) == 1:
        return part.isalpha() and not is_organisation(part)
    return not strict or _looks_like_name(part, words)


def _is_no_name(part: str) -> bool:
    """Whether something in `part` is in no name: digits, an address, a job, a month alone."""
    folded = fold(part)
    words = folded.split()
    return (
        not any(character.isalpha() for character in part)
        or bool(re.search(r"\d{2}", part) or ADDRESS.search(part))
        or folded in WORDS["nobody"]
        or (" " in part and not WORDS["operators"].isdisjoint(words))
        or part.lower() in WORDS["degrees"]
        or all(word in WORDS["calendar"] for word in words)
        or any(word in WORDS["about"] for word in words[:1])
        or any(word in WORDS["others"] or word in WORDS["jobs"] for word in words)
    )


def _looks_like_name(part: str, words: Sequence[str]) -> bool:
    """Whether a text that nothing vouches for is written like a person's name."""
    if _WIDE_NAME.fullmatch(part):
        return True
    if is_organisation(part) or not any(_CASED.match(word) for word in words):
        return False
    if not all(
        word[0].isupper() or not _has_case(word[0]) or word.lower() in WORDS["particles"]
        for word in words
    ):
        return False
    return len(words) > 1 and not (len(words) == 2 and words[0] in _ARTICLES)


def _has_case(character: str) -> bool:
    return character.lower() != character.upper()


def is_organisation(name: str) -> bool:
    """Whether a name is that of a newsroom, an agency or a company, by its words."""
    words = fold(name).split()
    return any(word in WORDS["organisations"] or word in WORDS["jobs"] for word in words)


def is_staff(name: str) -> bool:
    """Whether a byline is that of nobody in particular: "Example Staff", "The Example Team"."""
    words = name.removeprefix("the ").split()
    return (
        1 < len(words) <= NAME_WORDS
        and not re.search(r"\d|\t", name)
        and (is_organisation(name) or words[-1].lower() in WORDS["jobs"])
        and not all(word.lower() in WORDS["jobs"] for word in words)
        and all(
            word[0].isupper() or word.lower() in WORDS["particles"] or not _has_case(word[0])
            for word in words
        )
    )


def is_job(text: str) -> bool:
    """Whether a text is short and tells what somebody does."""
    words = fold(text).split()
    return 0 < len(words) <= 5 and any(word in WORDS["jobs"] for word in words)


def _names_job(text: str) -> bool:
    return any(word in WORDS["jobs"] for word in fold(text).split())


def tells_who(text: str) -> bool:
    """Whether a text begins with a name, and that its owner writes: "Jane Roe is a writer from …".
    Whoever is something else may be whom the article is about."""
    found = _IS_SOMEBODY.match(text)
    what = _END_OF_JOB.split(text[found.end() :][:NAME_CHARS])[0] if found else ""
    return any(word in WORDS["writing"] for word in fold(what).split())


def parts_of_names(said: str) -> Iterator[str]:
    """The parts of a list of names that are no piece of what somebody is."""
    return _without_titles(_parts(said))


def _parts(said: str) -> list[tuple[str, str]]:
    """(what stands before it, part) of each name or title in a list of them."""
    marks = list(_SPLIT.finditer(said))
    starts, ends = [0, *(mark.end() for mark in marks)], [*(mark.start() for mark in marks), None]
    before = ["", *(mark[0].strip() for mark in marks)]
    return [(mark, said[start:end]) for mark, start, end in zip(before, starts, ends, strict=True)]


def _without_titles(parts: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The parts of a list that are no piece of a title in several words: "Jane Roe, Head of News
    and Social Media", "Jane Roe, Example Gardener & Garden Educator". Whatever may be somebody's
    name stays: an employer among the authors is less bad than an author who is missing."""
    title = ""
    for at, (mark, part) in enumerate(parts):
        is_joined = mark == "&" or mark.isalpha()
        if title and is_joined and _last_of(part, "fields"):
            continue
        title = part if at and _names_job(part) and " of " in part else ""
        is_apposed = at > 0 and mark == ","
        if not (is_apposed and (_is_place(part) or _is_half_a_title(parts[at + 1 : at + 2]))):
            yield _without_job(part) if at else part


def _is_half_a_title(behind: Sequence[tuple[str, str]]) -> bool:
    """Whether what stands behind a part is the other half of a title, of a trade that signs
    nothing in newsrooms."""
    return any(mark == "&" and " " in part and _last_of(part, "trades") for mark, part in behind)


def _is_place(part: str) -> bool:
    """Whether a part tells where somebody is: "Jane Roe, de Recife"; "By de Souza" is a name."""
    words = part.split()
    return len(words) == 2 and words[0] in ("de", "da", "do", "di")


def _last_of(part: str, kind: str) -> bool:
    words = fold(part).split()
    return bool(words) and words[-1] in WORDS[kind]


def _without_job(part: str) -> str:
    """A name without the job before it: "correspondent Jane Roe"."""
    words = part.split()
    at = next((at for at, word in enumerate(words) if fold(word) not in WORDS["jobs"]), 0)
    is_told = at > 0 and fold(words[at - 1]) in WORDS["writing"]
    return " ".join(words[at:]) if is_told and len(words) - at > 1 else part
