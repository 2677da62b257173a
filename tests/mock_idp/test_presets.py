"""Presets: each vendor's issuer and endpoints, and what of them this server answers."""

import json
from urllib.parse import urlsplit

import httpx
import pytest

from idpact_mock import NO_PRESET, PRESETS, MockIdP, Outcome
from tests.mock_idp.raw import ask, path_of

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

# By preset: issuer, authorization, token, userinfo and keys, as the vendor's document has them.
EXPECTED: dict[str, tuple[str | None, ...]] = {
    "adfs": (
        "https://adfs.example.com/adfs",
        "https://adfs.example.com/adfs/oauth2/authorize/",
        "https://adfs.example.com/adfs/oauth2/token/",
        "https://adfs.example.com/adfs/userinfo",
        "https://adfs.example.com/adfs/discovery/keys",
    ),
    "apple": (
        "https://appleid.apple.com",
        "https://appleid.apple.com/auth/authorize",
        "https://appleid.apple.com/auth/token",
        None,
        "https://appleid.apple.com/auth/keys",
    ),
    "auth0": (
        "https://acme.eu.auth0.com/",
        "https://acme.eu.auth0.com/authorize",
        "https://acme.eu.auth0.com/oauth/token",
        "https://acme.eu.auth0.com/userinfo",
        "https://acme.eu.auth0.com/.well-known/jwks.json",
    ),
    "auth0-logout": (
        "https://acme.eu.auth0.com/",
        "https://acme.eu.auth0.com/authorize",
        "https://acme.eu.auth0.com/oauth/token",
        "https://acme.eu.auth0.com/userinfo",
        "https://acme.eu.auth0.com/.well-known/jwks.json",
    ),
    "authentik": (
        "https://authentik.example.com/application/o/acme/",
        "https://authentik.example.com/application/o/authorize/",
        "https://authentik.example.com/application/o/token/",
        "https://authentik.example.com/application/o/userinfo/",
        "https://authentik.example.com/application/o/acme/jwks/",
    ),
    "aws-cognito": (
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
        "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/authorize",
        "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token",
        "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/userInfo",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI/.well-known/jwks.json",
    ),
    "classlink": (
        "https://launchpad.classlink.com",
        "https://launchpad.classlink.com/oauth2/v2/auth",
        "https://launchpad.classlink.com/oauth2/v2/token",
        "https://nodeapi.classlink.com/v2/my/profileinfo",
        "https://launchpad.classlink.com/oauth2/v2/jwks",
    ),
    "cyberark": (
        "https://acme.id.cyberark.cloud/__idaptive_cybr_user_oidc/",
        "https://acme.id.cyberark.cloud/OAuth2/Authorize/__idaptive_cybr_user_oidc",
        "https://acme.id.cyberark.cloud/OAuth2/Token/__idaptive_cybr_user_oidc",
        "https://acme.id.cyberark.cloud/OAuth2/UserInfo/__idaptive_cybr_user_oidc",
        "https://acme.id.cyberark.cloud/OAuth2/Keys/__idaptive_cybr_user_oidc",
    ),
    "cyberark-tenant": (
        "https://acme.id.cyberark.cloud/",
        "https://acme.id.cyberark.cloud/OAuth2/Authorize/__idaptive_cybr_user_oidc",
        "https://acme.id.cyberark.cloud/OAuth2/Token/__idaptive_cybr_user_oidc",
        "https://acme.id.cyberark.cloud/OAuth2/UserInfo/__idaptive_cybr_user_oidc",
        "https://acme.id.cyberark.cloud/OAuth2/Keys/__idaptive_cybr_user_oidc",
    ),
    "dex": (
        "https://dex.example.com/dex",
        "https://dex.example.com/dex/auth",
        "https://dex.example.com/dex/token",
        "https://dex.example.com/dex/userinfo",
        "https://dex.example.com/dex/keys",
    ),
    "dex-host": (
        "https://dex.example.com",
        "https://dex.example.com/auth",
        "https://dex.example.com/token",
        "https://dex.example.com/userinfo",
        "https://dex.example.com/keys",
    ),
    "duo": (
        "https://sso-1a2b3c4d.sso.duosecurity.com/oidc/DIXXXXXXXXXXXXXXXXXX",
        "https://sso-1a2b3c4d.sso.duosecurity.com/oidc/DIXXXXXXXXXXXXXXXXXX/authorize",
        "https://sso-1a2b3c4d.sso.duosecurity.com/oidc/DIXXXXXXXXXXXXXXXXXX/token",
        "https://sso-1a2b3c4d.sso.duosecurity.com/oidc/DIXXXXXXXXXXXXXXXXXX/userinfo",
        "https://sso-1a2b3c4d.sso.duosecurity.com/oidc/DIXXXXXXXXXXXXXXXXXX/jwks",
    ),
    "gitea": (
        "https://gitea.example.com",
        "https://gitea.example.com/login/oauth/authorize",
        "https://gitea.example.com/login/oauth/access_token",
        "https://gitea.example.com/login/oauth/userinfo",
        "https://gitea.example.com/login/oauth/keys",
    ),
    "gitea-slash": (
        "https://gitea.example.com/",
        "https://gitea.example.com/login/oauth/authorize",
        "https://gitea.example.com/login/oauth/access_token",
        "https://gitea.example.com/login/oauth/userinfo",
        "https://gitea.example.com/login/oauth/keys",
    ),
    "gitea-first": (
        "https://gitea.example.com/",
        "https://gitea.example.com/login/oauth/authorize",
        "https://gitea.example.com/login/oauth/access_token",
        "https://gitea.example.com/login/oauth/userinfo",
        None,
    ),
    "gitlab": (
        "https://gitlab.com",
        "https://gitlab.com/oauth/authorize",
        "https://gitlab.com/oauth/token",
        "https://gitlab.com/oauth/userinfo",
        "https://gitlab.com/oauth/discovery/keys",
    ),
    "google-workspace": (
        "https://accounts.google.com",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://openidconnect.googleapis.com/v1/userinfo",
        "https://www.googleapis.com/oauth2/v3/certs",
    ),
    "jumpcloud": (
        "https://oauth.id.jumpcloud.com/",
        "https://oauth.id.jumpcloud.com/oauth2/auth",
        "https://oauth.id.jumpcloud.com/oauth2/token",
        "https://oauth.id.jumpcloud.com/userinfo",
        "https://oauth.id.jumpcloud.com/.well-known/jwks.json",
    ),
    "keycloak": (
        "https://keycloak.example.com/realms/acme",
        "https://keycloak.example.com/realms/acme/protocol/openid-connect/auth",
        "https://keycloak.example.com/realms/acme/protocol/openid-connect/token",
        "https://keycloak.example.com/realms/acme/protocol/openid-connect/userinfo",
        "https://keycloak.example.com/realms/acme/protocol/openid-connect/certs",
    ),
    "keycloak-legacy": (
        "https://keycloak.example.com/auth/realms/acme",
        "https://keycloak.example.com/auth/realms/acme/protocol/openid-connect/auth",
        "https://keycloak.example.com/auth/realms/acme/protocol/openid-connect/token",
        "https://keycloak.example.com/auth/realms/acme/protocol/openid-connect/userinfo",
        "https://keycloak.example.com/auth/realms/acme/protocol/openid-connect/certs",
    ),
    "microsoft-entra": (
        "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/v2.0",
        "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/oauth2/v2.0/token",
        "https://graph.microsoft.com/oidc/userinfo",
        "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/discovery/v2.0/keys",
    ),
    "microsoft-entra-common": (
        "https://login.microsoftonline.com/{tenantid}/v2.0",
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://graph.microsoft.com/oidc/userinfo",
        "https://login.microsoftonline.com/common/discovery/v2.0/keys",
    ),
    "microsoft-entra-v1": (
        "https://sts.windows.net/{tenantid}/",
        "https://login.microsoftonline.com/common/oauth2/authorize",
        "https://login.microsoftonline.com/common/oauth2/token",
        "https://login.microsoftonline.com/common/openid/userinfo",
        "https://login.microsoftonline.com/common/discovery/keys",
    ),
    "okta": (
        "https://acme.okta.com",
        "https://acme.okta.com/oauth2/v1/authorize",
        "https://acme.okta.com/oauth2/v1/token",
        "https://acme.okta.com/oauth2/v1/userinfo",
        "https://acme.okta.com/oauth2/v1/keys",
    ),
    "okta-custom": (
        "https://acme.okta.com/oauth2/default",
        "https://acme.okta.com/oauth2/default/v1/authorize",
        "https://acme.okta.com/oauth2/default/v1/token",
        "https://acme.okta.com/oauth2/default/v1/userinfo",
        "https://acme.okta.com/oauth2/default/v1/keys",
    ),
    "onelogin": (
        "https://acme.onelogin.com/oidc/2",
        "https://acme.onelogin.com/oidc/2/auth",
        "https://acme.onelogin.com/oidc/2/token",
        "https://acme.onelogin.com/oidc/2/me",
        "https://acme.onelogin.com/oidc/2/certs",
    ),
    "pingfederate": (
        "https://sso.example.com",
        "https://sso.example.com/as/authorization.oauth2",
        "https://sso.example.com/as/token.oauth2",
        "https://sso.example.com/idp/userinfo.openid",
        "https://sso.example.com/pf/JWKS",
    ),
    "salesforce": (
        "https://login.salesforce.com",
        "https://login.salesforce.com/services/oauth2/authorize",
        "https://login.salesforce.com/services/oauth2/token",
        "https://login.salesforce.com/services/oauth2/userinfo",
        "https://login.salesforce.com/id/keys",
    ),
    "salesforce-my-domain": (
        "https://acme.my.salesforce.com",
        "https://acme.my.salesforce.com/services/oauth2/authorize",
        "https://acme.my.salesforce.com/services/oauth2/token",
        "https://acme.my.salesforce.com/services/oauth2/userinfo",
        "https://acme.my.salesforce.com/id/keys",
    ),
    "shibboleth": (
        "https://idp.example.edu",
        "https://idp.example.edu/idp/profile/oidc/authorize",
        "https://idp.example.edu/idp/profile/oidc/token",
        "https://idp.example.edu/idp/profile/oidc/userinfo",
        "https://idp.example.edu/idp/profile/oidc/keyset",
    ),
    "shibboleth-entityid": (
        "https://idp.example.edu/idp/shibboleth",
        "https://idp.example.edu/idp/profile/oidc/authorize",
        "https://idp.example.edu/idp/profile/oidc/token",
        "https://idp.example.edu/idp/profile/oidc/userinfo",
        "https://idp.example.edu/idp/profile/oidc/keyset",
    ),
    "zitadel": (
        "https://acme.zitadel.cloud",
        "https://acme.zitadel.cloud/oauth/v2/authorize",
        "https://acme.zitadel.cloud/oauth/v2/token",
        "https://acme.zitadel.cloud/oidc/v1/userinfo",
        "https://acme.zitadel.cloud/oauth/v2/keys",
    ),
}

