"""The systemd units: accepted by systemd itself, hardened, one for each process of a machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.server.up import FOR_RUNS, LEASES_ON_DISK
from tests.deploy.files import DEPLOY, is_known

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_there_is_one_for_each_process() -> None:
    assert [unit.stem for unit in UNITS] == [
        "pressclip-push",
        "pressclip-server",
        "pressclip-web",
        "pressclip-worker",
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_accepts_it(unit: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is not installed here")
    # Its programs and its user are looked for; here they have other names.
    text = unit.read_text("utf-8").replace("/opt/pressclip/bin", str(Path(sys.executable).parent))
    copy = tmp_path / unit.name
    copy.write_text(text.replace("User=pressclip", "User=daemon"))
    wanted = tmp_path / "pressclip-server.service"
    if not wanted.exists():
        wanted.write_text("[Service]\nExecStart=/bin/true\n")
    done = subprocess.run(
        [analyze, "verify", str(copy)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    secure = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=25", str(copy)],
        capture_output=True,
        check=False,
    )
    assert secure.returncode == 0, secure.stdout.decode()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_it_sets_is_read_and_holds_no_secret(unit: Path) -> None:
    text = unit.read_text("utf-8")
    names = re.findall(r"^Environment=(\w+)=", text, re.MULTILINE)
    assert names
    assert all(map(is_known, names))
    assert "EnvironmentFile=-/etc/pressclip/environment" in text
    assert not re.search(r"PASSWORD|AUTH_STRING|SECRET", text)
    assert "0.0.0.0" not in text


def test_the_server_writes_only_where_its_unit_may() -> None:
    text = (DEPLOY / "systemd" / "pressclip-server.service").read_text("utf-8")
    env = dict(re.findall(r"^Environment=(\w+)=(.*)$", text, re.MULTILINE))
    home = Path("/var/lib") / re.findall(r"^StateDirectory=(.*)$", text, re.MULTILINE)[0]
    assert Path(env["PREFECT_HOME"]).is_relative_to(home)
    assert Path(env["PREFECT_SERVER_UI_STATIC_DIRECTORY"]).is_relative_to(home)
    # Below PREFECT_HOME too, so that a restart does not forget which run holds which slot.
    assert env["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"] == LEASES_ON_DISK


def test_what_every_worker_goes_by_is_said_in_one_place() -> None:
    files = [DEPLOY / "compose.yaml", *(DEPLOY / "kubernetes").iterdir(), *UNITS]
    said_again = {
        (file.name, name) for file in files for name in FOR_RUNS if name in file.read_text("utf-8")
    }
    assert said_again == set()
