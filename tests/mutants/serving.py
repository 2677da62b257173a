"""Serve one mutant or variant as a process of its own: `python -m tests.mutants.serving NAME`; prints the reference's JSON line."""

import json
import signal
import sys

from idpact_contract.reference import build
from idpact_mock import ThreadedServer
from tests.mutants.trying import MUTANTS, VARIANTS


def main(name: str) -> None:
    """Serve until asked to stop."""
    parts = {**MUTANTS, **VARIANTS}[name].parts
    implementation = build(discovery_timeout=2.0, **parts)  # type: ignore[arg-type] # each under its own keyword
    with ThreadedServer(implementation.app) as server:
        print(json.dumps(implementation.announcement(server.url)), flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main(sys.argv[1])
