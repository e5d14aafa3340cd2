"""Headlines come from other people's servers: in Markdown they are text and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.server import artifacts
from flows.server.artifacts import linked, plainly, show_stories
from tests.flows.server.test_events import NOW, STORY


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
    assert linked("A", "https://example.com/a?b=c") == "[A](https://example.com/a?b=c)"
    assert linked("A", "javascript:alert(1)") == "A"
    assert linked("A", "urn:sha256:abc") == "A"


def test_an_address_can_not_end_its_link() -> None:
    hostile = 'https://example.com](x)/a) [x](javascript:alert(1)) "t"'
    assert linked("A", hostile).count("](") == 1
    assert linked("A", hostile).count(")") == 1


def test_a_headline_can_not_end_its_link() -> None:
    hostile = "a](javascript:alert(1)) [b] <img> `c` \\ \n d"
    text = linked(hostile, "https://example.com/")
    assert text == ("[a)(javascript:alert(1)) (b) ‹img› 'c' / d](https://example.com/)")


async def test_new_stories_are_listed_newest_first_with_time_and_outlet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: dict[str, str] = {}

    async def keep(**artifact: str) -> None:
        made.update(artifact)

    monkeypatch.setattr(artifacts, "acreate_markdown_artifact", keep)
    older = replace(STORY, title="Older", published_at=NOW - timedelta(days=1))
    undated = replace(STORY, title="Undated", published_at=None)
    await show_stories("new-stories", (undated, older, replace(STORY, outlet="The Post")))
    assert made["key"] == "new-stories"
    assert made["markdown"].splitlines()[2:] == [
        f"- {NOW:%Y-%m-%d %H:%M} [A headline](https://example.com/a) · The Post (openai)",
        f"- {NOW - timedelta(days=1):%Y-%m-%d %H:%M} [Older](https://example.com/a) (openai)",
        "- [Undated](https://example.com/a) (openai)",
    ]
