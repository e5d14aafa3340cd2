"""Three workers on one press: each host has one of them, and nobody asks it twice at once.

The log is the server's own: when each request came, when its answer was sent, who asked.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from flows.newsstand import ServedPress, load_press
from flows.newsstand.press import Press
from flows.newsstand.responses import ServedRequest as PressRequest
from flows.newsstand.responses import respond
from flows.steps.subscriptions import newsstand_feeds, subscribe
from parsers.sites import site_of
from parsers.urls import host_of
from tests.servers.site import Request, Site
from tests.settings import settings
from tests.walk.walking import run, stable_rows
from warehouse.desk import Desk
from warehouse.loading.landing import landed

PAUSE = 0.1
WORKERS = 3
FILED = "http://the-meridian-post.example/technology/2026/10/openai-lantern-notebook.html"


@dataclass
class Log:
    """Serves the press as a proxy, a little slowly, and writes down who asked what, and when."""

    press: Press
    spans: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    """Of each host, from the request's arrival until it was answered."""
    askers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Of each domain, who asked for its pages and feeds."""

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        began = time.monotonic()
        await asyncio.sleep(0.02)
        asked = PressRequest(
            request.method, request.target, tuple(request.headers.items()), keep_alive=True
        )
        host = host_of(request.target)
        self.spans[host].append((began, time.monotonic()))
        writer.write(respond(self.press, asked).encode(keep_alive=True))
        await writer.drain()
        asker = re.search(r"asker-(\w+)", request.headers["user-agent"])
        assert asker
        self.askers[site_of(host)].add(asker[1])


async def pressclip(site: Site, path: Path, asker: str, *command: str, **env: str) -> int:
    """The exit code of a command that reaches the press through `site`."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("pressclip")),
        *command,
        env=os.environ
        | {
            "PRESSCLIP_WAREHOUSE": str(path),
            "PRESSCLIP_PROXY": f"http://127.0.0.1:{site.port}",
            "PRESSCLIP_HOST_PAUSE": str(PAUSE),
            "PRESSCLIP_CONTACT": f"asker-{asker}",
            "PRESSCLIP_WORKERS": "1",
            "PREFECT_API_URL": "",
            **env,
        },
        stdout=subprocess.DEVNULL,
    )
    return await process.wait()


async def three_workers(site: Site, path: Path) -> None:
    """All shards at once, and a person who files a page of a host that one of them asks."""
    codes = await asyncio.gather(
        *(
            pressclip(site, path, str(n), "ingest", PRESSCLIP_SHARD=f"{n}/{WORKERS}")
            for n in range(1, WORKERS + 1)
        ),
        pressclip(site, path, "person", "add", FILED),
    )
    assert set(codes) == {0}


async def _collect(path: Path, log: Log) -> None:
    async with Site({"*": log}) as site:
        await three_workers(site, path)


@pytest.mark.long
def test_a_host_has_one_worker_and_one_request_at_a_time(
    newsstand: ServedPress, tmp_path: Path
) -> None:
    log, path = Log(load_press(1)), tmp_path / "shared.duckdb"
    subscribe(settings(path), newsstand_feeds())
    asyncio.run(_collect(path, log))

    assert len(log.spans) >= 10
    for host, spans in log.spans.items():
        pauses = [later[0] - earlier[1] for earlier, later in pairwise(sorted(spans))]
        assert min(pauses, default=PAUSE) > 0.9 * PAUSE, host
    workers = {domain: askers - {"person"} for domain, askers in log.askers.items()}
    assert set.union(*workers.values()) == {"1", "2", "3"}, "every worker had work"
    assert {domain: askers for domain, askers in workers.items() if len(askers) > 1} == {}
    assert "person" in log.askers["the-meridian-post.example"]

    # What one shard's feeds found may be another's to harvest, in its next run.
    run(settings(path, proxy=newsstand.proxy_url))
    alone = tmp_path / "alone.duckdb"
    run(settings(alone, proxy=newsstand.proxy_url))
    assert landed(Desk.at(path)) == ()
    assert stable_rows(path)["articles"] == stable_rows(alone)["articles"]
