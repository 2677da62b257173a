"""Trying a case: what is judged, what is not, and that everything is tidied up."""

import dataclasses
from contextlib import suppress

import pytest

from idpact_contract.abilities import Ability
from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES
from idpact_contract.cases.registry import register
from idpact_contract.evidence import Actor, Exchange, WireFacts
from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.lab import Lab
from idpact_contract.targets.auth import Basic
from idpact_contract.targets.base import Answer, Body, UnreachableError
from idpact_contract.targets.http import HttpTarget, MissingVariableError
from idpact_contract.targets.profile import load_profile
from idpact_contract.trial import Trial, try_case
from idpact_mock import MockIdP
from tests.contract.building import connection, error
from tests.contract.conftest import Served


class Scripted:
    """An implementation that stores everything, but answers a create or an update with a given status."""

    facts = WireFacts()
    credentials = ()

    def __init__(
        self, *, create: int = 200, update: int = 200, reachable: bool = True, lacking: frozenset[Ability] = frozenset()
    ) -> None:
        self.statuses = {"create": create, "update": update, "read": 200, "delete": 200}
        self.reachable = reachable
        self.lacking = lacking
        self.stored: dict[str, object] = connection()
        self.calls: list[str] = []

    def organization(self, actor: Actor) -> str:
        """One each."""
        return f"organization-{actor}"

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Create the one connection."""
        del actor
        return self._answer("create", body)

    def update(self, connection_id: str, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Update it."""
        del connection_id, actor
        return self._answer("update", body)

    def read(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Read it."""
        del connection_id, actor
        return self._answer("read", Body())

    def delete(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Delete it."""
        del connection_id, actor
        return self._answer("delete", Body())

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, kind: str, body: Body) -> Answer:
        self.calls.append(kind)
        if not self.reachable:
            raise UnreachableError("http://target.test can't be reached: nobody listens")
        status = self.statuses[kind]
        exchange = Exchange(method=kind, url="https://target.test", status=status)
        if not exchange.accepted:
            return Answer(exchange=exchange, envelope=error(status))
        self.stored = {**self.stored, **body.typed}
        return Answer(exchange=exchange, envelope={}, connection=dict(self.stored))


def tried(case_id: str, target: Scripted, idp: MockIdP, *, keep: bool = False, blocked: str | None = None) -> Trial:
    """Try a case on a scripted implementation."""
    return try_case(CASES[case_id], OpenBench(target=target, idp=idp, keep=keep, blocked=blocked))


class TestJudging:
    def test_a_right_answer_passes(self, shared_idp: MockIdP) -> None:
        """And the evidence is kept."""
        trial = tried("KEEP-7/display-name", Scripted(), shared_idp)

        assert trial.judgement == Passed()
        assert trial.evidence is not None
        assert [step.kind for step in trial.evidence.steps] == ["create", "update"]

    def test_a_wrong_answer_is_a_violation(self, shared_idp: MockIdP) -> None:
        """The step under judgement was refused."""
        assert isinstance(tried("KEEP-7/display-name", Scripted(update=400), shared_idp).judgement, Violated)

    def test_a_set_up_that_breaks_is_not_judged(self, shared_idp: MockIdP) -> None:
        """The reason says what was answered, and what was seen is kept."""
        trial = tried("KEEP-7/display-name", Scripted(create=503), shared_idp)

        assert isinstance(trial.judgement, NotJudged)
        assert trial.judgement.reason.startswith("set-up: create answered 503")
        assert trial.evidence is not None
        assert len(trial.evidence.steps) == 1

    def test_a_create_under_judgement_that_fails_is_judged(self, shared_idp: MockIdP) -> None:
        """It is no set-up then."""
        assert isinstance(tried("ACT-1/created", Scripted(create=503), shared_idp).judgement, Violated)

    def test_an_implementation_that_can_not_be_reached_is_not_judged(self, shared_idp: MockIdP) -> None:
        """Nobody is blamed for a server that isn't there."""
        assert isinstance(tried("ACT-1/created", Scripted(reachable=False), shared_idp).judgement, NotJudged)

    def test_a_mock_idp_that_is_not_reached_is_not_judged(self, shared_idp: MockIdP) -> None:
        """Where first contact found that out, cases with an issuer say so."""
        trial = tried("DISC-1/first-issuer", Scripted(), shared_idp, blocked="it never asked")

        assert trial.judgement == NotJudged("set-up: it never asked")

    def test_a_case_that_does_not_apply_is_not_arranged(self, shared_idp: MockIdP) -> None:
        """Nothing is sent, and the reason is the closed list's."""
        target = Scripted(lacking=frozenset({Ability.STATUS}))
        trial = tried("ACT-1/created", target, shared_idp)

        assert (trial.judgement, trial.not_applicable) == (None, "the profile says that connections have no status")
        assert target.calls == []

    def test_a_fault_of_the_suite_is_no_judgement_on_anybody(self, shared_idp: MockIdP) -> None:
        """It isn't caught."""

        def broken(lab: Lab) -> None:
            raise ZeroDivisionError(lab.case_id)

        case = dataclasses.replace(CASES["ACT-1/created"], arrange=broken)

        with pytest.raises(ZeroDivisionError, match="ACT-1/created"):
            try_case(case, OpenBench(target=Scripted(), idp=shared_idp))


