"""A made-up warehouse of any size, published as the program makes it today: for benchmarks of what
people ask.

Its texts have 500 words on average, in six languages, of vocabularies of 20,000 words that are used
as words are: a few everywhere, most nowhere. What is made is kept, and brought up to date.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from tests.benchmarks.search_press import WORDS
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.published.publish import publish

TABLES = ("outlets", "feeds", "articles", "superseded", "stories", "mentions", "copy_pairs",
          "entries", "batches")  # fmt: skip
VOCABULARY = 20_000
PARAGRAPH = 60
"""Words of it."""
WITHOUT_SPACES = {"ja", "zh"}


def built(folder: Path, articles: int, growth: float) -> Desk:
    """The warehouse of so many articles of one year. With a `growth` of 1 each day has as many as
    any other, with 2 the last quarter of the year has half of them."""
    desk = Desk.at(folder / f"{articles}-{growth:g}.duckdb")
    if not desk.published.exists():
        _fill(desk, articles, growth)
    with open_warehouse(desk):
        pass
    publish(desk, now=datetime.now(UTC))
    return desk


def _fill(desk: Desk, articles: int, growth: float) -> None:
    texts = Path(__file__).with_suffix(".sql").read_text("utf-8")
    named = {part.partition("\n")[0].strip(): part.partition("\n")[2]
             for part in texts.split("-- name: ")[1:]}  # fmt: skip
    with open_warehouse(desk) as wh:
        wh.execute("SET memory_limit = '2GB'")
        wh.connection.create_function("prose", prose, ["BIGINT", "VARCHAR"], "VARCHAR")
        for table in TABLES:
            began = time.perf_counter()
            sized = named[table].replace("$articles", str(articles))
            wh.execute(sized.replace("$growth", str(growth)))
            sys.stderr.write(f"{table}: {time.perf_counter() - began:.1f} s\n")


@lru_cache(maxsize=100)
def prose(root: int, language: str) -> str:
    """The text of the story that begins with article `root`."""
    chooser = random.Random(f"{root} {language}")
    words, weights = vocabulary(language)
    said = chooser.choices(words, cum_weights=weights, k=int(chooser.triangular(100, 900)))
    between = "" if language in WITHOUT_SPACES else " "
    paragraphs = (said[at : at + PARAGRAPH] for at in range(0, len(said), PARAGRAPH))
    return "\n\n".join(
        f"{between.join(paragraph[:25])}, {between.join(paragraph[25:])} OpenAI {number}."
        for number, paragraph in enumerate(paragraphs)
    )


@cache
def vocabulary(language: str) -> tuple[list[str], list[float]]:
    """Words of a language, the most frequent first, and how often all up to each are used. Most are
    made of pieces of others."""
    chooser, known = random.Random(language), WORDS[language].split()
    words = dict.fromkeys(known)
    while len(words) < VOCABULARY:
        first, second, third = (chooser.choice(known) for _ in range(3))
        words[
            first[: chooser.randrange(1, 5)] + second[-chooser.randrange(1, 6) :] + third[-3:]
        ] = None
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    return list(words), weights
