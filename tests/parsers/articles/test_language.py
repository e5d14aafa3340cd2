"""Language: what the page states, where its text agrees."""

from __future__ import annotations

import pytest

from parsers.articles.language import primary_subtag, read_language
from parsers.extraction.tree import parse_html
from parsers.metadata.facts import PageStatements, read_facts

TEXTS = {
    "en": "The harbour of the small town opened again on Monday after nine years of work.",
    "id": "Warga kota kecil itu menyambut pembukaan pelabuhan baru pada hari Senin dengan gembira.",
    "de": (
        "Der Hafen der kleinen Stadt ist am Montag nach neun Jahren Arbeit wieder geöffnet worden."
    ),
}


def facts(lang: str, locale: str = "") -> PageStatements:
    tree = parse_html(
        f'<html lang="{lang}"><head><meta property="og:locale"'
        f' content="{locale}"></head><p>x</p></html>'
    )
    assert tree is not None
    return read_facts(tree)


@pytest.mark.parametrize(
    ("tag", "subtag"),
    [
        ("pt_BR", "pt"),
        ("EN-us", "en"),
        ("in", "id"),
        ("nb-NO", "no"),
        ("", None),
        ("x", None),
        ("English", None),
        (None, None),
    ],
)
def test_primary_subtag(tag: str | None, subtag: str | None) -> None:
    assert primary_subtag(tag) == subtag


@pytest.mark.parametrize("language", TEXTS)
def test_stated_language_is_believed_where_the_text_agrees(language: str) -> None:
    found = read_language(TEXTS[language] * 5, facts(language))
    assert found is not None
    assert (found.value, found.source) == (language, "html lang")


@pytest.mark.parametrize("language", ["id", "de"])
def test_a_template_that_says_english_is_not_believed(language: str) -> None:
    found = read_language(TEXTS[language] * 5, facts("en-US"))
    assert found is not None
    assert (found.value, found.source) == (language, "text")


def test_contradicting_statements_are_settled_by_the_text() -> None:
    found = read_language(TEXTS["id"] * 5, facts("en", "id_ID"))
    assert found is not None
    assert (found.value, found.source) == ("id", "og:locale")


def test_without_statement_the_text_decides_and_without_text_nothing() -> None:
    found = read_language(TEXTS["de"] * 5)
    assert found is not None
    assert found.value == "de"
    assert read_language("") is None
