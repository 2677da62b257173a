"""The seams: a faulty implementation is a subclass that decides one thing otherwise."""

from typing import TYPE_CHECKING, Any

import pytest

from idpact_contract.reference import Connections, Discovery, Store, Wire, build

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    import httpx
    from tests.reference.conftest import Api, Idp


class DropsThePath(Discovery):
    """Breaks DISC-3."""

    def document_url(self, issuer: str) -> str:
        """Ask the root of the host."""
        return "/".join(issuer.split("/")[:3]) + "/.well-known/openid-configuration"


class TrustsAnyStatus(Discovery):
    """Breaks FALL-2."""

    def usable(self, response: "httpx.Response") -> "httpx.Response":
        """Take whatever comes."""
        return response


class InferredWins(Connections):
    """Breaks PREC-1."""

    def merged(self, before: Any, typed: "Mapping[str, object]", inferred: "Mapping[str, str]") -> Any:  # noqa: ANN401
        """Let the document beat the administrator."""
        return super().merged(before, {**typed, **inferred}, {})


class ForgetsUserinfo(Connections):
    """Breaks ACT-5."""

    def required(self) -> tuple[str, ...]:
        """Ask for six fields."""
        return tuple(name for name in super().required() if name != "userinfo_url")


class CountsWrongly(Wire):
    """Breaks WIRE-2."""

    def status_code(self, status: int) -> int:
        """Say 0."""
        return status * 0


class ForgetsDeletes(Store):
    """Keeps what was deleted."""

    def delete(self, connection_id: str) -> None:
        """Do nothing."""


@pytest.fixture
def client(runner: "asyncio.Runner", api: "Api") -> "Callable[..., Api]":
    """Make clients of implementations with other classes in them."""

    def make(**classes: Any) -> "Api":  # noqa: ANN401 - what `build` takes
        return type(api)(runner, build(**classes))

    return make


def test_where_a_document_is_read_is_a_seam(client: "Callable[..., Api]", idp: "Idp") -> None:
    """DISC: a reader that drops the path asks the root."""
    api = client(discovery_class=DropsThePath)

    api.update(api.new(), issuer=idp.issuer("/a"))

    assert idp.targets() == ["/.well-known/openid-configuration"]


def test_what_counts_as_a_document_is_a_seam(client: "Callable[..., Api]", idp: "Idp") -> None:
    """FALL: a reader that never looks at the status infers from an error."""
    api = client(discovery_class=TrustsAnyStatus)
    issuer = idp.issuer("/a")
    target = "/a/.well-known/openid-configuration"
    good = idp.answers[target]
    assert isinstance(good, bytes)
    idp.answers[target] = good.replace(b"200 OK", b"500 Oops")

    assert api.update(api.new(), issuer=issuer)["connection"]["token_url"] == "https://idp.test/a/token_url"


def test_precedence_is_a_seam(client: "Callable[..., Api]", idp: "Idp") -> None:
    """PREC: a service that merges the other way round loses what was typed."""
    api = client(connections_class=InferredWins)

    connection = api.update(api.new(), issuer=idp.issuer("/a"), token_url="https://typed.test/")["connection"]

    assert connection["token_url"] == "https://idp.test/a/token_url"


def test_activation_is_a_seam(client: "Callable[..., Api]", idp: "Idp") -> None:
    """ACT: a service that asks for six fields activates too early."""
    api = client(connections_class=ForgetsUserinfo)
    body = {"issuer": idp.issuer("/a", userinfo_endpoint=None), "client_id": "id", "client_secret": "secret"}

    assert api.update(api.new(), **body)["connection"]["status"] == "active"


def test_the_answer_is_a_seam(client: "Callable[..., Api]") -> None:
    """WIRE: a wire that counts wrongly does so everywhere."""
    api = client(wire_class=CountsWrongly)

    assert (api.update(api.new())["status_code"], api.put("x", {}).json()["status_code"]) == (0, 0)


def test_the_store_is_a_seam(client: "Callable[..., Api]") -> None:
    """Deleting is the store's business."""
    api = client(store_class=ForgetsDeletes)
    connection = api.create()

    api.send("DELETE", f"{api.front}/{connection['connection_id']}", auth=api.member)

    assert api.read(connection["connection_id"]) == connection
