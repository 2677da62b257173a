"""INPUT: bad input is an error of the caller's, never one of the implementation's."""

from collections.abc import Mapping
from typing import Final

from idpact_contract.connection import STRING_FIELDS, URL_FIELDS
from idpact_contract.evidence import Evidence, Step
from idpact_contract.judgement import Difference, Judgement, Passed, Violated
from idpact_contract.oracle import same_value, text
from idpact_contract.rules.judging import describe, judge, surfaces, verdict_of

__all__ = ["INJECTED", "is_refused", "unknown_method"]

INJECTED = "x-idpact-injected"
"""The header that a line break in an issuer tries to smuggle into the request for its document."""


@judge("INPUT-1")
def nothing_of_a_wrong_type_is_stored(seen: Evidence) -> Judgement:
    """The answer is below 500, and every field that shows afterwards still has its documented type."""
    step = seen.last
    return _server_error(step) or _lost(step) or verdict_of(_wrongly_typed(step))


def is_refused(seen: Evidence) -> Judgement:
    """The answer is 4xx: a MUST of INPUT-1 for an unknown connection, a SHOULD for what has a wrong type."""
    exchange = seen.last.exchange
    return Passed() if exchange.refused else Violated(expected="4xx", observed=describe(exchange))


@judge("INPUT-2")
def no_server_error(seen: Evidence) -> Judgement:
    """Every request is answered, and below 500."""
    return next(filter(None, map(_server_error, seen.judged)), None) or Passed()


def unknown_method(seen: Evidence) -> Judgement:
    """INPUT-2 for a method that the address doesn't have: below 500, or 501, which says just that (RFC 9110, section 15.6.2)."""
    step = seen.last
    unimplemented = step.exchange.status == 501  # noqa: PLR2004 - the one right answer of that class
    return Passed() if unimplemented else _server_error(step) or Passed()


@judge("INPUT-3")
def no_other_scheme_is_fetched(seen: Evidence) -> Judgement:
    """A URL of another scheme, or one that smuggles something, is refused or stored as it stands; nothing comes of it."""
    step = seen.last
    if failed := _server_error(step):
        return failed
    if smuggled := _smuggled(step):
        return Violated(expected="no header but the implementation's own", observed=f"{INJECTED}: {smuggled}")
    if not step.exchange.accepted:
        return Passed()
    return _lost(step) or verdict_of((*_wrongly_typed(step), *_came_of_it(step)))


def _server_error(step: Step) -> Violated | None:
    """The violation where no answer came, or one of 500 and above."""
    status = step.exchange.status
    if status is not None and status < 500:  # noqa: PLR2004 - the class of statuses
        return None
    return Violated(expected="an answer below 500", observed=describe(step.exchange))


def _lost(step: Step) -> Violated | None:
    """The violation where a connection that was there can't be read any more."""
    if step.after is not None or not step.before:
        return None
    return Violated(expected="the connection in a read", observed="its owner can't read it any more")


def _wrongly_typed(step: Step) -> tuple[Difference, ...]:
    """Fields that show with another type than the documented one; null and an absent member are the WIRE rules' matter."""
    return tuple(
        Difference(where=where, field=name, observed=connection[name], why=words)
        for where, connection in surfaces(step)
        for name, (type_, words) in _DOCUMENTED.items()
        if connection.get(name) is not None and not isinstance(connection[name], type_)
    )


_DOCUMENTED: Final[Mapping[str, tuple[type, str]]] = {
    **dict.fromkeys((*(name for name in STRING_FIELDS if name != "status"), "custom_scopes"), (str, "a string")),
    "attribute_mapping": (dict, "an object"),
}
"""`status` is left out: a profile may map its words from any JSON value."""


def _smuggled(step: Step) -> str | None:
    headers = (pair for entry in step.asked for pair in entry.headers)
    return next((value for name, value in headers if name == INJECTED), None)


def _came_of_it(step: Step) -> tuple[Difference, ...]:
    """URLs that nobody typed and that are there now: something was read at an address that is none."""
    typed, before = step.typed or {}, step.before or {}
    return tuple(
        Difference(
            where=where, field=name, allowed=(text(before.get(name)), ""), observed=connection[name], why="inert"
        )
        for where, connection in surfaces(step)
        for name in URL_FIELDS
        if name not in typed and text(connection.get(name)) and not same_value(connection[name], before.get(name))
    )
