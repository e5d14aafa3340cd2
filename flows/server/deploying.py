"""Telling a server of the work pool and the deployments."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from parsers.errors import Retry


async def ensure_pool(name: str) -> None:
    """Makes the work pool, if it is not there yet."""
    async with get_client() as client:
        try:
            await client.create_work_pool(WorkPoolCreate(name=name, type="process"))
        except ObjectAlreadyExists:
            return


def deploy_all(folder: Path) -> None:
    """Applies deploy/prefect.yaml, as `prefect deploy` does it, from `folder`: it asks nothing,
    needs no git, and can be repeated. Raises Retry where the server refuses."""
    with as_file(files("deploy").joinpath("prefect.yaml")) as file:
        command = [str(Path(sys.executable).with_name("prefect")), "--no-prompt", "deploy", "--all"]
        done = subprocess.run(  # noqa: S603 - our own command and file
            [*command, "--prefect-file", str(file)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Retry("not_deployed", f"{done.stdout}\n{done.stderr}".strip())
