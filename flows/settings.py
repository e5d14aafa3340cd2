"""Settings: the one place that reads the environment.

Every field of `Settings` can be set by the environment variable named after it
(`PRESSCLIP_HOST_PAUSE` for `host_pause`); command-line options win over the environment.
Proxies and certificates are named by the usual variables instead (HTTP_PROXY, HTTPS_PROXY,
NO_PROXY, SSL_CERT_FILE), as every tool on the machine understands them.
"""

from __future__ import annotations

import logging
import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.archive.choice import RawPages
from flows.fetch.settings import FetchSettings
from flows.shards import Shard, read_shard
from parsers.errors import Drop
from warehouse.desk import Desk, Storage
from warehouse.location import read_location

if TYPE_CHECKING:
    from parsers.topics.topics import Topics

PREFIX = "PRESSCLIP_"
log = logging.getLogger(__name__)


def _setting(
    default: Any, meaning: str, unit: str = "", least: float = 0, *, secret: bool = False
) -> Any:
    about = {"meaning": meaning, "unit": unit, "least": least}
    if callable(default):
        return field(default_factory=default, metadata=about)
    return field(default=default, metadata=about, repr=not secret)


def _data_folder() -> Path:
    """Ours in the data folder of the XDG base directory specification."""
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "pressclip"


def _default_warehouse() -> str:
    return str(_data_folder() / "clippings.duckdb")


def _default_desks() -> Path:
    return _data_folder() / "desks"


def _default_s3_endpoint() -> str | None:
    """What other programs for S3 go by."""
    named = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return named or None


