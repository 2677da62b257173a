"""The suite on wires of other shapes: right implementations conform, and a fault is found behind each."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES, Case
from idpact_contract.reference import Connections
from idpact_contract.results.verdict import CaseVerdict
from idpact_contract.targets.asgi import asgi_target
from idpact_mock import MockIdP
from tests.mutants.falling import InferredWins
from tests.mutants.trying import cases_of, rule_verdicts, try_all
from tests.wires import harbor, lagoon, nimbus, quartz

pytestmark = pytest.mark.timeout(240)  # whole suites, on machines that may be busy

WIRES = [nimbus, quartz, harbor, lagoon]

Verdicts = dict[str, CaseVerdict]
Check = Callable[..., Verdicts]


_SOME_FAILURES = (
    "http-404",
    "html-login-page",
    "connection-reset",
    "hang-before-headers",
    "json-truncated",
    "none-when-read",
)


_SOME_INPUT = (
    "issuer-",
    "display-name-",
    "body-",
    "malformed-",
    "unknown-",
    "id-",
    "generated",
    "negative",
    "coverage",
)


def _tells_of_a_wire(case: Case) -> bool:
    """What becomes of each failure of the catalogue, and of bad input for each field, isn't a wire's matter: a few will do."""
    some = {"FALL": _SOME_FAILURES, "SAFE": _SOME_FAILURES, "INPUT": _SOME_INPUT}.get(case.rule.family)
    return some is None or case.name.startswith(some)


@pytest.fixture
def check(shared_idp: MockIdP, tmp_path: Path) -> Check:
    """Check an implementation behind a wire."""

    def run(wire: ModuleType, *rules: str, connections_class: type[Connections] = Connections) -> Verdicts:
        profile = tmp_path / "profile.toml"
        profile.write_text(wire.PROFILE)
        app, variables = wire.app(connections_class)
        cases = cases_of(rules) if rules else [case for case in CASES.values() if _tells_of_a_wire(case)]
        with asgi_target(app, profile=str(profile), variables=variables) as target:
            return rule_verdicts(try_all(cases, OpenBench(target=target, idp=shared_idp)))

    return run


@pytest.mark.parametrize(
    ("wire", "not_applicable"),
    [
        (nimbus, {"FALL-5"}),
        (quartz, {"ORG-1", "ORG-4", "KEEP-3", "FALL-5"}),
        (harbor, {"ORG-2", "ORG-3", "ORG-4", "ORG-5"}),
        (lagoon, {"ORG-1", "FALL-3", "FALL-5", *(f"ACT-{number}" for number in range(1, 7))}),
    ],
    ids=["nimbus", "quartz", "harbor", "lagoon"],
)
def test_a_right_implementation_conforms(wire: ModuleType, not_applicable: set[str], check: Check) -> None:
    """What the profile makes impossible is not applicable, never passed; all the rest passes, but for what is told below."""
    verdicts = check(wire)

    wire_rules = {rule_id for rule_id in verdicts if rule_id.startswith("WIRE-")}
    assert {rule_id for rule_id, verdict in verdicts.items() if verdict is CaseVerdict.NOT_APPLICABLE} == (
        not_applicable | wire_rules
    )
    departs = {rule_id: verdict for rule_id, verdict in verdicts.items() if verdict not in ("pass", "not-applicable")}
    assert departs == DEPARTURES[wire.__name__.rpartition(".")[2]]


DEPARTURES: dict[str, Verdicts] = {
    # The document's URL can't tell whether the issuer ended in a slash.
    "nimbus": {"DISC-4": CaseVerdict.WARN},
    "quartz": {},
    "harbor": {},
    "lagoon": {},
}


@pytest.mark.parametrize("wire", WIRES, ids=["nimbus", "quartz", "harbor", "lagoon"])
def test_a_fault_is_found_behind_each(wire: ModuleType, check: Check) -> None:
    """Discovered values that win over typed ones break PREC-1 whatever the wire looks like."""
    assert check(wire, "PREC-1", connections_class=InferredWins) == {"PREC-1": CaseVerdict.FAIL}
