"""Settings: from the environment, checked, and all of them explained."""

from __future__ import annotations

import logging
import os
from dataclasses import fields
from pathlib import Path

import pytest

from flows.server.up import FOR_RUNS
from flows.settings import PREFIX, Settings, default_environment, prefect_api_url, read_settings
from parsers.errors import Drop


def test_the_environment_sets_and_the_command_line_wins() -> None:
    env = {"PRESSCLIP_HOST_PAUSE": "2.5", "PRESSCLIP_WAREHOUSE": "/data/a.duckdb"}
    settings = read_settings(env, warehouse="/tmp/b.duckdb", topics=None)
    assert settings.host_pause == 2.5
    assert settings.warehouse == "/tmp/b.duckdb"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("respect_robots", "no", False),
        ("allow_networks", "127.0.0.0/8, ::1/128", ("127.0.0.0/8", "::1/128")),
        ("proxy", "", None),
        ("workers", "3", 3),
    ],
)
def test_each_kind_of_value_is_read(name: str, text: str, value: object) -> None:
    assert getattr(read_settings({f"{PREFIX}{name.upper()}": text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("WORKERS", "many", "a whole number, at least 1"),
        ("WORKERS", "0", "a whole number, at least 1"),
        ("HOST_PAUSE", "fast", "a number of seconds, at least 0"),
        ("HOST_PAUSE", "-1", "a number of seconds, at least 0"),
        ("HOST_PAUSE", "nan", "a number of seconds, at least 0"),
        ("LOCK_WAIT", "inf", "a number of seconds, at least 0"),
        ("RESPECT_ROBOTS", "perhaps", "yes or no"),
        ("SHARD", "third", "a part of the press, such as 2/3"),
        ("RAW_PAGES", "some", "one of named, all, none"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_what_it_must_be(
    name: str, text: str, wanted: str
) -> None:
    with pytest.raises(Drop) as caught:
        read_settings({f"PRESSCLIP_{name}": text})
    message = caught.value.message
    assert message.startswith(f"PRESSCLIP_{name} must be {wanted}; got '{text}'. It is for: ")


def test_a_setting_that_may_be_unset_says_what_that_means() -> None:
    unset = [spec for spec in fields(Settings) if spec.default is None or spec.default == ()]
    assert len(unset) > 5
    assert [spec.name for spec in unset if "unset: " not in spec.metadata["meaning"]] == []
    assert not any("none: " in spec.metadata["meaning"] for spec in fields(Settings))


def test_a_misspelt_setting_is_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        read_settings({"PRESSCLIP_HOSTPAUSE": "1"})
    assert "PRESSCLIP_HOSTPAUSE is not a setting" in caplog.text


def test_every_setting_has_a_meaning() -> None:
    assert all(spec.metadata["meaning"] for spec in fields(Settings))


def test_the_prefect_server_is_found_where_prefect_looks(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(
        'active = "desk"\n[profiles.desk]\nPREFECT_API_URL = "http://127.0.0.1:4200/api"\n'
        "[profiles.none]\n"
    )
    home = {"PREFECT_HOME": str(tmp_path)}
    assert prefect_api_url(home) == "http://127.0.0.1:4200/api"
    assert prefect_api_url(home | {"PREFECT_PROFILE": "none"}) is None
    assert prefect_api_url(home | {"PREFECT_API_URL": "http://other/api"}) == "http://other/api"
    assert prefect_api_url(home | {"PREFECT_API_URL": ""}) is None
    assert prefect_api_url({"PREFECT_HOME": str(tmp_path / "nowhere")}) is None


def test_an_empty_variable_is_unset() -> None:
    assert read_settings({"PRESSCLIP_WAREHOUSE": ""}).warehouse == Settings().warehouse


def test_what_the_environment_says_is_not_overruled_by_a_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "environ", {"PREFECT_CLIENT_MAX_RETRIES": "2"})
    default_environment(FOR_RUNS)
    assert os.environ["PREFECT_CLIENT_MAX_RETRIES"] == "2"
    assert os.environ["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == "30"
