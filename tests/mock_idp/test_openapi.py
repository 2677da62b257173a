"""The OpenAPI document: complete, and true of the server, as Schemathesis sees it. Used as a library, never its pytest side."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.schemas import OpenApiSchema

import idpact_mock
from idpact_mock import MockIdP
from idpact_mock.openapi import openapi_document
from idpact_mock.operation import Operation
from idpact_mock.operations import OPERATIONS
from idpact_mock.queries import LONGEST_STREAM
from idpact_mock.schemas import COMPONENTS

TOKEN = "s3cret-token"
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
EXAMPLES = 40
FEW = 10
SLOW = {"change_keys"}
"""Operations that make RSA keys."""


@pytest.fixture(scope="module")
def server() -> Iterator[MockIdP]:
    """A server with a token, an issuer, and something in both journals."""
    with MockIdP(admin_token=TOKEN) as idp:
        idp.make_issuer("acme")
        httpx.get(idp.issuers["acme"].discovery_url)
        httpx.get(f"{idp.url}/lost")
        yield idp


@pytest.fixture(scope="module")
def schema(server: MockIdP) -> OpenApiSchema:
    """The document as the server serves it."""
    document = httpx.get(f"{server.url}/_idpact/openapi.json").json()
    config = schemathesis.Config.from_dict({"headers": {"Authorization": f"Bearer {TOKEN}"}})
    return schemathesis.openapi.from_dict(document, config=config)


def _bounded(case: Case[Any]) -> Case[Any]:
    """The same without long waits: what is to be seen here does not depend on how long one waits."""
    if case.method != "GET" or not case.path.endswith(("/journal", "/strays", "/events")):
        return case
    query = dict(case.query or {})
    try:
        long = 0.05 < float(query.get("timeout", 5)) <= LONGEST_STREAM
    except (TypeError, ValueError):
        long = False  # it is refused at once
    if long:
        case.query = {**query, "timeout": "0.02"}
    return case


class TestDocument:
    def test_is_openapi(self) -> None:
        """Valid against the specification's own schema, with a token and without."""
        for token in (True, False):
            document = openapi_document(url="http://127.0.0.1:1", version="1", token=token)
            schemathesis.openapi.from_dict(document, config=schemathesis.Config()).validate()

    def test_its_schemas_are_json_schema(self) -> None:
        """Each is valid against the 2020-12 meta-schema."""
        for component in COMPONENTS.values():
            jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **component})

    def test_names_every_operation(self, schema: OpenApiSchema) -> None:
        """Nothing is routed that isn't described."""
        described = {(operation.method.upper(), operation.path) for operation in _operations(schema)}

        assert described == {(operation.method, operation.path) for operation in OPERATIONS}

    @pytest.mark.parametrize(
        ("method", "path", "component"),
        [
            (operation.method, operation.path.replace("{name}", "acme"), operation.body)
            for operation in OPERATIONS
            if operation.body is not None
        ],
        ids=[operation.id for operation in OPERATIONS if operation.body is not None],
    )
    def test_its_members_are_those_that_are_read(self, server: MockIdP, method: str, path: str, component: str) -> None:
        """A member that one side knows and the other doesn't would be a lie."""
        message = _ask(server, method, path, {"?": 1})

        assert _known(message) == set(COMPONENTS[component]["properties"])

    @pytest.mark.parametrize("inner", ["document", "raw"])
    def test_its_inner_members_are_those_that_are_read(self, server: MockIdP, inner: str) -> None:
        """The same for what is within."""
        change = COMPONENTS["Change"]["properties"]["document"]
        wish: dict[str, Any] = {"?": 1} if inner == "document" else {"raw": {"?": 1}}
        schema = change if inner == "document" else change["properties"]["raw"]

        assert _known(_ask(server, "PATCH", "/issuers/acme", {"document": wish})) == set(schema["properties"])

    @pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.query], ids=lambda each: each.id)
    def test_its_parameters_are_those_that_are_read(self, server: MockIdP, operation: Operation) -> None:
        """The same for queries."""
        path = operation.path.replace("{name}", "acme")

        assert _known(_ask(server, "GET", f"{path}?zzz=1")) == set(operation.query)

    def test_the_readme_lists_every_operation(self) -> None:
        """In the same order."""
        readme = Path(idpact_mock.__file__).parents[1] / "README.md"
        listed = re.findall(r"^\| `([A-Z]+) /_idpact(/\S+)` \|", readme.read_text(encoding="utf-8"), re.MULTILINE)

        assert listed == [(operation.method, operation.path) for operation in OPERATIONS]

    def test_asks_for_the_token_where_the_server_does(self, server: MockIdP, schema: OpenApiSchema) -> None:
        """What has `security` answers 401 without one, and nothing else does."""
        for operation in _operations(schema):
            path = re.sub(r"\{\w+\}", "nobody", operation.path)
            answer = httpx.request(operation.method.upper(), f"{server.url}/_idpact{path}")
            assert (answer.status_code == 401) == bool(operation.definition.raw.get("security")), operation.label


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        pytest.param(operation, mode, id=f"{operation.id}-{mode.value}")
        for operation in OPERATIONS
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        # A name is any text, so that without a body and a query nothing can be wrong.
        if mode is GenerationMode.POSITIVE or operation.body or operation.query
    ],
)
def test_the_server_keeps_to_it(
    server: MockIdP, schema: OpenApiSchema, operation: Operation, mode: GenerationMode
) -> None:
    """Whatever is sent, right or wrong: no 5xx that isn't described, only described answers, and nothing wrong is accepted."""
    load_all_checks()
    checks: list[Any] = [CHECKS.get_one(name) for name in CHECKED]
    described = schema[operation.path][operation.method]
    base = f"{server.url}/_idpact"
    names = st.sampled_from(["acme", "acme", "nobody", None])
    cases = described.as_strategy(generation_mode=mode)

    @settings(
        max_examples=FEW if operation.id in SLOW else EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, name=names)
    def try_it(case: Case[Any], name: str | None) -> None:
        if name is not None and case.path_parameters:
            case.path_parameters["name"] = name
        _bounded(case).call_and_validate(base_url=base, checks=checks, timeout=20)
        if "acme" not in server.issuers:
            server.make_issuer("acme")

    try_it()


def _operations(schema: OpenApiSchema) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        yield result.ok()


def _ask(server: MockIdP, method: str, path: str, body: dict[str, Any] | None = None) -> str:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.request(method, f"{server.url}/_idpact{path}", json=body, headers=headers)
    assert answer.status_code == 422
    message: str = answer.json()["message"]
    return message


def _known(message: str) -> set[str]:
    found = re.search(r"known are (.+)$", message)
    assert found is not None, message
    return set(found.group(1).split(", "))
