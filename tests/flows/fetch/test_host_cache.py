"""What one run learned of the hosts' wishes, the next one keeps to."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.fetch.client import HttpClient
from flows.fetch.host_cache import HostCache
from flows.fetch.robots import Robots
from parsers.errors import Drop, Retry
from tests.servers.site import Site, answer
from tests.settings import fetch_settings

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def later(**units: float) -> datetime:
    return NOON + timedelta(**units)


def test_a_rest_holds_until_its_time(tmp_path: Path) -> None:
    path = tmp_path / "manners.sqlite"
    with HostCache(path) as cache:
        cache.remember_rest("a.example", later(seconds=90))
        cache.remember_rest("a.example", later(seconds=30))
    with HostCache(path) as cache:
        assert cache.rest_of("a.example", NOON) == 90
        assert cache.rest_of("a.example", later(minutes=2)) == 0
        assert cache.rest_of("b.example", NOON) == 0


def test_rules_hold_until_their_time_and_are_replaced(tmp_path: Path) -> None:
    with HostCache(tmp_path / "manners.sqlite") as cache:
        assert cache.rules_of("http://a.example", NOON) is None
        cache.remember_rules("http://a.example", "Disallow: /a", later(hours=1))
        cache.remember_rules("http://a.example", "", later(hours=2))
        assert cache.rules_of("http://a.example", NOON) == ("", 7200)
        assert cache.rules_of("http://a.example", later(hours=3)) is None


def test_two_runs_share_it_and_old_things_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "manners.sqlite"
    with HostCache(path) as one, HostCache(path) as other:
        one.remember_rest("a.example", later(minutes=1))
        other.remember_rules("http://a.example", "", later(days=1))
        assert other.rest_of("a.example", NOON) == 60
        one.forget(before=later(hours=1))
        assert other.rest_of("a.example", NOON) == 0
        assert one.rules_of("http://a.example", NOON) is not None


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100])
def test_a_file_that_cannot_be_used_fails_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manners.sqlite"
    path.write_bytes(content)
    with HostCache(path) as cache:
        cache.remember_rest("a.example", later(minutes=1))
        assert cache.rest_of("a.example", NOON) == (0 if content else 60)
    with HostCache(tmp_path / "no such folder" / "x.sqlite") as cache:
        cache.remember_rules("http://a.example", "", later(days=1))
        assert cache.rules_of("http://a.example", NOON) is None


def test_a_write_that_fails_is_survived(tmp_path: Path) -> None:
    path = tmp_path / "manners.sqlite"
    with HostCache(path) as cache:
        vandal = sqlite3.connect(path)
        vandal.execute("DROP TABLE rests")
        vandal.close()
        cache.remember_rest("a.example", later(minutes=1))
        assert cache.rest_of("a.example", NOON) == 0


async def test_a_429_is_kept_to_by_the_next_run(tmp_path: Path) -> None:
    routes = {"/busy": answer(429, {"Retry-After": "600"}), "/other": answer()}
    with HostCache(tmp_path / "manners.sqlite") as cache:
        async with Site(routes) as site:
            async with HttpClient(fetch_settings(), cache=cache) as client:
                await client.get(site.url("/busy"))
            async with HttpClient(fetch_settings(), cache=cache) as client:
                with pytest.raises(Retry) as caught:
                    await client.get(site.url("/other"))
            soon = datetime.now(UTC) + timedelta(seconds=601)
            async with HttpClient(fetch_settings(), cache=cache, clock=lambda: soon) as client:
                assert (await client.get(site.url("/other"))).status == 200
    assert caught.value.name == "host_paused"
    assert site.asked == ["/busy", "/other"]


async def test_a_clock_that_jumped_back_keeps_nobody_waiting_for_ever(tmp_path: Path) -> None:
    with HostCache(tmp_path / "manners.sqlite") as cache:
        cache.remember_rest("127.0.0.1", later(days=1))
        settings = fetch_settings(max_pause=600)
        async with HttpClient(settings, cache=cache, clock=lambda: NOON) as client:
            with pytest.raises(Retry) as caught:
                await client.get("http://127.0.0.1/")
    assert 590 < (caught.value.after or 0) <= 600


async def test_robots_txt_is_not_asked_for_again_by_the_next_run(tmp_path: Path) -> None:
    rules = answer(body=b"User-agent: *\nDisallow: /closed")
    with HostCache(tmp_path / "manners.sqlite") as cache:
        async with Site({"/robots.txt": rules}) as site:
            for _ in range(3):
                async with HttpClient(fetch_settings(), cache=cache) as client:
                    robots = Robots(client)
                    await robots.check(site.url("/open"))
                    with pytest.raises(Drop):
                        await robots.check(site.url("/closed"))
            assert site.asked == ["/robots.txt"]
            tomorrow = datetime.now(UTC) + timedelta(hours=25)
            async with HttpClient(fetch_settings(), cache=cache, clock=lambda: tomorrow) as client:
                await Robots(client).check(site.url("/open"))
    assert site.asked == ["/robots.txt"] * 2


async def test_what_was_remembered_without_sitemaps_is_asked_for_anew(tmp_path: Path) -> None:
    """An earlier version kept a site's rules and not the sitemaps beside them."""
    rules = answer(body=b"Sitemap: http://a.example/news.xml")
    with HostCache(tmp_path / "manners.sqlite") as cache:
        async with (
            Site({"/robots.txt": rules}) as site,
            HttpClient(fetch_settings(), cache=cache) as client,
        ):
            cache.remember_rules(
                f"pressclip {site.url('')}", "", datetime.now(UTC) + timedelta(hours=20)
            )
            assert await Robots(client).sitemaps(site.url("/")) == ("http://a.example/news.xml",)
            assert await Robots(client).sitemaps(site.url("/")) == ("http://a.example/news.xml",)
        assert site.asked == ["/robots.txt"]


def test_what_a_clock_that_was_ahead_remembered_counts_no_more(tmp_path: Path) -> None:
    with HostCache(tmp_path / "manners.sqlite") as cache:
        cache.remember_rest("a.example", later(days=3650))
        cache.remember_rules("http://a.example", "Disallow: /", later(days=3650))
        assert cache.rest_of("a.example", later()) == 0.0
        assert cache.rules_of("http://a.example", later()) is None
        cache.remember_rest("a.example", later(seconds=90))
        assert cache.rest_of("a.example", later()) == 90.0
