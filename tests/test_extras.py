"""What a plain installation lacks is named when it is needed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.flows.cli.running import called

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WITHOUT = "import sys; sys.modules[sys.argv.pop(1)] = None; from flows.cli.main import main; main()"


def test_plain_needs_nothing_that_only_several_machines_need() -> None:
    plain = {line.split(">")[0].split("=")[0].split("<")[0] for line in PROJECT["dependencies"]}
    assert "prefect" in plain
    assert not plain & {"prefect-redis", "redis", "boto3", "s3fs"}
    assert "prefect-redis==" not in (ROOT / "requirements.lock").read_text("utf-8")


def test_the_lock_of_the_image_has_every_extra() -> None:
    lock = (ROOT / "requirements-all.lock").read_text("utf-8")
    for extra, wanted in PROJECT["optional-dependencies"].items():
        for one in wanted:
            name = re.split(r"[<>=\[]", one)[0]
            assert re.search(rf"^{name}==", lock, re.MULTILINE), f"{extra}: make lock"


def test_a_bucket_names_its_extra(tmp_path: Path) -> None:
    """In a process that has not imported it for anything else."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "s3fs", "ingest"],
        env=os.environ
        | {
            "PRESSCLIP_WAREHOUSE": str(tmp_path / "a.duckdb"),
            "PRESSCLIP_LANDING_FOLDER": "s3://press/landing",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pip install 'pressclip[s3]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3" in PROJECT["optional-dependencies"]


def test_the_receiver_says_what_it_must_be_told(tmp_path: Path) -> None:
    env = {"PRESSCLIP_WAREHOUSE": str(tmp_path / "a.duckdb")}
    done = called(tmp_path, env, "push", "serve")
    assert done.returncode == 1
    assert "PRESSCLIP_PUSH_URL" in done.stderr


def test_a_desk_without_pushes_lists_none(tmp_path: Path) -> None:
    env = {"PRESSCLIP_WAREHOUSE": str(tmp_path / "a.duckdb")}
    done = called(tmp_path, env, "push", "list", "--json")
    assert done.stdout.strip() == "[]"