class TestTidyingUp:
    def test_what_was_created_is_deleted(self, shared_idp: MockIdP) -> None:
        """Each connection once."""
        target = Scripted()
        tried("KEEP-7/display-name", target, shared_idp)

        assert target.calls[-1:] == ["delete"]
        assert target.calls.count("delete") == 1

    def test_nothing_is_deleted_that_is_to_be_kept(self, shared_idp: MockIdP) -> None:
        """For people who want to look at it."""
        target = Scripted()
        tried("KEEP-7/display-name", target, shared_idp, keep=True)

        assert "delete" not in target.calls

    def test_what_was_created_is_deleted_when_the_set_up_breaks(self, shared_idp: MockIdP) -> None:
        """Halfway through a case."""
        target = Scripted(update=500)
        trial = tried("ACT-6/typed", target, shared_idp)

        assert isinstance(trial.judgement, NotJudged)
        assert target.calls[-1] == "delete"

    def test_issuers_are_dropped(self) -> None:
        """The mock IdP is left as it was."""
        with MockIdP() as idp:
            before = len(idp.issuers)
            tried("DISC-1/first-issuer", Scripted(), idp)

            assert len(idp.issuers) == before

    def test_a_delete_that_fails_hides_nothing(self, shared_idp: MockIdP) -> None:
        """The judgement stands."""
        target = Scripted()
        target.statuses["delete"] = 500

        assert tried("KEEP-7/display-name", target, shared_idp).judgement == Passed()

    def test_connections_are_deleted_though_an_issuer_can_not_be_dropped(self) -> None:
        """A mock IdP that is gone leaves nothing behind at the implementation."""

        class Stubborn(MockIdP):
            def drop_issuer(self, issuer: object) -> None:
                """Refuse."""
                raise OSError(f"the mock IdP is gone, and {issuer} with it")

        target = Scripted()
        with Stubborn() as idp:
            lab = Lab(target, idp, case_id="DISC-1/first-issuer")
            lab.issuer()
            lab.create()
            with suppress(OSError):  # whether it is told is another matter
                lab.close()

        assert "delete" in target.calls


class TestMadeUpValues:
    def tokens(self, idp: MockIdP, case_id: str, *, seed: int = 0) -> list[str]:
        """The first made-up values of a case."""
        lab = Lab(Scripted(), idp, case_id=case_id, seed=seed)
        return [lab.token() for _ in range(3)]

    def test_follow_from_case_and_seed_alone(self, shared_idp: MockIdP) -> None:
        """So that a case can be run again as it was."""
        assert self.tokens(shared_idp, "ACT-1/created") == self.tokens(shared_idp, "ACT-1/created")

    def test_differ_from_case_to_case_and_seed_to_seed(self, shared_idp: MockIdP) -> None:
        """So that nothing is mistaken for another case's."""
        told = [
            *self.tokens(shared_idp, "ACT-1/created"),
            *self.tokens(shared_idp, "ACT-1/created-with-name"),
            *self.tokens(shared_idp, "ACT-1/created", seed=1),
        ]

        assert len(set(told)) == len(told)

    def test_a_made_up_secret_is_known_as_one(self, shared_idp: MockIdP) -> None:
        """No identity provider may see it."""
        lab = Lab(Scripted(), shared_idp, case_id="ACT-1/created")
        secret = lab.credentials()["client_secret"]

        assert secret in lab.evidence().credentials


class TestTarget:
    def target(self, served: Served, **variables: str) -> HttpTarget:
        """A target with these variables otherwise."""
        profile = load_profile("stytch-frontend")
        return HttpTarget(served.url, profile=profile, variables={**served.variables, **variables})

    def test_missing_variables_are_asked_for_by_name_and_meaning(self, reference: Served) -> None:
        """All of them at once."""
        with pytest.raises(
            MissingVariableError, match=r"needs public_token \(the project's public token\); session_token \("
        ):
            self.target(reference, session_token="", public_token="")

    @pytest.mark.parametrize("url", ["target.test", "ftp://target.test", "https://", "/path"])
    def test_a_base_url_that_is_none_is_told(self, url: str) -> None:
        """With what would be right."""
        with pytest.raises(ValueError, match=f"base URL '{url}': an absolute http or https URL is needed"):
            HttpTarget(url, profile=load_profile("stytch-frontend"), variables={})

    def test_a_base_url_with_credentials_is_refused(self, reference: Served) -> None:
        """And the error doesn't repeat them."""
        with pytest.raises(ValueError, match="credentials") as caught:
            HttpTarget(
                "https://admin:canary-0001@target.test",
                profile=load_profile("stytch-frontend"),
                variables=reference.variables,
            )
        assert "canary-0001" not in str(caught.value)

    def test_credentials_are_told_as_typed_and_as_they_travel(self, reference: Served) -> None:
        """So that both are found in what an identity provider is sent."""
        target = self.target(reference)
        assert isinstance(target.profile.auth, Basic)
        header = target.profile.auth.headers(reference.variables)["Authorization"].removeprefix("Basic ")

        assert {reference.variables["session_token"], header} <= set(target.credentials)
        target.close()

    @pytest.mark.parametrize(
        ("actor", "status"), [(Actor.OWNER, 200), (Actor.OTHER, 404), (Actor.NOBODY, 401), (Actor.IMPOSTOR, 401)]
    )
    def test_each_actor_is_who_it_says(self, actor: Actor, status: int, reference: Served) -> None:
        """The owner may update, and nobody else."""
        target = self.target(reference)
        created = target.create(Body()).connection or {}
        answer = target.update(created["connection_id"], Body(typed={"display_name": "Named"}), actor=actor)
        target.delete(created["connection_id"])
        target.close()

        assert answer.exchange.status == status


def test_a_case_is_registered_once() -> None:
    """Two cases under one id would hide one another."""
    with pytest.raises(ValueError, match="case ACT-1/created is registered twice"):
        register("ACT-1", "created", lambda _: None, title="Again.")
