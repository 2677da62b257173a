"""Cases that show what the source leaves open. What happens there is observed; judged is only what holds either way."""

from typing import Any, Final

from idpact_contract.abilities import Ability
from idpact_contract.cases.registry import Arrange, case, register
from idpact_contract.cases.subjects import filled
from idpact_contract.catalogue import Level
from idpact_contract.lab import Lab

__all__: list[str] = []

_UNSETTABLE: Final = ("display_name", "client_id", "client_secret", "issuer", "jwks_url")
_MEGABYTES: Final = (1, 10, 50)


def _unset(field: str, value: object) -> Arrange:
    def arrange(lab: Lab) -> None:
        lab.update(filled(lab), {field: value})

    return arrange


_UNSET: Final[dict[str, Any]] = {"empty": "", "null": None}
for _word, _value in _UNSET.items():
    for _field in _UNSETTABLE:
        # A secret that no read shows can't be seen to go.
        _needs = (Ability.SECRET_SHOWS,) if _field == "client_secret" else ()
        register(
            "INPUT-2",
            f"{_word}-{_field}",
            _unset(_field, _value),
            title=f"Send {_field} as {_value!r} on a connection that has one.".replace("None", "null"),
            needs=_needs,
        )


@case("INPUT-2", "active-cleared", needs=(Ability.STATUS, Ability.ACTIVATION))
def _(lab: Lab) -> None:
    """Clear the client_id of an active connection."""
    lab.update(filled(lab), {"client_id": ""})


@case("INPUT-2", "unknown-member")
def _(lab: Lab) -> None:
    """Send a member that is no parameter beside a display_name."""
    lab.update(lab.create(), {"display_name": f"Known {lab.token()}"}, extra={"idpact_unknown": "unknown"})


@case("INPUT-2", "http-issuer")
def _(lab: Lab) -> None:
    """Type an issuer with the scheme http, at a host that resolves nowhere."""
    lab.update(lab.create(), {"issuer": f"http://plain-{lab.token()}.example"})


@case("INPUT-2", "final-slash-added")
def _(lab: Lab) -> None:
    """Type the stored issuer again with a final slash."""
    subject, issuer = lab.create(), lab.issuer().url
    lab.given(subject, {"issuer": issuer})
    lab.update(subject, {"issuer": f"{issuer}/"})


@case("INPUT-2", "final-slash-removed")
def _(lab: Lab) -> None:
    """Type the stored issuer again without its final slash."""
    subject, issuer = lab.create(), lab.issuer(slash=True).url
    lab.given(subject, {"issuer": issuer})
    lab.update(subject, {"issuer": issuer.removesuffix("/")})


@case("DISC-6", "after-a-failure")
def _(lab: Lab) -> None:
    """Repeat the same issuer once its document, which could not be read before, is there."""
    subject, issuer = lab.create(), lab.issuer(failure="http-503")
    lab.given(subject, {"issuer": issuer.url, **lab.typed_urls("jwks_url")})
    issuer.recover()
    lab.update(subject, {"issuer": issuer.url})


@case("DISC-6", "member-appears")
def _(lab: Lab) -> None:
    """Repeat the same issuer once its document has a member that it lacked before."""
    subject, issuer = lab.create(), lab.issuer(without=["userinfo_endpoint"])
    lab.given(subject, {"issuer": issuer.url})
    issuer.set_members({"userinfo_endpoint": f"https://idp-{lab.token()}.example/userinfo"})
    lab.update(subject, {"issuer": issuer.url})


def _document_of(megabytes: int) -> Arrange:
    def arrange(lab: Lab) -> None:
        huge = lab.issuer(failure={"id": "huge-document", "parameters": {"megabytes": megabytes}})
        lab.update(lab.create(), {"issuer": huge.url, **lab.typed_urls("jwks_url")})

    return arrange


for _size in _MEGABYTES:
    register(
        "FALL-1",
        f"huge-document-{_size}-mb",
        _document_of(_size),
        level=Level.SHOULD,
        title=f"Type values on a new connection while the identity provider's document has {_size} MB.",
    )
