"""The Kubernetes files: what can be said of them without a cluster.

The values of Prefect's chart are compared with the compose file, which is tried for real
(test_stack.py): what decides must be the same in both.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from flows.cli.commands.server import GRACE
from flows.settings import read_settings
from flows.web.guard import HEALTH, is_loopback, web_rules
from tests.deploy.files import DEPLOY, compose, documents, is_known

(SERVER,) = documents("kubernetes/prefect-server-values.yaml")
OURS = documents("kubernetes/pressclip.yaml")
SET_BY_CHART = {
    "HOME",
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "PREFECT_API_URL",
    "PREFECT_DEBUG_MODE",
    "PREFECT_LOGGING_SERVER_LEVEL",
    "PREFECT_UI_ENABLED",
}
"""What the templates of Prefect's chart (PrefectHQ/prefect-helm) set for server and services."""
SET_FOR_SERVER = {
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_SERVER_API_HOST",
    "PREFECT_SERVER_API_PORT",
    "PREFECT_UI_API_URL",
    "PREFECT_UI_STATIC_DIRECTORY",
    "PREFECT_UI_URL",
}
SET_FOR_SERVICES = {
    "PREFECT_MESSAGING_BROKER",
    "PREFECT_MESSAGING_CACHE",
    "PREFECT_REDIS_MESSAGING_DB",
    "PREFECT_REDIS_MESSAGING_HOST",
    "PREFECT_REDIS_MESSAGING_PORT",
    "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING",
}


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
    here = names(SERVER["global"]["prefect"]["env"] + SERVER["server"]["env"])
    # Those that the chart itself sets, from the secrets it is given.
    by_chart = {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL",
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START",
        "PREFECT_SERVER_API_AUTH_STRING",
        "PREFECT_SERVER_UI_API_URL",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY",
        "PREFECT_HOME",
    }
    assert composed.keys() - by_chart == here.keys() - {"REDIS_PASSWORD"}
    for name, value in here.items():
        if name != "REDIS_PASSWORD":
            assert value == composed[name].replace("redis-word", "$(REDIS_PASSWORD)")


def test_no_variable_is_set_twice() -> None:
    shared = [one["name"] for one in SERVER["global"]["prefect"]["env"]]
    server = [*shared, *names(SERVER["server"]["env"]), *SET_BY_CHART, *SET_FOR_SERVER]
    services = [*shared, *SET_BY_CHART, *SET_FOR_SERVICES]
    assert SERVER["backgroundServices"]["messaging"]["broker"] == "prefect_redis.messaging"
    for variables in (server, services):
        assert sorted(variables) == sorted(set(variables))


def test_server_and_workers_have_the_version_of_the_locks() -> None:
    lock = (DEPLOY.parent / "requirements-all.lock").read_text("utf-8")
    version = re.search(r"^prefect==(\S+)", lock, re.MULTILINE)
    assert version
    assert SERVER["global"]["prefect"]["image"]["prefectTag"].startswith(f"{version[1]}-")
    ours = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]["version"]
    images = re.findall(
        r"image: pressclip:(\S+)", (DEPLOY / "kubernetes/pressclip.yaml").read_text()
    )
    assert set(images) == {ours}


def test_every_variable_is_read_by_something() -> None:
    (settings,) = (one["data"] for one in OURS if one["kind"] == "ConfigMap")
    variables = [
        *names(SERVER["global"]["prefect"]["env"] + SERVER["server"]["env"]),
        *(name for pod in pods().values() for name in names(pod["containers"][0]["env"])),
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
    for pod in pods().values():
        claims = [one["persistentVolumeClaim"] for one in pod["volumes"] if "emptyDir" not in one]
        assert {("PersistentVolumeClaim", one["claimName"]) for one in claims} <= kinds
        sources = pod["containers"][0]["envFrom"]
        settings = [one["configMapRef"]["name"] for one in sources if "configMapRef" in one]
        assert {("ConfigMap", name) for name in settings} <= kinds
        # What is a secret may be missing where nothing needs it, and the pod starts all the same.
        assert all(one["secretRef"]["optional"] for one in sources if "secretRef" in one)
    for service in (one for one in OURS if one["kind"] == "Service"):
        assert ("Deployment", service["spec"]["selector"]["app"]) in kinds


def test_a_worker_is_ours_and_has_time_to_end_well() -> None:
    pod = pods()["pressclip-worker"]
    (container,) = pod["containers"]
    assert container["command"] == ["pressclip", "server", "worker", "--health"]
    assert pod["terminationGracePeriodSeconds"] > GRACE + 10
    ports = {one["name"]: str(one["containerPort"]) for one in container["ports"]}
    env = names(container["env"])
    for probe in ("startupProbe", "livenessProbe"):
        asked = container[probe]["httpGet"]
        assert asked["path"] == "/health"
        assert ports[asked["port"]] == env["PREFECT_WORKER_WEBSERVER_PORT"]


def test_the_pages_only_read_and_answer_their_probes() -> None:
    (container,) = pods()["pressclip-web"]["containers"]
    assert {"name": "desk", "mountPath": "/data", "readOnly": True} in container["volumeMounts"]
    for probe in ("readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == HEALTH
        (host,) = container[probe]["httpGet"]["httpHeaders"]
        assert is_loopback(host["value"])


def test_the_pages_know_who_reads_behind_an_ingress() -> None:
    (given,) = (one["data"] for one in OURS if one["kind"] == "ConfigMap")
    assert web_rules(read_settings(given)).proxies


def test_keys_of_storage_reach_all_that_touch_it() -> None:
    for name in ("pressclip-worker", "pressclip-push", "pressclip-web"):
        sources = pods()[name]["containers"][0]["envFrom"]
        assert {"secretRef": {"name": "pressclip-storage", "optional": True}} in sources
