"""Settings for all parser tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure: what must end in bounded time has a test of its own that says so.
settings.register_profile("parsers", deadline=None)
settings.load_profile("parsers")
