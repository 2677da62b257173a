"""WIRE: the shape of answers on the two official wires."""

import re
from typing import Any

from idpact_contract.connection import STRING_FIELDS
from idpact_contract.evidence import Evidence, Exchange
from idpact_contract.judgement import Difference, Judgement, Passed, Violated
from idpact_contract.oracle import ACTIVE, PENDING
from idpact_contract.rules.judging import (
    describe,
    judge,
    judge_fields,
    not_accepted,
    nothing_shown,
    surfaces,
    verdict_of,
)

__all__ = ["request_ids_are_new"]

_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    r'|\bFile "[^"\n]+", line \d+'
    r"|^\s+at [\w.$<>]+ ?\([^)\n]*:\d+(:\d+)?\)"  # Node, Java
    r"|^\s+at .+ in .+:line \d+"  # .NET
    r"|\bgoroutine \d+ \[|\.go:\d+ \+0x"
    r"|\.rb:\d+:in [`']|\.php\(\d+\)|\.php on line \d+"
    r"|\bstack_?trace\b",
    re.MULTILINE | re.IGNORECASE,
)
_ERROR_MEMBERS = ("request_id", "error_type", "error_message", "error_url")
_LISTS = ("oidc_connections", "saml_connections", "external_connections")


@judge("WIRE-1")
def documented_shape(seen: Evidence) -> Judgement:
    """Create, update and read answer 200, JSON, and a connection with thirteen string fields."""
    for step in seen.judged:
        for exchange in (step.exchange, *((step.read,) if step.read else ())):
            if fault := _not_json(exchange):
                return fault
        if step.response is None or step.after is None:
            where = "response" if step.response is None else "list"
            return Violated(expected=f"a connection in the {where}", observed="none at the documented place")
        judgement = verdict_of(
            tuple(
                Difference(where=where, field=name, observed=connection.get(name), why="a string")
                for where, connection in surfaces(step)
                for name in STRING_FIELDS
                if not isinstance(connection.get(name), str)
            )
        )
        if isinstance(judgement, Violated):
            return judgement
    return Passed()


def _not_json(exchange: Exchange) -> Violated | None:
    media_type = exchange.header("content-type") or ""
    if exchange.status != 200:  # noqa: PLR2004 - the documented status
        return Violated(expected="200", observed=describe(exchange))
    if not exchange.is_json or "json" not in media_type.lower():
        return Violated(expected="a JSON body as application/json", observed=f"{media_type or 'no content type'}")
    return None


@judge("WIRE-2")
def status_code_equals_status(seen: Evidence) -> Judgement:
    """status_code is an integer and equals the HTTP status, in answers and in errors."""
    for step in seen.judged:
        told = (step.envelope or {}).get("status_code")
        if type(told) is not int or told != step.exchange.status:
            return Violated(expected=f"status_code {step.exchange.status}", observed=f"status_code {told!r}")
    return Passed()


@judge("WIRE-3")
def request_id_is_there(seen: Evidence) -> Judgement:
    """request_id is a non-empty string."""
    for step in seen.judged:
        told = (step.envelope or {}).get("request_id")
        if not isinstance(told, str) or not told:
            return Violated(expected="request_id: a non-empty string", observed=f"request_id: {told!r}")
    return Passed()


def request_ids_are_new(seen: Evidence) -> Judgement:
    """WIRE-3's other half, a SHOULD: no two answers share a request_id."""
    told = [(step.envelope or {}).get("request_id") for step in seen.judged]
    if len({repr(value) for value in told}) == len(told):
        return Passed()
    return Violated(expected="a new request_id in each answer", observed=", ".join(repr(value) for value in told))


@judge("WIRE-4")
def status_is_a_documented_word(seen: Evidence) -> Judgement:
    """The status is pending or active, nothing else."""
    if failed := next(filter(None, (nothing_shown(seen, step) for step in seen.judged)), None):
        return failed
    differences = tuple(
        Difference(where=where, field="status", allowed=(PENDING, ACTIVE), observed=connection.get("status"))
        for step in seen.judged
        for where, connection in surfaces(step)
        if connection.get("status") not in (PENDING, ACTIVE)
    )
    return verdict_of(differences)


@judge("WIRE-5")
def errors_have_the_error_shape(seen: Evidence) -> Judgement:
    """An error is JSON with the documented members, its status_code is the HTTP status, and no stack trace leaks."""
    step = seen.last
    if step.exchange.accepted:
        return Passed(f"no error was answered: {describe(step.exchange)}")
    if traced := _TRACE.search("\n".join(_texts(step.exchange))):
        return Violated(
            expected="an error without a stack trace", observed=f"{traced.group(0).strip()!r} in the answer"
        )
    error: Any = step.exchange.json
    if not isinstance(error, dict):
        return Violated(expected="a JSON object in the documented error shape", observed=describe(step.exchange))
    if type(error.get("status_code")) is not int or error["status_code"] != step.exchange.status:
        return Violated(expected=f"status_code {step.exchange.status}", observed=f"{error.get('status_code')!r}")
    for name in _ERROR_MEMBERS:
        if not isinstance(error.get(name), str) or (name != "error_url" and not error[name]):
            return Violated(expected=f"{name}: a string", observed=f"{name}: {error.get(name)!r}")
    return Passed()


def _texts(exchange: Exchange) -> list[str]:
    """The answer as it stands, and the texts in it as a person reads them: JSON escapes line breaks and quotes."""
    return [exchange.answer, *_strings(exchange.json)]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for member in members for text in _strings(member)]


@judge("WIRE-6")
def repeated_ids_are_accepted(seen: Evidence) -> Judgement:
    """A body that repeats the path's own ids is accepted, and what else it names is stored."""
    step = seen.last
    return not_accepted(step) or judge_fields(seen, step, tuple(step.typed or {}))


@judge("WIRE-7")
def python_sdk_can_parse(seen: Evidence) -> Judgement:
    """custom_scopes is a string in every connection, and the list carries all three arrays."""
    step = seen.last
    if failed := not_accepted(step):
        return failed
    differences = [
        Difference(where=where, field="custom_scopes", observed=connection.get("custom_scopes"), why="a string")
        for where, connection in surfaces(step)
        if not isinstance(connection.get("custom_scopes"), str)
    ]
    listed: Any = step.read.json if step.read else None
    differences += [
        Difference(
            where="list", field=name, observed=listed.get(name) if isinstance(listed, dict) else None, why="an array"
        )
        for name in _LISTS
        if not (isinstance(listed, dict) and isinstance(listed.get(name), list))
    ]
    return verdict_of(tuple(differences))
