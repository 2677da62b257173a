"""What the failures of section D do: a perfect answer with a document that isn't quite."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from idpact_mock.answer import json_answer, make_answer
from idpact_mock.behaviours.scene import LOGIN_PAGE, Behaviour, Scene, answered, json_body
from idpact_mock.failures import Outcome

__all__ = ["DOCUMENT"]

Document = dict[str, Any]

_RELATIVE: Final = {"path": "/oauth/{}", "host": "idp.test/oauth/{}", "slashes": "//idp.test/oauth/{}"}
_LISTS: Final = ("scopes_supported", "claims_supported", "acr_values_supported")
_SCHEME: Final = re.compile(r"^https?://")


def _with(change: Callable[[Document, Scene], Document]) -> Behaviour:
    """The good answer with a changed document."""
    return answered(lambda scene: scene.with_body(json_body(change(scene.document(), scene))))


def _issuer(value: Callable[[str, Scene], Any]) -> Behaviour:
    return _with(lambda document, scene: {**document, "issuer": value(scene.issuer, scene)})


def _members(value: Callable[[str, str, Scene], Any]) -> Behaviour:
    """Each chosen member gets a value, made of its name and of the URL that would be right."""

    def change(document: Document, scene: Scene) -> Document:
        chosen = {name: value(name, _text(document, name), scene) for name in scene.value("members")}
        return {**document, **chosen}

    return _with(change)


def _text(document: Document, name: str) -> str:
    told = document.get(name)
    return told if isinstance(told, str) else f"https://idp.test/{name}"


def _another_issuer(issuer: str, scene: Scene) -> str:
    parts = urlsplit(issuer)
    match scene.value("differs"):
        case "path":
            return f"{issuer.rstrip('/')}/other"
        case "port":
            return parts._replace(netloc=f"{_host(parts.netloc)}:1").geturl()
        case "scheme":
            return parts._replace(scheme="http" if parts.scheme == "https" else "https").geturl()
        case _:
            return parts._replace(netloc="other.idp.test").geturl()


def _host(netloc: str) -> str:
    return netloc.rpartition(":")[0] if re.search(r":\d+$", netloc) else netloc


def _in_capitals(issuer: str, scene: Scene) -> str:
    parts = urlsplit(issuer)
    if scene.value("part") == "path" and parts.path.upper() != parts.path:
        return parts._replace(path=parts.path.upper()).geturl()
    # An address has no case; the scheme always has.
    return f"{parts.scheme.upper()}://{parts.netloc.upper()}{issuer.partition('://')[2].removeprefix(parts.netloc)}"


def _without(document: Document, names: tuple[str, ...]) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def _other_hosts(document: Document, _scene: Scene) -> Document:
    hosts = {
        "authorization_endpoint": "https://accounts.idp.test/o/oauth2/v2/auth",
        "token_endpoint": "https://oauth2.idp.test/token",
        "userinfo_endpoint": "https://openidconnect.idp.test/v1/userinfo",
        "jwks_uri": "https://www.idp.test/oauth2/v3/certs",
    }
    return {**document, **hosts}


def _long(_name: str, url: str, scene: Scene) -> str:
    return f"{url}?x=".ljust(scene.value("bytes"), "x")


def _http(_name: str, url: str, _scene: Scene) -> str:
    return _SCHEME.sub("http://", url)


def _userinfo(_name: str, url: str, _scene: Scene) -> str:
    return url.replace("://", "://user:password@", 1)


def _nested(document: Document, _scene: Scene) -> Document:
    names = ("token_endpoint", "userinfo_endpoint")
    # Before the real ones, so that whoever looks for a name in the text finds the wrong one first.
    return {"mtls_endpoint_aliases": {name: f"https://mtls.idp.test/{name}" for name in names}, **document}


def _decoy_credentials(document: Document, _scene: Scene) -> Document:
    return {**document, "client_id": "decoy-client-id", "client_secret": "decoy-client-secret"}  # nobody's


def _unknown(document: Document, _scene: Scene) -> Document:
    return {**document, "x_vendor": {"tier": "gold", "limits": [1, 2.5, None]}, "https://idp.test/extension": True}


def _unreachable_keys(document: Document, scene: Scene) -> Document:
    return {**document, "jwks_uri": f"{scene.neighbour}/jwks"}


DOCUMENT: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "issuer-mismatch": _issuer(_another_issuer),
        "issuer-trailing-slash": _issuer(
            lambda issuer, _: issuer.rstrip("/") if issuer.endswith("/") else f"{issuer}/"
        ),
        "issuer-case": _issuer(_in_capitals),
        "issuer-placeholder": _issuer(lambda issuer, _: f"{issuer.rstrip('/')}/{{tenantid}}/v2.0"),
        "issuer-missing": _with(lambda document, _: _without(document, ("issuer",))),
        "issuer-null": _issuer(lambda _issuer, _: None),
        "issuer-not-a-string": _issuer(lambda issuer, _: [issuer]),
        "member-missing": _with(lambda document, scene: _without(document, tuple(scene.value("members")))),
        "member-null": _members(lambda _name, _url, _: None),
        "member-wrong-type": _members(lambda _name, _url, scene: scene.value("value")),
        "member-empty": _members(lambda _name, _url, scene: "   " if scene.value("blank") else ""),
        "member-relative-url": _members(lambda name, _url, scene: _RELATIVE[scene.value("form")].format(name)),
        "member-not-a-url": _members(lambda _name, _url, scene: scene.value("value")),
        "member-http-not-https": _members(_http),
        "member-javascript-scheme": _members(lambda _name, _url, scene: scene.value("value")),
        "member-private-host": _members(lambda name, _url, scene: f"{scene.neighbour}/{name}"),
        "member-userinfo-part": _members(_userinfo),
        "member-fragment": _members(lambda _name, url, _: f"{url}#f"),
        "member-crlf": _members(lambda _name, url, _: f"{url}\r\nX-Injected: 1"),
        "member-whitespace": _members(lambda _name, url, _: f" {url}"),
        "member-nul": _members(lambda _name, url, _: f"{url}\x00"),
        "member-lone-surrogate": _members(lambda _name, url, _: f"{url}\ud800"),
        "member-1mb": _members(_long),
        "unknown-members": _with(_unknown),
        "proto-member": _with(lambda document, _: {"__proto__": {"token_endpoint": "https://idp.test/p"}, **document}),
        "empty-array": _with(lambda document, _: {**document, **{name: [] for name in _LISTS}}),
        "nested-decoy": _with(_nested),
        "other-host-endpoints": _with(_other_hosts),
        "credentials-decoy": _with(_decoy_credentials),
        "jwks-unreachable": _with(_unreachable_keys),
        "jwks-empty": answered(lambda _scene: json_answer(200, {"keys": []}, outcome=Outcome.YES)),
        "jwks-html": answered(
            lambda scene: make_answer(200, LOGIN_PAGE, content_type="text/html; charset=utf-8", outcome=scene.outcome)
        ),
    }
)
