"""Headlines come from other people's servers: in Markdown they are text and nothing else."""

from __future__ import annotations

import pytest

from flows.server.artifacts import linked, plainly


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("OpenAI opens", "OpenAI opens"),
        ("a\nb\t c", "a b c"),
        ("*bold* _it_", r"\*bold\* \_it\_"),
        ("[x](y)", r"\[x\]\(y\)"),
        ("<script>", r"&lt;script\>"),
        ("AT&amp;T", r"AT&amp;amp;T"),
    ],
)
def test_nothing_is_markup(text: str, shown: str) -> None:
    assert plainly(text) == shown


def test_only_web_addresses_become_links() -> None:
    assert linked("A", "https://example.com/a?b=c") == "A [example.com](https://example.com/a?b=c)"
    assert linked("A", "javascript:alert(1)") == "A"
    assert linked("A", "urn:sha256:abc") == "A"


def test_an_address_can_not_end_its_link() -> None:
    hostile = 'https://example.com](x)/a) [x](javascript:alert(1)) "t"'
    assert linked("A", hostile).count("](") == 1
    assert linked("A", hostile).count(")") == 1
