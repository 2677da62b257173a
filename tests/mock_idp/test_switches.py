"""Oddities of documents as switches that any issuer can have, seen at the wire."""

import json

import pytest

from idpact_mock import PRESETS, SWITCHES, Issuer, MockIdP, Outcome
from tests.mock_idp.raw import ask, path_of

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
HARMLESS = sorted(set(SWITCHES) - {"mixed-case"})


def body(idp: MockIdP, issuer: Issuer) -> bytes:
    """The document's bytes."""
    return ask(idp.port, path_of(issuer.discovery_url)).body


@pytest.mark.parametrize("name", HARMLESS)
def test_changes_the_bytes_and_not_the_endpoints(idp: MockIdP, issuer: Issuer, name: str) -> None:
    """Something is odd, and who reads it by the standard finds what was there before."""
    plain = body(idp, issuer)

    issuer.set_switches([name])

    odd = body(idp, issuer)
    assert odd != plain
    assert [json.loads(odd)[member] for member in ENDPOINTS] == [json.loads(plain)[member] for member in ENDPOINTS]
    assert issuer.journal.entries[-1].outcome is Outcome.YES


def test_null_member(idp: MockIdP, issuer: Issuer) -> None:
    """A null is on the wire."""
    issuer.set_switches(["null-member"])

    assert b'"tenant_region_scope": null' in body(idp, issuer)


def test_empty_array(idp: MockIdP, issuer: Issuer) -> None:
    """An empty array is on the wire."""
    issuer.set_switches(["empty-array"])

    assert b'"userinfo_signing_alg_values_supported": []' in body(idp, issuer)


def test_leading_newline(idp: MockIdP, issuer: Issuer) -> None:
    """The first byte is a newline."""
    issuer.set_switches(["leading-newline"])

    assert body(idp, issuer)[:2] == b"\n{"


def test_nested_token_endpoint(idp: MockIdP, issuer: Issuer) -> None:
    """Who searches the text for the first token_endpoint finds a wrong one."""
    issuer.set_switches(["nested-token-endpoint"])

    found = body(idp, issuer)
    first = found.split(b'"token_endpoint": "')[1].split(b'"')[0].decode("ascii")
    assert first != json.loads(found)["token_endpoint"]


def test_extra_members(idp: MockIdP, issuer: Issuer) -> None:
    """Six more members, of several types."""
    before = set(issuer.document)

    issuer.set_switches(["extra-members"])

    extra = {name: value for name, value in json.loads(body(idp, issuer)).items() if name not in before}
    assert {type(value) for value in extra.values()} == {str, bool, list, dict}
    assert len(extra) == 6


def test_mixed_case_of_a_name() -> None:
    """The issuer's host is in capitals, the endpoints' are not, and the path stays."""
    with MockIdP(advertise="https://idp.example:8443") as idp:
        issuer = idp.make_issuer("acme", switches=["mixed-case"])

        document = json.loads(body(idp, issuer))

    assert document["issuer"] == "https://IDP.EXAMPLE:8443/acme"
    assert document["token_endpoint"] == "https://idp.example:8443/acme/token"


def test_mixed_case_of_a_number(idp: MockIdP, issuer: Issuer) -> None:
    """A host without letters has its scheme in capitals; the text differs from what was typed, as the journal says."""
    issuer.set_switches(["mixed-case"])

    assert json.loads(body(idp, issuer))["issuer"] == issuer.url.replace("http://", "HTTP://")
    assert issuer.journal.entries[-1].outcome is Outcome.NOT_STRICT


def test_mixed_case_of_no_string(idp: MockIdP, issuer: Issuer) -> None:
    """An issuer that is no text has no case."""
    issuer.set_members({"issuer": 7})

    issuer.set_switches(["mixed-case"])

    assert json.loads(body(idp, issuer))["issuer"] == 7


def test_several_at_once_and_off_again(idp: MockIdP, issuer: Issuer) -> None:
    """A call names all that are on."""
    plain = body(idp, issuer)
    issuer.set_switches(SWITCHES)
    assert issuer.switches == set(SWITCHES)

    issuer.set_switches([])

    assert body(idp, issuer) == plain


def test_at_the_start_and_besides_the_presets(idp: MockIdP) -> None:
    """Those of a preset stay on."""
    issuer = idp.make_issuer(preset="pingfederate", switches=["null-member"])

    assert issuer.switches == {"leading-newline", "null-member"}


def test_members_set_later_are_seen(idp: MockIdP, issuer: Issuer) -> None:
    """A switch and members set by hand go together."""
    issuer.set_switches(["leading-newline"])

    issuer.set_members({"token_endpoint": "https://a.test/t"})

    assert json.loads(body(idp, issuer))["token_endpoint"] == "https://a.test/t"
    assert body(idp, issuer).startswith(b"\n")


def test_replaced_document_has_none(idp: MockIdP, issuer: Issuer) -> None:
    """Nothing is added to a whole document; switched on afterwards, they work there too."""
    issuer.set_switches(["null-member"])
    issuer.replace_document({"issuer": "x"})
    assert json.loads(body(idp, issuer)) == {"issuer": "x"}

    issuer.set_switches(["null-member"])

    assert json.loads(body(idp, issuer)) == {"issuer": "x", "tenant_region_scope": None}


def test_raw_bytes_have_none(issuer: Issuer) -> None:
    """Bytes are served as they are."""
    issuer.serve_raw(b"{}")

    with pytest.raises(ValueError, match="raw bytes are served"):
        issuer.set_switches(["null-member"])


def test_unknown_one(issuer: Issuer) -> None:
    """The message names the one that was meant, and all there are; nothing has changed."""
    with pytest.raises(ValueError, match=r"switches: there is no 'nul-member'; did you mean null-member\? known are"):
        issuer.set_switches(["nul-member"])

    assert issuer.switches == set()


def test_one_without_a_list(issuer: Issuer) -> None:
    """A string isn't taken for a list of letters."""
    with pytest.raises(TypeError, match="switches: 'null-member' must be a list of names"):
        issuer.set_switches("null-member")


def test_presets_that_have_them_are_there() -> None:
    """Each oddity was seen at a vendor that has a preset."""
    for switch in SWITCHES.values():
        assert set(switch.seen_at) <= set(PRESETS)
        assert switch.seen_at
