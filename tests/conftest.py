"""How the tests are run: their event loop, and how processes share them out."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure: what must end in bounded time has a test of its own that says so.
# The same code gets the same verdict: the examples are made from the test, not from chance.
settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# Chance looks for what nobody thought of: `make test-long`.
settings.register_profile("explore", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """A file's tests go to one process, as those of a named group do: what they share is set up
    once. The group's mark is read by pytest-xdist after this."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """An async test runs in an asyncio event loop of its own; anyio's plugin sees to it."""
    return "asyncio"
