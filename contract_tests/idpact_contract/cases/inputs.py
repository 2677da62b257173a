"""Cases of INPUT: values of wrong types, bodies that are none, hostile strings, and URLs of other schemes."""

import json
from typing import Any, Final

from idpact_contract.cases.planted import DATA_URL
from idpact_contract.cases.registry import Arrange, case, register
from idpact_contract.cases.subjects import UNKNOWN_ID
from idpact_contract.catalogue import Level
from idpact_contract.connection import UPDATABLE, URL_FIELDS
from idpact_contract.lab import Lab, Subject
from idpact_contract.rules.inputs import INJECTED, is_refused

__all__: list[str] = []

_DEEP: Final = 2_000
"""Levels of nesting: more than the recursion that most parsers allow themselves, and still a body of a few kilobytes."""
_LONG: Final = 100_000

_WRONG_TYPES: Final[dict[str, Any]] = {
    "number": 7,
    "boolean": True,
    "list": ["https://listed.example/"],
    "object": {"value": "https://nested.example/"},
}
_NO_OBJECTS: Final = {
    "array": "[]",
    "string": '"display_name"',
    "number": "7",
    "true": "true",
}
"""Bodies that are JSON and no object; null is left open, as an empty body is."""
_MALFORMED: Final = {
    "cut": '{"display_name": "Cut',
    "trailing-comma": '{"display_name": "Comma",}',
    "single-quotes": "{'display_name': 'Quotes'}",
    "text": "display_name=Form&client_id=form",
    "two-objects": "{}{}",
    "unclosed-nesting": '{"attribute_mapping": ' + '{"a": ' * _DEEP,
}
_HOSTILE_STRINGS: Final = {
    "nul": "before\0after",
    "lone-surrogate": "before\ud800after",
    "control-characters": "".join(map(chr, range(1, 32))),
    "right-to-left": "\u202ereversed\u202c",
    "emoji": "\N{GRINNING FACE}" * 50,
    "long": "x" * _LONG,
    "template": "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "sql": "'; DROP TABLE connections; --",
    "markup": "<script>alert(1)</script>",
    "format": "%s%n%x{0.__class__}",
}
_ODD_BODIES: Final = {
    "deep-object": '{"attribute_mapping": ' + '{"a":' * _DEEP + "1" + "}" * _DEEP + "}",
    "deep-list": '{"display_name": ' + "[" * _DEEP + "]" * _DEEP + "}",
    "huge-integer": '{"display_name": ' + "9" * 5_000 + "}",
    "huge-float": '{"display_name": 1e400}',
    "nan": '{"display_name": NaN}',
    "duplicate-members": '{"display_name": "first", "display_name": "second"}',
    "proto-member": '{"__proto__": {"status": "active"}, "constructor": {"prototype": {}}}',
    "empty-member-name": '{"": "nameless"}',
    "many-members": json.dumps({f"member_{number}": number for number in range(5_000)}),
    "byte-order-mark": '\ufeff{"display_name": "Marked"}',
}
_ODD_IDS: Final = {
    "long": "x" * 2_000,
    "traversal": "..%2f..%2fetc%2fpasswd",
    "encoded-nul": "connection%00",
    "broken-utf-8": "%ff%fe",
    "quote": "'%20OR%20'1'='1",
    "dots": "%2e%2e",
    "emoji": "%F0%9F%98%80",
}
"""Ids as they stand in a request target, percent-encoding done."""
_OTHER_SCHEMES: Final = {
    "file": "file:///etc/hostname",
    "ftp": "ftp://ftp.example/document",
    "gopher": "gopher://gopher.example:70/_document",
    "javascript": "javascript:alert(document.domain)",
    "data": "data:application/json,{}",
    "relative": "//relative.example/path",
    "no-url": "not a url",
    "credentials": "https://user:password@credentials.example/path",
    "line-break": "https://broken.example/a\r\nX-Broken: 1",
}


def _with(field: str, value: object) -> Arrange:
    def arrange(lab: Lab) -> None:
        lab.update(lab.create({"display_name": f"Before {lab.token()}"}), {field: value})

    return arrange


def _raw(body: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        lab.update(lab.create({"display_name": f"Before {lab.token()}"}), raw=body)

    return arrange


def _judged_twice(name: str, arrange: Arrange, title: str) -> None:
    """What is stored is a MUST; that it is refused is a SHOULD of its own."""
    register("INPUT-1", name, arrange, title=title)
    register("INPUT-1", f"{name}-refused", arrange, title=title, level=Level.SHOULD, judge=is_refused)


for _field in UPDATABLE:
    for _type, _value in _WRONG_TYPES.items():
        _judged_twice(f"{_field}-{_type}", _with(_field, _value), f"Send {_field} as a JSON {_type}.")
for _name, _body in _NO_OBJECTS.items():
    _judged_twice(f"body-{_name}", _raw(_body), f"Send a body that is a JSON {_name}.")
for _name, _body in _MALFORMED.items():
    _judged_twice(f"malformed-{_name}", _raw(_body), f"Send a body that is no JSON: {_name.replace('-', ' ')}.")


@case("INPUT-1", "unknown-connection", judge=is_refused)
def _(lab: Lab) -> None:
    """Update a connection that doesn't exist."""
    lab.update_unknown(UNKNOWN_ID, {"display_name": f"Nobody {lab.token()}"})


for _field in ("display_name", "client_id", "client_secret", "issuer", "jwks_url"):
    for _name, _text in _HOSTILE_STRINGS.items():
        register(
            "INPUT-2",
            f"{_field}-{_name}",
            _with(_field, _text),
            title=f"Send {_field} with {_name.replace('-', ' ')}.",
        )
for _name, _body in _ODD_BODIES.items():
    register("INPUT-2", f"body-{_name}", _raw(_body), title=f"Send a body with {_name.replace('-', ' ')}.")


def _odd_id(connection_id: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        lab.update(Subject(connection_id, {}), {"display_name": f"Nobody {lab.token()}"})

    return arrange


for _name, _id in _ODD_IDS.items():
    register("INPUT-2", f"id-{_name}", _odd_id(_id), title=f"Update a connection by an odd id: {_name}.")

for _field in ("issuer", *URL_FIELDS):
    for _name, _url in _OTHER_SCHEMES.items():
        register(
            "INPUT-3",
            f"{_field}-{_name}",
            _with(_field, _url),
            title=f"Type {_field} as {_name.replace('-', ' ')}: it is no http or https URL.",
        )


@case("INPUT-3", "issuer-data-document")
def _(lab: Lab) -> None:
    """Type an issuer that is a data: URL and holds a whole document."""
    lab.update(lab.create(), {"issuer": f"{DATA_URL}#"})


@case("INPUT-3", "issuer-smuggles-a-header")
def _(lab: Lab) -> None:
    """Type an issuer whose line breaks would put a header into the request for its document."""
    issuer = lab.issuer().url
    lab.update(lab.create(), {"issuer": f"{issuer}/a HTTP/1.1\r\n{INJECTED}: smuggled\r\nX-Rest: "})
