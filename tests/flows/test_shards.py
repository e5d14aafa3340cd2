"""Shards: every host has exactly one, whoever asks."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from flows.run.lock import alone, alone_in_shard
from flows.settings import read_settings
from flows.shards import Shard, read_shard
from parsers.errors import Drop, Retry
from tests.waiting import PATIENCE

HOSTS = [f"www.paper-{number}.example" for number in range(3000)]


@pytest.mark.parametrize("of", [1, 2, 3, 16])
def test_every_host_belongs_to_exactly_one_shard_and_none_is_starved(of: int) -> None:
    shards = [Shard(number + 1, of) for number in range(of)]
    owners = Counter(
        shard.number for host in HOSTS for shard in shards if shard.owns(f"https://{host}/feed")
    )
    assert owners.total() == len(HOSTS)
    assert set(owners) == {shard.number for shard in shards}
    assert min(owners.values()) > 0.7 * len(HOSTS) / of


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("http://example.com/feed", "https://WWW.Example.com:8443/a?b=c"),
        ("https://feeds.example.co.uk/rss", "https://news.example.co.uk/story"),
        ("https://m.example.com.au./x", "https://example.com.au/y"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://192.0.2.7/a", "http://192.0.2.7:81/b"),
    ],
)
def test_the_hosts_of_one_owner_are_in_one_shard(a: str, b: str) -> None:
    for of in (2, 3, 7, 101):
        for number in range(of):
            shard = Shard(number + 1, of)
            assert shard.owns(a) == shard.owns(b)


@pytest.mark.parametrize("link", [None, "", "mailto:desk@example.com", "http://[bad"])
def test_what_has_no_host_belongs_to_the_first(link: str | None) -> None:
    assert [Shard(number, 3).owns(link) for number in (1, 2, 3)] == [True, False, False]


def test_a_shard_is_read_from_text_and_from_the_environment() -> None:
    assert read_shard(" 2/3 ") == Shard(2, 3)
    assert str(Shard(2, 3)) == "2/3"
    assert read_settings({"PRESSCLIP_SHARD": "2/3"}).shard == Shard(2, 3)
    assert read_settings({}).shard is None


@pytest.mark.parametrize("text", ["4/3", "0/3", "2", "2/0", "-1/3", "a/b", "2/3/4", "1/99999"])
def test_what_is_no_shard_is_refused_with_its_form(text: str) -> None:
    with pytest.raises(Drop, match="such as 2/3"):
        read_shard(text)
    with pytest.raises(Drop, match=r"PRESSCLIP_SHARD must be .*such as 2/3"):
        read_settings({"PRESSCLIP_SHARD": text})


def quiet(message: str) -> None:
    """Nobody needs to hear what a test waits for."""


async def test_shards_run_side_by_side_but_each_only_once(tmp_path: Path) -> None:
    path = tmp_path / "run.poll.lock"

    async with alone_in_shard(path, "poll", Shard(1, 2), wait=0, on_wait=quiet):
        async with alone_in_shard(path, "poll", Shard(2, 2), wait=0, on_wait=quiet):
            with pytest.raises(Retry, match="Another poll of shard 1/2 is at work"):
                async with alone_in_shard(path, "poll", Shard(1, 2), wait=0, on_wait=quiet):
                    pass
        with pytest.raises(Retry, match="Another poll is at work"):
            async with alone(path, "poll", wait=0, on_wait=quiet):
                pass
    async with alone(path, "poll", wait=0, on_wait=quiet):
        with pytest.raises(Retry, match="Another poll is at work"):
            async with alone_in_shard(path, "poll", Shard(1, 2), wait=0, on_wait=quiet):
                pass


async def test_a_run_waits_for_the_one_before_it(tmp_path: Path) -> None:
    path = tmp_path / "run.poll.lock"
    order: list[str] = []

    async def first() -> None:
        async with alone(path, "poll", wait=0, on_wait=quiet):
            await asyncio.sleep(0.4)
            order.append("first ends")

    async def second() -> None:
        await asyncio.sleep(0.1)
        async with alone_in_shard(path, "poll", Shard(1, 2), wait=PATIENCE, on_wait=order.append):
            order.append("second begins")

    await asyncio.gather(first(), second())
    assert [order[0][:12], *order[1:]] == ["Another poll", "first ends", "second begins"]
