"""The authorization code flow: what a client may ask for, what it gets, and what it doesn't."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from idpact_mock import Issuer
from tests.mock_idp.provider.party import CALLBACK, VERIFIER, Party, challenge, header_of, parameters_of, payload_of
from tests.mock_idp.provider.test_token_endpoint import refused


def page_error(answer: httpx.Response) -> str:
    """The text of a page that says why nobody is sent anywhere."""
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "location" not in answer.headers
    return unescape(answer.text)


class TestAuthorization:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_gives_a_code(self, party: Party, issuer: Issuer, method: str) -> None:
        """At once, with state and issuer, at the redirect URI."""
        answer = party.authorize(method=method)

        carried = parameters_of(answer)
        assert answer.status_code == (302 if method == "GET" else 303)
        assert answer.headers["location"].startswith(f"{CALLBACK}?code=")
        assert set(carried) == {"code", "state", "iss"}
        assert (carried["state"], carried["iss"]) == ("st ate", issuer.url)

    def test_keeps_the_query_of_a_redirect_uri(self, party: Party) -> None:
        """RFC 6749, section 3.1.2."""
        location = party.authorize(redirect_uri=f"{CALLBACK}?a=b").headers["location"]

        assert location.startswith(f"{CALLBACK}?a=b&code=")

    def test_without_state_there_is_none(self, party: Party) -> None:
        """Nothing is made up."""
        assert "state" not in parameters_of(party.authorize(drop=("state",)))

    def test_form_post(self, party: Party, issuer: Issuer) -> None:
        """A page that posts itself, and may run no other script; hostile values stay text."""
        state = '"><script>alert(1)</script>'
        answer = party.authorize(response_mode="form_post", state=state)

        fields = {
            unescape(name): unescape(value) for name, value in re.findall(r'name="(.*?)" value="(.*?)"', answer.text)
        }
        assert answer.status_code == 200
        assert f'action="{CALLBACK}"' in answer.text
        assert (fields["state"], fields["iss"]) == (state, issuer.url)
        assert answer.text.count("<script") == 1
        assert "script-src 'sha256-" in answer.headers["content-security-policy"]
        assert party.redeem(fields["code"]).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"drop": ("response_type",)}, "invalid_request"),
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": "code id_token"}, "unsupported_response_type"),
            ({"response_mode": "fragment"}, "invalid_request"),
            ({"scope": "openid  email"}, "invalid_scope"),
            ({"prompt": "none login"}, "invalid_request"),
            ({"prompt": "dance"}, "invalid_request"),
            ({"max_age": "-1"}, "invalid_request"),
            ({"max_age": "²"}, "invalid_request"),
            ({"request": "e30.e30."}, "request_not_supported"),
            ({"request_uri": "https://x.test"}, "request_uri_not_supported"),
            ({"registration": "{}"}, "registration_not_supported"),
            ({"id_token_hint": "x"}, "invalid_request"),
            ({"code_challenge": "x"}, "invalid_request"),
            ({"code_challenge": challenge(), "code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge": challenge()}, "invalid_request"),
            ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
            ({"code_challenge_method": "S256"}, "invalid_request"),
        ],
        ids=str,
    )
    def test_errors_go_to_the_client(self, party: Party, issuer: Issuer, changes: dict[str, Any], error: str) -> None:
        """With state and issuer (RFC 6749, section 4.1.2.1; RFC 9207, section 2), and no code."""
        carried = parameters_of(party.authorize(**changes))

        assert (carried["error"], carried["state"], carried["iss"]) == (error, "st ate", issuer.url)
        assert "code" not in carried

    def test_a_grant_that_the_client_may_not_use(self, party: Party, issuer: Issuer) -> None:
        """`unauthorized_client`."""
        client = issuer.add_client(grant_types=["client_credentials"])

        assert parameters_of(party.as_client(client).authorize())["error"] == "unauthorized_client"

    @pytest.mark.parametrize(
        "changes",
        [
            {"client_id": "nobody"},
            {"drop": ("client_id",)},
            {"drop": ("redirect_uri",)},
            {"redirect_uri": "http://evil.test/cb"},
            {"redirect_uri": "javascript:alert(1)"},
            {"redirect_uri": "//evil.test"},
            {"redirect_uri": "https://a.test/#fragment"},
            {"redirect_uri": "https://user@a.test/"},
            {"redirect_uri": "https://a.test/\r\nSet-Cookie: a=b"},
            {"redirect_uri": "https:///x"},
            {"redirect_uri": "https://[::1"},
            {"redirect_uri": "http://127.0.0.1.evil.test/"},
        ],
        ids=str,
    )
    def test_nobody_is_sent_to_a_stranger(self, party: Party, changes: dict[str, Any]) -> None:
        """RFC 6749, section 4.1.2.1: a page says why instead."""
        assert "client_id" in (text := page_error(party.authorize(**changes))) or "redirect_uri" in text

    def test_doubled_parameters(self, party: Party) -> None:
        """RFC 6749, section 3.1: none may come twice."""
        where = party.document["authorization_endpoint"]

        assert "client_id comes twice" in page_error(party.http.get(f"{where}?client_id=a&client_id=b"))

    @pytest.mark.parametrize(
        "uri", [f"{CALLBACK}/", f"{CALLBACK}?", "http://127.0.0.1:9/CALLBACK", "https://rp.test/cb"]
    )
    def test_registered_uris_are_exact(self, party: Party, issuer: Issuer, uri: str) -> None:
        """RFC 9700, section 2.1: a slash more is another URI."""
        strict = party.as_client(issuer.add_client(redirect_uris=[CALLBACK]))

        assert strict.authorize().is_redirect
        page_error(strict.authorize(redirect_uri=uri))

    @pytest.mark.parametrize(
        "uri", ["https://rp.test/cb", "http://localhost:1/x", "http://[::1]:1/", "http://127.0.0.9/"]
    )
    def test_default_client_goes_anywhere_safe(self, party: Party, uri: str) -> None:
        """Any loopback or https URL, so that a newcomer needs to register nothing."""
        assert party.authorize(redirect_uri=uri).is_redirect

    def test_the_only_uri_may_be_left_out(self, party: Party, issuer: Issuer) -> None:
        """RFC 6749, section 3.1.2.3; and then it need not come with the code, either."""
        client = party.as_client(issuer.add_client(redirect_uris=[CALLBACK]))
        code = parameters_of(client.authorize(drop=("redirect_uri",), scope="api"))["code"]

        assert client.token(grant_type="authorization_code", code=code).status_code == 200


class TestTokens:
    def test_of_a_login(self, party: Party, issuer: Issuer) -> None:
        """ID token, access token, refresh token; what the scopes let out is in the ID token."""
        tokens = party.login()

        claims = party.verified(tokens["id_token"])
        assert (claims["iss"], claims["aud"], claims["sub"]) == (issuer.url, party.client.client_id, "alice")
        assert (claims["nonce"], claims["name"]) == ("n0", "Alice Adams")
        assert "email" not in claims
        assert claims["exp"] - claims["iat"] == 3600
        assert header_of(tokens["id_token"])["typ"] == "JWT"
        assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "openid profile")
        assert tokens["refresh_token"]

    def test_at_hash(self, party: Party) -> None:
        """OpenID Connect Core 1.0, section 3.1.3.6."""
        tokens = party.login()

        expected = challenge(tokens["access_token"])  # the whole hash; half of its bytes are 21 characters and a bit
        assert payload_of(tokens["id_token"])["at_hash"][:21] == expected[:21]

    def test_without_openid_there_is_no_id_token(self, party: Party) -> None:
        """Plain OAuth."""
        assert "id_token" not in party.login(scope="api")

    def test_no_refresh_token_for_who_may_not_use_it(self, party: Party, issuer: Issuer) -> None:
        """By the client's grants."""
        client = issuer.add_client(grant_types=["authorization_code"])

        assert "refresh_token" not in party.as_client(client).login()


