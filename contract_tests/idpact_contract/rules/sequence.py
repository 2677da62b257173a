"""Which judge speaks of which step of any sequence whatever. Nothing is judged here: the rules' own judges are asked.

Left out are
- DISC-8, FALL-6: issuers that differ in the case of their path alone, and issuers that hang, are arranged, not generated;
- ACT-5: its judge wants two steps in a row; what it says of any sequence ACT-2 and ACT-3 say;
- INFER-8's and WIRE-3's halves that are a SHOULD: a case has one level.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from idpact_contract.connection import CREDENTIALS, MEMBER_OF, REQUIRED, SERVER_SET, URL_FIELDS
from idpact_contract.evidence import Actor, Evidence, Step
from idpact_contract.judgement import Judgement, NotJudged, Passed, Violated
from idpact_contract.oracle import ACTIVE, PENDING, Change, text
from idpact_contract.rules.disc import discovery_target
from idpact_contract.rules.fall import no_warning_when_read
from idpact_contract.rules.judging import JUDGES, Judge, discovery_requests, stored
from idpact_contract.rules.moment import Moment

__all__ = ["SPEAKERS", "judge_moment", "over_sequence"]

Speaker: TypeAlias = Callable[[Moment], Judgement | None]
"""A rule's judgement on a moment; None where the rule has nothing to say of it."""


def _when(rule_id: str, speaks: Callable[[Moment], bool], *, judge: Judge | None = None, steps: int = 1) -> Speaker:
    """The rule's judge, asked where it speaks; the last `steps` steps are under judgement."""

    def judged(moment: Moment) -> Judgement | None:
        if not speaks(moment):
            return None
        seen = moment.alone if steps == 1 else moment.judging(steps)
        return (judge or JUDGES[rule_id])(seen)

    return judged


# -- what a step is about ----------------------------------------------------------------------------------------------


def _created(moment: Moment) -> bool:
    return moment.step.kind == "create" and moment.step.actor is Actor.OWNER


def _owned(moment: Moment) -> bool:
    return moment.plain or _created(moment)


def _answered(moment: Moment) -> bool:
    return moment.step.exchange.status is not None and moment.step.typed is not None and not moment.step.beside


def _by(*actors: Actor) -> Callable[[Moment], bool]:
    def sent_by_them(moment: Moment) -> bool:
        known = bool(moment.step.before) and not moment.step.beside
        return moment.step.kind == "update" and moment.step.actor in actors and known

    return sent_by_them


def _foreign(moment: Moment) -> bool:
    return _by(Actor.OTHER)(moment) and not moment.step.extra


def _names_organization(moment: Moment) -> bool:
    return "organization_id" in moment.step.extra and _by(Actor.OWNER, Actor.OTHER)(moment)


def _names_server_set(moment: Moment) -> bool:
    before = moment.step.before or {}
    return moment.documented and any(
        name in moment.step.extra and moment.step.extra[name] != before.get(name) for name in SERVER_SET
    )


def _repeats_ids(moment: Moment) -> bool:
    return moment.documented and moment.step.extra == {"connection_id": (moment.step.before or {}).get("connection_id")}


def _faulty(moment: Moment) -> bool:
    """Nobody has to accept it: it isn't the owner's, or its body is no update."""
    step = moment.step
    whose = step.actor is not Actor.OWNER or not moment.documented
    return step.kind == "update" and bool(step.before) and not step.beside and not step.extra and whose


def _alone(moment: Moment) -> bool:
    return moment.plain and (len(moment.typed) == 1 or set(moment.typed) == set(CREDENTIALS))


def _unknown_after_foreign(moment: Moment) -> bool:
    previous = moment.earlier[-1] if moment.earlier else None
    unknown = moment.step.kind == "update" and moment.step.actor is Actor.OWNER and not moment.step.before
    return unknown and previous is not None and previous.actor is Actor.OTHER and previous.typed == moment.step.typed


