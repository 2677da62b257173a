"""The oracle: what is right after an update, field by field. A table of promises, then properties that hold for any input."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from idpact_contract.connection import MEMBER_OF, SERVER_SET, UPDATABLE, URL_FIELDS
from idpact_contract.evidence import Asked
from idpact_contract.oracle import (
    Allowed,
    Change,
    Why,
    expect,
    expect_status,
    expectation_of,
    issuer_change,
    readings,
    same_value,
    text,
)
from idpact_mock import Outcome
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    OTHER_ISSUER,
    OTHER_URLS,
    TYPED_URLS,
    URLS,
    connection,
    document,
    not_served,
    refused,
    served,
    stray,
    updated,
)

FILLED = connection(issuer=ISSUER, **CREDENTIALS, **URLS)
CHANGE = {"issuer": OTHER_ISSUER}


def after_change(field: str, *asked: Asked, before: Mapping[str, Any] = FILLED) -> Allowed:
    """What is right for a field after the issuer changed to the other one."""
    return expect(before, CHANGE, asked)[field]


def other(**told: Any) -> Asked:  # noqa: ANN401 - fields of Asked, or members of the document
    """The other issuer's document, served."""
    members = {name: told.pop(name) for name in list(told) if name not in Asked.__struct_fields__}
    return served(document(OTHER_ISSUER, at=OTHER_URLS, **members), issuer=OTHER_ISSUER, **told)


class TestTyped:
    @pytest.mark.parametrize("field", UPDATABLE)
    def test_a_typed_value_is_the_only_right_one(self, field: str) -> None:
        """What was typed is stored as typed, whatever the document says."""
        typed = {**CHANGE, field: f"https://typed.example/{field}"}

        assert expect(FILLED, typed, [other()])[field] == Allowed((typed[field],), Why.TYPED)

    def test_a_typed_value_wins_where_the_document_can_not_be_read(self) -> None:
        """Fallback keeps what was typed."""
        expected = expect(FILLED, {**CHANGE, **TYPED_URLS}, [not_served(issuer=OTHER_ISSUER)])

        assert {field: expected[field].values for field in URL_FIELDS} == {
            field: (value,) for field, value in TYPED_URLS.items()
        }

    @pytest.mark.parametrize("value", ["", None], ids=["empty", "null"])
    @pytest.mark.parametrize("field", ["display_name", "client_secret", "token_url"])
    def test_an_empty_value_clears_or_is_ignored(self, field: str, value: object) -> None:
        """Whether "" and null clear a field is open: cleared and kept are both right."""
        before = connection(display_name="Old", client_secret="old-secret", token_url="https://old.example/token")

        assert expect(before, {field: value}, [])[field] == Allowed(("", before[field]), Why.OPEN)

    def test_a_value_of_a_wrong_type_is_stored_in_no_form(self) -> None:
        """An object typed as display_name leaves it as it was, or empty."""
        expected = expect(connection(display_name="Old"), {"display_name": {"a": 1}}, [])["display_name"]

        assert not expected.admits({"a": 1})
        assert not expected.admits("{'a': 1}")

    def test_what_was_not_named_is_kept(self) -> None:
        """An update of one field leaves the others as they were."""
        expected = expect(FILLED, {"display_name": "New"}, [])

        assert expected["client_id"] == Allowed((CREDENTIALS["client_id"],), Why.KEPT)
        assert expected["token_url"] == Allowed((URLS["token_url"],), Why.KEPT)

    @pytest.mark.parametrize("field", SERVER_SET)
    def test_what_the_server_set_is_the_servers(self, field: str) -> None:
        """No document and no body changes what the server alone sets."""
        moved = other(connection_id="decoy", organization_id="decoy", redirect_url="decoy")

        assert expect(FILLED, {**CHANGE, field: "decoy"}, [moved])[field] == Allowed((FILLED[field],), Why.SERVER)

    @pytest.mark.parametrize("field", ["display_name", "identity_provider", "client_id", "client_secret"])
    def test_what_only_a_body_sets_is_never_inferred(self, field: str) -> None:
        """A document with members of these names changes nothing."""
        assert after_change(field, other(**{field: "decoy"})).values == (FILLED[field],)

    def test_the_issuer_is_the_typed_one_whatever_the_document_says(self) -> None:
        """A document that names another issuer doesn't rename the connection's."""
        misnamed = served(document("https://elsewhere.test", at=OTHER_URLS), issuer=OTHER_ISSUER)

        assert after_change("issuer", misnamed) == Allowed((OTHER_ISSUER,), Why.TYPED)


