"""Plays symbolic steps on a lab: maps symbolic issuers to live mock issuers, and makes up the values. Judges nothing.

Every step can be played in every state, so that any part of a sequence is a sequence too: what can't be done is passed over.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from idpact_contract.abilities import Ability
from idpact_contract.cases.subjects import UNKNOWN_ID
from idpact_contract.connection import CREDENTIALS, MEMBER_OF, URL_FIELDS
from idpact_contract.evidence import Actor, Setting
from idpact_contract.generated.vocabulary import (
    FAILURES,
    Act,
    Again,
    AtOnce,
    Begin,
    Faulty,
    Foreign,
    Kind,
    Named,
    Ref,
    Stranger,
    Turn,
    Update,
)
from idpact_contract.lab import Lab, SetUpBrokeError, Subject
from idpact_contract.provider import LabIssuer

__all__ = ["Stage"]

_PATHS: Final = ("/auth/realms/Acme", "/4f1c9d3e/v2.0")
_LACKING: Final = (("userinfo_endpoint",), ("authorization_endpoint", "jwks_uri"))
_ILL_TYPED: Final[tuple[dict[str, object], ...]] = (
    {"token_endpoint": 7},
    {"jwks_uri": {"keys": []}},
    {"userinfo_endpoint": None},
    {"authorization_endpoint": ["https://first.example/authorize"]},
)
_PROVIDERS: Final = ("okta", "keycloak", "onelogin")
_MADE_UP: Final = {
    "connection_id": "oidc-connection-test-11111111-1111-4111-8111-111111111111",
    "redirect_url": "https://redirected.example/callback",
}


class Stage:
    """One sequence, as it is played.

    Args:
        lab: Where it is played.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.staging: list[Setting] = []
        self._subject: Subject | None = None
        self._issuers: dict[Ref, LabIssuer] = {}
        self._last: dict[str, Any] | None = None
        self._steps = 0
        self._typed = 0

    @property
    def over(self) -> bool:
        """There is no connection to go on with."""
        return self._subject is None or not self._subject.observed

    def play(self, act: Act) -> bool:
        """Play a step; whether the implementation was asked anything."""
        if isinstance(act, Begin):
            return self._begin(act)
        if self._subject is None or self.over:
            return False
        try:
            return self._player(act)(self._subject, act)
        except SetUpBrokeError:
            return False  # it names an issuer, and the implementation can't reach the mock IdP

    def _player(self, act: Act) -> Callable[[Subject, Any], bool]:
        players: dict[type, Callable[[Subject, Any], bool]] = {
            Update: self._update,
            Again: self._again,
            Turn: self._turn,
            Foreign: self._foreign,
            Stranger: self._stranger,
            Named: self._named,
            Faulty: self._faulty,
            AtOnce: self._at_once,
        }
        return players[type(act)]

    def name_of(self, ref: Ref) -> str | None:
        """The URL of an issuer that took part."""
        return self._issuers[ref].url if ref in self._issuers else None

    def _begin(self, act: Begin) -> bool:
        try:
            typed = {"display_name": f"New {self.lab.token()}"} if act.named else {}
            self._subject = self.lab.create(typed, judged=False)
        except SetUpBrokeError:
            pass  # what it answered is judged
        self._steps += 1
        return True

    def _update(self, subject: Subject, act: Update) -> bool:
        self._last = self._values(act.fields, act.issuer)
        return self._sent(subject, self._last)

    def _again(self, subject: Subject, act: Again) -> bool:
        del act
        return self._last is not None and self._sent(subject, self._last)

    def _turn(self, subject: Subject, act: Turn) -> bool:
        del subject
        issuer = self._issuer(act.issuer)
        if act.to == "moved":
            moved = f"https://moved-{self.lab.token()}.example"
            self._set(issuer, {member: f"{moved}/{member}" for member in MEMBER_OF.values()})
        elif act.to == "lacking":
            self._remove(issuer, _LACKING[0])
        elif act.to == "failing":
            issuer.fail(act.failure)
            self._stage(issuer, {"failure": act.failure})
        else:
            issuer.recover()
            self._stage(issuer, {"failure": None})
        return False

    def _foreign(self, subject: Subject, act: Foreign) -> bool:
        if not self._has_other:
            return False
        typed = self._values(act.fields, act.issuer)
        owner = {"organization_id": self.lab.target.organization(Actor.OWNER)}
        extra = owner if act.names_owner and Ability.ORGANIZATION_ID not in self.lab.target.lacking else {}
        self._sent(subject, typed, extra=extra, actor=Actor.OTHER)
        if act.then_unknown and not extra:
            self._sent(Subject(UNKNOWN_ID, {}), typed)
        return True

    def _stranger(self, subject: Subject, act: Stranger) -> bool:
        return self._sent(subject, self._values(act.fields, None), actor=act.actor)

    def _named(self, subject: Subject, act: Named) -> bool:
        own = subject.observed.get(act.field)
        made = _MADE_UP.get(act.field) or (self.lab.target.organization(Actor.OTHER) if self._has_other else None)
        value = own if act.own else made
        if value is None:
            return False
        return self._sent(subject, {"display_name": f"Named {self.lab.token()}"}, extra={act.field: value})

    def _faulty(self, subject: Subject, act: Faulty) -> bool:
        if act.cut:
            return self._sent(subject, None, raw=f'{{"display_name": "Cut {self.lab.token()}", "client_id": ')
        right = self._values(("identity_provider", "client_id", "jwks_url"), None)
        return self._sent(subject, {**right, act.field: {"nested": [1]}})

    def _at_once(self, subject: Subject, act: AtOnce) -> bool:
        if act.foreign and not self._has_other:
            return False
        actors = (Actor.OWNER, Actor.OTHER if act.foreign else Actor.OWNER)
        bodies = self._values(act.left, None), self._values(act.right, None)
        self.lab.concurrently(subject, *bodies, actors=actors)
        self._steps += 2
        return True

    @property
    def _has_other(self) -> bool:
        return Ability.SECOND_ORGANIZATION not in self.lab.target.lacking

    def _sent(
        self,
        subject: Subject,
        typed: Mapping[str, Any] | None,
        *,
        extra: Mapping[str, Any] | None = None,
        raw: str | None = None,
        actor: Actor = Actor.OWNER,
    ) -> bool:
        self.lab.update(subject, typed, extra=extra, raw=raw, actor=actor, judged=False)
        self._steps += 1
        return True

    def _values(self, fields: Sequence[str], issuer: Ref | None) -> dict[str, str]:
        """New values for these fields, and the URL of that issuer."""
        self._typed += 1
        made = {
            "display_name": f"Connection {self.lab.token()}",
            "identity_provider": _PROVIDERS[self._typed % len(_PROVIDERS)],
            **(self.lab.credentials() if set(fields) & set(CREDENTIALS) else {}),
            **{name: self.lab.typed_url(name) for name in URL_FIELDS if name in fields},
        }
        typed = {name: made[name] for name in fields}
        return typed if issuer is None else {"issuer": self._issuer(issuer).url, **typed}

    def _issuer(self, ref: Ref) -> LabIssuer:
        if ref not in self._issuers:
            self._issuers[ref] = self._made(ref)
        return self._issuers[ref]

    def _made(self, ref: Ref) -> LabIssuer:
        failure = FAILURES[ref.number] if ref.kind is Kind.FAILING else None
        path = _PATHS[ref.number] if ref.kind is Kind.PATH else None
        slash = ref.kind is Kind.SLASH
        # Where it grasps for credentials, what is sent to its endpoints is seen too.
        issuer = self.lab.issuer(path=path, slash=slash, failure=failure, live_endpoints=ref.kind is Kind.GRASPING)
        making = {"own_port": True, "path": path or "", "trailing_slash": slash, "failure": failure}
        self._stage(issuer, making, made=True)
        document = issuer.document
        self._set(issuer, {member: document[member] for member in MEMBER_OF.values()} | _SHAPES[ref.kind](ref.number))
        if ref.kind is Kind.LACKING:
            self._remove(issuer, _LACKING[ref.number])
        if ref.kind is Kind.MISNAMED and ref.number:
            self._remove(issuer, ("issuer",))
        if ref.kind is Kind.PATH:  # both are on one host, where a client might keep cookies
            headers = {"Set-Cookie": f"idpact={self.lab.token()}; Path=/"}
            issuer.set_headers(headers)
            self._stage(issuer, {"headers": headers})
        return issuer

    def _set(self, issuer: LabIssuer, members: Mapping[str, object]) -> None:
        issuer.set_members(members)
        self._stage(issuer, {"document": {"set": dict(members)}})

    def _remove(self, issuer: LabIssuer, members: Sequence[str]) -> None:
        issuer.remove_members(*members)
        self._stage(issuer, {"document": {"remove": list(members)}})

    def _stage(self, issuer: LabIssuer, body: dict[str, Any], *, made: bool = False) -> None:
        self.staging.append(Setting(issuer=issuer.url, step=self._steps, body=body, made=made))


def _nothing_more(number: int) -> dict[str, object]:
    del number
    return {}


_SHAPES: Final[Mapping[Kind, Callable[[int], dict[str, object]]]] = defaultdict(
    lambda: _nothing_more,
    {
        Kind.ILL_TYPED: lambda number: _ILL_TYPED[number],
        Kind.MISNAMED: lambda number: {"issuer": f"https://somebody-else-{number}.example"},
        Kind.UNUSUAL: lambda number: {
            member: f"https://Idp-{number}.example:443/%7E/a/../{member}?x=1" for member in MEMBER_OF.values()
        },
        Kind.GRASPING: lambda number: {
            "client_id": f"client-of-the-document-{number}",
            "client_secret": f"secret-of-the-document-{number}",
            "display_name": f"Name of the document {number}",
            "identity_provider": "salesforce",
        },
    },
)
"""What a kind of issuer has in its document beside the four endpoints."""