VENDORS = sorted(set(PRESETS) - {"generic"})

OTHER_ADDRESS = {
    "microsoft-entra-common": "https://login.microsoftonline.com/common/v2.0",
    "microsoft-entra-v1": "https://login.microsoftonline.com/common",
    "shibboleth-entityid": "https://idp.example.edu",
}


class TestData:
    def test_every_preset_has_an_expectation(self) -> None:
        """A preset that nobody wrote down what to expect of isn't shipped."""
        assert set(EXPECTED) == set(VENDORS)

    @pytest.mark.parametrize("name", VENDORS)
    def test_issuer_and_endpoints(self, name: str) -> None:
        """With the parameters' defaults, letter by letter."""
        preset = PRESETS[name]

        document = preset.document(preset.checked_parameters(None))

        assert (document["issuer"], *(document.get(member) for member in ENDPOINTS)) == EXPECTED[name]

    @pytest.mark.parametrize("name", VENDORS)
    def test_address(self, name: str) -> None:
        """What is typed is the document's issuer, but for the three whose document is elsewhere."""
        preset = PRESETS[name]

        assert preset.filled_address(preset.checked_parameters(None)) == OTHER_ADDRESS.get(name, EXPECTED[name][0])

    @pytest.mark.parametrize("name", VENDORS)
    def test_no_template_is_left(self, name: str) -> None:
        """Every word in braces was filled in, but for the placeholder that Entra itself serves."""
        preset = PRESETS[name]

        text = json.dumps(preset.document(preset.checked_parameters(None))).replace("{tenantid}", "")

        assert "{I}" not in text
        assert not any(f"{{{word}}}" in text for word in ("H", "issuer", *preset.parameters))

    @pytest.mark.parametrize("name", VENDORS)
    def test_unverified_members_are_there(self, name: str) -> None:
        """A mark on a member that isn't in the document would be a slip."""
        preset = PRESETS[name]

        assert set(preset.unverified) <= set(preset.members)

    @pytest.mark.parametrize("name", VENDORS)
    def test_says_how_far_it_can_be_trusted(self, name: str) -> None:
        """Grade, mark and source."""
        preset = PRESETS[name]

        assert preset.grade in {"A", "A-", "B"}
        assert preset.mark in {"D", "P", "K"}
        assert preset.source

    def test_those_without_say_why(self) -> None:
        """No invented documents: two vendors that connections have a name for have no preset."""
        assert set(NO_PRESET) == {"miniorange", "rippling"}

    def test_all_identity_providers_are_known(self) -> None:
        """The names that a connection's identity_provider can have, and more vendors."""
        named = {preset.identity_provider for preset in PRESETS.values()} | set(NO_PRESET)

        assert named == {
            *("generic", "okta", "microsoft-entra", "google-workspace", "classlink", "cyberark", "duo", "jumpcloud"),
            *("keycloak", "miniorange", "onelogin", "pingfederate", "rippling", "salesforce", "shibboleth"),
            *("auth0", "adfs", "aws-cognito", "gitlab", "gitea", "authentik", "zitadel", "dex", "apple"),
        }


