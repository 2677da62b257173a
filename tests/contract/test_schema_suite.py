"""The schema suite: right implementations pass it on every wire, faulty ones don't, and nothing of the user's counts."""

import dataclasses
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES
from idpact_contract.generated import Order, hand_out
from idpact_contract.generated.schema.engine import Engine
from idpact_contract.generated.schema.narrowed import narrowed
from idpact_contract.judgement import Passed, Violated
from idpact_contract.reference import Wire
from idpact_contract.reference.errors import RequestRefusedError
from idpact_contract.run import settings
from idpact_contract.targets.asgi import asgi_target
from idpact_contract.targets.profile import load_profile
from idpact_contract.trial import Trial
from idpact_mock import MockIdP
from tests.mutants.falling import InferredWins
from tests.mutants.trying import REFERENCE, VARIANTS, Specimen, bench_of
from tests.wires import harbor, nimbus, quartz

CASES_OF_SCHEMA = [case for case in CASES.values() if case.suite == "schema"]
_EXAMPLES = 6
_RIGHT = [
    VARIANTS[name]
    for name in (
        "RefusesWhatItDoesNotKnow",
        "RefusesEmptyStrings",
        "ClearsWithNull",
        "RefusesEmptyBodies",
        "WantsStrictJson",
        "NeverShowsTheSecret",
        "SkipsWhenAllFourAreTyped",
    )
]
"""One for each thing that generated bodies touch: members, empty texts, nulls, bodies, reads, and what is asked for."""


def tried(bench: OpenBench) -> dict[str, Trial]:
    """The trial of every case of the suite, of a few examples."""
    return hand_out(CASES_OF_SCHEMA, dataclasses.replace(bench, examples=_EXAMPLES))


def departures(trials: Mapping[str, Trial]) -> dict[str, object]:
    """What neither passed nor does not apply."""
    return {
        case_id: trial.judgement
        for case_id, trial in trials.items()
        if not trial.not_applicable and not isinstance(trial.judgement, Passed)
    }


@pytest.mark.parametrize("profile", ["stytch-frontend", "stytch-backend"])
def test_the_reference_passes_over_http(profile: str, shared_idp: MockIdP) -> None:
    """No generated request finds fault with it, and every case was judged."""
    with bench_of(REFERENCE, shared_idp, profile=profile) as bench:
        trials = tried(bench)

    assert departures(trials) == {}
    assert [case_id for case_id, trial in trials.items() if trial.not_applicable] == []


@pytest.mark.parametrize("wire", [nimbus, quartz, harbor], ids=["nimbus", "quartz", "harbor"])
def test_a_right_implementation_passes_behind_a_wire_of_its_own(
    wire: ModuleType, shared_idp: MockIdP, tmp_path: Path
) -> None:
    """An ASGI application in this process, with other names, nesting, methods and authentication."""
    file = tmp_path / "profile.toml"
    file.write_text(wire.PROFILE)
    app, variables = wire.app()

    with asgi_target(app, profile=str(file), variables=variables) as target:
        assert departures(tried(OpenBench(target=target, idp=shared_idp))) == {}


class BreaksOnWhatIsNoObject(Wire):
    """Takes every body for an object."""

    def parsed(self, raw: bytes) -> Mapping[str, object]:
        """A body that is none breaks it."""
        try:
            return super().parsed(raw)
        except RequestRefusedError:
            raise RuntimeError("unexpected body") from None


@pytest.mark.parametrize("variant", _RIGHT, ids=lambda specimen: specimen.id)
def test_a_right_variant_is_not_blamed(variant: Specimen, shared_idp: MockIdP) -> None:
    """Whatever the source leaves open may be answered either way: a generated request finds no fault with it."""
    with bench_of(variant, shared_idp) as bench:
        assert departures(tried(bench)) == {}


def test_a_server_error_to_an_invalid_body_is_caught(shared_idp: MockIdP) -> None:
    """The smallest such body is told, with all that was sent for it."""
    broken = Specimen(id="broken", about="Breaks.", parts={"wire_class": BreaksOnWhatIsNoObject})
    with bench_of(broken, shared_idp) as bench:
        trial = tried(bench)["INPUT-2/negative"]

    assert isinstance(trial.judgement, Violated)
    assert trial.evidence is not None
    assert (trial.evidence.case, trial.evidence.last.exchange.status) == ("INPUT-2/negative", 500)


