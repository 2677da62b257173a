"""The guards of generated sequences: each rule is asked of the moments it speaks of, and of no others."""

from typing import Final

import msgspec
import pytest

from idpact_contract.connection import MEMBER_OF
from idpact_contract.evidence import Actor, Step
from idpact_contract.rules.moment import Moment
from idpact_contract.rules.sequence import SPEAKERS
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    OTHER_ISSUER,
    OTHER_URLS,
    TYPED_URLS,
    URLS,
    connection,
    created,
    document,
    evidence,
    not_served,
    refused,
    served,
    updated,
)

_FULL: Final = connection(issuer=ISSUER, **URLS, **CREDENTIALS, status="active")
_OTHER: Final = {"issuer": OTHER_ISSUER}
_NAME: Final = {"display_name": "Okta"}
_LACKING: Final = document(OTHER_ISSUER, at=OTHER_URLS, without=[MEMBER_OF["token_url"]])
_FOREIGN: Final = updated(_NAME, before=_FULL, after=_FULL, actor=Actor.OTHER)
_NAMED: Final = updated(_NAME, before=_FULL)
_FIRST: Final = updated({"issuer": ISSUER}, served(), inferred=URLS)
_READ: Final = updated(
    _OTHER, served(document(OTHER_ISSUER, at=OTHER_URLS), issuer=OTHER_ISSUER), before=_FULL, inferred=OTHER_URLS
)
_FAILED: Final = updated(_OTHER, not_served(issuer=OTHER_ISSUER), before=_FULL)
_TYPED: Final = updated({"token_url": TYPED_URLS["token_url"]}, before=_FULL)
_STICKY: Final = updated(
    _OTHER, served(document(OTHER_ISSUER, at=OTHER_URLS), issuer=OTHER_ISSUER), before=_TYPED.after, inferred=OTHER_URLS
)
_LACKS: Final = updated(_OTHER, served(_LACKING, issuer=OTHER_ISSUER), before=_FULL)
_OVERRIDES: Final = updated({**_OTHER, "token_url": TYPED_URLS["token_url"]}, *_READ.asked, before=_FULL)
_BELOW: Final = updated({"issuer": f"{ISSUER}/tenant"}, served(issuer=f"{ISSUER}/tenant"))
_SLASHED: Final = updated({"issuer": f"{ISSUER}/"}, served(issuer=f"{ISSUER}/"))
_SAME: Final = updated({"issuer": ISSUER}, before=_FULL)


def _beside(step: Step, place: int) -> Step:
    return msgspec.structs.replace(step, beside=place)


def _extra(**members: object) -> Step:
    return msgspec.structs.replace(_NAMED, extra=members)


