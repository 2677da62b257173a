"""KEEP: what an update leaves alone."""

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Api, Idp

PARAMETERS: dict[str, object] = {
    "display_name": "Acme ☃",
    "identity_provider": "okta",
    "issuer": "http://127.0.0.1:1/nobody",
    "client_id": "id",
    "client_secret": "secret",
    "authorization_url": "https://typed.test/authorize",
    "token_url": "https://typed.test/token",
    "userinfo_url": "https://typed.test/me",
    "jwks_url": "https://typed.test/keys",
    "custom_scopes": "openid groups",
    "attribute_mapping": {"groups": "roles"},
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_update_of_one_field_leaves_the_others(api: "Api", name: str) -> None:
    """KEEP-1 and KEEP-7: each parameter alone is an update, and all but it keep their values."""
    connection_id = api.new()
    before = api.update(connection_id, **{key: value for key, value in PARAMETERS.items() if key != name})["connection"]

    after = api.update(connection_id, **{name: PARAMETERS[name]})["connection"]

    assert {**after, "status": ""} == {**before, name: PARAMETERS[name], "status": ""}


@pytest.mark.parametrize("value", [1, 1.0, True, "1", [1], None], ids=repr)
def test_an_attribute_mapping_is_stored_as_typed(api: "Api", value: object) -> None:
    """KEEP-3: values that Python takes for equal are different JSON."""
    connection_id = api.new()
    api.update(connection_id, attribute_mapping={"a": True if value == 1 and value is not True else 1})

    api.update(connection_id, attribute_mapping={"a": value})

    assert repr(api.read(connection_id)["attribute_mapping"]) == repr({"a": value})


def test_client_id_and_secret_alone_are_an_update(api: "Api") -> None:
    """KEEP-7: as when the identity provider has just handed them out."""
    connection = api.update(api.new(), client_id="id", client_secret="secret")["connection"]

    assert (connection["client_id"], connection["client_secret"]) == ("id", "secret")


def test_the_same_update_twice_gives_the_same_connection(api: "Api", idp: "Idp") -> None:
    """KEEP-2: and the identity provider is asked once."""
    connection_id, body = api.new(), {"issuer": idp.issuer("/a"), "client_id": "id", "token_url": "https://t.test/"}

    first, second = (api.update(connection_id, **body)["connection"] for _ in range(2))

    assert first == second
    assert len(idp.asked) == 1


def test_the_response_is_what_a_read_returns(api: "Api", idp: "Idp") -> None:
    """KEEP-3: every member of it."""
    connection_id = api.new()

    assert api.update(connection_id, issuer=idp.issuer("/a"))["connection"] == api.read(connection_id)


@pytest.mark.parametrize("name", ["connection_id", "organization_id", "redirect_url", "status"])
@pytest.mark.parametrize("value", ["https://elsewhere.test/", "active", 7, None], ids=repr)
def test_a_field_of_the_servers_is_ignored_in_a_body(api: "Api", name: str, value: object) -> None:
    """KEEP-4: whatever it is said to be, of whatever type; the rest of the body is stored."""
    connection = api.create()

    api.update(connection["connection_id"], client_id="x", **{name: value})

    assert api.read(connection["connection_id"]) == {**connection, "client_id": "x"}


def test_concurrent_updates_all_survive(api: "Api", idp: "Idp") -> None:
    """KEEP-5: one waits for its document while the others come and go; nobody's field is lost."""
    issuer, arrived, released = idp.issuer("/slow"), asyncio.Event(), asyncio.Event()
    document = idp.answers["/slow/.well-known/openid-configuration"]
    assert isinstance(document, bytes)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await released.wait()
        writer.write(document)

    idp.answer("/slow", answer)
    connection_id = api.new()
    path = f"{api.front}/oidc/{connection_id}"

    async def race() -> list[int]:
        slow = asyncio.create_task(api.sending("PUT", path, auth=api.member, json={"issuer": issuer}))
        await arrived.wait()
        bodies = ({"client_id": "id"}, {"client_secret": "secret"}, {"display_name": "name"})
        others = [asyncio.create_task(api.sending("PUT", path, auth=api.member, json=body)) for body in bodies]
        released.set()
        return [answer.status_code for answer in await asyncio.gather(slow, *others)]

    assert api.run(race()) == [200, 200, 200, 200]
    connection = api.read(connection_id)
    assert [connection[name] for name in ("issuer", "client_id", "client_secret", "display_name", "status")] == [
        issuer,
        "id",
        "secret",
        "name",
        "active",
    ]


def test_updates_of_other_connections_do_not_wait(api: "Api", idp: "Idp") -> None:
    """KEEP-5: a slow identity provider holds up its own connection only."""
    arrived, released = asyncio.Event(), asyncio.Event()

    async def answer(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        arrived.set()
        await released.wait()

    issuer, slow_id, quick_id = idp.answer("/slow", answer), api.new(), api.new()

    async def overtake() -> bool:
        slow = asyncio.create_task(
            api.sending("PUT", f"{api.front}/oidc/{slow_id}", auth=api.member, json={"issuer": issuer})
        )
        await arrived.wait()
        await api.sending("PUT", f"{api.front}/oidc/{quick_id}", auth=api.member, json={"client_id": "id"})
        overtaken = not slow.done()
        released.set()
        await slow
        return overtaken

    assert api.run(overtake())


def test_a_refused_update_changes_nothing(api: "Api", idp: "Idp") -> None:
    """KEEP-6: nor is the identity provider asked, though its issuer was good and stood first."""
    before = api.create(display_name="before")

    answer = api.put(before["connection_id"], {"issuer": idp.issuer("/a"), "display_name": "after", "jwks_url": "x"})

    assert answer.status_code == 400
    assert api.read(before["connection_id"]) == before
    assert idp.asked == []


@pytest.mark.parametrize("body", [{}, {"unknown": 1}, {"client_id": None, "issuer": None}], ids=repr)
def test_an_update_of_nothing_changes_nothing(api: "Api", body: dict[str, object]) -> None:
    """Left open by the source: unknown members and nulls are ignored."""
    before = api.update(api.new(), client_id="id", token_url="https://t.test/")["connection"]

    assert api.update(before["connection_id"], **body)["connection"] == before


@pytest.mark.parametrize("content", [b"", b"  \r\n"], ids=repr)
def test_an_empty_request_body_is_an_update_of_nothing(api: "Api", content: bytes) -> None:
    """Left open by the source: accepted."""
    before = api.create(display_name="x")
    path = f"{api.front}/oidc/{before['connection_id']}"

    assert api.send("PUT", path, auth=api.member, content=content).json()["data"]["connection"] == before


@pytest.mark.parametrize("name", [name for name in PARAMETERS if name != "attribute_mapping"])
def test_an_empty_string_clears_a_field(api: "Api", idp: "Idp", name: str) -> None:
    """Left open by the source; clearing the issuer asks nobody and leaves the URLs."""
    before = api.update(api.new(), **PARAMETERS)["connection"]

    answer = api.update(before["connection_id"], **{name: ""})

    assert {**answer["connection"], "status": ""} == {**before, name: "", "status": ""}
    assert "warning" not in answer
    assert idp.asked == []