# -- discovery and inference -------------------------------------------------------------------------------------------


def _asks(moment: Moment) -> bool:
    """A document has to be asked for: another issuer, not all four URLs typed, and no reason to be wary of it."""
    four = all(name in moment.typed for name in URL_FIELDS)
    return moment.changes and not four and not moment.failed_before


def _asks_plainly(moment: Moment) -> bool:
    return _asks(moment) and not moment.issuer.endswith("/")


def _asks_first(moment: Moment) -> bool:
    return _asks_plainly(moment) and not text((moment.step.before or {}).get("issuer"))


def _asks_again(moment: Moment) -> bool:
    before = bool(text((moment.step.before or {}).get("issuer")))
    usable = moment.infers or not moment.step.asked
    return _asks_plainly(moment) and before and usable and not moment.sticky and not _types_urls(moment)


def _asks_below_a_path(moment: Moment) -> bool:
    root = discovery_target("")
    return _asks_plainly(moment) and discovery_target(moment.issuer) != root


def _asks_with_slash(moment: Moment) -> bool:
    return _asks(moment) and moment.issuer.endswith("/")


def _infers(field: str) -> Callable[[Moment], bool]:
    def leaves_it_out(moment: Moment) -> bool:
        return moment.infers and field not in moment.typed and MEMBER_OF[field] in moment.documents[0]

    return leaves_it_out


def _lacks_members(moment: Moment) -> bool:
    return moment.infers and any(member not in moment.documents[0] for member in MEMBER_OF.values())


def _infers_what_there_is(moment: Moment) -> bool:
    return _lacks_members(moment) and not _types_urls(moment)


def _had_values(moment: Moment) -> bool:
    return any(text((moment.step.before or {}).get(name)) for name in URL_FIELDS)


def _replaces(moment: Moment) -> bool:
    before = bool(text((moment.step.before or {}).get("issuer")))
    return moment.infers and _had_values(moment) and before and not _types_urls(moment)


def _replaces_typed(moment: Moment) -> bool:
    return moment.read and moment.sticky and not _types_urls(moment)


def _foreign_document(moment: Moment) -> bool:
    named = [document.get("issuer") for document in moment.documents]
    return bool(named) and moment.issuer not in named


def _wrong_types(moment: Moment) -> bool:
    return any(
        not isinstance(document[member], str)
        for document in moment.documents
        for member in MEMBER_OF.values()
        if member in document
    )


def _types_urls(moment: Moment) -> bool:
    return any(name in moment.typed for name in URL_FIELDS)


def _recovers(moment: Moment) -> bool:
    if not moment.infers or _types_urls(moment):
        return False
    return any(Moment(_until(moment.seen, step)).failed for step in moment.earlier if step.typed)


def _until(seen: Evidence, last: Step) -> Evidence:
    steps = seen.steps[: next(index for index, step in enumerate(seen.steps) if step is last) + 1]
    return msgspec.structs.replace(seen, steps=steps)


# -- activation --------------------------------------------------------------------------------------------------------


def _status_follows(moment: Moment) -> bool:
    return _owned(moment) and moment.step.exchange.accepted and moment.step.after is not None


def _incomplete(moment: Moment) -> bool:
    return _status_follows(moment) and moment.statuses(moment.step.after, moment.step.before) == (PENDING,)


def _completes(moment: Moment) -> bool:
    was = moment.statuses(moment.step.before, None)
    return _status_follows(moment) and was == (PENDING,) and moment.statuses(moment.step.after, None) == (ACTIVE,)


def _completes_by_inference(moment: Moment) -> bool:
    inferred = any(name not in moment.typed and stored(moment.step, name) for name in URL_FIELDS)
    return _completes(moment) and moment.read and inferred


def _completes_by_typing(moment: Moment) -> bool:
    return _completes(moment) and not moment.read and not _provides_all_seven_unread(moment)