class TestCodes:
    def test_work_once_and_take_back_what_they_gave(self, party: Party) -> None:
        """RFC 6749, section 4.1.2: reuse revokes access and refresh tokens."""
        code = party.code()
        tokens = party.redeem(code).json()
        assert party.is_active(tokens["access_token"])

        refused(party.redeem(code), "invalid_grant")
        assert not party.is_active(tokens["access_token"])
        assert party.userinfo(tokens["access_token"]).status_code == 401
        refused(party.refresh(tokens["refresh_token"]), "invalid_grant")

    def test_live_for_sixty_seconds(self, party: Party, issuer: Issuer) -> None:
        """By the issuer's own clock."""
        good, late = party.code(), party.code()

        issuer.clock.move(59)
        assert party.redeem(good).status_code == 200
        issuer.clock.move(2)
        assert "expired" in refused(party.redeem(late), "invalid_grant")

    def test_lifetime_can_be_set(self, party: Party, issuer: Issuer) -> None:
        """As all lifetimes can."""
        issuer.configure(code_seconds=0)

        refused(party.redeem(party.code()), "invalid_grant")

    def test_another_redirect_uri(self, party: Party) -> None:
        """RFC 6749, section 4.1.3: it must be the same, and the code is spent."""
        code = party.code()

        refused(party.redeem(code, redirect_uri=f"{CALLBACK}2"), "invalid_grant")
        refused(party.redeem(code), "invalid_grant")

    def test_a_missing_redirect_uri(self, party: Party) -> None:
        """It must come again if it came before."""
        refused(party.token(grant_type="authorization_code", code=party.code()), "invalid_grant")

    def test_of_another_client(self, party: Party, issuer: Issuer) -> None:
        """Refused, and still good for the one it was given to."""
        code = party.code()

        refused(party.as_client(issuer.add_client()).redeem(code), "invalid_grant")
        assert party.redeem(code).status_code == 200

    @pytest.mark.parametrize("code", ["x", "é", "x" * 5000, "\x00"])
    def test_unknown(self, party: Party, code: str) -> None:
        """`invalid_grant`."""
        refused(party.redeem(code), "invalid_grant")