class TestFirstIssuer:
    @pytest.mark.parametrize("field", URL_FIELDS)
    def test_urls_are_inferred_from_their_own_members(self, field: str) -> None:
        """A first issuer's document fills in the four URLs."""
        expected = expect(connection(), {"issuer": ISSUER}, [served()])

        assert expected[field] == Allowed((URLS[field],), Why.INFERRED)

    def test_a_fresh_connection_may_be_told_as_none(self) -> None:
        """Before the first read there is nothing; the expectation is that of an empty connection."""
        assert expect(None, {"issuer": ISSUER}, [served()])["jwks_url"] == Allowed((URLS["jwks_url"],), Why.INFERRED)

    def test_inferring_nothing_is_wrong(self) -> None:
        """Where the document was served, an empty URL isn't right."""
        assert not expect(connection(), {"issuer": ISSUER}, [served()])["token_url"].admits("")

    def test_a_missing_member_leaves_an_empty_field_empty(self) -> None:
        """Nothing is invented."""
        asked = served(document(without=["userinfo_endpoint"]))

        assert expect(connection(), {"issuer": ISSUER}, [asked])["userinfo_url"].values == ("",)

    def test_a_missing_member_leaves_the_others_inferred(self) -> None:
        """The other three are inferred as usual."""
        asked = served(document(without=["userinfo_endpoint"]))

        assert expect(connection(), {"issuer": ISSUER}, [asked])["token_url"].values == (URLS["token_url"],)

    @pytest.mark.parametrize("failure", ["http-404", "connection-reset"])
    def test_nothing_is_inferred_from_a_failure(self, failure: str) -> None:
        """A first issuer that can't be read leaves the URLs empty."""
        asked = not_served(failure=failure)

        assert expect(connection(), {"issuer": ISSUER}, [asked])["token_url"] == Allowed(("",), Why.UNREAD)

    def test_nothing_is_inferred_from_an_error_that_holds_the_perfect_document(self) -> None:
        """A 500 with the document in its body was not retrieved."""
        asked = served(status=500, outcome=Outcome.NOT, failure="http-500-with-document")

        assert expect(connection(), {"issuer": ISSUER}, [asked])["token_url"].values == ("",)

    def test_nothing_asked_means_nothing_inferred(self) -> None:
        """Values that came from no request of this update are invented."""
        assert expect(connection(), {"issuer": ISSUER}, [])["token_url"].values == ("",)


