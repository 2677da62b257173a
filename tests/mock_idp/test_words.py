"""The same words everywhere: Python, REST, TOML, the environment and the command line, each read from the code that has them."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import click
import httpx
import pytest

from idpact.cli import serve as command
from idpact_mock import FAILURES, Failing, Issuer, MockIdP, RemoteMockIdP, serve
from idpact_mock.assertions import Assertions
from idpact_mock.config import PREFIX, Settings, settings
from idpact_mock.config_schema import ISSUER, SERVER
from idpact_mock.control import issuer_json
from idpact_mock.making import Blueprint
from idpact_mock.operations import OPERATIONS
from idpact_mock.provider.clients import Clients
from idpact_mock.provider.clock import Clock
from idpact_mock.provider.core import Provider
from idpact_mock.provider.keys import Keys
from idpact_mock.provider.settings import Settings as ProviderSettings
from idpact_mock.provider.users import Users
from idpact_mock.provider.wanted import CLIENT_WORDS, SETTINGS_WORDS, USER_WORDS
from idpact_mock.provider.words import KEY_CHANGES, TOKEN_WORDS
from idpact_mock.remote import RemoteIssuer
from idpact_mock.schemas import CHANGE, COMPONENTS, DOCUMENT_CHANGE, MAKING

NOT_IN_A_FILE = {"admin_token"}
"""A secret: an option and IDPACT_ADMIN_TOKEN, but no word of a file that is kept with the code."""

OF_A_PROCESS = {"config", "cert", "key", "ca_out"}
"""Of a process alone: files, of which Python's `tls` is a value made."""

OF_A_DEPLOYMENT = {"workers", "store"}
OF_A_WORKER = {"sharing", "listener"}
"""What the command makes of the two for each of its workers."""

IN_PYTHON = {"url": "advertise"}
"""`MockIdP.url` is what it is reached by, advertised or not: the argument that sets it has another name."""

CHANGES = {
    "set_members": "set",
    "remove_members": "remove",
    "set_switches": "switches",
    "serve_sequence": "sequence",
    "replace_document": "replace",
    "serve_raw": "raw",
    "reset_document": "reset",
}
"""The methods that change a document, and their words in a change."""

OTHER_CHANGES = {"set_headers": "headers", "fail": "failure", "recover": "failure"}
OPERATIONS_OF_ITS_OWN = {
    "configure",
    "add_client",
    "remove_client",
    "add_user",
    "remove_user",
    "next_token",
    "refuse_next",
    "token",
}
"""Methods that are operations, by their very names."""

PARTS = {
    "list_issuers": "issuers",
    "show_issuer": "issuers",
    "change_issuer": "set_members",
    "show_provider": "settings",
    "list_clients": "default_client",
    "list_users": "add_user",
    "move_clock": "clock",
    "show_keys": "keys",
    "change_keys": "keys",
    "read_journal": "journal",
    "clear_journal": "journal",
    "read_strays": "strays",
    "clear_strays": "strays",
}
"""Operations that go by another name in Python, where they are a property, or a part of one."""

OF_A_SERVER = {"health", "ready", "openapi", "list_failures", "follow_journal", "follow_strays"}
"""Operations for those who have no Python: `FAILURES` and `wait` are there in its place."""

FOR_THE_SERVER = {"plan", "answer_for", "make_jwks_answer", "neighbour", "switch_on"}
"""Methods of an issuer that its server calls."""


def arguments(function: Callable[..., Any], *, but: set[str] = frozenset()) -> set[str]:  # type: ignore[assignment]  # frozenset is empty
    """The names of a function's arguments."""
    return set(inspect.signature(function).parameters) - {"self", "cls", "argv"} - but


