"""The published OpenAPI documents, and those of wires of other shapes."""

import json
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

from idpact.cli import main
from idpact_contract.openapi import openapi_document, rendered
from idpact_contract.targets.profile import built_in_profiles, load_profile
from tests.wires import harbor, nimbus, quartz


@pytest.mark.parametrize("name", built_in_profiles())
def test_what_is_published_is_what_the_builder_makes(name: str) -> None:
    """The files in the package are made, never edited: `idpact openapi --profile NAME --out FILE` makes them again."""
    published = (files("idpact_contract.openapi") / "published" / f"{name}.json").read_text("utf-8")

    assert published == rendered(load_profile(name))


@pytest.mark.parametrize("name", built_in_profiles())
def test_a_built_in_profiles_document_is_valid(name: str) -> None:
    """A validator of OpenAPI 3.1 finds no fault."""
    validate(openapi_document(load_profile(name)))


@pytest.mark.parametrize("wire", [nimbus, quartz, harbor], ids=["nimbus", "quartz", "harbor"])
def test_a_profile_of_ones_own_has_a_valid_document(wire: ModuleType, tmp_path: Path) -> None:
    """Whatever the wire looks like, it can be told in OpenAPI."""
    file = tmp_path / "profile.toml"
    file.write_text(wire.PROFILE)

    validate(openapi_document(load_profile(str(file))))


def frontend() -> dict[str, Any]:
    """The frontend wire's document."""
    return openapi_document(load_profile("stytch-frontend"))


def test_an_answer_has_thirteen_strings_below_the_wrapping() -> None:
    """The connection stands at `/data/connection`, and every string field of it is required."""
    update = frontend()["paths"]["/sdk/v1/b2b/sso/oidc/{connection_id}"]["put"]
    schema = update["responses"]["200"]["content"]["application/json"]["schema"]

    assert schema["properties"]["data"]["properties"]["connection"] == {"$ref": "#/components/schemas/Connection"}
    assert len(frontend()["components"]["schemas"]["Connection"]["required"]) == 13


def test_links_lead_from_a_create_to_the_operations_on_its_connection() -> None:
    """The id is where the answer has it."""
    links = frontend()["paths"]["/sdk/v1/b2b/sso/oidc"]["post"]["responses"]["200"]["links"]

    assert links["update"] == {
        "operationId": "updateConnection",
        "parameters": {"path.connection_id": "$response.body#/data/connection/connection_id"},
    }
    assert list(links) == ["update", "read", "delete"]


def test_two_operations_at_one_address_are_refused_in_words() -> None:
    """OpenAPI tells operations apart by path and method alone."""
    profile = load_profile("stytch-frontend")
    operations = msgspec.structs.replace(profile.operations, update=profile.operations.create)

    with pytest.raises(ValueError, match="two operations are POST /sdk/v1/b2b/sso/oidc"):
        openapi_document(msgspec.structs.replace(profile, operations=operations))


def test_the_command_prints_the_document() -> None:
    """Without --out it goes to standard output, as JSON and nothing else."""
    result = CliRunner().invoke(main, ["openapi", "--profile", "stytch-backend"])

    assert (result.exit_code, json.loads(result.output)["openapi"]) == (0, "3.1.0")
