"""Profiles: what loads, and how each kind of mistake is told."""

import re
from importlib import resources
from pathlib import Path

import pytest

from idpact_contract.abilities import LACKING, Ability
from idpact_contract.connection import STRING_FIELDS
from idpact_contract.targets.auth import Basic, fill
from idpact_contract.targets.profile import (
    Official,
    Operation,
    ProfileError,
    built_in_profiles,
    load_profile,
)

BUILT_IN = resources.files("idpact_contract.targets") / "profiles" / "stytch-frontend.toml"


def changed(folder: Path, old: str, new: str) -> str:
    """A profile file: the frontend's with one change."""
    text = BUILT_IN.read_text("utf-8")
    assert old in text
    file = folder / "mine.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    return str(file)


class TestBuiltIn:
    def test_both_official_wires_are_there(self) -> None:
        """And nothing half-made."""
        assert built_in_profiles() == ("stytch-backend", "stytch-frontend")

    @pytest.mark.parametrize(
        ("name", "official", "lacking"),
        [
            ("stytch-frontend", Official.FRONTEND, frozenset({Ability.BACKEND_WIRE})),
            ("stytch-backend", Official.BACKEND, frozenset()),
        ],
    )
    def test_what_they_are(self, name: str, official: Official, lacking: frozenset[Ability]) -> None:
        """The frontend's wire lacks what is about the backend's alone."""
        profile = load_profile(name)

        assert profile.name == name
        assert profile.official is official
        assert profile.lacking() == lacking

    def test_every_field_keeps_its_name(self) -> None:
        """The documented names are ours."""
        assert [load_profile("stytch-backend").place(field) for field in STRING_FIELDS] == list(STRING_FIELDS)

    def test_secrets_are_marked(self) -> None:
        """What authenticates is secret, ids are not."""
        marked = {name for name, variable in load_profile("stytch-frontend").variables.items() if variable.secret}

        assert marked == {"session_token", "other_session_token"}


class TestOwn:
    def test_a_file(self, tmp_path: Path) -> None:
        """A path in place of a name."""
        file = changed(tmp_path, 'name = "stytch-frontend"', 'name = "mine"')

        assert load_profile(file).name == "mine"

    def test_a_wire_of_its_own_lacks_both_official_ones(self, tmp_path: Path) -> None:
        """The WIRE rules then don't apply."""
        profile = load_profile(changed(tmp_path, 'official = "frontend"', 'lacks = ["status", "warning"]'))

        assert profile.lacking() == {
            Ability.OFFICIAL_WIRE,
            Ability.BACKEND_WIRE,
            Ability.STATUS,
            Ability.WARNING,
        }

    def test_fields_at_other_places(self, tmp_path: Path) -> None:
        """Member names or JSON Pointers."""
        fields = '[fields]\nclient_id = "/oidc/clientId"\nissuer = "issuerUrl"\n\n[variables]'
        profile = load_profile(changed(tmp_path, "[variables]", fields))

        assert (profile.place("client_id"), profile.place("issuer")) == ("/oidc/clientId", "issuerUrl")

    @pytest.mark.parametrize(
        ("unseen", "implied"),
        [
            ('["client_id"]', {Ability.CLIENT_ID_SHOWS}),
            ('["display_name"]', set()),
            ('["display_name", "identity_provider"]', {Ability.NAMES_SHOW}),
        ],
    )
    def test_what_reads_never_show_cannot_be_judged(self, tmp_path: Path, unseen: str, implied: set[Ability]) -> None:
        """A rule about nothing but hidden fields is not applicable, never passed."""
        profile = load_profile(changed(tmp_path, "[variables]", f"unseen = {unseen}\n[variables]"))

        assert profile.lacking() == {Ability.BACKEND_WIRE, *implied}

    @pytest.mark.parametrize("ability", Ability)
    def test_every_ability_has_a_reason(self, ability: Ability) -> None:
        """A report tells why a rule did not apply."""
        assert LACKING[ability]


MISTAKES = {
    "unknown-key": ('title = "', 'colour = "red"\ntitle = "', r"unknown field `colour`"),
    "unknown-key-of-an-operation": (
        'method = "POST"',
        'method = "POST"\nverb = "x"',
        r"unknown field `verb` - at `\$\.operations\.create`",
    ),
    "missing-key": ('username = "{public_token}"', "", r"missing required field `username` - at `\$\.auth`"),
    "missing-operation": ("[operations.read]", "[operations.delete2]", "operations"),
    "wrong-type": ('method = "POST"', "method = 5", r"Expected `str`, got `int` - at `\$\.operations\.create\.method`"),
    "no-toml": ("schema = 1", "schema = ", "not TOML: .*line 2"),
    "unknown-field": (
        "[variables]",
        'fields = {isuer = "x"}\n[variables]',
        "fields.isuer: no such field; there are connection_id",
    ),
    "unknown-status": (
        "[variables]",
        'status = {on = "x"}\n[variables]',
        "status.on: the two statuses are pending and active",
    ),
    "unseen-issuer": ("[variables]", 'unseen = ["issuer"]\n[variables]', "unseen: 'issuer' can't be .*client_id"),
    "undeclared-variable": (
        "{public_token}",
        "{api_key}",
        r"\{api_key\} is used, but not declared under \[variables\]",
    ),
    "undeclared-in-a-header": ("[variables]", 'headers = {X-Key = "{api_key}"}\n[variables]', r"\{api_key\} is used"),
}