_GUARDS: Final[dict[str, tuple[tuple[Step, ...], tuple[Step, ...]]]] = {
    "ORG-1": ((_NAMED,), (_FOREIGN,)),
    "ORG-2": ((_FOREIGN,), (_NAMED,)),
    "ORG-3": ((_FOREIGN,), (_NAMED,)),
    "ORG-4": ((_extra(organization_id="another"),), (_NAMED,)),
    "ORG-6": ((updated(_NAME, before=_FULL, actor=Actor.NOBODY),), (_NAMED,)),
    "DISC-1": ((_FIRST,), (_READ,)),
    "DISC-2": ((_READ,), (_FIRST,)),
    "DISC-3": ((_BELOW,), (_FIRST,)),
    "DISC-4": ((_SLASHED,), (_FIRST,)),
    "DISC-5": ((_NAMED,), (_FIRST,)),
    "DISC-6": ((_SAME,), (_READ,)),
    "DISC-7": ((_FIRST,), (_NAMED,)),
    "INFER-1": ((_READ,), (_TYPED, _STICKY)),
    "INFER-2": ((_READ,), (_OVERRIDES,)),
    "INFER-5": ((_LACKS,), (_READ,)),
    "INFER-6": ((_READ,), (_FIRST,)),
    "INFER-7": ((_READ,), (_NAMED,)),
    "INFER-11": ((_TYPED, _STICKY), (_READ,)),
    "CRED-3": ((_READ,), (_NAMED,)),
    "FALL-1": ((_FAILED,), (_READ,)),
    "FALL-2": ((_FAILED,), (_READ,)),
    "PREC-1": ((_OVERRIDES,), (_READ,)),
    "PREC-2": ((_READ,), (_LACKS,)),
    "PREC-4": ((_TYPED,), (_OVERRIDES,)),
    "ACT-1": ((created(),), (_NAMED,)),
    "ACT-2": ((_FIRST,), (_NAMED,)),
    "ACT-6": ((_NAMED,), (_TYPED,)),
    "KEEP-1": ((_NAMED,), (_FOREIGN,)),
    "KEEP-2": ((_NAMED, updated(_NAME, before=_NAMED.after)), (_NAMED, updated(_NAME, before=_FULL))),
    "KEEP-3": ((_NAMED,), (_FOREIGN,)),
    "KEEP-4": ((_extra(redirect_url="https://x.test"),), (_extra(redirect_url=_FULL["redirect_url"]),)),
    "KEEP-5": (
        (_beside(_NAMED, 1), _beside(_TYPED, 2)),
        (_beside(_NAMED, 1), _beside(_NAMED, 2)),
    ),
    "KEEP-6": ((_FOREIGN,), (_NAMED,)),
    "KEEP-7": ((_NAMED,), (updated({**_NAME, "client_id": "x"}, before=_FULL),)),
    "WIRE-1": ((_NAMED,), (_beside(_NAMED, 1),)),
    "WIRE-2": ((_NAMED,), (_beside(_NAMED, 1),)),
    "WIRE-5": ((refused(400, _NAME),), (_NAMED,)),
    "WIRE-6": ((_extra(connection_id="connection-0001"),), (_extra(connection_id="another"),)),
}


@pytest.mark.parametrize("rule_id", _GUARDS)
def test_a_rule_is_asked_of_a_moment_that_it_speaks_of(rule_id: str) -> None:
    """A guard that lets nothing through would make the rule pass for ever."""
    through, _ = _GUARDS[rule_id]

    assert SPEAKERS[rule_id](Moment(evidence(*through))) is not None


@pytest.mark.parametrize("rule_id", _GUARDS)
def test_a_rule_is_not_asked_of_a_moment_of_another_kind(rule_id: str) -> None:
    """A guard that lets too much through would blame right implementations."""
    _, kept_out = _GUARDS[rule_id]

    assert SPEAKERS[rule_id](Moment(evidence(*kept_out))) is None


def test_only_the_last_step_is_under_judgement() -> None:
    """What was wrong earlier was told then."""
    alone = Moment(evidence(_NAMED, _TYPED)).alone

    assert [step.judged for step in alone.steps] == [False, True]


def test_an_issuer_that_failed_earlier_excuses_a_client_that_does_not_ask_again() -> None:
    """A client may be wary of it: DISC-2 has nothing to say."""
    unasked = updated(_OTHER, before=_FULL)

    assert SPEAKERS["DISC-2"](Moment(evidence(unasked))) is not None
    assert SPEAKERS["DISC-2"](Moment(evidence(_FAILED, unasked))) is None


def test_a_recovery_needs_a_failure_before_it() -> None:
    """FALL-4 speaks of a document that is read after one that could not be."""
    assert SPEAKERS["FALL-4"](Moment(evidence(_FAILED, _READ))) is not None
    assert SPEAKERS["FALL-4"](Moment(evidence(_NAMED, _READ))) is None


def test_a_secret_that_reads_do_not_show_counts_once_typed() -> None:
    """Where it is hidden, what was typed is what completes a connection."""
    hidden = evidence(updated(CREDENTIALS, before=_FULL))
    hidden = msgspec.structs.replace(hidden, wire=msgspec.structs.replace(hidden.wire, shows_secret=False))
    moment = Moment(hidden)

    assert moment.statuses(moment.step.after, moment.step.before) == ("active",)
