"""A person logs in with a real browser."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from idpact_mock import Issuer, MockIdP
from tests.chromium import QUIET
from tests.mock_idp.provider.party import challenge
from tests.requirements import require

CALLBACK_PATH = "/callback"
HOSTILE = "\"'><img src=x onerror=window.pwned=1><script>window.pwned=1</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The installed Chromium; Playwright's own browsers aren't needed."""
    path = require("browser")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that nobody is logged in with; what its console complains of fails the test."""
    context = browser.new_context()
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [text for text in complaints if "404" not in text] == []


def authorization(issuer: Issuer, redirect_uri: str, **changes: str) -> str:
    """The URL that a relying party sends the browser to."""
    given = {
        "client_id": issuer.default_client.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "openid email",
        "state": "s1",
        **changes,
    }
    return f"{issuer.document['authorization_endpoint']}?{urlencode(given)}"


def redeemed(issuer: Issuer, code: str, redirect_uri: str) -> int:
    """The status of the code's token request."""
    client = issuer.default_client
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    where = str(issuer.document["token_endpoint"])
    return httpx.post(where, data=form, auth=(client.client_id, str(client.client_secret))).status_code


@pytest.fixture
def asking(shared_idp: MockIdP) -> Issuer:
    """An issuer with a login page and two users."""
    issuer = shared_idp.make_issuer()
    issuer.auto_approve = False
    issuer.add_user("bob", {"name": "Bob Brown"})
    return issuer


@pytest.fixture
def application(shared_idp: MockIdP) -> Issuer:
    """Where the browser lands: an application whose requests are journalled, on a port and thus an origin of its own."""
    return shared_idp.make_issuer(own_port=True, path="")


@pytest.mark.parametrize("who", ["listed", "typed", "by-keyboard"])
def test_login(page: Page, asking: Issuer, application: Issuer, who: str) -> None:
    """Fills the login page and lands at the redirect URI with a code that is good; no policy stands in the way."""
    redirect_uri = application.url + CALLBACK_PATH
    page.goto(authorization(asking, redirect_uri))
    assert page.title() == "Sign in"
    match who:
        case "listed":
            page.get_by_role("button", name="Bob Brown (bob)").click()
        case "typed":
            page.get_by_label("Subject identifier").fill("somebody@example.com")
            page.get_by_role("button", name="Sign in").click()
        case _:
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
    page.wait_for_url(f"{redirect_uri}?**")

    carried = parse_qs(urlsplit(page.url).query)
    assert carried["state"] == ["s1"]
    assert redeemed(asking, carried["code"][0], redirect_uri) == 200


def test_hostile_names_stay_text(page: Page, asking: Issuer, application: Issuer) -> None:
    """Planted in a client's id and a user's name they are shown on the login page as they are; nothing runs, and login goes on."""
    asking.add_client(HOSTILE)
    asking.add_user("eve", {"name": HOSTILE})
    page.goto(authorization(asking, application.url + CALLBACK_PATH, client_id=HOSTILE, state=HOSTILE))

    assert page.evaluate("window.pwned") is None
    assert page.locator("img, script").count() == 0
    assert HOSTILE in page.locator("main").inner_text()
    page.get_by_role("button", name="(eve)").click()
    page.wait_for_url("**/callback?**")
    assert parse_qs(urlsplit(page.url).query)["state"] == [HOSTILE]


def test_is_remembered(page: Page, asking: Issuer, application: Issuer) -> None:
    """The session's cookie is kept and sent: the second time nobody is asked."""
    redirect_uri = application.url + CALLBACK_PATH
    page.goto(authorization(asking, redirect_uri))
    page.get_by_role("button", name="Bob Brown (bob)").click()
    page.wait_for_url(f"{redirect_uri}?**")

    page.goto(authorization(asking, redirect_uri, state="s2"))
    assert parse_qs(urlsplit(page.url).query)["state"] == ["s2"]


def test_form_post(page: Page, shared_idp: MockIdP, application: Issuer) -> None:
    """The page posts itself: its one script is allowed by its hash."""
    issuer = shared_idp.make_issuer()
    redirect_uri = application.url + CALLBACK_PATH
    page.goto(authorization(issuer, redirect_uri, response_mode="form_post"))
    page.wait_for_url(redirect_uri)

    (posted,) = [entry for entry in application.journal.entries if entry.method == "POST"]
    form = parse_qs(posted.body.decode())
    assert form["state"] == ["s1"]
    assert redeemed(issuer, form["code"][0], redirect_uri) == 200


def test_device(page: Page, asking: Issuer) -> None:
    """A person types the device's code."""
    client = asking.default_client
    device = httpx.post(
        str(asking.document["device_authorization_endpoint"]),
        auth=(client.client_id, str(client.client_secret)),
        data={"scope": "openid"},
    ).json()
    page.goto(device["verification_uri"])
    page.get_by_label("The code that the device shows").fill(device["user_code"].lower())
    page.get_by_role("button", name="Connect as Bob Brown (bob)").click()

    assert page.get_by_role("heading", name="Connected").is_visible()


_SCRIPT = """async ({ discovery, form }) => {
  const metadata = await (await fetch(discovery)).json();
  const keys = (await (await fetch(metadata.jwks_uri)).json()).keys.length;
  const post = (url, members) => fetch(url, { method: "POST", body: new URLSearchParams(members) });
  const tokens = await (await post(metadata.token_endpoint, form)).json();
  const authorization = { headers: { Authorization: `Bearer ${tokens.access_token}` } };
  const { sub } = await (await fetch(metadata.userinfo_endpoint, authorization)).json();
  const revoked = await post(metadata.revocation_endpoint, { client_id: form.client_id, token: tokens.refresh_token });
  return { keys, sub, revoked: revoked.status };
}"""


def test_single_page_application(page: Page, shared_idp: MockIdP, application: Issuer) -> None:
    """A public client whose code runs in the browser, at another origin, does all of it by fetch."""
    issuer = shared_idp.make_issuer()
    verifier = "v" * 43
    client = issuer.add_client("spa", auth_method="none")
    redirect_uri = application.url + CALLBACK_PATH
    proof = {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
    page.goto(authorization(issuer, redirect_uri, client_id=client.client_id, **proof))
    form = {
        "grant_type": "authorization_code",
        "client_id": client.client_id,
        "code": parse_qs(urlsplit(page.url).query)["code"][0],
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
    }

    done = page.evaluate(_SCRIPT, {"discovery": issuer.discovery_url, "form": form})
    assert done == {"keys": 1, "sub": "alice", "revoked": 200}