class TestMistakes:
    @pytest.mark.parametrize("name", MISTAKES)
    def test_are_told_with_file_key_and_what_is_right(self, tmp_path: Path, name: str) -> None:
        """So that a person can mend it without reading our source."""
        old, new, message = MISTAKES[name]
        file = changed(tmp_path, old, new)

        with pytest.raises(ProfileError, match=f"(?s)^profile {re.escape(repr(file))}: .*{message}"):
            load_profile(file)

    @pytest.mark.parametrize(
        ("old", "new", "right"),
        [
            pytest.param("schema = 1", "schema = 2", "1", id="schema"),
            pytest.param('official = "frontend"', 'official = "middle"', "backend", id="official"),
            pytest.param("[variables]", 'lacks = ["teleport"]\n[variables]', "second-organization", id="lacks"),
            pytest.param('scheme = "basic"', 'scheme = "digest"', "basic", id="scheme"),
        ],
    )
    def test_a_word_that_is_none_of_a_few_is_told_with_those(
        self, tmp_path: Path, old: str, new: str, right: str
    ) -> None:
        """Who mistypes an ability sees which there are."""
        file = changed(tmp_path, old, new)

        with pytest.raises(ProfileError) as caught:
            load_profile(file)
        assert re.search(rf"\b{right}\b", str(caught.value).replace(file, ""))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param('path = "/sdk/v1/b2b/sso/oidc"', 'path = "sdk/v1"', id="path-without-slash"),
            pytest.param("oidc/{connection_id}", "oidc/{connectionId}", id="placeholder-in-another-spelling"),
            pytest.param("[variables]", 'fields = {issuer = ""}\n[variables]', id="field-that-is-the-whole"),
            pytest.param(
                "[variables]", 'fields = {issuer = "/a", client_id = "/a/b"}\n[variables]', id="field-in-a-field"
            ),
            pytest.param(
                "[variables]", 'fields = {issuer = "x", client_id = "x"}\n[variables]', id="two-fields-at-one-place"
            ),
            pytest.param(
                "[variables]", 'status = {pending = "x", active = "x"}\n[variables]', id="two-statuses-one-word"
            ),
            pytest.param('connection = "/data/connection"\n', "\n", id="create-without-a-connection"),
        ],
    )
    def test_what_can_not_work_is_refused_when_it_is_loaded(self, tmp_path: Path, old: str, new: str) -> None:
        """Not in the middle of a run, and never with the credentials sent to another host."""
        with pytest.raises(ProfileError):
            load_profile(changed(tmp_path, old, new))

    def test_a_name_that_is_no_profile_is_told_with_those_there_are(self) -> None:
        """Built-in names, and that no file of that name is there."""
        with pytest.raises(
            ProfileError,
            match=r"'stytch': no built-in profile \(stytch-backend, stytch-frontend\), and as a file: No such",
        ):
            load_profile("stytch")

    def test_a_folder_is_no_profile(self, tmp_path: Path) -> None:
        """The reason is the system's."""
        with pytest.raises(ProfileError, match="Is a directory"):
            load_profile(str(tmp_path))

    def test_a_file_that_is_no_text_is_told(self, tmp_path: Path) -> None:
        """TOML is UTF-8."""
        file = tmp_path / "mine.toml"
        file.write_bytes(b"\xff")

        with pytest.raises(ProfileError, match=re.escape(str(file))):
            load_profile(str(file))


class TestFilling:
    def test_values_are_filled_in(self) -> None:
        """As they stand."""
        assert fill("{a}:{b}/{a}", {"a": "1", "b": "x/y"}) == "1:x/y/1"

    def test_a_value_is_not_a_template(self) -> None:
        """Braces in a value stay braces."""
        assert fill("{a}", {"a": "{b}", "b": "no"}) == "{b}"

    def test_a_path_is_percent_encoded(self) -> None:
        """No id leads out of its place in the path."""
        operation = Operation(method="GET", path="/sso/{connection_id}")

        assert operation.target({"connection_id": "../a b?c#d%"}) == "/sso/..%2Fa%20b%3Fc%23d%25"

    def test_a_basic_header(self) -> None:
        """RFC 7617, in UTF-8."""
        headers = Basic(username="{u}", password="{p}").headers({"u": "us", "p": "é:x"})

        assert headers == {"Authorization": "Basic dXM6w6k6eA=="}

    def test_a_value_that_is_not_given(self) -> None:
        """The error names it."""
        with pytest.raises(KeyError, match="missing"):
            fill("{missing}", {})