class TestLive:
    @pytest.mark.parametrize("name", VENDORS)
    def test_vendor_paths_are_kept(self, idp: MockIdP, name: str) -> None:
        """On a port of its own the issuer and its endpoints are those of the vendor, but for scheme and host."""
        issuer = idp.make_issuer(preset=name, own_port=True)
        typed = OTHER_ADDRESS.get(name) or EXPECTED[name][0] or ""
        host = urlsplit(typed).netloc

        def moved(url: str | None) -> str | None:
            if url is None:
                return None
            origin = issuer.site.base
            return url.replace(f"https://{host}", origin).replace("https://", f"{origin}/")

        document = issuer.document
        assert issuer.url == moved(typed)
        assert [document.get(member) for member in ENDPOINTS] == [moved(url) for url in EXPECTED[name][1:]]

    @pytest.mark.parametrize("name", VENDORS)
    def test_is_retrieved(self, idp: MockIdP, name: str) -> None:
        """Every preset as it comes is a document that a strict client uses: its issuer is the one typed."""
        issuer = idp.make_issuer(preset=name)

        document = httpx.get(issuer.discovery_url).json()

        assert document["issuer"] == issuer.url
        assert issuer.journal.entries[0].outcome is Outcome.YES

    @pytest.mark.parametrize("name", [name for name in VENDORS if EXPECTED[name][4] is not None])
    def test_keys_are_where_the_vendor_has_them(self, idp: MockIdP, name: str) -> None:
        """The path is the vendor's, and keys are there."""
        issuer = idp.make_issuer("it", preset=name)

        answer = httpx.get(str(issuer.document["jwks_uri"]))

        assert answer.json()["keys"][0]["kty"] == "RSA"
        assert issuer.journal.entries[-1].kind == "jwks"

    def test_another_host_is_a_path(self, idp: MockIdP) -> None:
        """Google's four hosts, on one."""
        issuer = idp.make_issuer("g", preset="google-workspace")

        assert [str(issuer.document[member]).removeprefix(idp.url) for member in ENDPOINTS] == [
            "/g/o/oauth2/v2/auth",
            "/g/oauth2.googleapis.com/token",
            "/g/openidconnect.googleapis.com/v1/userinfo",
            "/g/www.googleapis.com/oauth2/v3/certs",
        ]

    @pytest.mark.parametrize("name", VENDORS)
    def test_every_endpoint_is_the_issuers_own(self, idp: MockIdP, name: str) -> None:
        """What a client asks of any endpoint in the document lands in the issuer's journal, not among the strays."""
        issuer = idp.make_issuer(preset=name)
        urls = [str(value) for member, value in issuer.document.items() if member.endswith("_endpoint")]

        for url in urls:
            ask(idp.port, path_of(url), method="POST")

        assert [entry.target for entry in issuer.journal.entries] == [path_of(url) for url in urls]
        assert idp.strays.entries == ()

    def test_endpoint_by_role(self, idp: MockIdP) -> None:
        """A preset's token path is the token endpoint: it answers what the token endpoint of any issuer answers."""
        plain, vendor = idp.make_issuer(), idp.make_issuer(preset="aws-cognito")

        answers = [ask(idp.port, path_of(str(issuer.document["token_endpoint"]))) for issuer in (plain, vendor)]

        assert answers[0].wire == answers[1].wire
        assert answers[0].status != 404

    def test_a_dropped_path_is_seen(self, idp: MockIdP) -> None:
        """A client that loses the path of the issuer asks in the issuer's area: its journal shows that."""
        issuer = idp.make_issuer("k", preset="keycloak")

        answer = ask(idp.port, "/k/.well-known/openid-configuration")

        assert answer.status == 404
        assert issuer.journal.entries[0].target == "/k/.well-known/openid-configuration"

    def test_slash_can_be_had_and_left_out(self, idp: MockIdP) -> None:
        """By default as the vendor has it, and as told otherwise."""
        assert idp.make_issuer("a", preset="auth0").url == f"{idp.url}/a/"
        assert idp.make_issuer("b", preset="auth0", trailing_slash=False).url == f"{idp.url}/b"
        assert idp.make_issuer("c", preset="okta", trailing_slash=True).document["issuer"] == f"{idp.url}/c/"

    def test_endpoints_elsewhere(self, idp: MockIdP) -> None:
        """`endpoints_at` stands for the vendor's host; the issuer stays."""
        issuer = idp.make_issuer(preset="okta", endpoints_at="https://idp.test")

        assert issuer.document["jwks_uri"] == "https://idp.test/oauth2/v1/keys"
        assert issuer.document["issuer"] == issuer.url

    def test_headers_come_with_it(self, idp: MockIdP) -> None:
        """Entra's document has a charset, may be cached and brings a cookie."""
        issuer = idp.make_issuer(preset="microsoft-entra")

        headers = ask(idp.port, path_of(issuer.discovery_url)).headers

        assert headers["content-type"] == "application/json; charset=utf-8"
        assert headers["cache-control"] == "max-age=86400, private"
        assert "fpc=" in headers["set-cookie"]

    def test_bytes_before_the_brace(self, idp: MockIdP) -> None:
        """PingFederate's newline."""
        issuer = idp.make_issuer(preset="pingfederate")

        assert ask(idp.port, path_of(issuer.discovery_url)).body.startswith(b"\n{")

    def test_null_and_empty_array(self, idp: MockIdP) -> None:
        """Entra's null and OneLogin's empty array are on the wire."""
        entra = idp.make_issuer(preset="microsoft-entra-common")
        onelogin = idp.make_issuer(preset="onelogin")

        assert b'"tenant_region_scope": null' in ask(idp.port, path_of(entra.discovery_url)).body
        assert b'"userinfo_signing_alg_values_supported": []' in ask(idp.port, path_of(onelogin.discovery_url)).body

    def test_nested_aliases_are_moved_too(self, idp: MockIdP) -> None:
        """No endpoint of Keycloak's document leads away from the mock."""
        issuer = idp.make_issuer(preset="keycloak")

        assert "keycloak.example.com" not in json.dumps(issuer.document)

    def test_can_be_changed_and_reset(self, idp: MockIdP) -> None:
        """What can be done to any document can be done to a preset's, and undone."""
        issuer = idp.make_issuer(preset="pingfederate")
        before = ask(idp.port, path_of(issuer.discovery_url)).body

        issuer.replace_document({"issuer": "x"})
        between = ask(idp.port, path_of(issuer.discovery_url)).body
        issuer.reset_document()

        assert json.loads(between) == {"issuer": "x"}
        assert ask(idp.port, path_of(issuer.discovery_url)).body == before

    def test_generic_is_todays_default(self, idp: MockIdP) -> None:
        """Asking for it by name changes nothing."""
        named, plain = idp.make_issuer("a", preset="generic"), idp.make_issuer("b")

        assert json.dumps(named.document) == json.dumps(plain.document).replace("/b", "/a")

    def test_dropped_whole(self, idp: MockIdP) -> None:
        """Once dropped, none of its paths is left, and all can be used again."""
        issuer = idp.make_issuer("it", preset="google-workspace")
        keys = path_of(str(issuer.document["jwks_uri"]))

        idp.drop_issuer(issuer)

        assert ask(idp.port, keys).status == 404
        assert len(idp.strays.entries) == 1
        idp.make_issuer("it", preset="google-workspace")

    def test_two_of_a_kind(self, idp: MockIdP) -> None:
        """Two tenants of one vendor in one server are two issuers."""
        acme = idp.make_issuer("a", preset="okta")
        other = idp.make_issuer("b", preset="okta")

        httpx.get(acme.discovery_url)

        assert len(acme.journal) == 1
        assert len(other.journal) == 0

    @pytest.mark.parametrize("path", ["/k", "/k/realms/acme"])
    def test_its_paths_are_taken(self, idp: MockIdP, path: str) -> None:
        """Neither its area nor its own path can be another issuer's."""
        idp.make_issuer("k", preset="keycloak")

        with pytest.raises(ValueError, match=f"path: '{path}' is in use by issuer 'k'"):
            idp.make_issuer("other", path=path)

    def test_its_endpoints_are_taken(self, idp: MockIdP) -> None:
        """No two issuers answer at one path."""
        idp.make_issuer("a", path="/a/oauth2")  # whose token endpoint is /a/oauth2/token

        with pytest.raises(ValueError, match="path: '/a/oauth2/token' is an endpoint of issuer 'a'"):
            idp.make_issuer("j", path="/a", preset="jumpcloud")

        assert "j" not in idp.issuers

    def test_advertised(self) -> None:
        """Behind another address the own port becomes a path, as for any issuer."""
        with MockIdP(advertise="https://idp.example") as idp:
            issuer = idp.make_issuer("k", preset="keycloak", own_port=True)

            assert issuer.url == "https://idp.example/k/realms/acme"
            assert ask(idp.port, "/k/realms/acme/protocol/openid-connect/certs").status == 200


