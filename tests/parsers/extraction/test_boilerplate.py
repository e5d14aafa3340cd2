"""The cleaner of text that is already text: what goes, what stays, and in which class."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.extraction.boilerplate import clean_text
from parsers.text.written_dates import split_dated_name

FIRST = (
    "The harbour of the small town opened again on Monday after nine years of work, "
    "and the first ship to come in was a ferry full of children."
)
SECOND = (
    "The mayor, who had promised the work in three elections, stood in the rain for an hour "
    "and shook the hand of everyone who came down the gangway."
)


def cleaned(*lines: str, title: str | None = None) -> list[str]:
    return clean_text("\n".join(lines), title=title).text.split("\n\n")


def test_paragraphs_are_separated_by_one_blank_line() -> None:
    assert clean_text(f"{FIRST}\n\n\n\n{SECOND}\n", title=None).text == f"{FIRST}\n\n{SECOND}"


def test_the_title_repeated_before_the_text_goes() -> None:
    assert cleaned("Harbour opens!", FIRST, title="Harbour opens") == [FIRST]


def test_the_title_as_a_line_of_the_text_stays() -> None:
    assert cleaned(FIRST, "Harbour opens", SECOND, title="Harbour opens") == [
        FIRST,
        "Harbour opens",
        SECOND,
    ]


def test_short_true_lines_stay() -> None:
    lines = [FIRST, "A ferry full of children", SECOND, "Who will pay for it?"]
    assert cleaned(*lines) == lines


def test_a_closing_heading_takes_what_follows_with_it() -> None:
    result = clean_text(
        "\n".join([FIRST, SECOND, "Artikel Terkait", "Kapal pertama tiba", "Hujan lagi"]),
        title=None,
    )
    assert result.text.split("\n\n") == [FIRST, SECOND]
    assert result.removed == (("related", 3),)


def test_a_related_heading_in_the_middle_takes_only_its_place() -> None:
    lines = [FIRST, "Related articles", SECOND, FIRST.replace("ferry", "tug"), SECOND.upper()]
    assert cleaned(*lines)[-1] == SECOND.upper()


@pytest.mark.parametrize(
    "glued",
    [
        "RELATED ARTICLESLEAVE A REPLYPlease enter your comment!Please enter your name here",
        "ARTIKEL TERKAITTINGGALKAN BALASAN",
        " Previous articleNext article",
    ],
)
def test_closing_phrases_glued_by_lost_line_breaks_go(glued: str) -> None:
    assert cleaned(FIRST, SECOND + glued) == [FIRST, SECOND]


def test_prose_that_ends_in_such_a_word_stays() -> None:
    line = SECOND[:-1] + " and read the comments"
    assert cleaned(FIRST, line) == [FIRST, line]


def test_invisible_characters_and_odd_spaces_are_normalised() -> None:
    assert clean_text("Die\u00a0 \u200bBehör\u00adde\tsagt\u2009ja.", title=None).text == (
        "Die Behörde sagt ja."
    )


def test_removed_lines_carry_their_class() -> None:
    result = clean_text(
        "\n".join(["Baca juga: Kapal tiba", FIRST, "Foto: Contoh/Wire"]), title=None
    )
    assert result.removed_lines == (
        ("read_also", "Baca juga: Kapal tiba"),
        ("photo_credit", "Foto: Contoh/Wire"),
    )


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["Jane Roe", FIRST, SECOND], [FIRST, SECOND]),
        (["Last updated March 3, 2030", FIRST, SECOND], [FIRST, SECOND]),
        (["Published on March 3, 2030", FIRST, SECOND], [FIRST, SECOND]),
        ([FIRST, SECOND, "Jane Roe is the harbour correspondent."], [FIRST, SECOND]),
        ([FIRST, SECOND, "Jane Roe"], [FIRST, SECOND]),
        ([FIRST, SECOND, "Jane Roe, asked again, said no."], None),
        ([FIRST, "Jane Roe is the name of the ferry.", SECOND, FIRST, SECOND], None),
    ],
)
def test_lines_about_the_author_go_above_and_below_the_text(
    lines: list[str], kept: list[str] | None
) -> None:
    found = clean_text("\n".join(lines), title=None, authors=("Jane Roe",))
    assert found.text.split("\n\n") == (lines if kept is None else kept)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Jane Roe January 9, 2030", ("Jane Roe", "January 9, 2030")),
        ("Jan van der Ro | 9. März 2030", ("Jan van der Ro", "9. März 2030")),
        ("Contoh Nama - Senin, 9 Maret 2030", ("Contoh Nama", "Senin, 9 Maret 2030")),
        ("Jane Roe 2030-01-09", ("Jane Roe", "2030-01-09")),
        ("Hamburg January 9, 2030", None),
        ("Monday January 9, 2030", None),
        ("Jane Roe opened it on January 9, 2030", None),
        ("Jane Roe 9", None),
    ],
)
def test_a_name_and_a_date_in_one_line_above_the_text(
    line: str, parts: tuple[str, str] | None
) -> None:
    assert split_dated_name(line) == parts
    found = clean_text("\n".join([line, FIRST, SECOND]), title=None)
    if parts:
        assert found.removed_lines == (("byline", parts[0]), ("date_line", parts[1]))
        assert found.text.split("\n\n") == [FIRST, SECOND]
    below = clean_text("\n".join([FIRST, SECOND, FIRST, line, SECOND]), title=None)
    assert line in below.text


@given(st.text(max_size=600), st.none() | st.text(max_size=60))
def test_any_text_is_cleaned_to_some_of_its_lines(text: str, title: str | None) -> None:
    result = clean_text(text, title=title)
    result.text.encode("utf-8")
    assert sum(count for _, count in result.removed) == len(result.removed_lines)


@given(st.lists(st.sampled_from([FIRST, SECOND, "Baca juga: Kapal", "Comments", "A ferry"])))
def test_cleaning_twice_changes_nothing(lines: list[str]) -> None:
    once = clean_text("\n".join(lines), title="A title").text
    assert clean_text(once, title="A title").text == once
