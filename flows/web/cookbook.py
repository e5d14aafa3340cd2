"""The questions of the cookbook (docs/cookbook.md), for whoever wants to ask them as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

_QUESTION = re.compile(r"^## \d+\. (.+?)$(.*?)^```sql\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CookbookQuestion:
    """A question in words and in SQL."""

    title: str
    sql: str


@cache
def cookbook() -> tuple[CookbookQuestion, ...]:
    """All of them, in their order."""
    found = _QUESTION.findall(_text())
    return tuple(CookbookQuestion(title, sql.strip()) for title, _, sql in found)


def _text() -> str:
    shipped = files("seeds").joinpath("cookbook.md")
    # In a checkout it is where people read it.
    path = shipped if shipped.is_file() else Path(__file__).parents[2] / "docs" / "cookbook.md"
    return path.read_text("utf-8")
