"""The vendor's browser SDK in a real browser, on a page of another origin than the reference implementation's."""

import base64
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from idpact_mock import MockIdP
from tests.chromium import QUIET
from tests.requirements import require

_PAGE = '<!doctype html><meta charset="utf-8"><title>app</title><script src="sdk.js"></script>'

_START = """([base, token, session]) => {
  window.client = stytch.createStytchB2BHeadlessClient(token, { endpoints: { testAPIURL: base, liveAPIURL: base } });
  if (session) client.session.updateSession({ session_token: session, session_jwt: "none" });
}"""
_REFUSED = """async (call) => {
  try { await eval(call); return null; }
  catch (e) { return [e.name, e.status_code, e.error_type]; }
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base class's names
        """Say nothing."""


@pytest.fixture(scope="module")
def application(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an application that loads the SDK, at an origin of its own."""
    folder = tmp_path_factory.mktemp("application")
    folder.joinpath("index.html").write_text(_PAGE)
    script = packages / "node_modules/@stytch/vanilla-js/dist/iife/b2b/index.headless.js"
    folder.joinpath("sdk.js").write_bytes(script.read_bytes())
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(application: str) -> Iterator[Page]:
    """A fresh browser at the application."""
    path = require("browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        opened = browser.new_page()
        opened.goto(application)
        yield opened
        browser.close()


def start(page: Page, reference: dict[str, Any], session: str | None) -> None:
    """Make the SDK's client on the page, with a session unless that is None."""
    page.evaluate(_START, [reference["base_url"], reference["public_token"], session])


def opened(page: Page, reference: dict[str, Any]) -> str:
    """A new session of the first organization."""
    answer = page.request.post(
        f"{reference['base_url']}/_reference/sessions",
        headers={"Authorization": _basic(reference["project_id"], reference["secret"])},
        data={"organization_id": reference["orgs"][0]["organization_id"]},
    )
    token: str = answer.json()["session_token"]
    return token


def _basic(user: str, password: str) -> str:

    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_the_browser_sdk_works(page: Page, over_http: dict[str, Any], shared_idp: MockIdP) -> None:
    """Create, update, list and delete come back unwrapped."""
    issuer = shared_idp.make_issuer()
    start(page, over_http, over_http["orgs"][0]["session_token"])
    seen = page.evaluate(
        """async (issuer) => {
          const { connection } = await client.sso.oidc.createConnection({ display_name: "From a browser" });
          const { connection_id } = connection;
          const updated = await client.sso.oidc.updateConnection({
            connection_id, issuer, client_id: "client", client_secret: "made-up",
          });
          const listed = await client.sso.getConnections();
          const deleted = await client.sso.deleteConnection(connection_id);
          return [connection_id, updated, listed.oidc_connections.map((one) => one.connection_id), deleted];
        }""",
        issuer.url,
    )
    shared_idp.drop_issuer(issuer)

    connection_id, updated, listed, deleted = seen
    assert updated["connection"]["status"] == "active"
    assert connection_id in listed
    assert deleted["connection_id"] == connection_id


def test_errors_are_the_sdks_own(page: Page, over_http: dict[str, Any]) -> None:
    """An unknown connection is a StytchAPIError, which the browser only sees where CORS covers errors."""
    start(page, over_http, over_http["orgs"][0]["session_token"])

    refused = page.evaluate(_REFUSED, 'client.sso.oidc.updateConnection({ connection_id: "nobody" })')

    assert refused == ["StytchAPIError", 404, "connection_not_found"]


def test_a_session_is_kept_over_a_reload(page: Page, over_http: dict[str, Any]) -> None:
    """The SDK confirms its cookie with the server, keeps it, and goes on with it."""
    session = opened(page, over_http)
    start(page, over_http, session)
    page.reload()
    with page.expect_response(
        lambda answer: answer.url.endswith("/sessions/authenticate") and answer.request.method == "POST"
    ) as confirmed:
        start(page, over_http, None)

    assert confirmed.value.status == 200
    assert page.evaluate("client.sso.getConnections().then((answer) => answer.status_code)") == 200
    assert page.evaluate("client.session.getTokens().session_token") == session


def test_a_revoked_session_logs_out(page: Page, over_http: dict[str, Any]) -> None:
    """After the SDK's own log-out, the old token gets a StytchAPIError with 401."""
    session = opened(page, over_http)
    start(page, over_http, session)
    page.evaluate("client.session.revoke()")
    page.evaluate(
        "(token) => client.session.updateSession({ session_token: token, session_jwt: 'none' })",
        session,
    )

    assert page.evaluate(_REFUSED, "client.sso.getConnections()") == ["StytchAPIError", 401, "session_not_found"]