def _provides_all_seven_unread(moment: Moment) -> bool:
    """All seven are typed with another issuer, whose document wasn't read, or not even asked for."""
    return moment.changes and not moment.read and all(name in moment.typed for name in REQUIRED)


def _renamed_while_active(moment: Moment) -> bool:
    active = (moment.step.before or {}).get("status") == ACTIVE
    complete = moment.statuses(moment.step.before, None) == (ACTIVE,)
    return moment.plain and set(moment.typed) == {"display_name"} and active and complete


# -- two updates at the same moment ------------------------------------------------------------------------------------


def _touched(step: Step) -> frozenset[str]:
    """The fields that an update may change: those that it types, and with an issuer the four URLs."""
    typed = frozenset(step.typed or {})
    return typed | frozenset(URL_FIELDS) if "issuer" in typed else typed


def _disjoint(moment: Moment) -> bool:
    """Both are the owner's and touch different fields, so that every order of the two comes out the same."""
    if moment.pair is None:
        return False
    left, right = moment.pair
    return {left.actor, right.actor} == {Actor.OWNER} and not _touched(left) & _touched(right)


def _omitted_by_both(moment: Moment) -> Judgement | None:
    """KEEP-1 of the one update that two at the same moment come to, whichever was first."""
    if moment.pair is None:
        return JUDGES["KEEP-1"](moment.alone) if moment.plain else None
    accepted = [step for step in moment.pair if step.exchange.accepted]
    if not _disjoint(moment) or not accepted:
        return None
    both = {name: value for step in accepted for name, value in (step.typed or {}).items()}
    merged = msgspec.structs.replace(accepted[0], typed=both, response=accepted[0].after, beside=0, judged=True)
    return JUDGES["KEEP-1"](msgspec.structs.replace(moment.seen, steps=(merged,)))


def _foreign_beside_own(moment: Moment) -> Judgement | None:
    """ORG-2 of another organization's update while the owner's own comes in: what the owner's touches may move."""
    if moment.pair is None:
        return JUDGES["ORG-2"](moment.alone) if _foreign(moment) else None
    by_actor = {step.actor: step for step in moment.pair}
    if set(by_actor) != {Actor.OWNER, Actor.OTHER}:
        return None
    own, foreign = by_actor[Actor.OWNER], by_actor[Actor.OTHER]
    moved = {name: (own.after or {}).get(name) for name in _touched(own)}
    stands = msgspec.structs.replace(foreign, before={**(foreign.before or {}), **moved}, beside=0, judged=True)
    return JUDGES["ORG-2"](msgspec.structs.replace(moment.seen, steps=(stands,)))


# -- all of them -------------------------------------------------------------------------------------------------------


def _warns(moment: Moment) -> Judgement | None:
    if moment.failed:
        return JUDGES["FALL-5"](moment.alone)
    return no_warning_when_read(moment.alone) if moment.read else None


def _each(speaks: Callable[[Moment], bool], *rule_ids: str) -> dict[str, Speaker]:
    return {rule_id: _when(rule_id, speaks) for rule_id in rule_ids}