def methods(cls: type) -> set[str]:
    """The public methods of a class."""
    return {name for name, _ in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")}


def words(component: str) -> set[str]:
    """The members of what is sent."""
    return set(COMPONENTS[component]["properties"])


class TestServer:
    WORDS = frozenset(SERVER["properties"])

    def test_file_and_settings(self) -> None:
        """What the file may say is what is read, and the issuers."""
        assert {field.name for field in fields(Settings)} == {*self.WORDS, "issuers"}

    def test_command_line(self) -> None:
        """Each word is an option, in the singular where it can be given many times; and the reverse."""
        options = {option.name: option for option in command.params if isinstance(option, click.Option)}
        told = {name: name.removesuffix("s") if option.multiple else name for name, option in options.items()}

        assert set(options) == self.WORDS | NOT_IN_A_FILE | {"config"}
        assert all(f"--{told[name].replace('_', '-')}" in option.opts for name, option in options.items())

    @pytest.mark.parametrize("word", sorted(WORDS))
    def test_environment(self, word: str) -> None:
        """Each word is read there, and none other."""
        values = {
            "port": "1",
            "tls": "1",
            "key": "k",
            "ca_out": "c",
            "url": "http://a.test",
            "preset_parameters": "a=b",
        }
        values |= {"workers": "2", "store": "redis://store.test/0"}
        values |= {"allow_origins": "*", "identity": "host", "verbatim": "1", "quirks": "1", "log": "1"}
        needed = {
            "key": {f"{PREFIX}CERT": "c"},
            "ca_out": {f"{PREFIX}TLS": "1"},
            "workers": {f"{PREFIX}STORE": values["store"]},
        }.get(word, {})
        told = settings(None, environment={f"{PREFIX}{word.upper()}": values.get(word, "x"), **needed})

        assert getattr(told, word) != getattr(Settings(), word)

    def test_python(self) -> None:
        """`serve` and `MockIdP` have them as arguments, but for what only a process can have."""
        named = {IN_PYTHON.get(word, word) for word in self.WORDS | NOT_IN_A_FILE} - OF_A_PROCESS
        of_default = {"preset", "preset_parameters", "verbatim", "quirks"}

        assert arguments(serve) == named | {"issuers", "on_ready"}
        assert arguments(MockIdP) == (named | OF_A_WORKER) - OF_A_DEPLOYMENT - of_default - {
            "log"
        }  # elsewhere Python's logging says who listens


class TestIssuers:
    def test_making(self) -> None:
        """One set of arguments: of Python here and there, of REST, and of a table `[[issuers]]`."""
        expected = arguments(MockIdP.make_issuer)

        assert arguments(RemoteMockIdP.make_issuer) == expected
        assert arguments(Blueprint.read) == expected
        assert set(MAKING["properties"]) == expected
        assert set(ISSUER["properties"]) == expected | {"headers"}

    def test_changes(self) -> None:
        """Every method that changes an issuer is a word of REST, or an operation; and the reverse."""
        told = {*CHANGES, *OTHER_CHANGES, *OPERATIONS_OF_ITS_OWN}

        assert methods(Issuer) - FOR_THE_SERVER - methods(Assertions) == told
        assert told | methods(Assertions) <= methods(RemoteIssuer)
        assert set(DOCUMENT_CHANGE["properties"]) == set(CHANGES.values())
        assert set(CHANGE["properties"]) == {"document", *OTHER_CHANGES.values()}
        assert {operation.id for operation in OPERATIONS} >= OPERATIONS_OF_ITS_OWN

    def test_failures(self) -> None:
        """A failure's words are those of `Failing.of`, in REST, in TOML and in what is shown."""
        (failing,) = (
            one
            for one in CHANGE["properties"]["failure"]["anyOf"]
            if one.get("required") == ["id"] and "parameters" in one["properties"]
        )
        expected = {name.removeprefix("failure_") for name in arguments(Failing.of)}

        assert set(failing["properties"]) == expected == set(Failing.read("http-404").to_json())
        assert set(COMPONENTS["Failure"]["properties"]) == set(FAILURES["http-404"].to_json())

    def test_what_is_shown(self) -> None:
        """The schemas of answers name what is in them."""
        with MockIdP() as idp:
            issuer = idp.make_issuer()
            httpx.get(issuer.discovery_url)
            (entry,) = issuer.journal.entries
            client, user = issuer.default_client, issuer.add_user("bob")
            told = {"Issuer": issuer_json(issuer), "Entry": entry.to_json()}
        told |= {"Client": client.to_json(), "User": user.to_json()}

        assert {name: set(value) for name, value in told.items()} == {name: words(name) for name in told}


class TestProvider:
    def test_settings(self) -> None:
        """The fields of `Settings` are the arguments of `configure`, and members of what is sent and shown."""
        expected = {field.name for field in fields(ProviderSettings)}

        assert set(SETTINGS_WORDS) == expected == words("SettingsChange")
        assert set(COMPONENTS["Provider"]["properties"]["settings"]["properties"]) == expected
        assert set(ISSUER["properties"]["settings"]["properties"]) == expected

    def test_clients_and_users(self) -> None:
        """The arguments of `add_client` and `add_user`, over REST and in TOML."""
        assert set(CLIENT_WORDS) == arguments(Clients.add) == words("ClientMaking")
        assert set(ISSUER["properties"]["clients"]["items"]["properties"]) == set(CLIENT_WORDS)
        assert set(USER_WORDS) == arguments(Users.add) == arguments(Issuer.add_user) == words("UserMaking")
        assert set(ISSUER["properties"]["users"]["items"]["properties"]) == set(USER_WORDS)

    def test_orders(self) -> None:
        """What tokens and refusals to come are like."""
        assert arguments(Issuer.next_token) == words("TokenOrder")
        assert arguments(Issuer.refuse_next) == words("RefusalOrder")
        assert arguments(Provider.token) == set(TOKEN_WORDS) == words("TokenWish")

    def test_clock_and_keys(self) -> None:
        """What can be done with them is what their methods do."""
        changes = {name.replace("-", "_") for name in KEY_CHANGES}

        assert methods(Clock) - {"now"} == words("ClockChange")
        assert changes <= methods(Keys)
        assert methods(Keys) - changes == {"ensure", "jwks", "signing_key", "use"}
        assert set(COMPONENTS["KeysChange"]["properties"]["do"]["enum"]) == set(KEY_CHANGES)


def test_every_operation_is_somewhere_in_python() -> None:
    """What can be asked over REST can be asked of a `RemoteMockIdP` and its issuers."""
    with MockIdP() as idp, RemoteMockIdP(idp.url) as remote:
        python = {*dir(remote), *dir(remote.make_issuer())}

    assert {PARTS.get(one.id, one.id) for one in OPERATIONS} - OF_A_SERVER <= python
