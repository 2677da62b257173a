"""A case as shell lines that do it again: curl, with what only the run knew as variables."""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from idpact_contract.evidence import Evidence, Exchange, Step

__all__ = ["comment", "curl_line", "curl_lines", "quoted"]

_LEFT_OUT: Final = frozenset({"content-length", "host", "user-agent", "accept", "accept-encoding", "connection"})
_SPLIT: Final = re.compile(r"(\$(?:SECRET_\d+|IDPACT_[A-Z_]+))")


def curl_lines(evidence: Evidence, *, authorization: Mapping[str, str]) -> tuple[str, ...]:
    """The case's requests as shell lines, oldest first; the last one is the request that was judged.

    Args:
        evidence: A case's evidence, already without secrets.
        authorization: By the value of an Authorization header as redacted, what to give curl in its place.

    A connection's id becomes `$CONNECTION_ID` and an issuer's URL `$ISSUER_1`, with a line that says what each has to be.
    """
    names = dict(_names(evidence))
    lines = [comment(f"{name}: {told}") for name, told in names.values()]
    lines += [
        curl_line(step.exchange, names, authorization) for step in evidence.steps if step.kind in ("create", "update")
    ]
    return tuple(lines)


def _names(evidence: Evidence) -> Iterator[tuple[str, tuple[str, str]]]:
    """What stands for a value that only that run knew, and what the value has to be."""
    for number, issuer in enumerate(sorted(evidence.issuers, key=lambda facts: -len(facts.url)), start=1):
        failure = f" with the failure {issuer.failure}" if issuer.failure else ""
        yield issuer.url, (f"ISSUER_{number}", f"the URL of an issuer of `idpact serve`{failure}; it was {issuer.url}")
    created = [step for step in evidence.steps if step.kind == "create"]
    for step in created[:1]:
        connection_id = _created_id(step)
        if connection_id:
            yield (
                connection_id,
                ("CONNECTION_ID", f"the connection_id that the first request answers; it was {connection_id}"),
            )


def comment(text: str) -> str:
    """A shell comment that ends where the text does: whatever isn't printable is shown escaped."""
    return "# " + "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _created_id(step: Step) -> str:
    return str((step.response or {}).get("connection_id") or "")


def curl_line(exchange: Exchange, names: Mapping[str, tuple[str, str]], authorization: Mapping[str, str]) -> str:
    """One request as a curl command.

    Args:
        exchange: The request, already without secrets.
        names: By a value that only that run knew: the shell variable that stands for it, and what it has to be.
        authorization: By the value of an Authorization header as redacted, what to give curl in its place.
    """
    parts = ["curl", "-sS", "-X", exchange.method, quoted(exchange.url, names)]
    for name, value in exchange.headers:
        if name.lower() in _LEFT_OUT:
            continue
        if name.lower() == "authorization" and value in authorization:
            parts += ["-u", f'"{authorization[value]}"']
        else:
            parts += ["-H", quoted(f"{name}: {value}", names)]
    if exchange.body is not None:
        parts += ["--data-raw", quoted(exchange.body, names)]
    return " ".join(parts)


def quoted(text: str, names: Mapping[str, tuple[str, str]]) -> str:
    """A word of the shell in which our variables are filled in and nothing else is."""
    marked = text
    for value, (name, _) in names.items():
        marked = marked.replace(value, f"\0{name}\0")
    pieces = marked.split("\0")
    quoted = [f'"${{{piece}}}"' if index % 2 else _plain(piece) for index, piece in enumerate(pieces)]
    return "".join(quoted) or "''"


def _plain(text: str) -> str:
    """Text between variables: `$SECRET_1` and its like stay variables, the rest is quoted."""
    words = []
    for index, piece in enumerate(_SPLIT.split(text)):
        if index % 2:
            words.append(f'"{piece}"')
        elif piece:
            words.append(shlex.quote(piece))
    return "".join(words)
