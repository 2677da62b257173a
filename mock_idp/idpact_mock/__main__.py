"""`python -m idpact_mock`: the mock IdP on a free port of this machine. `idpact serve` has the options."""

import sys

from idpact_mock.mock import MockIdP
from idpact_mock.serving import serve

__all__: list[str] = []


def _announce(idp: MockIdP) -> None:
    issuers = "\n".join(issuer.url for issuer in idp.issuers.values())
    sys.stdout.write(f"{issuers}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(on_ready=_announce)
