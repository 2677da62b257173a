"""The schema suite: what a generator makes of the endpoint's OpenAPI document, sent by our own client and judged by the rules."""

from idpact_contract.generated.schema.suite import run

__all__ = ["run"]
