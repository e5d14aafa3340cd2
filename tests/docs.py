"""The parts of the docs that are made from the code: `make docs` writes them, a test compares.

python -m tests.docs
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

from flows.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_SETTINGS = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_DEFAULTS_OF_THE_MACHINE = {
    "warehouse": "`pressclip/clippings.duckdb` in the data folder",
    "desks": "`pressclip/desks` in the data folder",
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


def blocks(language: str) -> list[str]:
    """The fenced blocks of the README in `language`."""
    return [body for kind, body in _FENCE.findall(README.read_text("utf-8")) if kind == language]


def with_generated_parts(text: str) -> str:
    """`text` of the README with its generated parts made anew."""
    return _SETTINGS.sub(lambda _: settings_table(), text)


if __name__ == "__main__":
    README.write_text(with_generated_parts(README.read_text("utf-8")), "utf-8")
