"""One made-up press and one undisturbed run of it, for every test of the whole walk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.newsstand import ServedPress, load_press, serve_in_thread
from tests.walk.walking import Undisturbed


@pytest.fixture(scope="session")
def newsstand() -> Iterator[ServedPress]:
    """The first edition of the made-up press, served on loopback."""
    with serve_in_thread(load_press(1)) as served:
        yield served


@pytest.fixture(scope="session")
def undisturbed(newsstand: ServedPress, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """A run that nobody disturbed. Tests read it, or go on with a copy of its desk."""
    return Undisturbed.walked(newsstand, tmp_path_factory.mktemp("undisturbed"))