class TestChangedIssuer:
    @pytest.mark.parametrize("field", URL_FIELDS)
    def test_the_new_documents_values_replace_the_old(self, field: str) -> None:
        """A second, different issuer's document is the only source of the URLs."""
        assert after_change(field, other()) == Allowed((OTHER_URLS[field],), Why.INFERRED)

    def test_the_same_value_in_both_documents_is_right(self) -> None:
        """Where old and new document agree the value is inferred all the same."""
        same = served(document(OTHER_ISSUER, at=URLS), issuer=OTHER_ISSUER)

        assert after_change("token_url", same) == Allowed((URLS["token_url"],), Why.INFERRED)

    def test_a_missing_member_keeps_or_clears(self) -> None:
        """An old value whose member the new document lacks is kept or cleared: open."""
        lacking = served(document(OTHER_ISSUER, at=OTHER_URLS, without=["jwks_uri"]), issuer=OTHER_ISSUER)

        assert set(after_change("jwks_url", lacking).values) == {URLS["jwks_url"], ""}

    @pytest.mark.parametrize("value", [None, 7, True, ["https://a.example"], {"href": "https://a.example"}])
    def test_a_member_that_is_no_string_is_stored_in_no_form(self, value: object) -> None:
        """Neither the value nor its text form is right; kept and cleared are."""
        expected = after_change("token_url", other(token_endpoint=value))

        assert set(expected.values) == {URLS["token_url"], ""}

    def test_beside_a_member_that_is_no_string_the_others_may_be_inferred_or_not(self) -> None:
        """That member skipped, or the whole document not used: both are right."""
        expected = after_change("jwks_url", other(token_endpoint=7))

        assert set(expected.values) == {OTHER_URLS["jwks_url"], URLS["jwks_url"], ""}

    @pytest.mark.parametrize("value", ["", "   "])
    def test_an_empty_member_keeps_or_clears_and_the_others_are_inferred(self, value: str) -> None:
        """A member without text isn't usable, and the document is."""
        asked = other(token_endpoint=value)

        assert set(after_change("token_url", asked).values) == {URLS["token_url"], ""}
        assert after_change("jwks_url", asked).values == (OTHER_URLS["jwks_url"],)

    @pytest.mark.parametrize("failure", ["http-404", "http-500-with-document", "hang-before-headers"])
    def test_unreadable_keeps_or_clears(self, failure: str) -> None:
        """What happens to old URLs when the new issuer can't be read is open."""
        expected = after_change("token_url", not_served(issuer=OTHER_ISSUER, failure=failure))

        assert (set(expected.values), expected.why) == ({URLS["token_url"], ""}, Why.UNREAD)

    def test_never_asked_keeps_or_clears(self) -> None:
        """Values that came from no request of this update aren't right, not even those of the issuer's document."""
        assert set(after_change("token_url").values) == {URLS["token_url"], ""}

    def test_a_document_that_names_another_issuer_may_be_used_or_not(self) -> None:
        """Discovery 1.0 says not to use it, lenient clients do: INFER-9's matter alone."""
        misnamed = served(
            document("https://elsewhere.test", at=OTHER_URLS), issuer=OTHER_ISSUER, outcome=Outcome.NOT_STRICT
        )

        assert set(after_change("token_url", misnamed).values) == {OTHER_URLS["token_url"], URLS["token_url"], ""}

    def test_a_document_without_issuer_may_be_used_or_not(self) -> None:
        """The same for a document that names none."""
        nameless = served(document(OTHER_ISSUER, at=OTHER_URLS, without=["issuer"]), issuer=OTHER_ISSUER)

        assert set(after_change("token_url", nameless).values) == {OTHER_URLS["token_url"], URLS["token_url"], ""}

    @pytest.mark.parametrize("outcome", [Outcome.NOT_STRICT, Outcome.OPEN])
    def test_what_clients_may_rightly_disagree_on_may_be_used_or_not(self, outcome: Outcome) -> None:
        """Using the document and not using it are both right."""
        assert set(after_change("token_url", other(outcome=outcome)).values) == {
            OTHER_URLS["token_url"],
            URLS["token_url"],
            "",
        }

    @pytest.mark.parametrize("outcome", [Outcome.NOT_STRICT, Outcome.OPEN])
    def test_an_answer_that_only_some_clients_can_parse_forbids_no_value(self, outcome: Outcome) -> None:
        """A gzipped or deeply nested document was served: whoever could read it is right to store what it says."""
        unparsed = Asked(
            at=0.0, method="GET", target="/", issuer=OTHER_ISSUER, document=None, answer="\x1f\x8b", outcome=outcome
        )

        assert after_change("token_url", unparsed).admits(OTHER_URLS["token_url"])

    @pytest.mark.parametrize(
        "url",
        [
            "http://plain.example/token",
            "javascript:alert(1)",
            "/oauth/token",
            "https://",
            "https://[::1",
            "https://x.example:99999/token",
            "https://user:pass@x.example/token",
            "https://x.example/token#fragment",
            " https://x.example/token",
            "https://x.example/to\x00ken",
        ],
    )
    def test_an_odd_url_is_used_as_written_or_not_at_all(self, url: str) -> None:
        """What isn't the https URL that Discovery 1.0 wants is stored exactly as written, or not stored."""
        assert set(after_change("token_url", other(token_endpoint=url)).values) == {url, URLS["token_url"], ""}

    def test_an_unusual_https_url_is_inferred_exactly_as_written(self) -> None:
        """Capitals, a port, dots, doubled slashes and percent-encoding aren't tidied."""
        url = "https://IdP.Example:8443/a/./b//token/?tenant=%7Bacme%7D&x=%2F"

        assert after_change("token_url", other(token_endpoint=url)).values == (url,)


