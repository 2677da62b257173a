"""Section E of the catalogue: addresses and caches."""

from functools import partial
from typing import Final

from idpact_mock.failures.mode import ENDPOINTS, FailureMode, Outcome
from idpact_mock.failures.parameter import count

__all__ = ["MODES"]

_ADDRESS: Final = "OpenID Connect Discovery 1.0, section 4.1"

_mode = partial(FailureMode, group="address", layer="app", outcome=Outcome.YES, endpoints=("discovery",))

MODES: Final = (
    _mode(
        id="decoy-at-root",
        statement="Another document at the root of the host of an issuer that has a path.",
        standard=_ADDRESS,
        own_host=True,
    ),
    _mode(
        id="decoy-inserted",
        statement="Another document where RFC 8414 puts it: the well-known part before the issuer's path.",
        standard="OpenID Connect Discovery 1.0, section 4.1; RFC 8414, section 5",
        own_host=True,
    ),
    _mode(
        id="double-slash-404",
        statement="404 where the well-known part follows two slashes, and the document where it follows one.",
        standard=_ADDRESS,
    ),
    _mode(
        id="double-slash-decoy",
        statement="Another document where the well-known part follows two slashes.",
        standard=_ADDRESS,
    ),
    _mode(
        id="doubled-well-known",
        layer="address",
        outcome=Outcome.NOT,
        statement="The whole address of the document is typed as the issuer, and nothing is at the address that follows.",
        standard=_ADDRESS,
    ),
    _mode(
        id="cache-stale",
        statement="A cacheable document for the first request, and one with other endpoints from then on.",
        standard="RFC 9111, section 4",
        parameters=(count("max_age", 86_400, "seconds for which the first one may be cached", least=0, most=10**9),),
    ),
    _mode(
        id="etag-304",
        statement="The document with an ETag, and 304 to a request whose If-None-Match has it.",
        endpoints=("discovery", "jwks", "userinfo"),
        standard="RFC 9110, section 13; RFC 9111, section 4.3",
    ),
    _mode(
        id="no-store",
        statement="The document with `Cache-Control: no-store` and an Expires in the past.",
        endpoints=ENDPOINTS,
        standard="RFC 9111, section 5.2",
    ),
    _mode(
        id="set-cookie",
        statement="The document with a Set-Cookie; no request is expected to bring the cookie back.",
        endpoints=ENDPOINTS,
    ),
)