def test_generated_calls_are_judged_by_the_oracle(shared_idp: MockIdP) -> None:
    """A fault that no schema can tell of, discovered values over typed ones, is found by the rules."""
    faulty = Specimen(id="faulty", about="Inferred wins.", parts={"connections_class": InferredWins})
    with bench_of(faulty, shared_idp) as bench:
        trials = hand_out(CASES_OF_SCHEMA, dataclasses.replace(bench, examples=20))

    assert "PREC-3/generated" in departures(trials)


def engine() -> Engine:
    """On the frontend wire."""
    return Engine(
        narrowed(load_profile("stytch-frontend")), path="/sdk/v1/b2b/sso/oidc/{connection_id}", method="PUT", seed=7
    )


def test_the_same_seed_makes_the_same_requests() -> None:
    """Issuers are symbols until a request is sent, so that ports change nothing."""
    first, second = engine(), engine()

    assert [*first.boundaries(), *first.fuzzed(10, valid=True), *first.fuzzed(10, valid=False)] == [
        *second.boundaries(),
        *second.fuzzed(10, valid=True),
        *second.fuzzed(10, valid=False),
    ]


def test_a_configuration_of_the_users_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A schemathesis.toml in the working directory isn't read."""
    before = list(engine().boundaries())
    (tmp_path / "schemathesis.toml").write_text('[generation]\nmode = "positive"\n')
    monkeypatch.chdir(tmp_path)

    assert list(engine().boundaries()) == before


def test_hooks_of_the_users_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that SCHEMATHESIS_HOOKS names isn't imported when requests are made."""
    (tmp_path / "hooks_of_mine.py").write_text("raise RuntimeError('not yours')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("SCHEMATHESIS_HOOKS", "hooks_of_mine")

    assert in_a_fresh_process(_REQUESTS) == ""


_REQUESTS = """
from tests.contract.test_schema_suite import engine
assert list(engine().boundaries()) and list(engine().fuzzed(2, valid=True))
"""

_REGISTRIES = """
import schemathesis
from schemathesis.checks import CHECKS
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER as hooks
from schemathesis.specs.openapi.formats import STRING_FORMATS as formats
def registered():
    return set(CHECKS.get_all_names()), hooks.get_all(), set(formats)
# Its own are loaded lazily, on first use.
plain = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/": {"get": {}}}}
schemathesis.openapi.from_dict(plain, config=schemathesis.Config())["/"]["GET"].as_strategy()
before = registered()
from idpact_contract.generated.schema.engine import Engine
from idpact_contract.generated.schema.narrowed import narrowed
from idpact_contract.targets.profile import load_profile
path = "/sdk/v1/b2b/sso/oidc/{connection_id}"
engine = Engine(narrowed(load_profile("stytch-frontend")), path=path, method="PUT", seed=7)
list(engine.boundaries()), engine.fuzzed(3, valid=True), engine.fuzzed(3, valid=False)
assert registered() == before, [(set(a) ^ set(b)) for a, b in zip(registered(), before)]
"""


def in_a_fresh_process(code: str) -> str:
    """What a Python of its own says on standard error; nothing where all went well."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=50)
    return done.stderr


def test_nothing_is_registered_globally() -> None:
    """Checks, hooks and formats of Schemathesis are the same after the engine was used."""
    assert in_a_fresh_process(_REGISTRIES) == ""


def test_importing_idpact_imports_no_schemathesis() -> None:
    """Neither the packages nor the register of cases do; only a run of the suite does."""
    code = (
        "import sys, idpact, idpact_contract.cases, idpact_contract.generated, idpact_contract.suite\n"
        "assert 'schemathesis' not in sys.modules\n"
    )

    assert in_a_fresh_process(code) == ""


def test_without_schemathesis_its_cases_are_not_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are no pass: the check isn't complete without them."""
    monkeypatch.setattr(settings, "missing", lambda case: "schemathesis" if case.suite == "schema" else None)

    planned = settings.plan()

    assert {case.suite for case in planned} & {"schema"} == set()
    assert len(planned) == len(CASES) - len(CASES_OF_SCHEMA)


def test_a_run_that_is_to_end_sends_no_more(shared_idp: MockIdP) -> None:
    """What was not sent is not judged."""
    from idpact_contract.generated.schema import run  # noqa: PLC0415 - heavy, and this test alone calls it

    with bench_of(REFERENCE, shared_idp) as bench:
        trials = run(Order(cases=tuple(CASES_OF_SCHEMA), bench=bench, stopped=lambda: True))

    assert {type(trial.judgement).__name__ for trial in trials} == {"NotJudged"}
