"""How the tests are run: tiers, processes, event loops and made-up examples."""

from __future__ import annotations

import gc
import logging
import os
import ssl
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import httpx
import pytest
from httpx import create_ssl_context
from hypothesis import HealthCheck, settings

from flows.parser_pool import pool as parser_pool
from tests.kept_pools import KeptPools
from tests.warehouse.empty import copying, share_folder
from warehouse.database import open as opening

# A busy machine is no failure: what must end in bounded time has a test of its own that says so.
# The same code gets the same verdict: the examples are made from the test, not from chance.
settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# Chance looks for what nobody thought of: `make test-long`.
settings.register_profile("explore", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


TIERS = ("unit", "integration", "server")
UNIT = {"parsers", "flows/decisions"}
"""Folders whose tests are of the tier unit, unless a module says otherwise; those of all others are
integration."""


def pytest_configure(config: pytest.Config) -> None:
    """The processes of a run share the empty warehouses that tests begin with."""
    if not hasattr(config, "workerinput"):
        stack = ExitStack()
        stack.enter_context(share_folder())
        config.add_cleanup(stack.close)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is made while tests are collected stays until the end: to look through it for garbage,
    again and again, takes a second of every process."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        # Tests make and drop tables, pages and trees by the thousand: to look for rings among them
        # after every 700 objects takes a tenth of their processor time.
        gc.set_threshold(50_000, 20, 100)
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test gets its tier, and each process the tests of whole files: what those of a file
    share is set up once. Tests of the tier server share one server; whoever asks for it is of that
    tier, or a second process would start another one. pytest-xdist reads the groups after this."""
    for item in items:
        if "up" in getattr(item, "fixturenames", ()):
            item.add_marker("server")
        if not any(item.get_closest_marker(tier) for tier in TIERS):
            item.add_marker("unit" if _is_unit(item.path) else "integration")
        if item.get_closest_marker("xdist_group") is None:
            group = "server" if item.get_closest_marker("server") else str(item.path)
            item.add_marker(pytest.mark.xdist_group(group))
    # Theirs is the longest group, and waits most of the time: begun last, it would be waited for.
    items.sort(key=lambda item: item.get_closest_marker("server") is None)


@cache
def _is_unit(path: Path) -> bool:
    folders = path.relative_to(Path(__file__).parent).parents
    return any(folder.as_posix() in UNIT for folder in folders)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """An async test runs in an asyncio event loop of its own; anyio's plugin sees to it."""
    return "asyncio"


@pytest.fixture(autouse=True)
def empty_warehouses(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program would make a warehouse in a file it finds a copy of an empty one; a test
    that needs one of its own has the fixture `made_anew`."""
    if "made_anew" not in request.fixturenames:
        monkeypatch.setattr(opening, "_adopt", copying(opening._adopt))


@pytest.fixture
def made_anew() -> None:
    """The program makes the warehouses of this test."""


@pytest.fixture(autouse=True)
def levels_kept() -> Iterator[None]:
    """The levels of what is logged are those of before: a flow that runs in this process shows what
    it does on its server, a command as much as it is told to."""
    loggers = [logging.getLogger(name) for name in (None, "flows", "parsers", "warehouse")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def kept_pools() -> Iterator[KeptPools]:
    """Those of all runs in this process."""
    kept = KeptPools()
    yield kept
    kept.end()


@pytest.fixture(autouse=True)
def parsers_kept(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kept_pools: KeptPools
) -> None:
    """A run takes over the parser processes of the one before; a test that needs some of its own
    has the fixture `own_parsers`."""
    if "own_parsers" not in request.fixturenames:
        monkeypatch.setattr(parser_pool, "ProcessPool", kept_pools.pool)


@pytest.fixture(autouse=True)
def certificates_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients share the certificates that the environment names, which are long to read."""
    monkeypatch.setattr(httpx, "create_ssl_context", _certificates)


def _certificates() -> ssl.SSLContext:
    return _read_certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _read_certificates(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    return create_ssl_context()


@pytest.fixture
def own_parsers() -> None:
    """The runs of this test start their own parser processes, and end them."""
