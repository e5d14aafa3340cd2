"""A disk that is really full: nothing lost, nothing torn, and it goes on when there is room."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsers.errors import Retry
from tests.small_disk import mounted, remount
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.loading.landing import land
from warehouse.published.publish import publish
from warehouse.records import Batch, EntryState
from warehouse.upkeep.checks import check


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB."""
    with mounted(tmp_path / "small", megabytes=16) as folder:
        yield folder


def a_heavy_batch(number: int, size: int = 3000) -> Batch:
    """Forty entries of so many bytes each that do not compress."""
    noise = random.Random(number)
    names = [f"n{number}-{place}" for place in range(40)]
    return a_batch(
        f"b{number:04}",
        entries=tuple(an_entry(name, content_html=noise.randbytes(size).hex()) for name in names),
        articles=tuple(an_article(name) for name in names),
        outcomes=tuple(
            an_outcome(name, EntryState.STORED, number + 1, article_id=an_article(name).article_id)
            for name in names
        ),
    )


def test_a_full_disk_stops_loading_and_loses_nothing(small_disk: Path) -> None:
    bench = Bench.in_folder(small_disk)
    landed, number = 0, 0
    errors: list[str] = []
    while len(errors) < 2:
        number += 1
        try:
            land(bench.desk, a_heavy_batch(number, size=12_000))
            landed += 1  # from here on it can't be lost
            bench.load()
        except Retry as error:
            errors.append(error.name)
    assert set(errors) == {"disk_full"}
    remount(small_disk, "size=60m")
    bench.load()
    assert bench.rows("SELECT count(*), (SELECT count(*) FROM articles) FROM entries") == [
        (40 * landed, 40 * landed)
    ]
    assert bench.rows("SELECT count(*), (SELECT count(*) FROM failures) FROM batches") == [
        (landed, 0)
    ]
    with bench.open() as wh:
        assert check(wh)[1] == ()


def test_a_full_disk_leaves_the_old_copy_to_readers(small_disk: Path) -> None:
    bench = Bench.in_folder(small_disk)
    bench.load(a_heavy_batch(1))
    publish(bench.desk, now=at(1))
    before = bench.desk.published.read_bytes()
    bench.load(a_heavy_batch(2))
    room = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(b"x" * (room - 500_000))
    with pytest.raises(Retry) as caught:
        publish(bench.desk, now=at(2))
    assert caught.value.name == "disk_full"
    assert bench.desk.published.read_bytes() == before
    (small_disk / "ballast").unlink()
    assert publish(bench.desk, now=at(3))
