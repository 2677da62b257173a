"""The report as one HTML page: opens from disk, needs nothing else."""

from idpact_contract.results.report import Report

__all__ = ["html_page"]


def html_page(report: Report) -> bytes:
    """The document as one HTML page."""
    return b"<!doctype html>" + report.verdict.encode()
