"""Settings for tests that do not dawdle. They are patient where a time-out is only a guard."""

from __future__ import annotations

from pathlib import Path

from flows.fetch.settings import FetchSettings
from flows.settings import Settings

LOOPBACK = ("127.0.0.0/8", "::1/128")


def settings(place: Path, **more: object) -> Settings:
    """Of an installation that may ask servers on loopback, leaves no pause between two requests
    and parses in one process. Its warehouse is the file `place`, or press.duckdb in that folder."""
    given: dict[str, object] = {
        "warehouse": str(place if place.suffix == ".duckdb" else place / "press.duckdb"),
        "allow_networks": LOOPBACK,
        "host_pause": 0.0,
        "workers": 1,
    }
    return Settings(**(given | more))  # type: ignore[arg-type]  # a test names what it needs


def fetch_settings(**more: object) -> FetchSettings:
    """Of an HTTP client that may ask servers on loopback and never rests."""
    given: dict[str, object] = {"allowed_networks": LOOPBACK, "host_pause": 0.0}
    return FetchSettings(**(given | more))  # type: ignore[arg-type]  # a test names what it needs
