"""Section B of the catalogue: status and redirects."""

from functools import partial
from typing import Final

from idpact_mock.failures.mode import FailureMode, Outcome
from idpact_mock.failures.parameter import choice, count, flag, text

__all__ = ["MODES"]

_SUCCESS_IS_200: Final = "OpenID Connect Discovery 1.0, section 4.2"
_REDIRECTS: Final = "RFC 9110, section 15.4"
_BODIES: Final = ("json", "html", "document")

_mode = partial(FailureMode, group="status", layer="app", outcome=Outcome.NOT, standard=_SUCCESS_IS_200)
_redirect = partial(FailureMode, group="status", layer="app", outcome=Outcome.OPEN, standard=_REDIRECTS)

_STATUS: Final = choice("status", 302, "of the redirect", 301, 302, 303, 307, 308)
_ERROR_BODY: Final = choice("body", "json", "an error as JSON, a page, or the perfect document", *_BODIES)
_PERFECT_BODY: Final = choice("body", "document", "an error as JSON, a page, or the perfect document", *_BODIES)

MODES: Final = (
    _mode(id="http-404", statement="404 with a JSON body that is an error.", parameters=(_ERROR_BODY,)),
    _mode(id="http-410", statement="410 with a JSON body that is an error.", parameters=(_ERROR_BODY,)),
    _mode(id="http-400", statement="400 with a JSON body that is an error.", parameters=(_ERROR_BODY,)),
    _mode(
        id="http-401",
        statement="401 with `WWW-Authenticate: Bearer` and the perfect document as its body.",
        standard="RFC 9110, section 15.5.2",
        parameters=(_PERFECT_BODY,),
    ),
    _mode(
        id="http-403",
        statement="403 with the perfect document as its body.",
        standard="RFC 9110, section 15.5.4",
        parameters=(
            _PERFECT_BODY,
            flag("only_default_agents", "only for the User-Agents that HTTP libraries send by themselves, or none"),
        ),
    ),
    _mode(
        id="http-429-retry-after",
        statement="429 with `Retry-After` and the perfect document as its body.",
        standard="RFC 9110, section 10.2.3",
        parameters=(count("retry_after", 3600, "seconds that are told", least=0, most=10**9), _PERFECT_BODY),
    ),
    _mode(id="http-500-with-document", statement="500 with the perfect document as its body."),
    _mode(id="http-502-html", statement="502 with the error page of a proxy."),
    _mode(id="http-503", statement="503 with the perfect document as its body.", parameters=(_PERFECT_BODY,)),
    _mode(
        id="http-503-then-200",
        statement="503 with an error as JSON for the first request, then the perfect document.",
        standard="",
        schedule="first 1",
    ),
    _mode(id="http-204", statement="204 without a body."),
    _mode(id="empty-body", statement="200 with `Content-Length: 0`."),
    _mode(
        id="http-2xx-not-200",
        outcome=Outcome.OPEN,
        statement="Another status of success than 200, with the perfect document.",
        parameters=(choice("status", 203, "of the answer", 201, 202, 203, 206, 299),),
    ),
    _mode(
        id="http-304-unasked",
        statement="304 to a request that has no If-None-Match.",
        standard="RFC 9110, section 15.4.5",
    ),
    _mode(
        id="http-status-999",
        layer="wire",
        statement="The status 999, without a body.",
        standard="RFC 9110, section 15",
    ),
    _mode(
        id="http-status-42",
        layer="wire",
        statement="The status 42, without a body.",
        standard="RFC 9110, section 15",
    ),
    _mode(
        id="early-hints-103",
        layer="wire",
        outcome=Outcome.YES,
        statement="A 103 block, then 200 with the perfect document.",
        standard="RFC 9110, section 15.2",
    ),
    _redirect(
        id="redirect-same-host",
        statement="A redirect to another address of the same host, where the perfect document is.",
        parameters=(_STATUS,),
    ),
    _redirect(
        id="redirect-cross-host",
        statement="A redirect to another host or port, where the perfect document is.",
        parameters=(_STATUS,),
        neighbour="same",
    ),
    _redirect(
        id="redirect-http-https",
        statement="A redirect to https at another port, where the perfect document is.",
        parameters=(_STATUS,),
        neighbour="https",
    ),
    _redirect(
        id="redirect-https-http",
        statement="A redirect to plain http at another port, where the perfect document is.",
        parameters=(_STATUS,),
        neighbour="http",
    ),
    _redirect(
        id="redirect-loop",
        outcome=Outcome.NOT,
        statement="A redirect to the very same address.",
        parameters=(_STATUS,),
    ),
    _redirect(
        id="redirect-chain-50",
        outcome=Outcome.NOT,
        statement="Fifty redirects, one after another, before the perfect document.",
        parameters=(_STATUS, count("hops", 50, "redirects before the document", most=1000)),
    ),
    _redirect(
        id="redirect-non-http",
        outcome=Outcome.NOT,
        statement="A redirect to an address that isn't http or https.",
        standard="",
        parameters=(_STATUS, text("location", "file:///etc/passwd", "where it leads, such as data: or ftp:")),
    ),
    _redirect(
        id="redirect-no-location",
        outcome=Outcome.NOT,
        statement="A redirect without a Location, and without a body.",
        parameters=(_STATUS,),
    ),
    _redirect(
        id="redirect-bad-location",
        outcome=Outcome.NOT,
        statement="A redirect to `http://[`, which is no URL, without a body.",
        parameters=(_STATUS, text("location", "http://[", "where it leads")),
    ),
    _redirect(
        id="redirect-internal",
        statement="A redirect to an internal address, where a listener answers 404 and journals who came.",
        standard="",
        parameters=(_STATUS, text("location", "", "where it leads instead, such as a cloud's metadata service")),
        neighbour="canary",
    ),
    _redirect(
        id="well-known-slash",
        statement="301 to the same path with a slash at its end, where the perfect document is.",
        standard="",
        endpoints=("discovery",),
    ),
)
