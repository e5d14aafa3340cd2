"""The folder of feeds: current after each publish, untouched where nothing changed."""

from __future__ import annotations

import os
from pathlib import Path

from flows.settings import read_settings
from flows.steps.outgoing import write_feeds
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.publish import publish


def test_feeds_follow_the_published_copy(tmp_path: Path) -> None:
    bench = Bench.in_folder(tmp_path)
    settings = read_settings(
        {"PRESSCLIP_FEEDS_URL": "https://desk.example/feeds"}, feeds_folder=tmp_path / "feeds"
    )
    bench.load(a_batch("b1", articles=(an_article("a", topics=("musk",)),)))
    publish(bench.desk, now=at(1))
    changed = write_feeds(bench.desk, settings, ["musk", "openai"])
    names = {path.name for path in changed}
    assert names == {f"{name}.{kind}" for name in ("all", "musk", "openai") for kind in _KINDS}
    assert b'href="https://desk.example/feeds/musk.atom"' in _body(settings.feeds_folder, "musk")
    assert b"Title of a" not in _body(settings.feeds_folder, "openai")

    for path in changed:
        os.utime(path, (0, 0))
    bench.load(a_batch("b2", articles=(an_article("b", topics=("musk",)),)))
    publish(bench.desk, now=at(2))
    changed = write_feeds(bench.desk, settings, ["musk", "openai"])
    assert {path.name for path in changed} == names - {"openai.atom", "openai.json"}
    assert (tmp_path / "feeds" / "openai.atom").stat().st_mtime == 0
    assert write_feeds(bench.desk, settings, ["musk", "openai"]) == ()
    assert {path.name for path in (tmp_path / "feeds").iterdir()} == names


def test_a_topic_of_early_versions_does_not_take_the_place_of_all(tmp_path: Path) -> None:
    bench = Bench.in_folder(tmp_path)
    settings = read_settings({}, feeds_folder=tmp_path / "feeds")
    articles = (an_article("a", topics=("all",)), an_article("b", topics=("musk",)))
    bench.load(a_batch("b1", articles=articles))
    publish(bench.desk, now=at(1))
    write_feeds(bench.desk, settings)
    assert b"Title of b" in _body(settings.feeds_folder, "all")


def test_no_folder_no_feeds(tmp_path: Path) -> None:
    assert write_feeds(Bench.in_folder(tmp_path).desk, read_settings({})) == ()


_KINDS = ("atom", "json")


def _body(folder: Path | None, name: str) -> bytes:
    assert folder is not None
    return (folder / f"{name}.atom").read_bytes()