def _default_workers() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides for itself."""

    warehouse: str = _setting(
        _default_warehouse,
        "the DuckDB file that people open, or a DuckLake, as docs/ducklake.md tells",
    )
    desks: Path = _setting(
        _default_desks,
        "folder for what this machine has collected for a DuckLake and not loaded yet",
    )
    landing_folder: str | None = _setting(
        None,
        "path or fsspec URL, such as s3://press/landing, under which batches wait to be loaded; "
        "unset: the desk's folder",
    )
    raw_folder: str | None = _setting(
        None, "the same for raw pages, such as s3://press/raw; unset: the desk's folder"
    )
    s3_endpoint: str | None = _setting(
        _default_s3_endpoint,
        "URL of an S3 service other than Amazon's, such as http://minio.example:9000; "
        "unset: Amazon's",
    )
    topics: Path | None = _setting(None, "topics file; unset: the topics that ship with pressclip")
    contact: str | None = _setting(
        None,
        "where the owner of a site can reach you: a URL or an address, sent in the User-Agent; "
        "unset: nobody is named",
    )
    proxy: str | None = _setting(
        None, "proxy for every request; unset: as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say"
    )
    host_pause: float = _setting(1.0, "pause between two requests to one host", "seconds")
    connections: int = _setting(64, "requests under way at once, over all hosts", least=1)
    host_budget: float = _setting(
        600.0,
        "time one host's pages may take in a run; the others wait for a later one",
        "seconds",
        least=1,
    )
    hosts_at_once: int = _setting(128, "hosts whose pages are harvested side by side", least=1)
    pages_in_flight: int = _setting(64, "pages fetched but not yet parsed, at most", least=1)
    fetch_timeout: float = _setting(
        60.0, "whole time a page may take to arrive", "seconds", least=1
    )
    max_body: int = _setting(20_000_000, "size of a page or feed once unpacked", "bytes", least=1)
    respect_robots: bool = _setting(True, "whether pages that robots.txt disallows are left alone")
    allow_networks: tuple[str, ...] = _setting(
        (),
        "private networks that may be fetched from, such as 127.0.0.0/8 (comma separated); "
        "unset: none may",
    )
    workers: int = _setting(_default_workers, "processes that parse pages", least=1)
    parse_timeout: float = _setting(30.0, "time a page may take to be parsed", "seconds", least=1)
    pages_per_worker: int = _setting(
        1000, "pages after which a parsing process is replaced", least=1
    )
    poll_interval: float = _setting(
        1800.0, "time between two polls of a feed that does not ask for another", "seconds"
    )
    max_entries: int = _setting(2000, "entries read of one feed, newest first", least=1)
    batch_size: int = _setting(2000, "entries a batch holds at most", least=1)
    max_attempts: int = _setting(6, "tries after which an entry is dead", least=1)
    retry_pause: float = _setting(
        900.0, "pause before an entry is tried again; doubles with each try", "seconds"
    )
    rejudge_days: float = _setting(
        14.0, "how old an off-topic entry may be to be judged again under changed topics", "days"
    )
    new_outlets: int = _setting(
        50, "outlets asked a day for the articles of headlines that were never asked before"
    )
    follow_outlets: int = _setting(
        0, "feeds of unwatched outlets that searches name, which the desk itself adds each day"
    )
    follow_languages: tuple[str, ...] = _setting(
        (), "languages of such outlets, such as en,id (comma separated); unset: any"
    )
    raw_pages: RawPages = _setting(
        RawPages.NAMED,
        "raw pages kept for reparsing: those that name a topic (`named`), `all`, or `none`",
    )
    raw_days: float = _setting(90.0, "how long raw pages are kept", "days")
    raw_bytes: int = _setting(
        2_000_000_000, "disk space for raw pages; beyond it the oldest go", "bytes"
    )
    lock_wait: float = _setting(
        60.0, "how long to wait for a warehouse that another process holds", "seconds"
    )
    publish_pause: float = _setting(
        60.0, "time between two published copies while a run is at work", "seconds"
    )
    push_url: str | None = _setting(
        None, "public address at which hubs reach `pressclip push serve`; unset: no pushes"
    )
    push_lease: float = _setting(
        864_000.0, "how long hubs are asked to push before they are asked again", "seconds", least=1
    )
    push_poll_interval: float = _setting(
        21_600.0, "time between two polls of a feed whose pushes have proven reliable", "seconds"
    )
    web_root: str | None = _setting(
        None, "public address of `pressclip web`, such as https://desk.example/press/; unset: none"
    )
    web_password: str | None = _setting(
        None, "password that its pages ask for, with any user name; unset: none", secret=True
    )
    web_trusted_proxies: tuple[str, ...] = _setting(
        (),
        "addresses or networks of proxies before it whose X-Forwarded-For, -Host and -Proto are "
        "believed (comma separated); unset: none are",
    )
    feeds_folder: Path | None = _setting(
        None,
        "folder for Atom and JSON feeds of new stories, written at each publish; "
        "unset: no feeds are written",
    )
    feeds_url: str | None = _setting(
        None,
        "where that folder is served, such as https://desk.example/feeds/; "
        "unset: the feeds do not say where they are",
    )
    feeds_items: int = _setting(100, "stories a feed tells of, the newest", least=1)
    feeds_full_text: bool = _setting(
        False, "whether those feeds carry whole texts instead of summaries"
    )
    shard: Shard | None = _setting(
        None, "the part of the press that runs here ask, such as 2/3; unset: all of it"
    )
    publish_share: float = _setting(
        0.05,
        "the share of the time that publishing may take: the bigger the file, the less often",
        least=0.001,
    )
    keep_feed_states: float = _setting(
        30.0, "how long what each poll told of a feed is kept; its present state stays", "days"
    )
    keep_failures: float = _setting(90.0, "how long failures are kept", "days")
    keep_off_topic: float = _setting(
        30.0, "how long the summary and content of off-topic entries are kept", "days"
    )
    keep_quarantined: float = _setting(
        90.0, "how long batches that could not be read are kept", "days"
    )
    keep_backups: int = _setting(3, "backups kept beside the warehouse", least=1)
    notify: str | None = _setting(
        None,
        "Prefect notification block that automations tell, such as slack-webhook/press; "
        "unset: nobody is told",
    )

    def desk(self) -> Desk:
        """The desk of the warehouse; raises Drop where none can be named so."""
        return Desk.at(self.warehouse, self.desks, self.storage())

    def storage(self) -> Storage:
        """Where desks keep what is neither a database nor a lock."""
        return Storage(self.landing_folder, self.raw_folder, self.s3_endpoint)

    def fetch(self) -> FetchSettings:
        """What the HTTP client needs to know of these settings."""
        return FetchSettings(
            version=version("pressclip"),
            contact=self.contact,
            proxy=self.proxy,
            max_connections=self.connections,
            host_pause=self.host_pause,
            total_timeout=self.fetch_timeout,
            max_unpacked_bytes=self.max_body,
            allowed_networks=self.allow_networks,
            respect_robots=self.respect_robots,
        )

    def topics_toml(self) -> bytes:
        """The topics file; raises Drop where it can't be read."""
        if self.topics is None:
            return files("seeds").joinpath("topics.toml").read_bytes()
        return read_file(self.topics, "topics file")

    def read_topics(self) -> Topics:
        """What that file says; raises Drop that names it where it says nothing of the kind."""
        from parsers.topics.topics import read_topics  # noqa: PLC0415 - slow, and few need it

        try:
            return read_topics(self.topics_toml())
        except Drop as error:
            if self.topics is None:
                raise
            raise Drop(error.name, f"{self.topics}: {error.message}") from error


