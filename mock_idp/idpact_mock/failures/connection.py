"""Section A of the catalogue: no connection, or no answer."""

from functools import partial
from typing import Final

from idpact_mock.failures.mode import FailureMode, Outcome
from idpact_mock.failures.parameter import choice, seconds

__all__ = ["HANG_SECONDS", "MODES"]

HANG_SECONDS: Final = 90.0
"""A hang ends after this, so that nothing hangs for ever: longer than the 75 s that a judge waits."""

_LIMIT: Final = seconds("seconds", HANG_SECONDS, "after which the connection is reset, if the client is still there")
_TLS: Final = "OpenID Connect Discovery 1.0, section 7.1"

_mode = partial(FailureMode, group="connection", layer="wire", outcome=Outcome.NOT)
_address = partial(FailureMode, group="connection", layer="address", unreachable=True)

MODES: Final = (
    _address(
        id="dns-failure",
        outcome=Outcome.NOT,
        statement="The address's host is one below `invalid`, which resolves nowhere (RFC 6761).",
        waits=True,  # for as long as the resolver takes, which may ask servers that don't answer
    ),
    _address(
        id="connection-refused",
        outcome=Outcome.NOT,
        statement="The address names a port that is bound but not listened on, so that every connection is refused.",
    ),
    _address(
        id="connect-timeout",
        outcome=Outcome.NOT,
        statement="The address names a port whose queue of connections is full and never served, so that none is made.",
        waits=True,
    ),
    _address(
        id="tls-untrusted",
        outcome=Outcome.NOT_STRICT,
        statement="https with a certificate by an authority that nobody knows; the answer is perfect.",
        standard=_TLS,
    ),
    _address(
        id="tls-expired",
        outcome=Outcome.NOT_STRICT,
        statement="https with a certificate whose time is over, by the mock IdP's own authority; the answer is perfect.",
        standard=_TLS,
    ),
    _address(
        id="tls-wrong-host",
        outcome=Outcome.NOT_STRICT,
        statement="https with a certificate for another host, by the mock IdP's own authority; the answer is perfect.",
        standard=_TLS,
    ),
    _address(
        id="tls-not-tls",
        outcome=Outcome.NOT,
        statement="The address is https, and its port answers a TLS handshake with plain HTTP.",
    ),
    _mode(
        id="empty-reply",
        statement="The request is read, then the connection is closed (FIN) without a byte of an answer.",
        standard="RFC 9112, section 8",
    ),
    _mode(
        id="connection-reset",
        statement="The request is read, then the connection is reset (RST) without a byte of an answer.",
    ),
    _mode(
        id="reset-mid-body",
        statement="200 with `Content-Length: 500`, 21 bytes of a document, and after 0.1 s a reset (RST).",
        standard="RFC 9112, section 8",
    ),
    _mode(
        id="hang-before-headers",
        layer="app",
        statement="The request is read and nothing is sent, until the client leaves or the time is over.",
        waits=True,
        parameters=(_LIMIT,),
    ),
    _mode(
        id="hang-mid-headers",
        statement="`HTTP/1.1 200 OK` and half a header line, then silence.",
        waits=True,
        parameters=(_LIMIT,),
    ),
    _mode(
        id="hang-mid-body",
        layer="app",
        statement="Full headers and half of the document, then silence.",
        waits=True,
        parameters=(_LIMIT,),
    ),
    _mode(
        id="chunked-trickle",
        layer="app",
        outcome=Outcome.OPEN,
        statement="The perfect document, one byte per chunk, with a pause before each; it ends.",
        waits=True,
        parameters=(seconds("pause", 0.5, "between two bytes", most=60),),
    ),
    _mode(
        id="trickle-endless",
        layer="app",
        statement="200 and a space per pause before the document, which never comes.",
        waits=True,
        parameters=(seconds("pause", 1.0, "between two spaces", most=60), _LIMIT),
    ),
    _mode(
        id="garbage-status-line",
        statement="Bytes that are no status line, then the connection is closed.",
        standard="RFC 9112, section 4",
        parameters=(
            choice("bytes", "garbage", "control characters, or the banner of an SSH server", "garbage", "ssh"),
        ),
    ),
    _mode(
        id="http09",
        statement="The document alone, without status line and headers.",
        standard="RFC 9112, section 4",
    ),
)
