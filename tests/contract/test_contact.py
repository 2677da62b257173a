"""First contact: what counts as this machine's own loopback, and what is said of an implementation that answers."""

import msgspec
import pytest

from idpact_contract.lab import SetUpBrokeError
from idpact_contract.run.contact import first_contact, is_loopback
from idpact_contract.run.settings import RunSettings
from idpact_contract.targets.base import UnreachableError
from tests.contract.conftest import Served


@pytest.mark.parametrize("host", ["localhost", "api.localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_loopback(host: str) -> None:
    """By name (RFC 6761) or by address, the whole of 127/8 included."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "0.0.0.0",
        "::",
        "10.0.0.1",
        "192.168.1.1",
        "example.com",
        "localhost.example.com",
        "127.0.0.1.nip.io",
        "127.1",
    ],
)
def test_not_loopback(host: str | None) -> None:
    """Anything else, names that only look so included: such a target is asked about first."""
    assert not is_loopback(host)


def settings_for(served: Served, **told: object) -> RunSettings:
    """A run against the reference implementation."""
    base = RunSettings(
        base_url=served.url, profile="stytch-frontend", variables=served.variables, cases=("ACT-1/created",)
    )
    return msgspec.structs.replace(base, **told)


def test_both_on_loopback_needs_no_trial(reference: Served) -> None:
    """There the implementation reaches the mock IdP by definition."""
    contact = first_contact(settings_for(reference))

    assert (contact.reachability, contact.blocked) == ("both are on loopback", None)


def test_credentials_that_are_refused_end_it_before_it_begins(reference: Served) -> None:
    """The error says what was answered, and not with which credentials."""
    wrong = {**reference.variables, "session_token": "canary-session-0001"}

    with pytest.raises(SetUpBrokeError, match="create answered 401") as caught:
        first_contact(settings_for(reference, variables=wrong))
    assert "canary-session-0001" not in str(caught.value)


def test_an_implementation_that_is_not_there_is_told_apart(free_port: int, reference: Served) -> None:
    """Where nobody listens the error says where it was looked for."""
    nowhere = f"http://127.0.0.1:{free_port}"

    with pytest.raises(UnreachableError, match=f"{nowhere} can't be reached"):
        first_contact(settings_for(reference, base_url=nowhere))
