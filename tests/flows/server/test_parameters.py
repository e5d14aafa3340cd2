"""The form in the UI explains every parameter, and refuses what makes no sense."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml
from prefect import Flow
from prefect.exceptions import ParameterTypeError

from flows import prefect_flows

FLOWS: list[Flow[..., Any]] = [one for one in vars(prefect_flows).values() if isinstance(one, Flow)]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_parameter_is_described(flow: Flow[..., Any]) -> None:
    schema = flow.parameters.model_dump()
    assert schema["properties"]
    for name, about in schema["properties"].items():
        assert about["description"], name
    assert not schema.get("required")


def test_every_flow_is_deployed_and_described() -> None:
    spec = yaml.safe_load(files("deploy").joinpath("prefect.yaml").read_text("utf-8"))
    entrypoints = {one["entrypoint"].partition(":")[2] for one in spec["deployments"]}
    assert entrypoints == {flow.name for flow in FLOWS}
    assert all(one["description"] for one in spec["deployments"])


@pytest.mark.parametrize(
    "parameters",
    [
        {"links": ("ftp://example.com/a",)},
        {"links": ("https://",)},
        {"links": ("https://name:password@example.com/a",)},
        {"links": ("https://example.com/",) * 101},
    ],
)
def test_links_that_are_none_are_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(ParameterTypeError):
        prefect_flows.submit.validate_parameters(parameters)


@pytest.mark.parametrize(
    ("flow", "parameters"),
    [
        (prefect_flows.submit, {"links": ("https://example.com/a",), "paths": ("a.html",)}),
        (prefect_flows.submit, {"links": ("https://example.com", "http://[::1]:80/@a?b=c@d")}),
        (prefect_flows.poll, {"feeds": ("18446744073709551615",), "shard": "1/2"}),
    ],
)
def test_those_that_make_sense_are_taken(flow: Flow[..., Any], parameters: dict[str, Any]) -> None:
    assert parameters.items() <= flow.validate_parameters(parameters).items()
