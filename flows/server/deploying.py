"""Telling a server of the work pool and the deployments."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.exceptions import ObjectAlreadyExists

from flows.server.sharding import SHARDED, is_of_another_count, sharded
from flows.server.switches import as_switched, read_switches
from parsers.errors import Retry


async def ensure_pool(name: str) -> None:
    """Makes the work pool, if it is not there yet."""
    async with get_client() as client:
        try:
            await client.create_work_pool(WorkPoolCreate(name=name, type="process"))
        except ObjectAlreadyExists:
            return


def deploy_all(folder: Path, shards: int = 1) -> None:
    """Applies deploy/prefect.yaml, as `prefect deploy` does it, from `folder`: it asks nothing,
    needs no git, and can be repeated. With several `shards`, each has a poll and a harvest of its
    own. What somebody has switched off stays off. Raises Retry where the server refuses."""
    text = files("deploy").joinpath("prefect.yaml").read_text("utf-8")
    document = sharded(yaml.safe_load(text), shards)
    document = as_switched(document, asyncio.run(read_switches(document)))
    file = folder / "prefect.yaml"
    file.write_text(yaml.safe_dump(document), "utf-8")
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


async def retire_others(shards: int) -> tuple[str, ...]:
    """Deletes polls and harvests of another number of shards than `shards`, which would ask the
    same hosts again, and the triggers that would go on trying to run them; returns their names."""
    retired = []
    async with get_client() as client:
        for flow in SHARDED:
            stale = await client.read_deployments(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[flow]))
            )
            for deployment in stale:
                if is_of_another_count(flow, deployment.name, shards):
                    await client.delete_resource_owned_automations(
                        f"prefect.deployment.{deployment.id}"
                    )
                    await client.delete_deployment(deployment.id)
                    retired.append(deployment.name)
    return tuple(retired)
