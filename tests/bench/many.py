"""Launches a mock IdP with many issuers, and writes what making them took: PORT COUNT FILE. Issuer N is at `/nN/`."""

import json
import sys
import time
from pathlib import Path

from idpact_mock import MockIdP
from idpact_mock.serving import serve
from tests.bench.process import resident_kib

SETTLING = 100
"""Issuers made before anything is measured: what is loaded with the first isn't theirs."""


def _make(idp: MockIdP) -> None:
    _, _, count, file = sys.argv
    for number in range(SETTLING):
        idp.drop_issuer(idp.make_issuer(f"s{number}"))
    before, began = resident_kib("self"), time.process_time()
    for number in range(int(count)):
        idp.make_issuer(f"n{number}")
    spent, held = time.process_time() - began, resident_kib("self") - before
    Path(file).write_text(json.dumps({"microseconds": 1e6 * spent / int(count), "kib": held / int(count)}))


if __name__ == "__main__":
    serve(port=int(sys.argv[1]), issuers=(), on_ready=_make)
