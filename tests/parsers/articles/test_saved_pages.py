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
    found = read(saved(page, gap, gap))
    assert found.text.split("\n\n") == told["text"]
    assert found.title == told["title"]
    if page.get("signed"):
        assert found.authors == (told["author"],)


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
