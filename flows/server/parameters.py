"""Parameters of the flows, as the UI's form shows and checks them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

WarehousePath = Annotated[
    str | None,
    Field(
        title="Warehouse",
        description="The DuckDB file that people open, or a DuckLake; empty: as "
        "PRESSCLIP_WAREHOUSE says.",
    ),
]
TopicsPath = Annotated[
    str | None,
    Field(
        title="Topics file",
        description="A topics.toml on the worker's machine; empty: as PRESSCLIP_TOPICS says.",
    ),
]
ShardName = Annotated[
    str | None,
    Field(
        title="Shard",
        description="The part of the press to ask, such as 2/3; empty: as PRESSCLIP_SHARD says.",
        pattern=r"^[1-9][0-9]*/[1-9][0-9]*$",
    ),
]
FeedIds = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[0-9]{1,20}$")], ...],
    Field(title="Feeds", description="Ids of the only feeds to ask, due or not; empty: all due."),
]
_Link = Annotated[str, Field(pattern=r"^https?://[^\s/]+", max_length=4000)]
Links = Annotated[
    tuple[_Link, ...],
    Field(title="Links", description="Pages to file, http:// or https://.", max_length=100),
]
Paths = Annotated[
    tuple[str, ...],
    Field(
        title="Files",
        description="Saved HTML pages or plain-text documents, by their path on the worker's "
        "machine.",
        max_length=100,
    ),
]
