"""The verdict as a badge: an SVG of fixed height, with a title for those who don't see it."""

from typing import Final

from idpact_contract.results.report import Report
from idpact_contract.results.verdict import CaseVerdict, RunVerdict

__all__ = ["badge"]

_COLOURS: Final = {
    RunVerdict.CONFORMING: "#1a6b2f",
    RunVerdict.NONCONFORMING: "#a4161a",
    RunVerdict.INCONCLUSIVE: "#6b3fa0",
}
"""White text on each has a contrast above 4.5 to 1 (WCAG 2.2, 1.4.3)."""

_LEFT: Final = 52
_CHARACTER: Final = 6.6
_SHAPE: Final = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-labelledby="t">
<title id="t">idpact: {told}</title>
<rect width="{width}" height="20" rx="3" fill="{colour}"/>
<path d="M3 0h{left}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#333"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle" aria-hidden="true">
<text x="{middle_left}" y="14">idpact</text>
<text x="{middle}" y="14" textLength="{length}">{told}</text>
</g>
</svg>
"""


def badge(report: Report) -> bytes:
    """The document's verdict and its counts of rules, as SVG."""
    applied = sum(count for verdict, count in report.counts.items() if verdict != CaseVerdict.NOT_APPLICABLE)
    selection = "" if report.complete else ", selection"
    told = f"{report.verdict} {report.counts.get(CaseVerdict.PASS, 0)}/{applied}{selection}"
    length = round(len(told) * _CHARACTER)
    width = _LEFT + length + 14
    return _SHAPE.format(
        width=width,
        told=told,
        colour=_COLOURS[report.verdict],
        left=_LEFT - 3,
        middle_left=_LEFT // 2,
        middle=_LEFT + (width - _LEFT) // 2,
        length=length,
    ).encode()