class TestSeveralReadings:
    def test_a_failure_that_was_tried_again_admits_value_and_fallback(self) -> None:
        """A client that gave up after the first and one that used the second are both right."""
        asked = (not_served(issuer=OTHER_ISSUER, failure="http-503"), other())

        assert set(after_change("token_url", *asked).values) == {OTHER_URLS["token_url"], URLS["token_url"], ""}

    def test_two_good_readings_admit_either_and_nothing_else(self) -> None:
        """Where the document changed between two requests, either answer is right, an old value is not."""
        moved = served(document(OTHER_ISSUER, at=TYPED_URLS), issuer=OTHER_ISSUER)

        assert set(after_change("token_url", other(), moved).values) == {
            OTHER_URLS["token_url"],
            TYPED_URLS["token_url"],
        }

    def test_the_same_document_twice_is_one_value(self) -> None:
        """Asking twice changes nothing."""
        assert after_change("token_url", other(), other()) == Allowed((OTHER_URLS["token_url"],), Why.INFERRED)

    def test_a_request_for_keys_does_not_count(self) -> None:
        """Fetching the JWKS is no reading of the document."""
        keys = Asked(at=0.0, method="GET", target="/jwks", kind="jwks", document={"keys": []})

        assert after_change("token_url", keys, other()).values == (OTHER_URLS["token_url"],)

    def test_a_head_request_does_not_count(self) -> None:
        """A look before the GET gets no document."""
        head = Asked(at=0.0, method="HEAD", target="/", outcome=Outcome.NOT)

        assert after_change("token_url", head, other()).values == (OTHER_URLS["token_url"],)

    def test_a_stray_request_without_a_body_does_not_count(self) -> None:
        """A look at a second well-known address that answers nothing is no excuse for inferring nothing."""
        empty = Asked(at=0.0, method="GET", target="/x", kind="other", status=404, outcome=Outcome.NOT)

        assert after_change("token_url", empty, other()).values == (OTHER_URLS["token_url"],)

    def test_a_stray_request_that_got_the_mocks_own_404_does_not_count(self) -> None:
        """The same where the 404 has an error in JSON, as the mock IdP's has."""
        assert after_change("token_url", stray(), other()).values == (OTHER_URLS["token_url"],)

    def test_a_stray_request_counts_where_nothing_else_was_read(self) -> None:
        """An implementation that asked the wrong address got nothing: kept or cleared."""
        assert [reading.possible for reading in readings([stray()], ISSUER)] == [False]

    def test_what_was_served_at_a_wrong_address_may_be_used(self) -> None:
        """It is judged on what it got there; the wrong asking is a matter of DISC."""
        decoy = served(document(ISSUER, at=TYPED_URLS), issuer=ISSUER)

        assert set(after_change("token_url", decoy).values) == {TYPED_URLS["token_url"], URLS["token_url"], ""}


class TestWithoutAChange:
    @pytest.mark.parametrize("typed", [{}, {"display_name": "New"}, {"issuer": ISSUER}], ids=["none", "name", "same"])
    def test_a_stored_url_stays_though_the_document_was_read_again(self, typed: dict[str, str]) -> None:
        """Without an issuer, or with the same, no non-empty URL changes."""
        again = served(document(at=OTHER_URLS))

        assert expect(FILLED, typed, [again])["token_url"] == Allowed((URLS["token_url"],), Why.KEPT)

    def test_an_empty_url_may_be_filled_from_what_was_served(self) -> None:
        """Whether the same issuer again retries is open."""
        before = {**FILLED, "token_url": ""}

        assert expect(before, {"issuer": ISSUER}, [served()])["token_url"] == Allowed(("", URLS["token_url"]), Why.OPEN)

    def test_an_empty_url_is_filled_with_nothing_else(self) -> None:
        """With nothing served there is nothing to fill it with."""
        before = {**FILLED, "token_url": ""}

        assert expect(before, {"display_name": "New"}, [])["token_url"] == Allowed(("",), Why.KEPT)


class TestSlashOnlyAndCleared:
    @pytest.mark.parametrize(("old", "new"), [(ISSUER, f"{ISSUER}/"), (f"{ISSUER}/a/", f"{ISSUER}/a")])
    def test_a_final_slash_alone_may_count_as_a_change_or_not(self, old: str, new: str) -> None:
        """Kept, cleared and inferred anew are all right."""
        asked = served(document(new, at=OTHER_URLS), issuer=new)
        expected = expect({**FILLED, "issuer": old}, {"issuer": new}, [asked])

        assert set(expected["token_url"].values) == {URLS["token_url"], OTHER_URLS["token_url"], ""}
        assert expected["issuer"].values == (new,)

    @pytest.mark.parametrize("value", ["", None], ids=["empty", "null"])
    def test_a_cleared_issuer_leaves_the_urls_open(self, value: object) -> None:
        """Cleared without a request, refused, or tried and warned of."""
        expected = expect(FILLED, {"issuer": value}, [])

        assert set(expected["issuer"].values) == {"", ISSUER}
        assert set(expected["token_url"].values) == {"", URLS["token_url"]}

    def test_a_cleared_issuer_brings_no_new_values(self) -> None:
        """Nothing was served, so nothing new can be right."""
        assert not expect(FILLED, {"issuer": ""}, [])["token_url"].admits(OTHER_URLS["token_url"])


