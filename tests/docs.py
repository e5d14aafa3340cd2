"""The parts of the docs that are made from the code: `make docs` writes them, a test compares.

python -m tests.docs
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

from flows.server.events import KINDS
from flows.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
EVENTS = ROOT / "docs" / "events.md"
_EVENTS = re.compile(r"(?<=<!-- events -->\n).*?(?=<!-- /events -->)", re.DOTALL)
_SETTINGS = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_DEFAULTS_OF_THE_MACHINE = {
    "warehouse": "`pressclip/clippings.duckdb` in the data folder",
    "desks": "`pressclip/desks` in the data folder",
    "s3_endpoint": "as `AWS_ENDPOINT_URL` says",
    "workers": "one a core",
}


def settings_table() -> str:
    """The table of settings, as the README shows it."""
    lines = ["| variable | default | unit | meaning |", "|---|---|---|---|"]
    for spec in fields(Settings):
        default = _DEFAULTS_OF_THE_MACHINE.get(spec.name)
        if default is None:
            assert spec.default is not MISSING
            default = "" if spec.default in {None, ()} else f"`{spec.default}`"
        unit, meaning = spec.metadata["unit"], spec.metadata["meaning"]
        lines.append(f"| `{PREFIX}{spec.name.upper()}` | {default} | {unit} | {meaning} |")
    return "\n".join(lines) + "\n"


def events_table() -> str:
    """The table of events, as docs/events.md shows it."""
    lines = ["| event | when | resource | related | payload |", "|---|---|---|---|---|"]
    for kind in KINDS:
        payload = "<br>".join(f"`{name}`: {meaning}" for name, meaning in kind.payload.items())
        name = f"`{kind.name}`" + (" (incoming)" if kind.incoming else "")
        lines.append(f"| {name} | {kind.when} | {kind.resource} | {kind.related} | {payload} |")
    return "\n".join(lines) + "\n"


def events_with_generated_parts(text: str) -> str:
    """`text` of docs/events.md with its table made anew."""
    return _EVENTS.sub(lambda _: events_table(), text)


def blocks(language: str) -> list[str]:
    """The fenced blocks of the README in `language`."""
    return [body for kind, body in _FENCE.findall(README.read_text("utf-8")) if kind == language]


def with_generated_parts(text: str) -> str:
    """`text` of the README with its generated parts made anew."""
    return _SETTINGS.sub(lambda _: settings_table(), text)


if __name__ == "__main__":
    EVENTS.write_text(events_with_generated_parts(EVENTS.read_text("utf-8")), "utf-8")
    README.write_text(with_generated_parts(README.read_text("utf-8")), "utf-8")
