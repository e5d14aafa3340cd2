"""The compose file: valid by its specification, safe, and without a slip in what decides."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from tests.deploy.files import DEPLOY, SECRETS, compose, is_known

DOCUMENT = compose()
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
ONCE = {"migrate", "deploy"}
"""Those that do one thing and end."""


def test_the_specification_allows_it() -> None:
    known = {key: part for key, part in DOCUMENT.items() if not key.startswith("x-")}
    parsed = PyCompose.from_yaml(yaml.safe_dump(known))
    assert set(parsed.service_names()) == set(SERVICES)
    for check in ("configs", "networks", "secrets", "volumes"):
        getattr(parsed, f"validate_{check}")()


def test_compose_itself_accepts_it(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    works = (
        docker
        and not subprocess.run(
            [docker, "compose", "version"], capture_output=True, check=False
        ).returncode
    )
    if not docker or not works:
        pytest.skip("`docker compose` is not installed here")
    env = tmp_path / "env"
    env.write_text("".join(f"{name}={value}\n" for name, value in SECRETS.items()))
    command = [docker, "compose", "--env-file", str(env), "--file", str(DEPLOY / "compose.yaml")]
    done = subprocess.run(
        [*command, "config", "--format", "json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["services"]) == set(SERVICES) - {"push"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_and_nothing_runs_as_root(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.]+)?", service["image"])
    assert service["user"] not in {"root", "0", "0:0"}
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_everything_listens_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))
    assert SERVICES[name].get("network_mode") is None


@pytest.mark.parametrize("name", sorted(OURS.keys() - ONCE - {"worker", "services"}))
def test_what_listens_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_every_variable_is_read_by_something(name: str) -> None:
    if name in OURS:
        unknown = [key for key in SERVICES[name].get("environment", {}) if not is_known(key)]
        assert unknown == []


@pytest.mark.parametrize("name", ["server", "services", "worker"])
def test_prefect_writes_only_where_the_image_may_be_written(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    folders = [
        value
        for key, value in service["environment"].items()
        if key in {"PREFECT_HOME", "PREFECT_SERVER_UI_STATIC_DIRECTORY"}
    ]
    assert len(folders) == (1 if name == "worker" else 2)
    for folder in folders:
        assert any(Path(folder).is_relative_to(place) for place in service["tmpfs"])


def test_secrets_come_from_outside() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "PREFECT_AUTH", "PRESSCLIP_WEB_PASSWORD"):
        with pytest.raises(KeyError, match=name):
            compose({key: value for key, value in SECRETS.items() if key != name})
        assert f"{name}=\n" in (DEPLOY / "env.example").read_text("utf-8")
    assert "deploy/.env" in (DEPLOY.parent / ".gitignore").read_text("utf-8").splitlines()
    assert not re.search(r"(?i)password: *[\"']?\w", text)


def test_every_variable_that_may_be_set_is_explained() -> None:
    used = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    explained = set(
        re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text("utf-8"), re.MULTILINE)
    )
    assert used - explained == {"PRESSCLIP_VERSION"}
    assert explained <= used


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name: str) -> None:
    for other, condition in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert condition == {"condition": wanted}
        assert other in ONCE or "healthcheck" in SERVICES[other]


def test_readers_get_the_published_copy_and_nothing_else_of_the_volume() -> None:
    (mount,) = SERVICES["read"]["volumes"]
    assert mount == "desk:/data:ro"
    places = re.findall(r"location ([^{]+) \{([^}]*)", DOCUMENT["configs"]["read"]["content"])
    assert [place for place, rule in places if "root" in rule] == ["= /press.duckdb"]
    assert "return 404" in dict(places)["/"]


def test_the_pages_can_only_read_and_know_no_server() -> None:
    service = SERVICES["web"]
    assert service["volumes"] == ["desk:/data:ro"]
    assert not [name for name in service["environment"] if name.startswith("PREFECT_")]
    # Or all who read through a proxy on this machine are one address.
    (network,) = DOCUMENT["networks"]["pressclip"]["ipam"]["config"]
    assert service["environment"]["PRESSCLIP_WEB_TRUSTED_PROXIES"] == network["gateway"]


def test_the_image_is_built_from_the_locks_and_without_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert all("--no-deps" in line for line in installs)
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(stages) == 2
    assert all(re.search(r":\d+\.\d+\.\d+-", stage) for stage in stages)
    assert "USER 1001:1001" in text.split("FROM")[-1]
    assert "://" not in text
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE))
    for name in " ".join(copied).split():
        assert (DEPLOY.parent / name).exists(), name
        assert f"!{name}" in (DEPLOY.parent / ".dockerignore").read_text("utf-8").splitlines()
