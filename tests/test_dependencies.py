"""What an installation gets: old installers leave out what is asked for by another spelling."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def required() -> dict[str, Requirement]:
    """What pressclip itself requires, without its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = [Requirement(text) for text in project["dependencies"]]
    return {canonicalize_name(one.name): one for one in found}


def brought() -> list[Requirement]:
    """What that brings, and so on: each requirement of each package."""
    found, todo, seen = [], list(required().values()), set[str]()
    while todo:
        name = canonicalize_name(todo.pop().name)
        if name in seen:
            continue
        seen.add(name)
        try:
            asked = [Requirement(text) for text in distribution(name).requires or ()]
        except PackageNotFoundError:
            continue  # for another platform
        needed = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
        found += needed
        todo += needed
    return found


def test_no_package_comes_only_by_an_extra_that_pip_23_does_not_find() -> None:
    """It compares the spelling of an extra's name as it stands, and leaves out what differs."""
    asked = brought()
    assert {"justext", "lxml"} <= {canonicalize_name(one.name) for one in asked}
    for one in asked:
        wanted = distribution(one.name) if one.extras else None
        offered = wanted.metadata.get_all("Provides-Extra") or [] if wanted else []
        for extra in one.extras - set(offered):
            lost = {
                canonicalize_name(Requirement(text).name)
                for text in (wanted.requires if wanted else None) or ()
                if canonicalize_name(extra) in canonicalize_name(text)
            }
            assert lost <= required().keys(), f"{one} lacks {lost}"
