"""The rules of `parsers/data/urls.toml`, read once and compiled."""

from __future__ import annotations

import re
import tomllib
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from fnmatch import translate
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class ParameterRule:
    """Query parameters to drop: where the name matches and, if given, the whole value too."""

    names: re.Pattern[str]
    values: re.Pattern[str] | None = None

    def matches(self, name: str, value: str) -> bool:
        """Whether the parameter is to be dropped; both as they stand in the URL, escaped."""
        if not self.names.fullmatch(name):
            return False
        return self.values is None or self.values.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class PathRule:
    """What matches `pattern` in a path becomes `replace`."""

    pattern: re.Pattern[str]
    replace: str


@dataclass(frozen=True, slots=True)
class WrapperRule:
    """Links that wrap another address, in their path (as it is, or in Base64) or in one of
    `parameters`."""

    host: re.Pattern[str]
    path: re.Pattern[str]
    parameters: tuple[str, ...] = ()

    def target(self, path: re.Match[str], query: str) -> str | None:
        """The wrapped address, or None where there is none."""
        if "id" in path.groupdict():
            return _address_in(path["id"])
        if not self.parameters:
            ending = f"?{query}" if query else ""
            return f"http{'s' if path['s'] else ''}://{path['rest']}{ending}"
        values = parse_qs(query, max_num_fields=100)
        return next((values[name][0] for name in self.parameters if name in values), None)


def _address_in(text: str) -> str | None:
    """The first address in a record that is written in Base64 (RFC 4648, section 5)."""
    try:
        record = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    found = re.search(rb"https?://[\x21-\x7e]+", record)
    return found[0].decode("ascii") if found else None


@dataclass(frozen=True, slots=True)
class UrlRules:
    """All rules, in the order in which they apply."""

    device_labels: frozenset[str]
    parameters: tuple[ParameterRule, ...]
    paths: tuple[PathRule, ...]
    wrappers: tuple[WrapperRule, ...]
    opaque: tuple[WrapperRule, ...]
    tenants: tuple[WrapperRule, ...]

    def drops(self, name: str, value: str) -> bool:
        """Whether a query parameter says nothing about which article is meant."""
        return any(rule.matches(name, value) for rule in self.parameters)


def read_url_rules(text: str) -> UrlRules:
    """The rules in the TOML `text`; its form is explained in the file we ship."""
    table = tomllib.loads(text)
    return UrlRules(
        device_labels=frozenset(table["host"]["device_labels"]),
        parameters=(
            # One pattern for all names that always go: they are most of the work.
            ParameterRule(_any_name(n for row in table["parameters"] for n in row["names"])),
            *(
                ParameterRule(_any_name(row["names"]), _any_text(row["values"]))
                for row in table["values"]
            ),
            *(
                ParameterRule(_any_name(row["names"]), re.compile(row["pattern"], re.IGNORECASE))
                for row in table["patterns"]
            ),
        ),
        paths=tuple(PathRule(re.compile(row["pattern"]), row["replace"]) for row in table["paths"]),
        wrappers=tuple(map(_wrapper, table["wrappers"])),
        opaque=tuple(map(_wrapper, table["opaque"])),
        tenants=tuple(map(_wrapper, table["tenants"])),
    )


def _wrapper(row: dict[str, Any]) -> WrapperRule:
    return WrapperRule(
        re.compile(row["host"]), re.compile(row["path"]), tuple(row.get("parameter", ()))
    )


def _any_name(names: Any) -> re.Pattern[str]:
    return re.compile("|".join(translate(name.lower()) for name in names), re.IGNORECASE)


def _any_text(values: Any) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, values)), re.IGNORECASE)


RULES = read_url_rules(files("parsers").joinpath("data", "urls.toml").read_text(encoding="utf-8"))