class TestRefused:
    def test_a_refused_update_changes_nothing_at_all(self) -> None:
        """After a 4xx every field is what it was, typed ones too."""
        expected = expect(FILLED, {**CHANGE, **TYPED_URLS, "display_name": "New"}, [other()], refused=True)

        assert {name: allowed.values for name, allowed in expected.items()} == {
            name: (FILLED[name],) for name in (*SERVER_SET, *UPDATABLE)
        }

    def test_a_recorded_refusal_is_taken_as_one(self) -> None:
        """`expectation_of` sees the 4xx."""
        step = refused(400, {"display_name": "New"}, before=FILLED)

        assert expectation_of(step)["display_name"].values == (FILLED["display_name"],)

    def test_a_recorded_success_is_taken_as_one(self) -> None:
        """`expectation_of` sees the 200."""
        step = updated({"display_name": "New"}, before=FILLED)

        assert expectation_of(step)["display_name"].values == ("New",)


class TestIssuerChange:
    @pytest.mark.parametrize(
        ("old", "typed", "change"),
        [
            pytest.param("", {"issuer": ISSUER}, Change.CHANGED, id="first"),
            pytest.param(ISSUER, {"issuer": OTHER_ISSUER}, Change.CHANGED, id="different"),
            pytest.param(ISSUER, {"issuer": ISSUER}, Change.NONE, id="same"),
            pytest.param(ISSUER, {}, Change.NONE, id="not-named"),
            pytest.param(f"{ISSUER}/a", {"issuer": f"{ISSUER}/A"}, Change.CHANGED, id="case-of-the-path"),
            pytest.param(ISSUER, {"issuer": f"{ISSUER}/"}, Change.SLASH_ONLY, id="slash-added"),
            pytest.param(f"{ISSUER}/", {"issuer": ISSUER}, Change.SLASH_ONLY, id="slash-removed"),
            pytest.param(ISSUER, {"issuer": ""}, Change.CLEARED, id="cleared"),
            pytest.param(ISSUER, {"issuer": None}, Change.CLEARED, id="null"),
            pytest.param("", {"issuer": ""}, Change.NONE, id="empty-on-empty"),
            pytest.param("", {"issuer": "/"}, Change.CHANGED, id="slash-on-empty"),
        ],
    )
    def test_what_a_body_does_to_the_issuer(self, old: str, typed: dict[str, Any], change: Change) -> None:
        """Issuers are compared case-sensitively; only a final slash is a thing of its own."""
        assert issuer_change(connection(issuer=old), typed) is change

    def test_two_slashes_are_more_than_a_final_slash(self) -> None:
        """Only *a* final slash added or removed is left open."""
        assert issuer_change(connection(issuer=ISSUER), {"issuer": f"{ISSUER}//"}) is Change.CHANGED


class TestStatus:
    def test_all_seven_are_active(self) -> None:
        """Nothing is missing, so it is active."""
        assert expect_status(connection(), FILLED, secret_known=False) == ("active",)

    @pytest.mark.parametrize("field", ["issuer", *CREDENTIALS, *URL_FIELDS])
    def test_one_missing_is_pending(self, field: str) -> None:
        """Each of the seven is required."""
        assert expect_status(connection(), {**FILLED, field: ""}, secret_known=False) == ("pending",)

    def test_an_active_connection_that_loses_a_field_may_be_either(self) -> None:
        """Whether it falls back to pending is open."""
        before = {**FILLED, "status": "active"}

        assert set(expect_status(before, {**FILLED, "token_url": ""}, secret_known=False)) == {"pending", "active"}

    def test_a_secret_that_reads_hide_counts_once_it_was_typed(self) -> None:
        """Where reads don't show it, that it was typed is enough."""
        hidden = {**FILLED, "client_secret": None}

        assert expect_status(connection(), hidden, secret_known=True) == ("active",)


