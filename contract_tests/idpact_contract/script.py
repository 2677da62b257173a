"""A sequence as a shell script that plays it again: the mock IdP's set-up through its control interface, and curl lines. Pure.

It needs a shell, curl, `idpact serve`, and the variables that it names; nothing of the run that it tells of.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from idpact_contract.curl import comment, curl_line, quoted
from idpact_contract.evidence import Evidence, Setting, Step

__all__ = ["script_lines"]

_SECRET: Final = re.compile(r"\$(SECRET_\d+)")
_Names: TypeAlias = Mapping[str, tuple[str, str]]

_HEAD: Final = """\
#!/bin/sh
# Plays a sequence again. Needs curl, and a mock IdP that the implementation reaches: idpact serve --port 8080
set -eu
: "${IDP:=http://127.0.0.1:8080}"
member() { tr '{,' '\\n\\n' | sed -n "s/^ *\\"$1\\" *: *\\"\\([^\\"]*\\)\\".*/\\1/p" | head -n 1; }
idp() { curl -sS --fail-with-body ${IDP_TOKEN:+-H "Authorization: Bearer $IDP_TOKEN"} -H 'Content-Type: application/json' "$@"; }"""


def script_lines(
    evidence: Evidence, staging: Sequence[Setting], *, authorization: Mapping[str, str]
) -> tuple[str, ...]:
    """The lines of the script; each answer of the implementation is printed on a line of its own, the last one is a read.

    Args:
        evidence: What was seen, already without secrets.
        staging: What was done to the mock IdP.
        authorization: By the value of an Authorization header as redacted, what to give curl in its place.
    """
    return tuple(_lines(evidence, staging, authorization))


def _lines(evidence: Evidence, staging: Sequence[Setting], authorization: Mapping[str, str]) -> Iterator[str]:
    names = dict(_names(evidence, staging))
    origin = next(iter(names))
    yield from _HEAD.splitlines()
    yield f': "${{BASE_URL:={origin}}}"'
    yield from _secrets(evidence, staging, authorization)
    for number, step in enumerate(evidence.steps):
        yield from _settings([setting for setting in staging if setting.step == number], names)
        yield from _step(step, names, authorization)
    read = evidence.steps[-1].read
    if read is not None:
        yield comment("what its owner reads now")
        yield f"{curl_line(read, names, authorization)}; echo"


def _secrets(evidence: Evidence, staging: Sequence[Setting], authorization: Mapping[str, str]) -> Iterator[str]:
    """What was typed as a secret may be anything; what proves who sends a request has to be given."""
    typed = [*(step.exchange.body or "" for step in evidence.steps), *(json.dumps(setting.body) for setting in staging)]
    sent = [value for step in evidence.steps for _, value in step.exchange.headers if value not in authorization]
    for name in _found(typed):
        yield f': "${{{name}:=made-up-{name.lower().replace("_", "-")}}}"'
    for name in _found(sent):
        yield f': "${{{name}:?what stands in a header of a request below}}"'


def _found(texts: Iterable[str]) -> list[str]:
    found = {name for told in texts for name in _SECRET.findall(told)}
    return sorted(found, key=lambda name: int(name.rpartition("_")[2]))


def _names(evidence: Evidence, staging: Sequence[Setting]) -> Iterator[tuple[str, tuple[str, str]]]:
    """What the script finds out as it runs, by the values that they had."""
    parts = urlsplit(evidence.steps[0].exchange.url)
    yield f"{parts.scheme}://{parts.netloc}", ("BASE_URL", "")
    made = [setting.issuer for setting in staging if setting.made]
    numbered = {url: f"ISSUER_{number}" for number, url in enumerate(made, start=1)}
    for url in sorted(numbered, key=len, reverse=True):
        yield url, (numbered[url], "")
    created = evidence.steps[0]
    connection_id = str((created.after or created.response or {}).get("connection_id") or "")
    if connection_id:
        yield connection_id, ("CONNECTION_ID", "")


def _settings(settings: Sequence[Setting], names: _Names) -> Iterator[str]:
    for setting in settings:
        variable = names[setting.issuer][0]
        body = quoted(json.dumps(setting.body), names)
        if setting.made:
            yield f'made=$(idp "$IDP/_idpact/issuers" --data-raw {body})'
            yield f'{variable}=$(printf %s "$made" | member url); {variable}_NAME=$(printf %s "$made" | member name)'
        else:
            yield f'idp -X PATCH "$IDP/_idpact/issuers/${variable}_NAME" --data-raw {body} > /dev/null'


def _step(step: Step, names: _Names, authorization: Mapping[str, str]) -> Iterator[str]:
    line = curl_line(step.exchange, names, authorization)
    if step.kind == "create" and "${CONNECTION_ID}" in line:  # the caller chose it
        yield 'CONNECTION_ID="again-$$"'
        yield f"{line}; echo"
    elif step.kind == "create" and any(name == "CONNECTION_ID" for name, _ in names.values()):
        yield f"made=$({line})"
        yield """CONNECTION_ID=$(printf %s "$made" | member connection_id); printf '%s\\n' "$made\""""
    elif step.beside == 1:
        yield f"{line} &"
    elif step.beside:
        yield f"{line}; echo; wait"
    else:
        yield f"{line}; echo"
