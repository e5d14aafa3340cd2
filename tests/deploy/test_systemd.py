"""The systemd units: accepted by systemd itself, hardened, one for each process of a machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, is_known

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_there_is_one_for_each_process() -> None:
    assert [unit.stem for unit in UNITS] == [
        "pressclip-push",
        "pressclip-server",
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
