"""Marks of form are no words of a text."""

from __future__ import annotations

import duckdb
import pytest

from parsers.copies.fingerprints import fingerprint
from parsers.text.marks import before_marks, number, without_marks
from parsers.text.search_words import search_words
from warehouse.database.definitions import definitions

MARKED = (
    "Ships came in.\n\n## What the mayor said\n\n> It rained.\n\n> - twice\n\n"
    f"{number(1)}first a ferry\n\n{number(2)}then a tug\n\n- fish\n\nDay | Ship\nMonday |  | tug"
)
PLAIN = (
    "Ships came in.\n\nWhat the mayor said\n\nIt rained.\n\ntwice\n\nfirst a ferry\n\n"
    "then a tug\n\nfish\n\nDay Ship\nMonday  tug"
)
TEXTS = [
    MARKED,
    PLAIN,
    "",
    "1. typed by hand\n\na | b |",
    "| a | b |\n\n| c | |",
    "-dash\n\n2.5 km",
]


def test_what_is_left_are_the_words() -> None:
    assert without_marks(MARKED) == PLAIN
    assert without_marks(PLAIN) == PLAIN
    assert without_marks("1. typed by hand, 2.5 km") == "1. typed by hand, 2.5 km"


@pytest.mark.parametrize("text", TEXTS)
def test_the_macro_says_the_same(text: str) -> None:
    (macro,) = [
        part
        for part in definitions().sql.split("\n\n")
        if part.startswith("CREATE MACRO plain_text")
    ]
    connection = duckdb.connect()
    connection.execute(macro)
    (row,) = connection.execute("SELECT plain_text($1)", [text]).fetchall()
    assert row == (without_marks(text),)


def test_marks_change_no_fingerprint_and_no_word_of_the_index() -> None:
    """A text has the fingerprint that it had before texts had marks."""
    early = PLAIN.replace("first", "- first").replace("Day Ship\n", "| Day | Ship |\n\n")
    assert fingerprint(without_marks(MARKED)) == fingerprint(early)
    assert search_words(without_marks(MARKED)) == search_words(early)
    assert len(search_words(without_marks(MARKED))) == len(search_words(PLAIN))


def test_a_name_made_of_a_text_lasts() -> None:
    marked = f"One.\n\n## Two\n\n> three\n\n{number(1)}four\n\n- five"
    assert before_marks(marked) == "One.\n\nTwo\n\nthree\n\n- four\n\n- five"