SPEAKERS: Final[Mapping[str, Speaker]] = MappingProxyType(
    {
        **_each(_owned, "ORG-1"),
        "ORG-2": _foreign_beside_own,
        **_each(_foreign, "ORG-3"),
        **_each(_names_organization, "ORG-4"),
        "ORG-5": _when("ORG-5", _unknown_after_foreign, steps=2),
        **_each(_by(Actor.NOBODY, Actor.IMPOSTOR), "ORG-6"),
        **_each(_asks_first, "DISC-1"),
        **_each(_asks_again, "DISC-2"),
        **_each(_asks_below_a_path, "DISC-3"),
        **_each(_asks_with_slash, "DISC-4"),
        **_each(lambda moment: moment.plain and "issuer" not in moment.typed, "DISC-5"),
        **_each(lambda moment: moment.plain and bool(moment.issuer) and moment.change is Change.NONE, "DISC-6"),
        **_each(lambda moment: moment.plain and bool(discovery_requests(moment.step)), "DISC-7"),
        **{f"INFER-{number}": _when(f"INFER-{number}", _infers(field)) for number, field in enumerate(URL_FIELDS, 1)},
        **_each(_infers_what_there_is, "INFER-5"),
        **_each(_replaces, "INFER-6"),
        **_each(lambda moment: bool(moment.documents), "INFER-7", "INFER-10", "CRED-1", "CRED-2"),
        **_each(_wrong_types, "INFER-8"),
        **_each(_foreign_document, "INFER-9"),
        **_each(_replaces_typed, "INFER-11"),
        **_each(lambda moment: moment.plain and bool(moment.step.asked), "CRED-3"),
        **_each(lambda moment: moment.failed, "FALL-1", "FALL-2"),
        **_each(_provides_all_seven_unread, "FALL-3"),
        **_each(_recovers, "FALL-4"),
        "FALL-5": _warns,
        **_each(lambda moment: bool(moment.documents) and _types_urls(moment), "PREC-1"),
        **_each(lambda moment: moment.infers and not _lacks_members(moment), "PREC-2"),
        **_each(lambda moment: moment.infers and (_lacks_members(moment) or _had_values(moment)), "PREC-3"),
        **_each(lambda moment: moment.plain and moment.change is Change.NONE and _types_urls(moment), "PREC-4"),
        **_each(_created, "ACT-1"),
        **_each(_incomplete, "ACT-2"),
        **_each(_completes_by_typing, "ACT-3"),
        **_each(_completes_by_inference, "ACT-4"),
        **_each(_renamed_while_active, "ACT-6"),
        "KEEP-1": _omitted_by_both,
        "KEEP-2": _when("KEEP-2", lambda moment: moment.repeated, steps=2),
        **_each(lambda moment: moment.plain, "KEEP-3"),
        **_each(_names_server_set, "KEEP-4"),
        "KEEP-5": _when("KEEP-5", _disjoint, steps=2),
        **_each(_faulty, "KEEP-6"),
        **_each(_alone, "KEEP-7"),
        **_each(_owned, "WIRE-1", "WIRE-4", "WIRE-7"),
        **_each(_answered, "WIRE-2", "WIRE-3"),
        **_each(lambda moment: moment.step.kind == "update" and not moment.step.exchange.accepted, "WIRE-5"),
        **_each(_repeats_ids, "WIRE-6"),
    }
)
"""By rule: what it says of a moment."""


def judge_moment(rule_id: str, moment: Moment) -> Judgement | None:
    """What a rule says of a moment; None where it has nothing to say, or can't."""
    refused = moment.plain and not moment.step.exchange.accepted
    if refused and rule_id not in _OF_REFUSALS[moment.failed]:
        return None
    said = SPEAKERS[rule_id](moment)
    return None if isinstance(said, NotJudged) else said


_OF_ERRORS: Final = frozenset({"WIRE-2", "WIRE-3", "WIRE-5"})
_OF_REFUSALS: Final[Mapping[bool, frozenset[str]]] = {
    True: _OF_ERRORS | {"FALL-1"},
    False: _OF_ERRORS | {"KEEP-1", "KEEP-7", "WIRE-1"},
}
"""Who speaks of an update that should have been accepted and wasn't, where the document could not be read, and elsewhere: most
judges would, and say the same."""


def over_sequence(rule_id: str) -> Judge:
    """A judge of whole sequences: the rule is asked of each moment, and the first violation counts."""

    def judged(seen: Evidence) -> Judgement:
        spoken = 0
        for number in range(1, len(seen.steps) + 1):
            so_far = msgspec.structs.replace(seen, steps=seen.steps[:number])
            said = judge_moment(rule_id, Moment(so_far))
            if isinstance(said, Violated):
                return said
            spoken += said is not None
        return Passed() if spoken else NotJudged("no step of the sequence is one that the rule speaks of")

    return judged