def read_file(path: Path, what: str) -> bytes:
    """The bytes of a file that a person named; raises Drop that says what to do."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Drop(
            "unreadable_file", f"The {what} {path} can't be read: {error.strerror}. Check the path."
        ) from error


_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def _parse_bool(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError(text)


def _parse_tuple(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_KINDS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "Path": (lambda text: Path(text).expanduser(), "a path"),
    "str": (str, "a text"),
    "float": (float, "a number"),
    "int": (int, "a whole number"),
    "bool": (_parse_bool, "yes or no"),
    "tuple[str, ...]": (_parse_tuple, "a list, comma separated"),
    "Shard": (read_shard, "a part of the press, such as 2/3"),
    "RawPages": (RawPages, f"one of {', '.join(RawPages)}"),
}
"""By the type of a setting: how it is read, and what people call it."""


def _value(spec: Field[Any], text: str) -> object:
    parse, kind = _KINDS[str(spec.type).removesuffix(" | None")]
    try:
        return _bounded(parse(text), spec.metadata["least"])
    except (ValueError, Drop) as error:
        unit = f" of {spec.metadata['unit']}" if spec.metadata["unit"] else ""
        least = f", at least {spec.metadata['least']:g}" if "number" in kind else ""
        raise Drop(
            "bad_setting",
            f"{PREFIX}{spec.name.upper()} must be {kind}{unit}{least}; got {text!r}. "
            f"It is for: {spec.metadata['meaning']}.",
        ) from error


def _bounded(value: object, least: float) -> object:
    """`value`, where it is a number that makes sense: nothing works with no workers at all."""
    if isinstance(value, int | float) and not least <= value < math.inf:
        raise ValueError(value)
    return value


def read_settings(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """The settings of the environment, with those in `given` that are not None on top.

    Raises Drop("bad_setting") for a value that can't be read, Drop("bad_warehouse") for a name that
    can't be a warehouse's. A variable that no setting has is
    only warned about: Kubernetes sets some of its own (PRESSCLIP_PORT) for a service named so.
    """
    env = os.environ if environ is None else environ
    known = {f"{PREFIX}{spec.name.upper()}": spec for spec in fields(Settings)}
    values: dict[str, Any] = {}
    for name, text in env.items():
        if name in known and text:
            # Empty is unset: compose files write every variable they may set.
            values[known[name].name] = _value(known[name], text)
    for name in unknown_variables(env):
        log.warning("%s is not a setting and is ignored; see `pressclip settings`.", name)
    values.update({name: value for name, value in given.items() if value is not None})
    settings = Settings(**values)
    # Refused here, before anything could show a password that it holds.
    place = read_location(settings.warehouse)
    if isinstance(place, Path) and place.is_dir():
        raise Drop(
            "bad_warehouse",
            f"The warehouse must be a file; {settings.warehouse} is a folder. Name a file in it, "
            f"such as {place / 'press.duckdb'}.",
        )
    return settings


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """The variables that are called like ours, and are none."""
    known = {f"{PREFIX}{spec.name.upper()}" for spec in fields(Settings)} | _OTHER_VARIABLES
    env = os.environ if environ is None else environ
    return sorted(name for name in env if name.startswith(PREFIX) and name not in known)


_OTHER_VARIABLES = {"PRESSCLIP_EVALDATA", "PRESSCLIP_EVALWEB", "PRESSCLIP_UP"}


def prefect_api_url(environ: Mapping[str, str] | None = None) -> str | None:
    """The Prefect server that this machine is set up for, or None.

    Reads what Prefect itself would read (environment, prefect.toml, the active profile), because
    importing Prefect to ask costs two seconds, and a run without a server should not pay them.
    """
    env = os.environ if environ is None else environ
    if "PREFECT_API_URL" in env:
        return env["PREFECT_API_URL"] or None
    found = _toml(Path("prefect.toml")).get("api", {}).get("url")
    if found is None:
        home = Path(env.get("PREFECT_HOME") or Path.home() / ".prefect")
        path = Path(env.get("PREFECT_PROFILES_PATH") or home / "profiles.toml")
        profiles = _toml(path)
        active = env.get("PREFECT_PROFILE") or profiles.get("active")
        found = profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    return str(found) if found else None


def inherited_environment() -> dict[str, str]:
    """The environment, for programs that are started with their own additions to it."""
    return dict(os.environ)


def default_environment(defaults: Mapping[str, str]) -> None:
    """Sets those of `defaults` that the environment does not, for libraries that are imported later
    and read the environment themselves, and for the programs that they start."""
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def use_prefect_api(url: str) -> None:
    """Has Prefect, which is imported later and reads the environment itself, ask this server."""
    os.environ["PREFECT_API_URL"] = url


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        # Prefect reports its own broken files; here they only mean that no server is named.
        return {}
