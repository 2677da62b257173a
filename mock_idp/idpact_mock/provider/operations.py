"""The operations by which an issuer's provider is steered, as data. Handled by the functions of `control` that have their ids."""

from functools import partial
from typing import Final

from idpact_mock.operation import Operation

__all__ = ["PROVIDER_OPERATIONS"]

_AT: Final = "/issuers/{name}"

_show = partial(Operation, method="GET", tag="provider")
_send = partial(Operation, method="POST", tag="provider", errors=(400, 422))
_drop = partial(Operation, method="DELETE", tag="provider", status=204)

PROVIDER_OPERATIONS: Final = (
    _show(
        id="show_provider",
        path=f"{_AT}/provider",
        summary="Show the settings, the default client with its secret, and the clock.",
        answer="Provider",
    ),
    Operation(
        id="configure",
        method="PATCH",
        path=f"{_AT}/provider",
        summary="Change settings; those not named stay.",
        tag="provider",
        answer="Provider",
        body="SettingsChange",
        errors=(400, 422),
    ),
    _show(id="list_clients", path=f"{_AT}/clients", summary="List the relying parties.", answer="Clients"),
    _send(
        id="add_client",
        path=f"{_AT}/clients",
        summary="Register a relying party, or replace the one of that id.",
        status=201,
        answer="Client",
        body="ClientMaking",
    ),
    _drop(id="remove_client", path=f"{_AT}/clients/{{client_id}}", summary="Remove a relying party."),
    _show(id="list_users", path=f"{_AT}/users", summary="List who can log in.", answer="Users"),
    _send(
        id="add_user",
        path=f"{_AT}/users",
        summary="Add somebody who can log in, or replace the one of that name.",
        status=201,
        answer="User",
        body="UserMaking",
    ),
    _drop(id="remove_user", path=f"{_AT}/users/{{sub}}", summary="Remove somebody who can log in."),
    _send(
        id="next_token",
        path=f"{_AT}/next-token",
        summary="Have the next token that is issued differ, once.",
        status=204,
        body="TokenOrder",
    ),
    _send(
        id="refuse_next",
        path=f"{_AT}/next-refusal",
        summary="Have the next request at an endpoint refused, once.",
        status=204,
        body="RefusalOrder",
    ),
    _send(
        id="token",
        path=f"{_AT}/tokens",
        summary="Mint a token without a request.",
        status=201,
        answer="Token",
        body="TokenWish",
    ),
    _send(
        id="move_clock",
        path=f"{_AT}/clock",
        summary="Move the provider's clock, or set it right again.",
        answer="Clock",
        body="ClockChange",
    ),
    _show(id="show_keys", path=f"{_AT}/keys", summary="Show the ids of the keys.", answer="Keys"),
    _send(
        id="change_keys",
        path=f"{_AT}/keys",
        summary="Rotate the keys, phase by phase or at once.",
        answer="Keys",
        body="KeysChange",
    ),
)
