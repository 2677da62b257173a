"""The endpoint as an OpenAPI 3.1 document, made from a profile and the contract's fields."""

from idpact_contract.openapi.document import openapi_document, rendered

__all__ = ["openapi_document", "rendered"]
