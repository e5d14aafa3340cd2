"""Parameters of the flows, as the UI's form shows and checks them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import Field
from pydantic.fields import FieldInfo

Function = TypeVar("Function", bound=Callable[..., Any])


def explained(function: Function) -> Function:
    """Adds what the types of the parameters say of them to the docstring: it is from there, and
    not from the types, that Prefect takes what its form tells a person. The types are spelled out,
    because Prefect would look for their names where a function that wraps this one is written."""
    hints = get_type_hints(function, include_extras=True)
    lines = [inspect.getdoc(function) or "", "", "Args:"]
    lines += [
        f"    {name}: {about.description}"
        for name, hint in hints.items()
        for about in getattr(hint, "__metadata__", ())
        if isinstance(about, FieldInfo)
    ]
    function.__annotations__ = hints
    function.__doc__ = "\n".join(lines)
    return function


WarehousePath = Annotated[
    str | None,
    Field(
        description="The DuckDB file that people open, or a DuckLake; empty: as "
        "PRESSCLIP_WAREHOUSE says.",
    ),
]
TopicsPath = Annotated[
    str | None,
    Field(
        description="A topics.toml on the worker's machine; empty: as PRESSCLIP_TOPICS says.",
    ),
]
ShardName = Annotated[
    str | None,
    Field(
        description="The part of the press to ask, such as 2/3; empty: as PRESSCLIP_SHARD says.",
        pattern=r"^[1-9][0-9]*/[1-9][0-9]*$",
    ),
]
FeedIds = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[0-9]{1,20}$")], ...],
    Field(description="Ids of the only feeds to ask, due or not; empty: all due."),
]
# Without a name and password before the host: whatever a run is given, everybody can read.
_Link = Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+([/?#]|$)", max_length=4000)]
Links = Annotated[
    tuple[_Link, ...],
    Field(description="Pages to file, http:// or https://.", max_length=100),
]
Paths = Annotated[
    tuple[str, ...],
    Field(
        description="Saved HTML pages or plain-text documents, by their path on the worker's "
        "machine.",
        max_length=100,
    ),
]
