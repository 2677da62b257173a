"""Section C of the catalogue: body and encoding."""

from functools import partial
from typing import Final

from idpact_mock.failures.mode import FailureMode, Outcome
from idpact_mock.failures.parameter import choice, count, flag, seconds

__all__ = ["MODES"]

_SUCCESS: Final = "OpenID Connect Discovery 1.0, section 4.2"
_ENCODING: Final = "RFC 8259, section 8.1"
_CODING: Final = "RFC 9110, section 8.4"
_LENGTH: Final = "RFC 9112, section 6.3"

_json = partial(FailureMode, group="body", layer="app", outcome=Outcome.NOT, standard="RFC 8259, section 2")
_value = partial(FailureMode, group="body", layer="app", outcome=Outcome.NOT, standard=_SUCCESS)
_open = partial(FailureMode, group="body", layer="app", outcome=Outcome.OPEN)
_wire = partial(FailureMode, group="body", layer="wire")

_WHOLE: Final = flag("whole", "the document itself is whole: what is cut is only white space after it")

MODES: Final = (
    _value(id="html-login-page", statement="200 with a login form as text/html."),
    _json(
        id="not-json",
        statement="200 as application/json with a body that is no JSON text: a document cut after its first member name.",
    ),
    _json(id="json-truncated", statement="The first half of the document, in an answer that is complete as such."),
    _json(id="json-trailing", statement="The perfect document and an `x` after it."),
    _json(id="json-two-documents", statement="The perfect document twice."),
    _json(id="json-comment", statement="The document with a comment in it."),
    _json(id="json-trailing-comma", statement="The document with a comma after its last member."),
    _json(id="json-xssi-prefix", statement="`)]}'` and a line end before the perfect document."),
    _value(id="json-array", statement="A JSON array with the perfect document as its only element."),
    _value(id="json-null", statement="The JSON value `null`."),
    _value(id="json-string", statement="A JSON string, in which the document is written."),
    _value(id="json-number", statement="A JSON number."),
    _value(id="json-true", statement="The JSON value `true`."),
    _value(
        id="json-empty-object",
        outcome=Outcome.NOT_STRICT,
        statement="The JSON object `{}`.",
        standard="OpenID Connect Discovery 1.0, sections 3 and 4.3",
    ),
    _open(
        id="duplicate-keys",
        statement="`issuer` and `token_endpoint` twice, with different values.",
        standard="RFC 8259, section 4",
        parameters=(choice("right", "last", "which of the two values is the right one", "first", "last"),),
        endpoints=("discovery",),
    ),
    _open(id="utf8-bom", statement="The bytes EF BB BF before the perfect document.", standard=_ENCODING),
    _open(
        id="utf16",
        statement="The perfect document in UTF-16 with a byte order mark.",
        standard=_ENCODING,
        parameters=(flag("charset", "Content-Type has `charset=utf-16`", default=True),),
    ),
    _open(
        id="invalid-utf8",
        statement="The document with one more member, in whose string is a lone byte FF.",
        standard=_ENCODING,
    ),
    _json(id="leading-newline", outcome=Outcome.YES, statement="A line end before the perfect document."),
    _open(id="json-nan", statement="The document with one more member, `NaN`.", standard="RFC 8259, section 6"),
    _open(
        id="json-bigint",
        statement="The document with one more member, a whole number of 5,000 digits.",
        standard="RFC 8259, section 6",
        parameters=(count("digits", 5000, "of the number", most=1_000_000),),
    ),
    _open(
        id="deep-nesting",
        statement="The document with one more member, nested 100,000 levels deep.",
        standard="RFC 8259, section 9",
        parameters=(count("levels", 100_000, "of nesting", most=1_000_000),),
    ),
    _wire(
        id="huge-document",
        outcome=Outcome.OPEN,
        statement="The document with one more member of many megabytes.",
        standard="RFC 8259, section 9",
        parameters=(count("megabytes", 10, "of the member", most=1000),),
    ),
    _wire(
        id="endless-body",
        outcome=Outcome.NOT,
        statement="Chunks of spaces, as fast as they are read, until the client leaves or the time is over.",
        parameters=(seconds("seconds", 90.0, "after which the connection is reset, if the client is still there"),),
    ),
    _value(
        id="gzip",
        outcome=Outcome.YES,
        statement="The perfect document, gzip-encoded and labelled, where the request accepts gzip.",
        standard=_CODING,
    ),
    _open(
        id="gzip-unasked",
        statement="The perfect document, gzip-encoded and labelled, whatever the request accepts.",
        standard="RFC 9110, section 12.5.3",
    ),
    _value(id="gzip-lie", statement="The plain document with `Content-Encoding: gzip`.", standard=_CODING),
    _value(id="gzip-unlabelled", statement="The document gzip-encoded, without a Content-Encoding.", standard=_CODING),
    _open(
        id="unknown-encoding",
        statement="The plain document with `Content-Encoding: xyz`.",
        standard=_CODING,
    ),
    _value(
        id="gzip-bomb",
        outcome=Outcome.NOT_STRICT,
        statement="200 MiB of spaces and then the document, in about 200 kB of gzip or, doubly encoded, 1 kB.",
        standard="",
        parameters=(
            count("megabytes", 200, "once decoded, in MiB", most=10_000),
            flag("twice", "`Content-Encoding: gzip, gzip`"),
        ),
    ),
    _open(
        id="wrong-content-type",
        statement="The perfect document with a Content-Type that isn't JSON's.",
        standard=_SUCCESS,
        parameters=(
            choice("content_type", "text/html", "that is sent", "text/html", "text/plain", "application/octet-stream"),
        ),
    ),
    _open(id="missing-content-type", statement="The perfect document without a Content-Type.", standard=_SUCCESS),
    _open(
        id="two-content-types",
        statement="The perfect document with two Content-Types, text/html and application/json.",
        standard=_SUCCESS,
    ),
    _open(
        id="charset-latin1",
        statement="The perfect document as `application/json; charset=iso-8859-1`.",
        standard=_SUCCESS,
    ),
    _wire(
        id="truncated-content-length",
        outcome=Outcome.NOT,
        statement="`Content-Length: 1000` beyond what is sent, half of the document, and the connection is closed.",
        standard="RFC 9112, sections 6.3 and 8",
        parameters=(_WHOLE,),
        outcomes={("whole", True): Outcome.NOT_STRICT},
    ),
    _wire(
        id="truncated-chunked",
        outcome=Outcome.NOT,
        statement="Half of the document in one chunk, and the connection is closed without the last chunk.",
        standard="RFC 9112, section 8",
        parameters=(_WHOLE,),
        outcomes={("whole", True): Outcome.NOT_STRICT},
    ),
    _wire(
        id="overlong-body",
        outcome=Outcome.NOT,
        statement="`Content-Length: 5`, and the whole document.",
        standard=_LENGTH,
    ),
    _wire(
        id="two-content-lengths",
        outcome=Outcome.NOT_STRICT,
        statement="The perfect document with its own Content-Length and another of 5.",
        standard=_LENGTH,
    ),
    _open(
        id="header-flood",
        statement="The perfect document below headers of 100 kB: one of that size, or 10,000 small ones.",
        standard="RFC 9110, section 5.4",
        parameters=(choice("shape", "one", "one large header or many small ones", "one", "many"),),
    ),
    _wire(
        id="close-delimited",
        outcome=Outcome.YES,
        statement="HTTP/1.0 without a length: the document ends with the connection.",
        standard=_LENGTH,
    ),
)
