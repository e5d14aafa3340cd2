"""One made-up press and one undisturbed run of it, for every test of the whole walk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.newsstand import ServedPress, load_press, serve_in_thread


@pytest.fixture(scope="session")
def newsstand() -> Iterator[ServedPress]:
    """The first edition of the made-up press, served on loopback."""
    with serve_in_thread(load_press(1)) as served:
        yield served
