"""The console's files: what may run in them, and that all of them are there."""

import re
from importlib.resources import files

import httpx
import pytest

from idpact_mock import MockIdP
from idpact_mock.console import ASSETS
from tests.mock_idp.raw import ask

HERE = files("idpact_mock.console")
TEXTS = {name: (HERE / name).read_text(encoding="utf-8") for name in ASSETS}


def test_every_file_is_served() -> None:
    """A file that nobody serves, or that isn't there, would be a page that doesn't work."""
    there = {file.name for file in HERE.iterdir() if not file.name.startswith("__")}

    assert there == set(ASSETS)


@pytest.mark.parametrize("name", ASSETS)
def test_files_come_with_a_strict_policy(idp: MockIdP, name: str) -> None:
    """Their own type, nothing inline, nothing from elsewhere, in nobody's frame."""
    answer = httpx.get(f"{idp.url}/_idpact/console/{name}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, ASSETS[name])
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page(idp: MockIdP) -> None:
    """At the reserved path, and without a token: there is no secret in it."""
    with MockIdP(admin_token="t") as closed:
        pages = [httpx.get(f"{server.url}/_idpact/") for server in (idp, closed)]

    assert [page.text for page in pages] == [TEXTS["index.html"]] * 2


def test_the_path_without_its_slash_leads_there(idp: MockIdP) -> None:
    """Relative, so that it holds behind a proxy that has put something in front."""
    answer = ask(idp.port, "/_idpact", headers=("Host: localhost",))

    assert (answer.status, answer.headers["location"]) == (308, "_idpact/")


def test_a_file_that_the_browser_has_is_not_sent_again(idp: MockIdP) -> None:
    """304 by its ETag."""
    url = f"{idp.url}/_idpact/console/console.js"
    tag = httpx.get(url).headers["etag"]

    again = httpx.get(url, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ASSETS)
def test_nothing_comes_from_elsewhere(name: str) -> None:
    """No address of another host, but for the name of SVG's namespace."""
    assert set(re.findall(r"https?://[^\"'\s)]+", TEXTS[name])) <= {"http://www.w3.org/2000/svg"}


def test_nothing_is_inline() -> None:
    """The policy would stop it, and then the page wouldn't do what it should."""
    page = TEXTS["index.html"]

    assert re.findall(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)|javascript:", page) == []


@pytest.mark.parametrize("name", [name for name in ASSETS if name.endswith(".js")])
def test_text_never_becomes_markup(name: str) -> None:
    """No way to write markup from a script is used at all."""
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|ContextualFragment|\beval\b|new Function"

    assert re.findall(ways, TEXTS[name]) == []


def test_every_import_is_there() -> None:
    """Scripts import each other by names that are served."""
    imported = {name for text in TEXTS.values() for name in re.findall(r'from "\./([^"]+)"', text)}

    assert imported <= set(ASSETS)
