"""The console in a real browser: what one does there is done, what comes shows up, and nobody is shut out or let in."""

import base64
import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from idpact_mock import FAILURES, Issuer, MockIdP
from tests.chromium import QUIET
from tests.mock_idp.raw import RawClient, ask, path_of
from tests.requirements import require

TOKEN = "s3cret-token"
HOSTILE = "\"'><img src=x onerror=window.pwned=1><script>window.pwned=1</script>"

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, without a window."""
    program = require("browser")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=QUIET) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own; nothing may go wrong in it unnoticed."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None
    )
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield opened
    context.close()
    assert wrong == []


def console(idp: MockIdP, where: str = "") -> str:
    """The address of a page of the console."""
    return f"{idp.url}/_idpact/{where}"


def at_issuer(page: Page, idp: MockIdP, issuer: Issuer) -> None:
    """Open an issuer's page and wait until its journal is live."""
    page.goto(console(idp, f"#/issuers/{issuer.name}"))
    expect(page.locator(".live")).to_have_text("Live")


class TestIssuers:
    def test_are_listed(self, page: Page, idp: MockIdP) -> None:
        """With their URLs, how they fail, and how often they were asked."""
        issuer = idp.make_issuer("acme", failure="http-404")
        ask(idp.port, path_of(issuer.discovery_url))
        page.goto(console(idp))

        row = page.get_by_role("row", name="acme")
        expect(row.locator("code")).to_have_text([issuer.url, issuer.discovery_url])
        expect(row.locator(".badge")).to_have_text("http-404")
        expect(row.locator(".number")).to_have_text("1")

    def test_are_made(self, page: Page, idp: MockIdP) -> None:
        """The form asks for what `make_issuer` takes, and opens what was made."""
        page.goto(console(idp))
        page.get_by_role("button", name="New issuer").click()
        page.get_by_label("Name", exact=True).fill("acme")
        page.get_by_label("The issuer ends in a slash").check()
        page.get_by_label("Failure").select_option("not-json")
        page.get_by_role("button", name="Make issuer").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("acme")
        assert (idp.issuers["acme"].url, idp.issuers["acme"].failure) == (f"{idp.url}/acme/", "not-json")

    def test_what_is_wrong_is_said(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """The server's own words, beside the form, which stays open."""
        page.goto(console(idp))
        page.get_by_role("button", name="New issuer").click()
        page.get_by_label("Name", exact=True).fill(issuer.name)
        page.get_by_role("button", name="Make issuer").click()

        expect(page.get_by_role("alert")).to_contain_text(f"name: '{issuer.name}' is in use")

    def test_are_dropped_when_sure(self, page: Page, idp: MockIdP) -> None:
        """One that says no keeps it."""
        idp.make_issuer("acme")
        page.goto(console(idp))
        for answer in ("Cancel", "Drop"):
            page.get_by_role("button", name="Drop acme").click()
            page.get_by_role("dialog").get_by_role("button", name=answer).click()
            expect(page.get_by_role("dialog")).to_be_hidden()
            there = "acme" in idp.issuers
            assert there or answer == "Drop"

        expect(page.get_by_text("No issuer here yet")).to_be_visible()
        assert not idp.issuers

    def test_are_found(self, page: Page, idp: MockIdP) -> None:
        """By a part of the name."""
        for name in ("acme", "globex"):
            idp.make_issuer(name)
        page.goto(console(idp))
        page.get_by_label("Find issuers").fill("glo")

        expect(page.get_by_role("rowheader")).to_have_count(1)
        expect(page.get_by_role("rowheader")).to_contain_text("globex")

    def test_their_urls_are_copied(self, browser: Browser, idp: MockIdP) -> None:
        """To the clipboard, exactly as a relying party types it."""
        issuer = idp.make_issuer("acme", trailing_slash=True)
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(console(idp))
        page.get_by_role("button", name="Copy issuer URL of acme").click()
        expect(page.get_by_role("button", name="Copy issuer URL of acme")).to_have_text("Copied")

        assert page.evaluate("navigator.clipboard.readText()") == issuer.url
        context.close()


class TestOneIssuer:
    def test_a_failure_is_switched_on_and_the_request_shows_up(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """The target asks, gets the failure, and its request is there at once, with what was sent and served."""
        at_issuer(page, idp, issuer)
        page.get_by_label("Find a failure").fill("404")
        page.get_by_label("http-404").check()
        page.get_by_role("button", name="Switch on").click()
        expect(page.locator(".now")).to_contain_text(
            'http-404 (discovery, always, body = "json"): 404 with a JSON body'
        )

        assert httpx.get(issuer.discovery_url, headers={"X-Asked-By": "target"}).status_code == 404

        entry = page.locator(".entries > li")
        expect(entry).to_have_count(1)
        expect(entry.locator("summary")).to_contain_text(path_of(issuer.discovery_url))
        expect(entry.locator("summary")).to_contain_text("404not retrieved")
        entry.locator("summary").click()
        expect(entry.get_by_role("row", name="x-asked-by")).to_contain_text("target")
        expect(entry.locator("pre")).to_contain_text('"error": "not_found"')

    @pytest.mark.parametrize(
        ("failure_id", "endpoints"),
        [
            ("http-404", ["discovery", "jwks", "token", "userinfo"]),
            ("tls-expired", ["jwks", "token", "userinfo"]),
            ("etag-304", ["discovery", "jwks", "userinfo"]),
        ],
    )
    def test_failures_at_other_endpoints(
        self, page: Page, idp: MockIdP, issuer: Issuer, failure_id: str, endpoints: list[str]
    ) -> None:
        """Each is offered where it can be switched on: one of the address where the document hands out the URL."""
        at_issuer(page, idp, issuer)
        page.get_by_label(failure_id, exact=True).check()
        offered = page.get_by_label("Endpoint", exact=True).locator("visible=true")
        chosen = page.locator(".choice", has=page.locator("input:checked")).get_by_label("Endpoint", exact=True)
        chosen.select_option("userinfo")
        page.get_by_role("button", name="Switch on").click()
        expect(page.locator(".now")).to_contain_text(f"{failure_id} (userinfo, always")

        assert offered.count() == 1
        assert chosen.locator("option").all_inner_texts() == endpoints
        assert [(each.mode.id, each.endpoint) for each in issuer.failures] == [(failure_id, "userinfo")]
        page.get_by_role("button", name="Recover").click()
        expect(page.locator(".now")).to_contain_text("It works")

    def test_failures_with_parameters(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """Where the catalogue has endpoints and parameters, they can be set; only what was set is sent."""
        seconds = {"name": "seconds", "default": 90, "meaning": "how long", "wanted": "seconds above 0"}
        modes = [
            {
                **FAILURES["http-404"].to_json(),
                "endpoints": ["discovery", "jwks"],
                "schedule": "always",
                "parameters": [seconds],
            }
        ]
        sent: list[object] = []

        def answer(route: Route) -> None:
            sent.append(route.request.post_data_json)
            shown = httpx.get(console(idp, f"issuers/{issuer.name}")).json()
            on = {"id": "http-404", "endpoint": "jwks", "schedule": "first 2", "parameters": {"seconds": 5}}
            route.fulfill(json={**shown, "failure": None, "failures": [on]})

        page.route("**/_idpact/failures", lambda route: route.fulfill(json={"failures": modes}))
        page.route(
            f"**/issuers/{issuer.name}",
            lambda route: answer(route) if route.request.method == "PATCH" else route.continue_(),
        )
        at_issuer(page, idp, issuer)
        page.get_by_label("http-404").check()
        page.get_by_role("button", name="Switch on").click()
        page.get_by_label("Endpoint", exact=True).select_option("jwks")
        page.get_by_label("Schedule", exact=True).fill("first 2")
        page.get_by_label("seconds", exact=True).fill("5")
        page.get_by_role("button", name="Switch on").click()

        expect(page.locator(".now")).to_contain_text("http-404 (jwks, first 2, seconds = 5): 404 with")
        wish = {"id": "http-404", "endpoint": "jwks", "schedule": "first 2", "parameters": {"seconds": 5}}
        assert sent == [{"failure": "http-404"}, {"failure": wish}]

    @pytest.mark.parametrize("where", ["", "/provider"])
    def test_a_client_s_credentials_are_shown(self, page: Page, idp: MockIdP, issuer: Issuer, where: str) -> None:
        """Where the server tells of a client, with the issuer or with its provider; its secret only when asked."""
        client = {"client_id": "rp", "client_secret": "made-up-secret"}
        shown = httpx.get(console(idp, f"issuers/{issuer.name}")).json()
        page.route(
            f"**/issuers/{issuer.name}{where}", lambda route: route.fulfill(json={**shown, "default_client": client})
        )
        at_issuer(page, idp, issuer)

        expect(page.get_by_role("region", name="Addresses")).to_contain_text("rp")
        expect(page.get_by_text("made-up-secret")).to_have_count(0)
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("made-up-secret")).to_be_visible()

    def test_recovers(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """One click, and it works again."""
        issuer.fail("http-404")
        at_issuer(page, idp, issuer)
        page.get_by_role("button", name="Recover").click()

        expect(page.locator(".now")).to_contain_text("It works")
        assert issuer.failure is None

    def test_members_are_set_added_and_removed(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """Plain text is a string, anything else JSON."""
        at_issuer(page, idp, issuer)
        page.get_by_label("token_endpoint", exact=True).fill("https://elsewhere.example/token")
        page.get_by_role("button", name="Set token_endpoint").click()
        expect(page.get_by_role("status").first).to_contain_text("Set token_endpoint")
        page.get_by_role("button", name="Remove userinfo_endpoint").click()
        expect(page.get_by_label("userinfo_endpoint", exact=True)).to_have_count(0)
        page.get_by_label("New member's name").fill("x_list")
        page.get_by_label("New member's value").fill('[1, "two", null]')
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_label("x_list", exact=True)).to_have_value('[1,"two",null]')

        document = issuer.document
        assert document["token_endpoint"] == "https://elsewhere.example/token"
        assert document["x_list"] == [1, "two", None]
        assert "userinfo_endpoint" not in document

    def test_what_one_is_writing_stays(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """A change of another member, by whomever, takes neither the text nor the focus."""
        at_issuer(page, idp, issuer)
        page.get_by_label("jwks_uri", exact=True).fill("https://half.writ")
        issuer.set_members({"token_endpoint": "https://elsewhere.example/token"})
        issuer.remove_members("authorization_endpoint")
        expect(page.get_by_label("token_endpoint", exact=True)).to_have_value("https://elsewhere.example/token")

        expect(page.get_by_label("authorization_endpoint", exact=True)).to_have_count(0)
        expect(page.get_by_label("jwks_uri", exact=True)).to_have_value("https://half.writ")
        expect(page.get_by_label("jwks_uri", exact=True)).to_be_focused()

    def test_raw_bytes_and_back(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """Anything can be served in place of a document, and the document comes back."""
        own = issuer.document
        at_issuer(page, idp, issuer)
        page.get_by_label("Raw bytes").check()
        page.get_by_label("Body, sent as UTF-8").fill("é{")
        page.get_by_role("textbox", name="Content-Type").fill("text/plain")
        page.get_by_role("button", name="Serve these bytes").click()
        expect(page.locator(".state")).to_contain_text("raw bytes")
        served = ask(idp.port, path_of(issuer.discovery_url))
        page.get_by_role("button", name="Reset").click()
        expect(page.locator(".state")).not_to_contain_text("raw bytes")

        assert (served.body, served.headers["content-type"]) == ("é{".encode(), "text/plain")
        assert issuer.document == own

    def test_the_whole_document_is_replaced(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """As JSON; what is none is said to be none."""
        at_issuer(page, idp, issuer)
        page.get_by_label("Whole", exact=True).check()
        page.get_by_label("The whole document").fill("{")
        page.get_by_role("button", name="Replace document").click()
        expect(page.get_by_role("status")).to_contain_text("That is no JSON")
        page.get_by_label("The whole document").fill('{"issuer": "https://other.example"}')
        page.get_by_role("button", name="Replace document").click()
        expect(page.get_by_role("status")).to_contain_text("Replaced the document")

        assert issuer.document == {"issuer": "https://other.example"}

    def test_headers_are_set(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """One a line."""
        at_issuer(page, idp, issuer)
        page.get_by_label("Headers of the discovery answer").fill('ETag: "1:2"\n\nX-Two:2')
        page.get_by_role("button", name="Set headers").click()
        expect(page.get_by_role("status")).to_contain_text("Set the headers")

        assert issuer.headers == {"ETag": '"1:2"', "X-Two": "2"}

    def test_what_others_change_shows_up(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """A test that runs meanwhile changes the issuer, and the page follows."""
        at_issuer(page, idp, issuer)
        issuer.fail("not-json")

        expect(page.locator(".state")).to_contain_text("not-json")

    def test_one_that_is_dropped_meanwhile(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """The journal says so."""
        at_issuer(page, idp, issuer)
        idp.drop_issuer(issuer)

        expect(page.locator(".live")).to_have_text("Dropped")

    def test_one_that_is_not_there(self, page: Page, idp: MockIdP) -> None:
        """An old link says what is wrong and leads on."""
        page.goto(console(idp, "#/issuers/nobody"))

        expect(page.get_by_role("alert")).to_contain_text("there is no issuer 'nobody'")
        page.get_by_role("link", name="To the issuers").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Issuers")


class TestJournal:
    def test_of_strays(self, page: Page, idp: MockIdP) -> None:
        """What belongs to nobody is followed as well."""
        page.goto(console(idp, "#/strays"))
        expect(page.locator(".live")).to_have_text("Live")
        ask(idp.port, "//acme/.well-known/openid-configuration")

        expect(page.locator(".target")).to_have_text("//acme/.well-known/openid-configuration")

    def test_a_request_under_way_is_pending_until_it_ends(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """One that hangs is seen while it hangs."""
        issuer.fail("hang-before-headers")
        at_issuer(page, idp, issuer)
        with RawClient(idp.port) as client:
            client.send(path_of(issuer.discovery_url))
            expect(page.locator(".answer")).to_have_text("pending")

        expect(page.locator(".answer")).to_contain_text("client-left")

    def test_is_cleared(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """On the server, too."""
        ask(idp.port, issuer.path)
        at_issuer(page, idp, issuer)
        expect(page.locator(".entries > li")).to_have_count(1)
        page.get_by_role("button", name="Clear").click()
        expect(page.locator(".entries > li")).to_have_count(0)

        assert len(issuer.journal) == 0

    def test_newest_comes_first(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """Whatever came before the page was opened and after."""
        ask(idp.port, f"{issuer.path}/1")
        at_issuer(page, idp, issuer)
        expect(page.locator(".target")).to_have_count(1)
        ask(idp.port, f"{issuer.path}/2")

        expect(page.locator(".target")).to_have_text([f"{issuer.path}/2", f"{issuer.path}/1"])


class TestToken:
    def test_is_asked_for_once(self, page: Page) -> None:
        """A wrong one is refused, the right one is kept for the tab, and never in what outlives it."""
        with MockIdP(admin_token=TOKEN) as idp:
            issuer = idp.make_issuer("acme")
            page.goto(console(idp))
            for told in ("wrong", TOKEN):
                page.get_by_label("Token", exact=True).fill(told)
                page.get_by_role("button", name="Continue").click()
            page.get_by_role("link", name="acme").click()
            expect(page.locator(".live")).to_have_text("Live")
            page.reload()
            expect(page.locator(".live")).to_have_text("Live")
            ask(idp.port, path_of(issuer.discovery_url))
            expect(page.locator(".entries > li")).to_have_count(1)

            assert page.evaluate("Object.keys(localStorage).length") == 0
            assert TOKEN not in page.url

    def test_a_wrong_one_is_said_to_be_wrong(self, page: Page) -> None:
        """And asked for again."""
        with MockIdP(admin_token=TOKEN) as idp:
            page.goto(console(idp))
            page.get_by_label("Token", exact=True).fill("wrong")
            page.get_by_role("button", name="Continue").click()

            expect(page.get_by_role("alert")).to_have_text("That is not the token.")

    def test_without_it_nothing_is_shown(self, page: Page) -> None:
        """Whoever closes the dialog is told what is missing."""
        with MockIdP(admin_token=TOKEN) as idp:
            idp.make_issuer("acme")
            page.goto(console(idp))
            expect(page.get_by_role("dialog")).to_be_visible()
            page.keyboard.press("Escape")

            expect(page.get_by_role("alert")).to_contain_text("This needs the admin token")
            expect(page.get_by_text("acme")).to_have_count(0)


class TestHostileText:
    def planted(self, idp: MockIdP) -> Issuer:
        """An issuer in which everything that others can write is markup."""
        issuer = idp.make_issuer(
            "constructor", document={HOSTILE: HOSTILE, "__proto__": {"x": HOSTILE}, "\u202egnp": "\u202e"}
        )
        issuer.set_headers({"X-Hostile": HOSTILE})
        issuer.add_client(HOSTILE, client_secret=HOSTILE, audience=HOSTILE, claims={HOSTILE: HOSTILE})
        issuer.add_user(HOSTILE, {"name": HOSTILE})
        raw = f"/constructor/{HOSTILE}".replace(" ", "%20")
        headers = (f"User-Agent: {HOSTILE}", f"X{'-y' * 20}: \x85\xff")
        for target in (raw, path_of(issuer.discovery_url)):
            ask(idp.port, target, headers=headers, method="GET", body=HOSTILE.encode())
        ask(idp.port, raw.replace("/constructor", ""), headers=headers)
        return issuer

    @pytest.mark.parametrize(
        "where", ["", "#/strays", "#/issuers/constructor", f"#/issuers/{HOSTILE}", "#/issuers/%ff"]
    )
    def test_stays_text(self, page: Page, idp: MockIdP, where: str) -> None:
        """Planted in documents, headers, targets, bodies and addresses: none of it runs, none of it is markup."""
        self.planted(idp)
        page.goto(console(idp, where))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if where in {"#/strays", "#/issuers/constructor"}:
            expect(page.locator(".live")).to_have_text("Live")
            for entry in page.locator(".entries > li").all():
                entry.locator("summary").click()
                expect(entry.locator(".inside")).to_contain_text("<img src=x onerror=window.pwned=1>")

        assert page.evaluate("window.pwned") is None
        assert page.locator("main img, main script, main iframe").count() == 0

    def test_is_shown_as_it_is(self, page: Page, idp: MockIdP) -> None:
        """One sees what was planted; what would reorder or hide text is escaped in labels."""
        self.planted(idp)
        at_issuer(page, idp, idp.issuers["constructor"])

        expect(page.get_by_label(HOSTILE, exact=True).first).to_have_value(HOSTILE)
        expect(page.locator(".member label", has_text="gnp")).to_have_text("\\u202egnp")

    def test_bytes_that_are_no_text(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """A served body of any bytes is shown byte by byte."""
        issuer.serve_raw(bytes(range(256)))
        ask(idp.port, path_of(issuer.discovery_url))
        at_issuer(page, idp, issuer)
        page.locator(".entries summary").click()

        expect(page.locator(".inside pre")).to_contain_text("\\u0000\\u0001")

    def test_a_page_of_another_origin_gets_nothing(self, page: Page, idp: MockIdP, issuer: Issuer) -> None:
        """It reads discovery, and neither reads nor changes anything by the control interface."""
        with MockIdP() as other:
            page.goto(f"{other.url}/_idpact/console/icon.svg")
            page.goto(other.make_issuer().discovery_url)
            read = "url => fetch(url).then(answer => answer.status, () => 'refused')"
            made = """url => fetch(url, {method: 'POST', body: '{}', headers: {'Content-Type': 'application/json'}})
                .then(answer => answer.status, () => 'refused')"""

            assert page.evaluate(read, issuer.discovery_url) == 200
            assert page.evaluate(read, console(idp, "issuers")) == "refused"
            assert page.evaluate(made, console(idp, "issuers")) == "refused"
        assert set(idp.issuers) == {issuer.name}


class TestForEveryone:
    def test_works_with_the_keyboard_alone(self, page: Page, idp: MockIdP) -> None:
        """Make an issuer, switch a failure on, override a member, read an entry: without a mouse."""
        page.goto(console(idp))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        self.go_to(page, "New issuer")
        page.keyboard.press("Enter")
        page.keyboard.type("acme")
        page.keyboard.press("Enter")
        expect(page.locator(".live")).to_have_text("Live")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        self.go_to(page, "Find a failure")
        page.keyboard.type("http-404")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator(".now")).to_contain_text("http-404")
        ask(idp.port, path_of(idp.issuers["acme"].discovery_url))
        expect(page.locator(".entries > li")).to_have_count(1)
        self.go_to(page, "/acme/.well-known/openid-configuration")
        page.keyboard.press("Enter")
        expect(page.locator(".inside")).to_be_visible()
        self.go_to(page, "token_endpoint")
        page.keyboard.press("Control+A")
        page.keyboard.type("x")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("Set token_endpoint")

        assert idp.issuers["acme"].document["token_endpoint"] == "x"
        assert idp.issuers["acme"].failure == "http-404"

    def go_to(self, page: Page, name: str) -> None:
        """Press Tab until something of that name has the focus."""
        script = """() => { const at = document.activeElement;
            return [at.textContent, at.getAttribute('aria-label'), at.labels?.[0]?.textContent].join(' ') }"""
        for _ in range(80):
            page.keyboard.press("Tab")
            if name in page.evaluate(script):
                return
        pytest.fail(f"{name} can't be reached with Tab")

    def test_skips_to_the_content(self, page: Page, idp: MockIdP) -> None:
        """The first thing that Tab reaches."""
        page.goto(console(idp))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.locator("main")).to_be_focused()
        expect(page.get_by_role("heading", level=1)).to_have_text("Issuers")

    @pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
    def test_follows_the_colour_scheme(self, page: Page, idp: MockIdP, scheme: str, *, dark: bool) -> None:
        """Dark where the system is dark."""
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(console(idp))
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        levels = [int(level) for level in re.findall(r"\d+", colour)]

        assert (max(levels) < 64) == dark

    @pytest.mark.parametrize("where", ["", "#/strays", "#/issuers/acme"])
    def test_fits_narrow_screens(self, page: Page, idp: MockIdP, where: str) -> None:
        """At 320 pixels nothing has to be scrolled sideways (WCAG 2.2, 1.4.10)."""
        self.full(idp)
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(console(idp, where))
        expect(page.get_by_role("heading", level=1)).to_be_visible()

        assert page.evaluate("document.documentElement.scrollWidth") <= 320

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("where", ["", "new", "#/strays", "#/issuers/acme", "#/issuers/nobody"])
    def test_has_no_barrier_that_axe_knows(self, page: Page, idp: MockIdP, where: str, scheme: str) -> None:
        """Contrast, names, roles and order, in both schemes, with entries and dialogs open."""
        self.full(idp)
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        page.goto(console(idp, where.removeprefix("new")))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if where == "new":
            page.get_by_role("button", name="New issuer").click()
        if where in {"#/strays", "#/issuers/acme"}:
            # All that are to come: the newest is on top, and the one that was clicked is to stay the first.
            expect(page.locator(".entries > li")).to_have_count(2 if where.endswith("acme") else 1)
            page.locator(".entries summary").first.click()
            expect(page.locator(".inside").first).to_be_visible()
        found = Axe().run(page)

        told = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]]
        assert told == []
        assert len(found.response["passes"]) > 10  # it did look

    def full(self, idp: MockIdP) -> None:
        """Something of everything."""
        issuer = idp.make_issuer("acme", failure="http-404")
        idp.make_issuer("x" * 80, failure="connection-refused")
        issuer.set_members({"x" * 60: base64.b64encode(b"y" * 200).decode()})
        for target in (path_of(issuer.discovery_url), f"/acme/{'z' * 200}", "/lost"):
            ask(idp.port, target)
