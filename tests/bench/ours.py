"""Launches the mock IdP like a peer: with a port and an algorithm, and the client that `load` knows."""

import sys

from idpact_mock import MockIdP
from idpact_mock.serving import DEFAULT_ISSUER, serve
from tests.bench.load import CLIENT_ID, CLIENT_SECRET


def _set_up(idp: MockIdP) -> None:
    issuer = idp.issuers[DEFAULT_ISSUER]
    issuer.configure(alg="ES256" if sys.argv[2] == "ES256" else "RS256")
    issuer.add_client(CLIENT_ID, client_secret=CLIENT_SECRET, grant_types=["client_credentials"])


if __name__ == "__main__":
    serve(port=int(sys.argv[1]), on_ready=_set_up)
