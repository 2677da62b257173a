"""Cases of ACT: which fields make a connection active, in which order, and which lack keeps it pending."""

from collections.abc import Sequence

from idpact_contract.cases.registry import Arrange, case, register
from idpact_contract.connection import MEMBER_OF, REQUIRED, URL_FIELDS
from idpact_contract.lab import Lab

__all__: list[str] = []


def _seven(lab: Lab, *, failing: bool) -> dict[str, str]:
    """A value for each required field; the issuer's document can't be read, or can."""
    issuer = lab.issuer(failure="http-404" if failing else None)
    return {"issuer": issuer.url, **lab.credentials(), **lab.typed_urls()}


@case("ACT-1", "created")
def _(lab: Lab) -> None:
    """Create a connection."""
    lab.create(judged=True)


@case("ACT-1", "created-with-name")
def _(lab: Lab) -> None:
    """Create a connection with a display_name and an identity_provider."""
    lab.create({"display_name": f"New {lab.token()}", "identity_provider": "okta"}, judged=True)


def _all_but(field: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        typed = _seven(lab, failing=True)
        del typed[field]
        lab.update(lab.create(), typed)

    return arrange


def _inferred_all_but(field: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        without = [MEMBER_OF[field]] if field in MEMBER_OF else []
        typed = {"issuer": lab.issuer(without=without).url, **lab.credentials()}
        typed.pop(field, None)
        lab.update(lab.create(), typed)

    return arrange


for _field in REQUIRED:
    _how = "typed" if _field == "issuer" else "typed, while the document can't be read"
    register("ACT-2", f"typed-without-{_field}", _all_but(_field), title=f"All required fields but {_field}, {_how}.")
    if _field != "issuer":
        register(
            "ACT-2",
            f"inferred-without-{_field}",
            _inferred_all_but(_field),
            title=f"All required fields but {_field}, the URLs inferred.",
        )


@case("ACT-2", "nothing-but-name")
def _(lab: Lab) -> None:
    """Update the display_name of a new connection."""
    lab.update(lab.create(), {"display_name": f"Named {lab.token()}"})


def _last(field: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        # The URLs may be cleared when the issuer changes to one that can't be read, so as the last field it can be read.
        typed = _seven(lab, failing=field != "issuer")
        last = {field: typed.pop(field)}
        subject = lab.create()
        lab.update(subject, typed)
        lab.update(subject, last)

    return arrange


for _field in REQUIRED:
    register("ACT-3", f"last-{_field}", _last(_field), title=f"Type the other six, then {_field}.")


def _one_by_one(order: Sequence[str]) -> Arrange:
    def arrange(lab: Lab) -> None:
        typed = _seven(lab, failing=True)
        subject = lab.create()
        for field in order:
            lab.update(subject, {field: typed[field]})

    return arrange


register("ACT-3", "one-by-one", _one_by_one(REQUIRED), title="Type the seven fields one by one.")
register(
    "ACT-3",
    "one-by-one-backwards",
    _one_by_one(("issuer", *reversed(URL_FIELDS), "client_secret", "client_id")),
    title="Type the issuer, and then the other six one by one in the opposite order.",
)


@case("ACT-3", "all-at-once")
def _(lab: Lab) -> None:
    """Type all seven fields in one update, while the document can be read."""
    lab.update(lab.create(), _seven(lab, failing=False))


@case("ACT-4", "together")
def _(lab: Lab) -> None:
    """Type issuer, client_id and client_secret in one update."""
    lab.update(lab.create(), {"issuer": lab.issuer().url, **lab.credentials()})


@case("ACT-4", "issuer-first")
def _(lab: Lab) -> None:
    """Type the issuer, and then the credentials that it handed out."""
    subject = lab.create()
    lab.update(subject, {"issuer": lab.issuer().url})
    lab.update(subject, lab.credentials())


@case("ACT-4", "credentials-first")
def _(lab: Lab) -> None:
    """Type the credentials, and then the issuer."""
    subject = lab.create()
    lab.update(subject, lab.credentials())
    lab.update(subject, {"issuer": lab.issuer().url})


@case("ACT-4", "typed-and-inferred")
def _(lab: Lab) -> None:
    """Type issuer, credentials and the one URL that the document lacks."""
    issuer = lab.issuer(without=("userinfo_endpoint",))
    lab.update(lab.create(), {"issuer": issuer.url, **lab.credentials(), **lab.typed_urls("userinfo_url")})


@case("ACT-5", "then-typed")
def _(lab: Lab) -> None:
    """Type issuer and credentials where the document has no userinfo_endpoint, and then userinfo_url."""
    subject = lab.create()
    lab.update(subject, {"issuer": lab.issuer(without=("userinfo_endpoint",)).url, **lab.credentials()})
    lab.update(subject, lab.typed_urls("userinfo_url"))


@case("ACT-6", "typed")
def _(lab: Lab) -> None:
    """Update display_name alone on a connection that typed values made active."""
    subject = lab.create()
    lab.given(subject, _seven(lab, failing=True))
    lab.update(subject, {"display_name": f"Renamed {lab.token()}"})


@case("ACT-6", "inferred")
def _(lab: Lab) -> None:
    """Update display_name alone on a connection that inferred values made active."""
    subject = lab.create()
    lab.given(subject, {"issuer": lab.issuer().url, **lab.credentials()})
    lab.update(subject, {"display_name": f"Renamed {lab.token()}"})