class TestPKCE:
    PROOF = {"code_challenge": challenge(), "code_challenge_method": "S256"}  # noqa: RUF012 - never changed

    def test_right(self, party: Party) -> None:
        """RFC 7636, section 4.6."""
        assert party.redeem(party.code(**self.PROOF), code_verifier=VERIFIER).status_code == 200

    @pytest.mark.parametrize("verifier", ["w" * 43, "v" * 42, "v" * 129, "é" * 43, challenge()])
    def test_wrong(self, party: Party, verifier: str) -> None:
        """`invalid_grant`, and the code is spent."""
        code = party.code(**self.PROOF)

        refused(party.redeem(code, code_verifier=verifier), "invalid_grant")
        refused(party.redeem(code, code_verifier=VERIFIER), "invalid_grant")

    def test_missing(self, party: Party) -> None:
        """A challenge needs its verifier."""
        refused(party.redeem(party.code(**self.PROOF)), "invalid_grant")

    def test_downgraded(self, party: Party) -> None:
        """RFC 9700, section 2.1.1: a verifier without a challenge means that somebody removed it."""
        refused(party.redeem(party.code(), code_verifier=VERIFIER), "invalid_grant")

    def test_required_of_public_clients(self, party: Party, issuer: Issuer) -> None:
        """Unless they are registered otherwise."""
        public = party.as_client(issuer.add_client(auth_method="none"))

        assert parameters_of(public.authorize())["error"] == "invalid_request"
        assert public.redeem(public.code(**self.PROOF), code_verifier=VERIFIER).status_code == 200

    @pytest.mark.parametrize("by", ["client", "issuer"])
    def test_required_when_asked_for(self, party: Party, issuer: Issuer, by: str) -> None:
        """By the client's registration or for the whole issuer."""
        issuer.configure(require_pkce=by == "issuer")
        client = issuer.add_client(require_pkce=by == "client")

        assert "challenge" in parameters_of(party.as_client(client).authorize())["error_description"]