class TestValues:
    @pytest.mark.parametrize(("value", "shown"), [(None, ""), ("", ""), ("a", "a"), (7, "7")])
    def test_text_of_a_stored_value(self, value: object, shown: str) -> None:
        """Null and an absent member are the empty string."""
        assert text(value) == shown

    @pytest.mark.parametrize(
        ("left", "right", "same"),
        [
            (None, "", True),
            ("", "", True),
            ("a", "a", True),
            ("a", "A", False),
            ("a", None, False),
            ("7", 7, False),
            (1, True, False),
            ([], "", False),
        ],
    )
    def test_when_two_stored_values_are_one(self, left: object, right: object, *, same: bool) -> None:
        """Null and "" both mean unset; types are never mixed up."""
        assert same_value(left, right) is same

    def test_a_kept_value_is_right_whatever_its_type(self) -> None:
        """An implementation on a wire of its own that numbers its organizations is right to keep the number."""
        assert expect({"organization_id": 42}, {"display_name": "New"}, [])["organization_id"].admits(42)


_URL = st.sampled_from([None, "", ISSUER, "https://a.example/x", "https://b.example/y", "http://c.example/z"])
_VALUES = st.dictionaries(st.sampled_from(UPDATABLE), _URL, max_size=6)
_MEMBER = st.one_of(_URL, st.integers(), st.lists(st.text(max_size=3), max_size=2))
_DOCUMENTS = st.dictionaries(st.sampled_from(["issuer", *MEMBER_OF.values()]), _MEMBER)
_ASKED = st.lists(
    st.builds(
        Asked,
        at=st.just(0.0),
        method=st.sampled_from(["GET", "HEAD"]),
        target=st.just("/.well-known/openid-configuration"),
        kind=st.sampled_from(["discovery", "jwks", "other"]),
        outcome=st.sampled_from(Outcome),
        document=st.none() | _DOCUMENTS,
    ),
    max_size=3,
)
_FEW = settings(max_examples=60, derandomize=True, deadline=None, database=None)


class TestProperties:
    @_FEW
    @given(before=_VALUES, typed=_VALUES, asked=_ASKED)
    def test_a_typed_value_is_the_only_right_one(
        self, before: dict[str, Any], typed: dict[str, Any], asked: list[Asked]
    ) -> None:
        """Whatever was there before and whatever was served."""
        expected = expect(before, typed, asked)

        assert {name: expected[name].values for name, value in typed.items() if value} == {
            name: (value,) for name, value in typed.items() if value
        }

    @_FEW
    @given(before=_VALUES, typed=_VALUES, asked=_ASKED, repeated=st.booleans())
    def test_without_a_change_of_issuer_no_stored_url_changes(
        self, before: dict[str, Any], typed: dict[str, Any], asked: list[Asked], *, repeated: bool
    ) -> None:
        """Whatever was served, and whether the same issuer is repeated or left out."""
        body = {name: value for name, value in typed.items() if name != "issuer"}
        if repeated:
            body["issuer"] = before.get("issuer") or ""
        before = {"issuer": "", **before}
        if body.get("issuer") == "":
            del body["issuer"]
        expected = expect(before, body, asked)

        assert {name: expected[name].values for name in URL_FIELDS if before.get(name) and name not in body} == {
            name: (before[name],) for name in URL_FIELDS if before.get(name) and name not in body
        }

    @_FEW
    @given(before=_VALUES, typed=_VALUES, asked=_ASKED)
    def test_a_right_url_comes_from_somewhere(
        self, before: dict[str, Any], typed: dict[str, Any], asked: list[Asked]
    ) -> None:
        """No value is right that was neither typed, nor stored, nor in a document served, but the empty one."""
        known = {"", *before.values(), *typed.values()}
        known |= {v for entry in asked for v in (entry.document or {}).values() if isinstance(v, str)}

        assert {v for name in URL_FIELDS for v in expect(before, typed, asked)[name].values} - known == set()

    @_FEW
    @given(before=_VALUES, typed=_VALUES, asked=_ASKED, was_refused=st.booleans())
    def test_every_field_has_a_right_value(
        self, before: dict[str, Any], typed: dict[str, Any], asked: list[Asked], *, was_refused: bool
    ) -> None:
        """There is no update after which nothing would be right."""
        assert all(allowed.values for allowed in expect(before, typed, asked, refused=was_refused).values())

    @_FEW
    @given(before=_VALUES, typed=_VALUES, asked=_ASKED)
    def test_the_inputs_are_left_as_they_were(
        self, before: dict[str, Any], typed: dict[str, Any], asked: list[Asked]
    ) -> None:
        """The oracle is pure."""
        told = copy.deepcopy((before, typed, asked))
        expect(before, typed, asked)

        assert (before, typed, asked) == told
