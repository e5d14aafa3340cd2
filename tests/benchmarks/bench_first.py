"""How well it is told who was first: 500 made-up stories of known descent, through the real load.

    python -m tests.benchmarks.bench_first [--stories 500] [--seed 1]

Each story begins at one outlet, or at an agency with or without a page of its own, and spreads.
Pages say when they were published to the minute, by the day, without a zone, wrongly or not at all;
some are corrected later; feeds are polled now and then and may be late; copies name their source or
do not; outlets publish their own text again. A story is decidable where what is true of the
evidence leaves one outlet that can have been first. Wanted: the first outlet of at least 0.93 of
those; `first_certain` never wrong, and true of at least 0.60 of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from parsers.identity import stable_id
from parsers.records import Article, DateFlag
from tests.warehouse.builders import a_batch, an_article
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed

START = datetime(2026, 3, 1, tzinfo=UTC)
AGENCY, AGENCY_HOST = "Antara", "antaranews.com"
DAY = timedelta(days=1)
TOLD = "SELECT o.host, s.first_certain FROM stories AS s JOIN articles AS o ON o.article_id = s.original_id JOIN articles AS a ON a.story_id = s.story_id WHERE a.article_id = $id"  # noqa: E501


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a story: when it was really published, and what can be known of that."""

    article: Article
    published: datetime
    later: Article | None
    """The same page as it is read again, corrected."""
    earliest: datetime
    latest: datetime
    """Between these it was published, by all of the evidence that is true."""
    names_first: bool
    """Whether it names the first as its source."""


def hours(low: float, high: float, rng: Random) -> timedelta:
    """A while, shorter ones more often."""
    return timedelta(hours=low * (high / low) ** rng.random())


def dated(said: datetime, rng: Random) -> tuple[dict[str, object], datetime, datetime]:
    """What a page says of when it was published, and between which moments that is, if true."""
    style = rng.choices(("minute", "day", "no zone", "none"), (72, 12, 6, 10))[0]
    if style == "none":
        return {}, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    if style == "minute":
        return {"published_at": said}, said, said
    zone = timedelta(hours=rng.choice((-5, 0, 1, 7)))
    if style == "day":
        local = (said + zone).replace(hour=0, minute=0, second=0, microsecond=0)
        shown = {"published_at": local, "date_flag": DateFlag.DAY}
        return shown, local - timedelta(hours=14), local + timedelta(hours=36)
    shown = {"published_at": said + zone, "date_flag": DateFlag.NO_ZONE}
    return shown, said + zone - timedelta(hours=14), said + zone + timedelta(hours=12)


def a_page(story: int, host: str, published: datetime, rng: Random, **fields: object) -> Page:
    """The page of an outlet, as its feed leads the desk to it."""
    every = timedelta(minutes=rng.choice((15, 30, 60, 240)))
    shown = published + timedelta(minutes=rng.choice((0, 0, 2, 10, 25)))
    polls = int((shown - START) / every) + 1
    seen = START + polls * every + timedelta(minutes=rng.choice((1, 3, 20)))
    polled = rng.random() < 0.8
    before = START + (polls - 1) * every if polled else None
    lies = rng.random() < 0.06
    said = published - hours(1, 100, rng) if lies else published
    what, low, high = dated(said, rng)
    name = f"s{story}-{stable_id(host, str(published))}"
    article = replace(
        an_article(name, " ".join(f"s{story}w{n}" for n in range(16)), host=host, **fields),  # type: ignore[arg-type]
        **what, fetched_at=seen, not_shown_at=before,  # type: ignore[arg-type]
    )  # fmt: skip
    later = None
    if rng.random() < 0.1 and "published_at" in what:
        moved = replace(article, published_at=seen + timedelta(hours=rng.choice((-30, 1, 5))))
        later = replace(moved, fetched_at=seen + hours(6, 40, rng), date_flag=None)
    if lies:
        low, high = datetime.min.replace(tzinfo=UTC), seen
    if before is not None:
        low = max(low, before - timedelta(hours=1))
    return Page(article, published, later, low, min(high, seen), names_first=False)


def a_story(number: int, rng: Random) -> tuple[list[Page], bool]:
    """The pages of a story, the first one first, and whether any says that an agency began it which
    has no page of it. Where none does, nobody can know."""
    begins = START + DAY + timedelta(minutes=rng.randrange(60 * 24 * 20))
    hosts = rng.sample([f"paper{n}.example" for n in range(60)], rng.randint(1, 5))
    agency = rng.random() < 0.35
    own_page = agency and rng.random() < 0.6
    pages: list[Page] = []
    if own_page:
        hosts = [AGENCY_HOST, *hosts]
    for place, host in enumerate(hosts):
        published = begins if place == 0 else begins + hours(0.2, 72, rng)
        fields: dict[str, object] = {}
        credited = agency and rng.random() < 0.6
        if credited or (place == 0 and own_page):
            fields["wire"] = AGENCY
        names = own_page and credited
        if place and not agency and rng.random() < 0.2:
            fields["syndication_url"] = pages[0].article.canonical_url
            names = True
        page = a_page(number, host, published, rng, **fields)
        pages.append(replace(page, names_first=names and place > 0))
        if rng.random() < 0.08:
            pages.append(a_page(number, host, published + hours(5, 90, rng), rng, **fields))
    rest = sorted(pages[1:], key=lambda page: page.published)
    if agency and not own_page:
        pages = sorted(pages, key=lambda page: page.published)
        return pages, any(page.article.wire for page in pages)
    return [pages[0], *rest], False


def decidable(pages: list[Page]) -> bool:
    """Whether nothing but the first can have been first."""
    first = pages[0]
    return all(
        page.article.canonical_url.split("/")[2] == first.article.canonical_url.split("/")[2]
        or page.names_first
        or first.latest < page.earliest
        for page in pages[1:]
    )


def main() -> None:
    """Print how many of the decidable ones were decided, and rightly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts = measure(options.stories, options.seed)
    total = counts["decidable"]
    sys.stdout.write(
        f"{options.stories} stories, {total} decidable: first outlet right in "
        f"{counts['right'] / total:.3f}; first_certain true in {counts['certain'] / total:.3f} of "
        f"them, wrong in {counts['wrong']} of all\n"
    )


def measure(stories: int, seed: int) -> Counter[str]:
    """How many stories are decidable, told rightly, told for certain, and wrongly so."""
    rng = Random(seed)
    told = [a_story(number, rng) for number in range(stories)]
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.at(Path(folder) / "clips.duckdb")
        readings = [page.article for pages, _ in told for page in pages]
        again = [page.later for pages, _ in told for page in pages if page.later]
        rng.shuffle(readings)
        with open_warehouse(desk) as wh:
            land(desk, a_batch("b1", articles=tuple(readings)))
            land(desk, a_batch("b2", 1, articles=tuple(again)))
            load_landed(wh, desk, loaded_at=START)
            for pages, elsewhere in told:
                first = pages[0].article
                ((host, certain),) = wh.execute(TOLD, {"id": first.article_id})
                true = host == first.canonical_url.split("/")[2] and not elsewhere
                counts["wrong"] += bool(certain) and not true
                if not elsewhere and decidable(pages):
                    counts.update(decidable=1, right=true, certain=bool(certain))
    return counts


if __name__ == "__main__":
    main()