class TestParameters:
    def test_are_put_in(self, idp: MockIdP) -> None:
        """Everywhere that the vendor has them."""
        issuer = idp.make_issuer("k", preset="keycloak", preset_parameters={"realm": "Blue"})

        assert issuer.url == f"{idp.url}/k/realms/Blue"
        assert issuer.document["jwks_uri"] == f"{idp.url}/k/realms/Blue/protocol/openid-connect/certs"

    def test_of_hosts(self, idp: MockIdP) -> None:
        """A parameter in the host is seen in the vendor's own URLs."""
        issuer = idp.make_issuer(preset="okta", preset_parameters={"org": "blue"}, verbatim=True)

        assert issuer.document["issuer"] == "https://blue.okta.com"

    def test_unknown_preset_names_what_is_near(self, idp: MockIdP) -> None:
        """A slip of the pen is met with the name that was meant."""
        with pytest.raises(ValueError, match="preset: 'octa' is none; did you mean okta"):
            idp.make_issuer(preset="octa")

    @pytest.mark.parametrize("name", ["miniorange", "rippling"])
    def test_vendor_without_one_says_why(self, idp: MockIdP, name: str) -> None:
        """The reason, and what to use instead."""
        with pytest.raises(ValueError, match=f"preset: there is none for '{name}'; use 'generic'. .+ published"):
            idp.make_issuer(preset=name)

    @pytest.mark.parametrize(("preset", "known"), [("okta", "known are org"), ("apple", "it has none")])
    def test_unknown_parameter(self, idp: MockIdP, preset: str, known: str) -> None:
        """The message names those there are."""
        with pytest.raises(ValueError, match=f"preset_parameters: {preset} has no parameter 'realm'; {known}"):
            idp.make_issuer(preset=preset, preset_parameters={"realm": "x"})

    @pytest.mark.parametrize("value", ["", "..", "a/b", "a b", "a%2Fb", "a\r\nb", "{I}", "é", "a?b", "a@b", "a\n"])
    def test_hostile_values_are_refused(self, idp: MockIdP, value: str) -> None:
        """Nothing that would leave its place in a host or a path."""
        with pytest.raises(ValueError, match=r"preset_parameters: realm: .* must be letters, digits"):
            idp.make_issuer(preset="keycloak", preset_parameters={"realm": value})

    def test_parameters_need_a_preset(self, idp: MockIdP) -> None:
        """They would be lost without a word otherwise."""
        with pytest.raises(ValueError, match="preset_parameters: generic has no parameter 'org'"):
            idp.make_issuer(preset_parameters={"org": "acme"})

    @pytest.mark.parametrize("option", ["verbatim", "quirks"])
    def test_options_need_a_preset(self, idp: MockIdP, option: str) -> None:
        """The mock's own form has no vendor to be like."""
        with pytest.raises(ValueError, match=f"{option}: it needs the preset of a vendor"):
            idp.make_issuer(verbatim=option == "verbatim", quirks=option == "quirks")


