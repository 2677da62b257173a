"""A document that no issuer serves: where its values show, something was read that is no http or https address."""

import json
from typing import Final

from idpact_contract.connection import MEMBER_OF

__all__ = ["DATA_URL"]

_HOST: Final = "https://planted.example"
_DOCUMENT: Final = {"issuer": _HOST, **{member: f"{_HOST}/{member}" for member in MEMBER_OF.values()}}

DATA_URL: Final = f"data:application/json,{json.dumps(_DOCUMENT, separators=(',', ':'))}"
"""The document as a URL that holds it (RFC 2397)."""
