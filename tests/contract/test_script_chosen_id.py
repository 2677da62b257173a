"""The script that plays a sequence again, where the caller chose the new connection's id."""

import msgspec

from idpact_contract.script import script_lines
from tests.contract.building import created, evidence


def test_the_script_names_an_id_before_it_uses_it() -> None:
    """The shell stops at a variable that has no value."""
    step = created()
    chosen = (step.after or {})["connection_id"]
    step = msgspec.structs.replace(step, exchange=msgspec.structs.replace(step.exchange, body=f'{{"id": "{chosen}"}}'))

    lines = script_lines(evidence(step), (), authorization={})

    named = next(number for number, line in enumerate(lines) if line.startswith("CONNECTION_ID="))
    used = next(number for number, line in enumerate(lines) if "${CONNECTION_ID}" in line)
    assert named < used
    assert lines[named] == 'CONNECTION_ID="again-$$"'
