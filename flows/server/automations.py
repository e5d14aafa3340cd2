"""Telling a server of the automations in deploy/automations.

Prefect only ever creates an automation from a file, a second one of the same name too; so they
are compared by name here. What an operator switched off stays off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import yaml
from prefect.client.orchestration import PrefectClient, get_client
from prefect.events.schemas.automations import AutomationCore
from prefect.exceptions import ObjectNotFound

from flows.server.sharding import automation_of_shards
from parsers.errors import Drop

Spec = Mapping[str, Any]


def shipped_automations() -> tuple[Spec, ...]:
    """The automations that ship with pressclip: Prefect's own form, but deployments are named
    (`deployment: load/load`), and `alert` is what a notification would say."""
    folder = files("deploy").joinpath("automations")
    texts = sorted(
        (file.name, file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    )
    return tuple(yaml.safe_load(text) for _, text in texts)


async def apply_automations(notify: str | None, shards: int = 1) -> tuple[str, ...]:
    """Makes the shipped automations on the configured server, or brings them up to date; the names
    of those that were changed. The deployments of so many `shards` must be there. `notify` is a
    notification block, `type/name`, that is told of every alert; raises Drop where there is no
    such block."""
    async with get_client() as client:
        block = await _block_id(client, notify) if notify else None
        changed = []
        for spec in shipped_automations():
            automation = await _automation(client, automation_of_shards(spec, shards), block)
            if await _upsert(client, automation):
                changed.append(automation.name)
    return tuple(changed)


async def _block_id(client: PrefectClient, notify: str) -> str:
    kind, _, name = notify.partition("/")
    try:
        return str((await client.read_block_document_by_name(name, kind)).id)
    except ObjectNotFound as error:
        raise Drop(
            "no_block",
            f"The server has no block {notify}. PRESSCLIP_NOTIFY names one as TYPE/NAME, such as "
            "slack-webhook/press; make it in the UI, under Blocks.",
        ) from error


async def _automation(client: PrefectClient, spec: Spec, block: str | None) -> AutomationCore:
    actions = [await _action(client, action) for action in spec["actions"]]
    if block and "alert" in spec:
        actions.append(
            {
                "type": "send-notification",
                "block_document_id": block,
                "subject": spec["name"],
                "body": spec["alert"],
            }
        )
    return AutomationCore.model_validate(
        {
            "name": spec["name"],
            "description": " ".join(spec["description"].split()),
            "trigger": spec["trigger"],
            # An automation needs an action; that it fired is seen in the event feed.
            "actions": actions or [{"type": "do-nothing"}],
        }
    )


async def _action(client: PrefectClient, action: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(action)
    if name := found.pop("deployment", None):
        found["deployment_id"] = (await client.read_deployment_by_name(name)).id
    return found


async def _upsert(client: PrefectClient, wanted: AutomationCore) -> bool:
    known = await client.read_automations_by_name(wanted.name)
    if not known:
        await client.create_automation(wanted)
        return True
    first, *others = known
    for other in others:
        await client.delete_automation(other.id)
    if _essence(first) == _essence(wanted):
        return bool(others)
    wanted.enabled = first.enabled
    await client.update_automation(first.id, wanted)
    return True


def _essence(automation: AutomationCore) -> Sequence[object]:
    # Not as JSON: the sets of a trigger would become lists, in any order.
    return (
        automation.description,
        automation.trigger.model_dump(),
        [action.model_dump() for action in automation.actions],
    )
