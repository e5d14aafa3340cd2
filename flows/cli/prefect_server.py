"""The Prefect server that a command talks to: which one it is, and what it says in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flows.settings import Settings, default_environment, read_settings, use_prefect_api
from parsers.errors import Drop, Retry

REFUSED = (
    "The Prefect server at {api_url} wants a password, or another one. "
    "Set PREFECT_API_AUTH_STRING=name:password."
)


def required_api_url(warehouse: str | None = None) -> str:
    """The server to talk to: the one that `server up` started for `warehouse`, where one is named;
    else the one that Prefect is configured for, else the one that is up for this desk. Prefect,
    which would quietly start one for the moment, is told of it. Raises Drop where there is none."""
    from flows.server.up import configured_api_url, desk_api_url

    settings = read_settings(warehouse=warehouse)
    api_url = desk_api_url(settings) if warehouse else configured_api_url(settings)
    if api_url is None:
        raise Drop("no_server", _missing(settings, named=warehouse is not None))
    use_prefect_api(api_url)
    # It would tell people of its telemetry among our own lines.
    default_environment({"DO_NOT_TRACK": "1"})
    return api_url


def _missing(settings: Settings, *, named: bool) -> str:
    if named:
        return (
            f"No Prefect server is up for {settings.desk().name}. "
            "`pressclip server up --warehouse …` starts one."
        )
    return (
        "No Prefect server is configured. Start one with `pressclip server up`, set "
        "PREFECT_API_URL, or use `pressclip ingest`, which needs no server."
    )


@contextmanager
def answering(api_url: str) -> Iterator[None]:
    """Within, what Prefect raises of a server that refuses or does not answer becomes an error of
    ours: Drop where it wants a password, Retry for the rest."""
    import httpx

    try:
        yield
    except httpx.HTTPStatusError as error:
        if error.response.status_code in {401, 403}:
            raise Drop("refused", REFUSED.format(api_url=api_url)) from error
        raise Retry("server_error", f"The server at {api_url} answers {error}.") from error
    except (httpx.HTTPError, RuntimeError) as error:
        # Prefect tells of some as a RuntimeError, and those of httpx may be without words.
        raise Retry(
            "server_unreachable",
            f"The Prefect server at {api_url} does not answer: {error or type(error).__name__}.",
        ) from error
