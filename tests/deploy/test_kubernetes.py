"""The Kubernetes files: what can be said of them without a cluster.

The values of Prefect's charts are compared with the compose file, which is tried for real
(test_stack.py): what decides must be the same in both.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.deploy.files import DEPLOY, compose, documents, is_known

(SERVER,) = documents("kubernetes/prefect-server-values.yaml")
(WORKER,) = documents("kubernetes/prefect-worker-values.yaml")
OURS = documents("kubernetes/pressclip.yaml")


def names(env: list[dict[str, Any]]) -> dict[str, str | None]:
    return {one["name"]: one.get("value") for one in env}


def test_the_schemas_of_kubernetes_allow_it() -> None:
    validate = pytest.importorskip(
        "kubernetes_validate", reason="kubernetes-validate (100 MB of schemas) is not installed"
    ).validate
    for document in OURS:
        validate(document, "1.33", strict=True)


def test_servers_share_everything_that_they_share_in_the_compose_file() -> None:
    composed = compose()["services"]["server"]["environment"]
    here = names(SERVER["global"]["prefect"]["env"])
    # Those that the chart itself sets, from the secrets it is given.
    by_chart = {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL",
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START",
        "PREFECT_SERVER_API_AUTH_STRING",
        "PREFECT_SERVER_UI_API_URL",
        "PREFECT_HOME",
    }
    assert composed.keys() - by_chart == here.keys() - {"REDIS_PASSWORD"}
    for name, value in here.items():
        if name != "REDIS_PASSWORD":
            assert value == composed[name].replace("redis-word", "$(REDIS_PASSWORD)")


def test_server_and_workers_have_the_version_of_the_locks() -> None:
    lock = (DEPLOY.parent / "requirements-all.lock").read_text("utf-8")
    version = re.search(r"^prefect==(\S+)", lock, re.MULTILINE)
    assert version
    assert SERVER["global"]["prefect"]["image"]["prefectTag"].startswith(f"{version[1]}-")
    ours = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]["version"]
    assert WORKER["worker"]["image"]["prefectTag"] == ours
    images = re.findall(
        r"image: pressclip:(\S+)", (DEPLOY / "kubernetes/pressclip.yaml").read_text()
    )
    assert set(images) == {ours}


def test_every_variable_is_read_by_something() -> None:
    (settings,) = (one["data"] for one in OURS if one["kind"] == "ConfigMap")
    variables = [
        *names(SERVER["global"]["prefect"]["env"]),
        *names(WORKER["worker"]["extraEnvVars"]),
        *settings,
    ]
    assert [name for name in variables if not is_known(name)] == []


def pods() -> dict[str, dict[str, Any]]:
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in OURS
        if "template" in one.get("spec", {})
    }


@pytest.mark.parametrize("name", pods())
def test_nothing_runs_as_root_or_may_write_where_it_need_not(name: str) -> None:
    pod = pods()[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    mounted = {volume["name"] for volume in pod["volumes"]}
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert {mount["name"] for mount in container["volumeMounts"]} == mounted
        assert "limits" in container["resources"]


def test_secrets_are_named_never_written() -> None:
    for path in (DEPLOY / "kubernetes").glob("*.yaml"):
        text = path.read_text("utf-8")
        assert "kind: Secret" not in text
        assert not re.search(
            r"(?i)(password|auth-?string): *[\"']?(?!password|auth-string)\w", text
        )


def test_what_is_mounted_and_listened_to_has_one_name() -> None:
    kinds = {(one["kind"], one["metadata"]["name"]) for one in OURS}
    (volume,) = WORKER["worker"]["extraVolumes"]
    claim = volume["persistentVolumeClaim"]["claimName"]
    assert ("PersistentVolumeClaim", claim) in kinds
    assert {("ConfigMap", name) for name in WORKER["worker"]["extraEnvVarsCMs"]} <= kinds
    (service,) = (one for one in OURS if one["kind"] == "Service")
    assert ("Deployment", service["spec"]["selector"]["app"]) in kinds
    assert WORKER["worker"]["config"]["workPool"] == "pressclip"