class TestLogin:
    @pytest.fixture(autouse=True)
    def _asked(self, issuer: Issuer) -> None:
        issuer.auto_approve = False
        issuer.add_user("bob", {"name": "<b>Bob</b>", "email": "bob@example.com"})

    def submit(self, party: Party, page: httpx.Response, **form: str) -> httpx.Response:
        """Send one of the login page's forms."""
        action = unescape(re.findall(r'action="(.*?)"', page.text)[0])
        return party.http.post(page.url.join(action), data=form)

    def test_page(self, party: Party) -> None:
        """Lists the users, runs no script, and nothing can be injected into it."""
        page = party.authorize(state="</form><script>", login_hint='"><i>')

        assert page.status_code == 200
        assert "<b>Bob" not in page.text
        assert "&lt;b&gt;Bob&lt;/b&gt; (bob)" in page.text
        assert "<script" not in page.text
        assert "<i>" not in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy

    @pytest.mark.parametrize("sub", ["bob", "nobody-knows-me"])
    def test_logs_in(self, party: Party, sub: str) -> None:
        """Whoever was chosen, known or not, with 303."""
        done = self.submit(party, party.authorize(), sub=sub)

        assert (done.status_code, parameters_of(done)["state"]) == (303, "st ate")
        tokens = party.redeem(parameters_of(done)["code"]).json()
        assert payload_of(tokens["id_token"])["sub"] == sub
        assert party.userinfo(tokens["access_token"]).json()["sub"] == sub

    def test_deny(self, party: Party) -> None:
        """`access_denied` at the client."""
        carried = parameters_of(self.submit(party, party.authorize(), deny="1"))

        assert (carried["error"], carried["state"]) == ("access_denied", "st ate")

    @pytest.mark.parametrize("sub", ["", "é", "x" * 256])
    def test_bad_subjects(self, party: Party, sub: str) -> None:
        """The page again, which says what is wrong."""
        again = self.submit(party, party.authorize(), sub=sub)

        assert again.status_code == 400
        assert 'role="alert"' in again.text
        assert self.submit(party, again, sub="bob").status_code == 303

    def test_is_remembered(self, party: Party) -> None:
        """A second request of the same browser needs no page, and has the same time of login."""
        first = self.submit(party, party.authorize(), sub="bob")
        again = party.authorize(prompt="none")

        claims = [payload_of(party.redeem(parameters_of(one)["code"]).json()["id_token"]) for one in (first, again)]
        assert claims[0]["auth_time"] == claims[1]["auth_time"]
        assert claims[0]["sid"] == claims[1]["sid"]

    def test_cookie(self, party: Party, issuer: Issuer) -> None:
        """No script reads it, and no other issuer gets it."""
        cookie = self.submit(party, party.authorize(), sub="bob").headers["set-cookie"]

        assert f"Path={issuer.path}; HttpOnly; SameSite=Lax" in cookie

    def test_prompt_none(self, party: Party) -> None:
        """`login_required` where nobody is logged in (OpenID Connect Core 1.0, section 3.1.2.6)."""
        assert parameters_of(party.authorize(prompt="none"))["error"] == "login_required"

    @pytest.mark.parametrize("prompt", ["login", "consent", "select_account", "login consent"])
    def test_other_prompts(self, party: Party, prompt: str) -> None:
        """Ask, in spite of a session."""
        self.submit(party, party.authorize(), sub="bob")

        assert party.authorize(prompt=prompt).status_code == 200

    def test_max_age(self, party: Party, issuer: Issuer) -> None:
        """A login that is too old doesn't count."""
        self.submit(party, party.authorize(), sub="bob")
        issuer.clock.move(100)

        assert party.authorize(max_age="200").is_redirect
        assert party.authorize(max_age="50").status_code == 200

    def test_session_ends_with_time(self, party: Party, issuer: Issuer) -> None:
        """As long as was set."""
        issuer.configure(session_seconds=10)
        self.submit(party, party.authorize(), sub="bob")
        issuer.clock.move(11)

        assert parameters_of(party.authorize(prompt="none"))["error"] == "login_required"

    def test_id_token_hint(self, party: Party, issuer: Issuer) -> None:
        """Somebody else than it names isn't good enough, also where the ID token has expired."""
        self.submit(party, party.authorize(), sub="bob")
        hints = {sub: issuer.token(sub=sub, kind="id_token", flaw="expired") for sub in ("alice", "bob")}

        assert "code" in parameters_of(party.authorize(prompt="none", id_token_hint=hints["bob"]))
        assert parameters_of(party.authorize(prompt="none", id_token_hint=hints["alice"]))["error"] == "login_required"

    def test_get_is_not_a_login(self, party: Party) -> None:
        """The forms post."""
        where = party.document["authorization_endpoint"].replace("/authorize", "/login")

        assert party.http.get(where).status_code == 405


class TestAutoApproval:
    @pytest.mark.parametrize("hint", ["bob", "bob@example.com"])
    def test_login_hint(self, party: Party, issuer: Issuer, hint: str) -> None:
        """Says who it is, by subject or e-mail address."""
        issuer.add_user("bob", {"email": "bob@example.com"})

        assert payload_of(party.login(login_hint=hint)["id_token"])["sub"] == "bob"

    def test_without_users(self, party: Party, issuer: Issuer) -> None:
        """Somebody has to be asked, then."""
        issuer.provider.users.remove("alice")

        assert party.authorize().status_code == 200
        assert parameters_of(party.authorize(prompt="none"))["error"] == "login_required"

    def test_query_is_percent_encoded(self, party: Party) -> None:
        """Whatever the state holds, it comes back as it was, in one header."""
        state = "a&b=c#d é\r\nX: y"
        location = party.authorize(state=state).headers["location"]

        assert parse_qs(urlsplit(location).query)["state"] == [state]
