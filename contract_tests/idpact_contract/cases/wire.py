"""Cases of WIRE: answers and errors of the two official wires."""

from idpact_contract.abilities import Ability
from idpact_contract.cases.registry import Arrange, case, register
from idpact_contract.cases.subjects import UNKNOWN_ID
from idpact_contract.catalogue import Level
from idpact_contract.evidence import Actor
from idpact_contract.lab import Lab
from idpact_contract.rules.wire import request_ids_are_new

__all__: list[str] = []


def _created(lab: Lab) -> None:
    lab.create(judged=True)


def _inferred(lab: Lab) -> None:
    lab.update(lab.create(), {"issuer": lab.issuer().url, **lab.credentials()})


def _unreadable(lab: Lab) -> None:
    lab.update(lab.create(), {"issuer": lab.issuer(failure="http-404").url, **lab.typed_urls("token_url")})


def _partial(lab: Lab) -> None:
    lab.update(lab.create(), {"display_name": f"Named {lab.token()}"})


_ANSWERS: dict[str, tuple[Arrange, str]] = {
    "created": (_created, "Create a connection."),
    "inferred": (_inferred, "Update a connection with an issuer that can be read."),
    "unreadable": (_unreadable, "Update a connection with an issuer that can't be read."),
    "partial": (_partial, "Update the display_name alone."),
}
for _name, (_arrange, _title) in _ANSWERS.items():
    for _rule in ("WIRE-1", "WIRE-2", "WIRE-3", "WIRE-4"):
        register(_rule, _name, _arrange, title=_title)
    register("WIRE-7", _name, _arrange, title=_title, needs=(Ability.BACKEND_WIRE,))


def _unknown_connection(lab: Lab) -> None:
    lab.update_unknown(UNKNOWN_ID, {"display_name": f"Nobody {lab.token()}"})


def _no_credentials(lab: Lab) -> None:
    lab.update(lab.create(), {"display_name": f"Nobody {lab.token()}"}, actor=Actor.NOBODY)


def _made_up_credentials(lab: Lab) -> None:
    lab.update(lab.create(), {"display_name": f"Nobody {lab.token()}"}, actor=Actor.IMPOSTOR)


def _malformed(lab: Lab) -> None:
    lab.update(lab.create(), raw='{"display_name": ')


def _wrong_type(lab: Lab) -> None:
    lab.update(lab.create(), {"issuer": {"url": ["not", "a", "string"]}})


_ERRORS: dict[str, tuple[Arrange, str]] = {
    "unknown-connection": (_unknown_connection, "Update a connection that doesn't exist."),
    "no-credentials": (_no_credentials, "Update a connection without credentials."),
    "made-up-credentials": (_made_up_credentials, "Update a connection with credentials that were never issued."),
    "malformed-json": (_malformed, "Send a body that is cut in the middle of its JSON."),
    "wrong-type": (_wrong_type, "Send an issuer that is an object."),
}
for _name, (_arrange, _title) in _ERRORS.items():
    register("WIRE-5", _name, _arrange, title=_title)
    if _name in ("unknown-connection", "no-credentials"):
        register("WIRE-2", f"error-{_name}", _arrange, title=_title)
        register("WIRE-3", f"error-{_name}", _arrange, title=_title)


@case("WIRE-3", "new-each-time", level=Level.SHOULD, judge=request_ids_are_new)
def _(lab: Lab) -> None:
    """Compare the request_ids of a create and of two equal updates."""
    subject = lab.create(judged=True)
    typed = {"display_name": f"Named {lab.token()}"}
    lab.update(subject, typed)
    lab.update(subject, typed)


@case("WIRE-6", "connection-id")
def _(lab: Lab) -> None:
    """Repeat the path's connection_id in the body, as the browser SDK does."""
    subject = lab.create()
    lab.update(subject, {"display_name": f"Named {lab.token()}"}, extra={"connection_id": subject.id})


@case("WIRE-6", "both-ids", needs=(Ability.BACKEND_WIRE,))
def _(lab: Lab) -> None:
    """Repeat connection_id and organization_id in the body, as the Python SDK does."""
    subject = lab.create()
    ids = {"connection_id": subject.id, "organization_id": lab.target.organization(Actor.OWNER)}
    lab.update(subject, {"display_name": f"Named {lab.token()}"}, extra=ids)
