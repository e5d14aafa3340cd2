"""What a plain installation lacks is named when it is needed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

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
    env = {k: v for k, v in os.environ.items() if not k.startswith("PRESSCLIP_")}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("pressclip")), "push", "serve"],
        env=env | {"PRESSCLIP_WAREHOUSE": str(tmp_path / "a.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PRESSCLIP_PUSH_URL" in done.stderr


def test_a_desk_without_pushes_lists_none(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("pressclip")), "push", "list", "--json"],
        env=os.environ | {"PRESSCLIP_WAREHOUSE": str(tmp_path / "a.duckdb")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
