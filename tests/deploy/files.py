"""The files of deploy/ as tests read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_valid_setting_names
from prefect_redis.client import RedisMessagingSettings

from flows.settings import PREFIX, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRETS = {
    "POSTGRES_PASSWORD": "postgres-word",
    "REDIS_PASSWORD": "redis-word",
    "PREFECT_AUTH": "desk:word",
    "PRESSCLIP_CONTACT": "https://example.org/",
    "PRESSCLIP_WEB_PASSWORD": "pages-word",
}


def interpolated(text: str, env: Mapping[str, str] = SECRETS) -> str:
    """`text` with its variables replaced as Compose does it; raises KeyError for one that must
    be set and is not."""

    def value(match: re.Match[str]) -> str:
        name, kind, default = match.groups()
        if env.get(name):
            return env[name]
        if kind == "-":
            return str(default)
        raise KeyError(name)

    return _VARIABLE.sub(value, text)


def compose(env: Mapping[str, str] = SECRETS) -> dict[str, Any]:
    """deploy/compose.yaml, its variables replaced and its anchors followed."""
    text = interpolated((DEPLOY / "compose.yaml").read_text("utf-8"), env)
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def documents(name: str) -> list[dict[str, Any]]:
    """The YAML documents of a file of deploy/."""
    return list(yaml.safe_load_all((DEPLOY / name).read_text("utf-8")))


def is_known(variable: str) -> bool:
    """Whether something reads the environment variable `variable`: a slip in a name would only
    show as a server that forgets."""
    if variable.startswith("PREFECT_REDIS_MESSAGING_"):
        name = variable.removeprefix("PREFECT_REDIS_MESSAGING_").lower()
        return name in RedisMessagingSettings.model_fields
    if variable.startswith("PREFECT_"):
        return variable in _get_valid_setting_names(PrefectSettings)
    if variable.startswith(PREFIX):
        return variable.removeprefix(PREFIX).lower() in {spec.name for spec in fields(Settings)}
    # The keys are for DuckDB and s3fs, which read the same names; the password is for libpq.
    keys = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "PGPASSWORD"}
    return variable in {"DO_NOT_TRACK", "REDIS_PASSWORD"} | keys
