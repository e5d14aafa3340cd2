"""How well copies are told from other texts: pairwise recall and precision through the real load.

    python -m tests.benchmarks.bench_copies [--pages 1011]

Every evaluation page (PRESSCLIP_EVALDATA) is loaded with one copy of it for each kind of edit
that syndication makes (tests/syndication.py), in shuffled batches, and so are texts that only look
alike. Issue 4 wants recall ≥ 0.97 at precision ≥ 0.995. With --pages it takes the texts that our
parsers find on so many pages, else the bodies of the ground truth.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from parsers.copies.fingerprints import fingerprint
from parsers.identity import article_id
from parsers.records import Article
from tests.parsers.quality.evaluation import MISSING, available, load_truth, predict_all
from tests.syndication import EDITS, LOOKALIKES, Edit, Lookalikes, Text
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.records import Batch

START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
BATCH = 150


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of articles in one story, against those that should be."""

    right: int
    wrong: int
    missed: int

    @property
    def recall(self) -> float:
        """The share of copies that were found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def precision(self) -> float:
        """The share of what was found that are copies."""
        return self.right / max(1, self.right + self.wrong)


def an_article(name: str, host: str, text: Text, minute: int) -> Article:
    """An article as a harvest would bring it."""
    url = f"https://{host}/{name}"
    body = "\n\n".join(text)
    return Article(
        article_id=article_id(url),
        canonical_url=url,
        url=url,
        title=f"Headline of {name}",
        text=body,
        fingerprint=fingerprint(body),
        fetched_at=START + timedelta(minutes=minute),
    )


def stories(articles: Sequence[Article], rng: Random) -> dict[int, int]:
    """The story of each article, once all are loaded in batches in some order."""
    shuffled = rng.sample(articles, len(articles))
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.at(Path(folder) / "copies.duckdb")
        for number in range(0, len(shuffled), BATCH):
            batch = Batch(f"b{number:06}", "harvest", START)
            land(desk, replace(batch, articles=tuple(shuffled[number : number + BATCH])))
        with open_warehouse(desk) as wh:
            load_landed(wh, desk, loaded_at=START)
            rows = wh.execute("SELECT article_id, story_id FROM articles")
    return {int(str(article)): int(str(story)) for article, story in rows}


def pairs(families: Sequence[Sequence[Article]], rng: Random) -> Pairs:
    """Families of copies loaded together, and what came of it, pair by pair."""
    family_of = {one.article_id: n for n, family in enumerate(families) for one in family}
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for article, story in stories([one for family in families for one in family], rng).items():
        found[story][family_of[article]] += 1
    right = sum(_couples(n) for members in found.values() for n in members.values())
    together = sum(_couples(members.total()) for members in found.values())
    wanted = sum(_couples(len(family)) for family in families)
    return Pairs(right, together - right, wanted - right)


def _couples(count: int) -> int:
    return count * (count - 1) // 2


def edited(texts: Sequence[Text], edits: Sequence[Edit], rng: Random) -> list[list[Article]]:
    """Each text with a copy for each edit, all on different hosts. What is put in comes from long
    articles: a paragraph that is half of another page would make a copy of that one too."""
    long = [text for text in texts if len(text) > 8]
    stock = [line for text in long for line in text if 20 <= len(line.split()) <= 90]
    families = []
    for number, text in enumerate(texts):
        family = [an_article(f"a{number}", f"wire{number}.example", text, number)]
        for edit in edits:
            name = edit.__name__
            copy = edit(rng, text, stock)
            family.append(an_article(f"{name}{number}", f"{name}.example", copy, number + 60))
        families.append(family)
    return families


def alike(
    texts: Sequence[Text], lookalikes: Lookalikes, *, one_site: bool, rng: Random
) -> list[list[Article]]:
    """Texts with much in common, each a family of its own."""
    stock = [line for text in texts for line in text][:40]
    changed = lookalikes(rng, texts[1:], stock)
    hosts = [
        f"{n % 3}.column.example" if one_site else f"paper{n}.example" for n in range(len(changed))
    ]
    return [
        [an_article(f"x{number}", host, text, number)]
        for number, (host, text) in enumerate(zip(hosts, changed, strict=True))
    ]


def different(texts: Sequence[Text]) -> list[Text]:
    """Those that are no copies of one before: some pages are there twice."""
    kept: list[Text] = []
    known: Counter[str] = Counter()
    for text in texts:
        words = " ".join(text).split()
        runs = {" ".join(words[at : at + 6]) for at in range(0, len(words) - 6)}
        if sum(run in known for run in runs) < 0.1 * len(runs):
            kept.append(text)
            known.update(runs)
    return kept


def page_texts(pages: int) -> list[Text]:
    """Paragraphs of the evaluation pages: the true ones, or those our parsers find."""
    truths = load_truth()
    if not pages:
        return different([one.body.split("\n") for one in truths if one.body])
    found = predict_all(truths[:pages])
    texts = [one.text.split("\n\n") for one in found if isinstance(one, Article)]
    return different([text for text in texts if sum(map(len, text)) > 400])


def main() -> None:
    """Print a line for each kind of edit and of lookalike."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=0)
    options = parser.parse_args()
    if not available():
        sys.exit(MISSING)
    texts = page_texts(options.pages)
    write = sys.stdout.write
    write(f"{len(texts)} texts\n{'edit':16} recall precision missed wrong\n")
    kinds = [(edit.__name__, [edit]) for edit in EDITS] + [("all in one story", list(EDITS))]
    for name, edits in kinds:
        found = pairs(edited(texts, edits, Random(7)), Random(8))
        write(f"{name:16} {found.recall:.4f} {found.precision:9.4f} {found.missed:6}")
        write(f" {found.wrong:5}\n")
        sys.stdout.flush()
    for lookalikes, one_site in LOOKALIKES:
        families = alike(texts, lookalikes, one_site=one_site, rng=Random(9))
        found = pairs(families, Random(8))
        write(f"{lookalikes.__name__:16} of {_couples(len(families))} pairs {found.wrong} wrong\n")


if __name__ == "__main__":
    main()
