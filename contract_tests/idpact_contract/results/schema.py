"""The published JSON Schema of the result document, made from the document's own types. Knows no report."""

from typing import Any

import msgspec

from idpact_contract.results.report import SCHEMA, Report

__all__ = ["report_schema"]


def report_schema() -> dict[str, Any]:
    """The schema as a JSON-able value, in draft 2020-12; its `$id` is what a report's `schema` member names."""
    made = msgspec.json.encode(msgspec.json.schema(Report))  # it holds tuples as defaults, which are arrays
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Result document of idpact check, version 1",
        **msgspec.json.decode(made),
    }
