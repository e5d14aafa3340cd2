"""Pages of blogs, themes and newspapers saved as text: all of the article is left, and no more.

The pages are put together from `saved_pages.toml`: an article of our own between the chrome of a
theme.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from parsers.articles.document_rules import DocumentRule, document_rules
from parsers.articles.from_document import read_document
from parsers.records import Article

DATA: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("saved_pages.toml").read_text("utf-8")
)
PAGES = DATA["page"]
DAY = datetime(2030, 3, 3, tzinfo=UTC)


def saved(page: dict[str, Any], gap: str, glue: str) -> str:
    """A page as text; `gap` parts its paragraphs, `glue` its text and what is below."""
    told = DATA["article"][page["lang"]]
    text = list(told["text"])
    text.insert(4, page["between"]) if "between" in page else None
    whole = "{head}{body}{glue}{tail}".format(
        head=page["head"], body=gap.join(text), glue=glue, tail=page["tail"]
    )
    return whole.replace("{title}", told["title"]).replace("{author}", told["author"])


def read(text: str) -> Article:
    found = read_document(text, name="page.txt")
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
@pytest.mark.parametrize("page", PAGES, ids=[page["name"] for page in PAGES])
def test_nothing_but_the_article_is_left(page: dict[str, Any], gap: str) -> None:
    told = DATA["article"][page["lang"]]
    found = read(saved(page, gap, "" if "glued" in page else gap))
    assert found.text.split("\n\n") == told["text"]
    assert found.title == told["title"]
    if page.get("signed"):
        assert found.authors == (told["author"],)
        assert found.published_at == DAY


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "By Friday, the letter had been read."),
        ("en", "Save the date, she said."),
        ("en", "Tags: none of the coats had any, said the clerk."),
        ("en", "More comments followed on Tuesday."),
        ("en", "Posted in the hall was a note."),
        ("en", "Next, the board must vote."),
        ("en", "“Share this,” the letter says at its end."),
        ("en", "Related costs were not on the list."),
        ("en", "Written by hand, it was hard to read."),
        ("en", "Published on March 3, 2030, the list was short."),
        ("en", "What happens next?"),
        ("en", "1939"),
        ("id", "Komentar warga beragam."),
        ("id", "Terkait biaya, wali kota diam."),
        ("id", "Tag itu hilang, kata petugas."),
        ("id", "Berikutnya, dewan akan memilih."),
        ("id", "Lalu, apa kata nelayan?"),
        ("de", "Teilen will niemand, sagte er."),
        ("de", "Mehr zum Thema sagte er nicht."),
        ("es", "Más información no hubo, dijo."),
        ("fr", "Suivre la règle, voilà tout."),
        ("pt", "Mais lidas foram as cartas dela."),
    ],
)
def test_a_line_of_the_text_that_looks_like_chrome_stays(lang: str, line: str) -> None:
    told = DATA["article"][lang]
    page = next(page for page in PAGES if page["lang"] == lang and "signed" in page)
    text = saved(page, "\n\n", "\n\n").replace(told["text"][3], f"{told['text'][3]}\n\n{line}")
    assert line in read(text).text.split("\n\n")
    assert len(read(text).text.split("\n\n")) == len(told["text"]) + 1


def test_a_list_at_the_end_is_of_the_text() -> None:
    told = DATA["article"]["en"]["text"]
    items = ["What the letters asked for:", "- a pier of wood", "- a lamp", "- a dog"]
    text = "\n\n".join([*told, *items, "Leave a Reply", "Name *"])
    assert read(text).text.split("\n\n") == [*told, *items]


def test_a_standfirst_below_the_title_is_of_the_text() -> None:
    told = DATA["article"]["en"]
    lead = "The company had asked three times."
    head = [told["title"], lead, "By Jane Sample and Max Sample", "2 March 2030, 10:15am"]
    found = read("\n\n".join(["Quay News", *head, *told["text"]]))
    assert found.title == told["title"]
    assert found.text.split("\n\n") == [lead, *told["text"]]
    assert found.authors == ("Jane Sample", "Max Sample")


@pytest.mark.parametrize(
    "row", document_rules().rows, ids=lambda row: f"{row.name}-{row.acts.name}"
)
def test_row_of_the_rules(row: DocumentRule) -> None:
    assert row.removes
    assert row.keeps
    named = [document_rules().match(line) for line in row.removes]
    assert [rule.name if rule else None for rule in named] == [row.name] * len(named)
    assert [document_rules().match(line) for line in row.keeps] == [None] * len(row.keeps)


def test_every_whole_phrase_is_named() -> None:
    rules = document_rules()
    for row in rules.rows:
        for phrase in row.whole:
            found = rules.match(f"— {phrase}:")
            assert found is not None, phrase
            assert found.acts >= row.acts, phrase
