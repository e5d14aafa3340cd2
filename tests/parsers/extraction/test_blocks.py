"""Blocks of a page, and the lines of an extractor placed in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.extraction.align import Line, align, place_text
from parsers.extraction.blocks import Block, read_blocks
from parsers.extraction.tree import MAX_ELEMENTS, parse_html
from parsers.text.lines import squeeze


def blocks(body: str) -> list[Block]:
    tree = parse_html(f"<html><head><title>t</title></head><body>{body}</body></html>")
    assert tree is not None
    return read_blocks(tree)


def test_inline_markup_does_not_break_a_block_and_block_markup_does() -> None:
    found = blocks("<div>One <b>bold</b> <a href='/x'>link</a><p>two</p>three</div>")
    assert [(block.text, block.tag, block.link_chars) for block in found] == [
        ("One bold link", "div", 4),
        ("two", "p", 0),
        ("three", "div", 0),
    ]


def test_scripts_menus_and_buttons_are_no_text() -> None:
    assert blocks("<nav>Home</nav><script>x</script><button>Buy</button><p>text</p>")[0].text == (
        "text"
    )


def test_a_block_knows_where_it_stands() -> None:
    (block,) = blocks("<article class='story'><p>text</p></article>")
    assert [element.tag for element in block.path] == ["body", "article", "p"]
    assert block.container.get("class") == "story"


def test_lines_are_placed_in_reading_order() -> None:
    page = blocks("<p>Ships</p><p>The harbour is open.</p><p>Ships</p><p>It rains.</p>")
    lines = ["The harbour is open.", "Ships", "Not in the page at all"]
    assert align(lines, page) == [
        Line("The harbour is open.", 1, 1),
        Line("Ships", 2, 2),
        Line("Not in the page at all"),
    ]


def test_a_line_may_run_over_several_blocks() -> None:
    page = blocks("<p>One.</p><p>Two two.</p><p>Three.</p>")
    assert align(["One. Two two. Three."], page) == [Line("One. Two two. Three.", 0, 2)]


@given(st.lists(st.text(alphabet="ab é日.", max_size=12), max_size=8))
def test_every_block_is_found_where_it_is(texts: list[str]) -> None:
    page = blocks("".join(f"<p>{text}</p>" for text in texts))
    placed = align([block.text for block in page], page)
    for line, block in zip(placed, page, strict=True):
        if line.first is not None:
            assert squeeze(page[line.first].text).startswith(squeeze(block.text))


def test_a_page_of_too_many_elements_is_cut_behind_them() -> None:
    tree = parse_html("<p>first</p>" + "<p>x</p>" * (MAX_ELEMENTS + 10))
    assert tree is not None
    assert sum(1 for _ in tree.iter()) <= MAX_ELEMENTS + 1
    assert read_blocks(tree)[0].text == "first"


def test_long_attributes_are_cut() -> None:
    tree = parse_html(f"<p class='{'a' * 100_000}'>x</p>")
    assert tree is not None
    assert len(tree.find(".//p").get("class")) < 10_000


def test_a_placed_text_knows_its_blocks_and_the_container_of_most_of_it() -> None:
    page = blocks("<p>Top</p><article><p>It rains.</p><p>Still.</p></article><p>The end.</p>")
    placed = place_text(["It rains.", "Still.", "Not there", "The end."], page)
    assert placed.covered == {1, 2, 3}
    assert [element.tag for element in placed.path] == ["body", "article"]
    shorter = placed.with_lines(placed.lines[:1])
    assert shorter.covered == {1}
    assert shorter.path == placed.path


def test_blocks_are_put_where_they_stand_in_the_page() -> None:
    page = blocks("<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p>")
    placed = place_text(["Two.", "Four."], page).with_blocks([0, 2])
    assert [line.text for line in placed.lines] == ["One.", "Two.", "Three.", "Four."]
    assert placed.covered == {0, 1, 2, 3}


@pytest.mark.parametrize(("markup", "lines"), [("p", 3), ("td", 1)])
def test_a_line_over_several_blocks_gets_its_paragraphs_back_but_no_cells(
    markup: str, lines: int
) -> None:
    texts = ("One one.", "Two two.", "Three.")
    cells = "".join(f"<{markup}>{text}</{markup}>" for text in texts)
    page = blocks(f"<table><tr>{cells}</tr></table>" if markup == "td" else cells)
    assert len(place_text([" ".join(texts)], page).lines) == lines
