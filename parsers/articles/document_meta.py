"""Lines between headline and text of a saved page: who wrote it, and on which day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from parsers.articles.document_rules import document_rules
from parsers.extraction.boilerplate_rules import Scope, load_rules
from parsers.metadata.bylines import split_names
from parsers.text.lines import fold
from parsers.text.written_dates import find_days, is_day_word, read_date_line

_MAX_CHARS = 160
_MAX_WORDS_LEFT = 3
"""Of a line with a day in it: a section, a town, the site."""

_ZONES = r"uhr|wi(?:b|ta|t)|gmt|utc|[ecmp][sd]t|[bijk]st|cest|cet|h(?:rs?)?"
_CLOCK = re.compile(
    r"(?:\b(?:at|um|à|às|a las|a la\(s\)|pukul|jam|kl|om|alle|di)\.? )?"
    rf"\b\d{{1,2}}[.:h]\d{{2}}(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: ?\(?\b(?:{_ZONES})\b\)?)*",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:about |vor |hace |il y a |há )?\d{1,3} ?(?:m|h|d|min|mins|minutes?|hours?|days?|weeks?|"
    r"months?|menit|jam|hari|minggu|bulan|stunden?|tagen?|minuten|wochen?|horas?|días?|minutos|"
    r"semanas?|dias?|heures?|jours?|semaines?)(?: ago| yang lalu| lalu| atrás)?",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:^|(?<=[\s|]))(?:(?:written|posted|published|story|ditulis|diposting|diposkan|diterbitkan|"
    r"geschrieben|veröffentlicht|escrito|publicado|écrit|publié|postado|scritto)\s+)?"
    r"(?:by|oleh|von|por|par|da|door|af|av|penulis|pewarta|reporter|author|autor(?:in|a)?|auteur|"
    r"text|texto|texte|teks)\b\s*:?\s+(?=(?-i:[A-ZÀ-Þ]))",
    re.IGNORECASE,
)
_EDITOR = re.compile(r"\W*(?:editor|penyunting|redaktur|redaktion)\s*:.{2,80}", re.IGNORECASE)
_LABELS = frozenset(
    """
    posted published publication updated last modified created date on at by from edited first
    diposting diposkan dipublikasikan diterbitkan diperbarui ditulis terbit tayang pada tanggal oleh
    veröffentlicht aktualisiert geschrieben erstellt eingestellt gepostet am um von stand zuletzt
    publié publiée mis mise à jour écrit le par modifié
    publicado publicada actualizado actualizada escrito el por en la las
    postado atualizado em às por
    pubblicato aggiornato il da di geplaatst gepubliceerd bijgewerkt op door om alle
    """.split()  # noqa: SIM905
)
_UPDATED = re.compile(
    r"(?:updated|modified|edited|diperbarui|aktualisiert|mis à jour|modifié|actualizado|atualizado|"
    r"aggiornato|bijgewerkt)\W*(?:on|am|le|el|em|il|op|pada)?\W*\Z",
    re.IGNORECASE,
)
_FILED = re.compile(
    r"(?:in|dans|kategori|category|kategorie|categoría|categoria|catégorie|rubrik) .{2,60}",
    re.IGNORECASE,
)
_FILED_BEHIND = re.compile(r" (?:in|dans|en|em|di|kategori) [A-ZÀ-Þ].*")
_SEPARATOR = re.compile(r"\s*(?:[|·•∙⋅/►»]|(?:\s|^)[-–—]+(?:\s|$)|\s(?=in [A-ZÀ-Þ]))\s*")
_CAPITAL = r"[A-ZÀ-ÞĀ-Ž][\w.’'-]*"
_MORE_NAMES = rf"(?: (?:(?:de|van|von|der|den|da|dos|do|bin|binti|al|di|le|la|el|y) )*{_CAPITAL})"
_PEOPLE = re.compile(rf"{_CAPITAL}{_MORE_NAMES}{{0,4}}")
_ARTICLES = "The|Der|Die|Das|El|La|Los|Las|Le|Les|O|A|An|Il"
_PERSON = re.compile(rf"(?!(?:{_ARTICLES}) ){_CAPITAL}{_MORE_NAMES}{{1,3}}")


@dataclass(frozen=True, slots=True)
class MetaLine:
    """What such a line says."""

    published: datetime | None = None
    authors: tuple[str, ...] = ()
    dated: bool = False
    """Whether it holds a day or a time at all."""


def is_person(text: str) -> bool:
    """Whether a line may be somebody's name: two to four words with capitals, no station's (CNN)
    and nothing that a rule knows."""
    first, _, others = text.partition(" ")
    return (
        _PERSON.fullmatch(text) is not None
        and not (first.isupper() and "." not in first and len(first) > 1 and not others.isupper())
        and document_rules().match(text) is None
        and read_date_line(text) is None
    )


def read_people(line: str) -> tuple[str, ...]:
    """The names of a line that is nothing but names."""
    names = tuple(re.split(r", | and | und | dan | y | et | e | & ", line))
    return names if all(map(is_person, names)) else ()


def read_meta_line(line: str) -> MetaLine | None:
    """What a byline or a line with a date says; None for a line that may be of the article."""
    if len(line) > _MAX_CHARS or (line.endswith(".") and len(line.split()) > 12):
        return None
    if _EDITOR.fullmatch(line):
        return MetaLine()
    days = find_days(line)
    if not days and _AGO.fullmatch(line):
        return MetaLine(dated=True)
    rest, published = line, None
    for start, end, day in reversed(days):
        if not _UPDATED.search(line[:start]):
            published = day or published
        rest = f"{rest[:start]} | {rest[end:]}"
    if days:
        rest = _CLOCK.sub(" | ", rest)
    by = _BY.search(rest)
    if by is None and not days:
        return None
    authors, left = _names(rest)
    if left > (_MAX_WORDS_LEFT if days else 0) or not (days or authors):
        return None
    return MetaLine(published, authors, bool(days))


def _names(rest: str) -> tuple[tuple[str, ...], int]:
    """The people that a line without its day names, and how many of its words are unknown."""
    authors: list[str] = []
    left = 0
    for piece in _SEPARATOR.split(rest):
        by = _BY.search(piece)
        bare = _bare(_FILED_BEHIND.sub("", piece[by.end() :]) if by else piece)
        if by is not None and not is_day_word(bare):
            names = split_names(bare)
            people = [name for name in names if _PEOPLE.fullmatch(name)]
            authors += people
            left += _unknown(_bare(piece[: by.start()]))
            left += 0 if len(people) == len(names) else 2 * _MAX_WORDS_LEFT
        elif not bare or _is_known(piece) or _is_known(bare):
            continue
        elif is_person(bare) and not authors:
            authors.append(bare)
        else:
            left += _unknown(bare)
    return tuple(dict.fromkeys(authors)), left


def _unknown(text: str) -> int:
    """How many words there are; those in small letters are no section's and no site's."""
    words = text.split()
    return len(words) + _MAX_WORDS_LEFT * sum(word[0].islower() for word in words[:1] + words[2:])


def _bare(piece: str) -> str:
    """A piece without the labels, commas and numbers around it."""
    words = piece.split()
    while words and (fold(words[0]) in _LABELS or not fold(words[0]) or words[0].isdigit()):
        words = words[1:]
    while words and (fold(words[-1]) in _LABELS or not fold(words[-1]) or words[-1].isdigit()):
        words = words[:-1]
    return " ".join(words).strip(" ,;:.()")


def _is_known(text: str) -> bool:
    known = (_FILED, _AGO, _EDITOR)
    if document_rules().match(text) or any(pattern.fullmatch(text) for pattern in known):
        return True
    return load_rules().match(text, {Scope.HEAD, Scope.ANYWHERE}) is not None
