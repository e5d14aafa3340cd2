"""What workers are forked with."""

from __future__ import annotations

import importlib
import sys

import py3langid
import pytest


def test_what_cannot_be_made_ahead_ends_no_parser(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The process that workers are forked from lets nothing but an ImportError pass."""

    def broken(_text: str) -> None:
        raise OSError("no model of languages")

    monkeypatch.setattr(py3langid, "classify", broken)
    monkeypatch.delitem(sys.modules, "flows.parser_pool.preload", raising=False)
    importlib.import_module("flows.parser_pool.preload")
    (record,) = caplog.records
    assert "Parsers start slowly" in record.message
    assert "no model of languages" in caplog.text
