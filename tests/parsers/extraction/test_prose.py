"""Prose is never deleted by its wording, wherever it stands and whatever it says."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from parsers.articles.from_page import extract_article
from parsers.extraction.boilerplate import clean_text
from parsers.records import Article

AROUND = [
    "The harbour of the small town opened again on Monday after nine years of work, and the first "
    "ship to come in was a ferry full of children.",
    "The mayor, who had promised the work in three elections, stood in the rain for an hour and "
    "shook the hand of everyone who came down the gangway.",
    "Fishermen on the other bank looked on and said that the quay was too high for them, as it "
    "had been before, and that nobody had asked them about it.",
    "In the evening there was soup for all, and the band of the fire brigade played until the "
    "lamps went out and the last of the guests had gone home.",
]
SENTENCES = [
    line.split("\t")[1]
    for file in sorted((Path(__file__).parent / "prose").glob("*.txt"))
    for line in file.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_there_are_many_sentences() -> None:
    assert len(set(SENTENCES)) >= 370


@pytest.mark.parametrize("place", [0, 2, 4], ids=["first", "between", "last"])
def test_no_sentence_of_a_text_is_deleted_by_its_wording(place: int) -> None:
    def cleaned(sentence: str) -> list[str]:
        lines = [*AROUND[:place], sentence, *AROUND[place:]]
        return clean_text("\n".join(lines), title=None).text.split("\n\n")

    assert [sentence for sentence in SENTENCES if sentence not in cleaned(sentence)] == []


def test_no_paragraph_of_a_page_is_deleted_by_its_wording() -> None:
    sentences = [sentence for sentence in SENTENCES if len(sentence.split()) > 3]
    lost = []
    for start in range(0, len(sentences), 4):
        group = sentences[start : start + 4]
        text = _text_of_page([*AROUND[:2], *group, *AROUND[2:]])
        lost += [sentence for sentence in group if sentence not in text]
    assert lost == []


def _text_of_page(paragraphs: list[str]) -> list[str]:
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    found = extract_article(
        "<!doctype html><html><head><title>The harbour opens again</title></head><body><article>"
        f"<h1>The harbour opens again</h1>{body}</article></body></html>",
        url="https://paper.example/town/harbour",
    )
    assert isinstance(found, Article)
    return found.text.split("\n\n")


PROMPT = "Sign up for the evening letter of the harbour newsletter."


@pytest.mark.parametrize(
    "html",
    [
        "<p>Sign up for the letter of the <a href='/newsletter'>harbour newsletter</a>.</p>",
        f"<p><em>{PROMPT}</em></p>",
        f"<p class='x1'>{PROMPT}</p>",
        f"<div><p>{PROMPT}</p></div>",
    ],
    ids=["link", "type", "class", "box"],
)
def test_a_prompt_that_its_page_sets_apart_goes(html: str) -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in AROUND[:3])
    page = f"<html><body><article><h1>The harbour</h1>{body}{html}<p>{AROUND[3]}</p></article>"
    found = extract_article(page, url="https://paper.example/town/harbour")
    assert isinstance(found, Article)
    assert found.text.split("\n\n") == AROUND
    assert dict(found.removed)["newsletter"] == 1


def test_a_prompt_set_like_the_paragraphs_around_it_stays() -> None:
    assert PROMPT in _text_of_page([*AROUND[:2], PROMPT, *AROUND[2:]])


def test_names_of_networks_in_a_list_of_the_text_stay() -> None:
    lines = [*AROUND[:2], "Telegram", "Pinterest", *AROUND[2:]]
    assert clean_text("\n".join(lines), title=None).text.split("\n\n") == lines


def test_items_that_the_extractor_lost_from_a_list_of_the_text_come_back() -> None:
    names = ["Twitter", "Facebook", "The harbour board"]
    text = _text_around_list("".join(f"<li>{name}</li>" for name in names))
    said = [line.removeprefix("- ") for line in text]
    assert said == [*AROUND[:2], *names, *AROUND[2:]]


def test_links_in_a_list_between_the_paragraphs_do_not() -> None:
    item = "<li><a href='/a'>A ferry full of children comes in</a></li>"
    assert _text_around_list(3 * item) == AROUND


def _text_around_list(items: str) -> list[str]:
    above, below = ("".join(f"<p>{one}</p>" for one in two) for two in (AROUND[:2], AROUND[2:]))
    found = extract_article(
        f"<html><body><article><h1>The harbour</h1>{above}<ul>{items}</ul>{below}</article>",
        url="https://paper.example/town/harbour",
    )
    assert isinstance(found, Article)
    return found.text.split("\n\n")


def test_a_subheading_that_sounds_like_a_note_stays() -> None:
    lines = [*AROUND[:2], "AI-generated pictures of the harbour", *AROUND[2:]]
    assert clean_text("\n".join(lines), title=None).text.split("\n\n") == lines


def test_a_class_that_would_take_most_of_a_text_takes_nothing() -> None:
    line = "Beitragsbild: Die Fähre kommt, gemalt von einem Kind der zweiten Klasse."
    assert clean_text("\n".join([AROUND[0], *[line] * 9]), title=None).text.count(line) == 9


def test_each_removed_line_says_what_gave_it_away() -> None:
    lines = [*AROUND[:2], "Baca juga: Kapal tiba", "Already a subscriber? Log in here."]
    found = clean_text("\n".join([*lines, *AROUND[2:], "Comments", "Nice boat"]), title=None)
    assert list(zip(found.removed_lines, found.evidence, strict=True)) == [
        (("comment_form", "Comments"), "closing"),
        (("comment_form", "Nice boat"), "closing"),
        (("read_also", "Baca juga: Kapal tiba"), "label"),
        (("paywall", "Already a subscriber? Log in here."), "wording"),
    ]