class TestVerbatim:
    @pytest.mark.parametrize("name", VENDORS)
    def test_document_is_the_vendors(self, idp: MockIdP, name: str) -> None:
        """Original hosts and issuer, on the wire."""
        issuer = idp.make_issuer(preset=name, verbatim=True)

        document = httpx.get(issuer.discovery_url).json()

        assert (document["issuer"], *(document.get(member) for member in ENDPOINTS)) == EXPECTED[name]

    def test_journal_tells_that_the_issuer_is_another(self, idp: MockIdP) -> None:
        """A strict client must not use it (OpenID Connect Discovery 1.0, section 4.3)."""
        issuer = idp.make_issuer(preset="okta", verbatim=True)

        httpx.get(issuer.discovery_url)

        assert issuer.journal.entries[0].outcome is Outcome.NOT_STRICT

    def test_endpoints_are_not_put_elsewhere_too(self, idp: MockIdP) -> None:
        """The two options contradict each other."""
        with pytest.raises(ValueError, match="endpoints_at: with verbatim=True"):
            idp.make_issuer(preset="okta", verbatim=True, endpoints_at="https://idp.test")


class TestQuirks:
    @pytest.mark.parametrize(
        ("preset", "issuer_path"),
        [
            ("microsoft-entra-common", "/it/{tenantid}/v2.0"),
            ("microsoft-entra-v1", "/it/sts.windows.net/{tenantid}/"),
            ("shibboleth-entityid", "/it/idp/shibboleth"),
        ],
    )
    def test_issuer_is_not_the_address(self, idp: MockIdP, preset: str, issuer_path: str) -> None:
        """As at the vendor, and only when asked for."""
        issuer = idp.make_issuer("it", preset=preset, quirks=True)

        httpx.get(issuer.discovery_url)

        assert issuer.document["issuer"] == f"{idp.url}{issuer_path}"
        assert issuer.journal.entries[0].outcome is Outcome.NOT_STRICT

    def test_capitals(self) -> None:
        """AD FS has its host in capitals in the issuer, and nowhere else."""
        with MockIdP(advertise="https://idp.example") as idp:
            issuer = idp.make_issuer("it", preset="adfs", quirks=True)

            assert issuer.document["issuer"] == "https://IDP.EXAMPLE/it/adfs"
            assert issuer.document["jwks_uri"] == "https://idp.example/it/adfs/discovery/keys"

    def test_vendor_without_any(self, idp: MockIdP) -> None:
        """Nothing changes."""
        issuer = idp.make_issuer(preset="okta", quirks=True)

        assert issuer.document["issuer"] == issuer.url
