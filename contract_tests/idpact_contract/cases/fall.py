"""Cases of FALL: each once for every failure of the mock IdP's catalogue that counts as not retrieved."""

from collections.abc import Callable
from typing import Final

from idpact_contract.abilities import Ability
from idpact_contract.cases.registry import Arrange, case, register
from idpact_contract.catalogue import Level
from idpact_contract.lab import Lab
from idpact_contract.rules.fall import no_warning_when_read
from idpact_mock import FAILURES, FailureMode, Outcome

__all__: list[str] = []

_RIGHTLY_READ: Final = frozenset(
    {
        "http-503-then-200",
        "redirect-chain-50",
        "overlong-body",
        "json-trailing",
        "json-two-documents",
        "doubled-well-known",
    }
)
"""Failures in which a client that retries, or is patient or lenient, may rightly have read a document: FALL-2 only observes
them."""


def _new_connection(failure: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        typed = {"issuer": lab.issuer(failure=failure).url, **lab.credentials(), **lab.typed_urls("jwks_url")}
        lab.update(lab.create(), {"display_name": f"Fallback {lab.token()}", **typed})

    return arrange


def _inferred_before(failure: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        subject = lab.create()
        lab.given(subject, {"issuer": lab.issuer().url})
        lab.update(subject, {"issuer": lab.issuer(failure=failure).url, **lab.typed_urls("token_url")})

    return arrange


def _all_seven(failure: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        typed = {"issuer": lab.issuer(failure=failure).url, **lab.credentials(), **lab.typed_urls()}
        lab.update(lab.create(), typed)

    return arrange


def _then_working(failure: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        subject = lab.create()
        lab.given(subject, {"issuer": lab.issuer(failure=failure).url, **lab.credentials()})
        lab.update(subject, {"issuer": lab.issuer().url})

    return arrange


def _judged(failure: FailureMode) -> None:
    """Register what the contract judges of one failure, at the levels that its outcome asks for."""
    goes_through = Level.SHOULD if failure.outcome is Outcome.OPEN else Level.MUST
    told = f"while the identity provider answers with {failure.id}"
    add = _adder(failure)
    add("FALL-1", _new_connection, goes_through, f"Type values on a new connection {told}.")
    if failure.outcome in (Outcome.NOT, Outcome.NOT_STRICT) and failure.id not in _RIGHTLY_READ:
        level = Level.MUST if failure.outcome is Outcome.NOT else Level.SHOULD
        add("FALL-2", _new_connection, level, f"Type an issuer on a new connection {told}.")
        add("FALL-2", _inferred_before, level, f"Type an issuer on a connection with inferred URLs {told}.", "-filled")
    add("FALL-3", _all_seven, goes_through, f"Type all seven fields {told}.", needs=(Ability.STATUS,))
    add("FALL-4", _then_working, Level.MUST, f"Change to a working issuer after one {told}.")
    if failure.outcome is Outcome.NOT and failure.id not in _RIGHTLY_READ:
        add("FALL-5", _new_connection, Level.SHOULD, f"Look for a warning {told}.", needs=(Ability.WARNING,))
    add("FALL-6", _new_connection, Level.SHOULD, f"Time the answer {told}.")


def _adder(failure: FailureMode) -> Callable[..., None]:
    def add(
        rule_id: str,
        arrangement: Callable[[str], Arrange],
        level: Level,
        title: str,
        suffix: str = "",
        *,
        needs: tuple[Ability, ...] = (),
    ) -> None:
        name, arrange = f"{failure.id}{suffix}", arrangement(failure.id)
        register(rule_id, name, arrange, level=level, title=title, needs=needs, waits=failure.waits)

    return add


for _failure in FAILURES.values():
    if _failure.outcome is not Outcome.YES:
        _judged(_failure)


@case("FALL-5", "none-when-read", judge=no_warning_when_read, needs=(Ability.WARNING,))
def _(lab: Lab) -> None:
    """Look for a warning where the document was read."""
    lab.update(lab.create(), {"issuer": lab.issuer().url, **lab.credentials()})
