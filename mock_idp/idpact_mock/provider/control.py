"""A provider over the control interface: routes, what they read, what they show. Everything is the Python API's doing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response

from idpact_mock.errors import UnknownIssuerError
from idpact_mock.provider.clock import checked_seconds
from idpact_mock.provider.operations import PROVIDER_OPERATIONS
from idpact_mock.provider.settings import checked_algorithm
from idpact_mock.provider.wanted import CLIENT_WORDS, USER_WORDS
from idpact_mock.provider.words import KEY_CHANGES, TOKEN_WORDS
from idpact_mock.wishes import only

if TYPE_CHECKING:
    from idpact_mock.issuer import Issuer
    from idpact_mock.provider.keys import Keys

__all__ = ["provider_handlers"]

Handler = Callable[[Request], Awaitable[Response]]
Read = Callable[[Request], Awaitable[dict[str, Any]]]
Reply = Callable[..., Response]

_TEXTS: Final = frozenset(
    {"sub", "kind", "client_id", "scope", "nonce", "audience", "flaw", "client_secret", "alg", "kid", "do"}
)


def _provider_json(issuer: "Issuer") -> dict[str, Any]:
    """A provider as the control interface shows it."""
    provider = issuer.provider
    return {
        "settings": provider.settings.to_json(),
        "default_client": provider.clients.default.to_json(),
        "clock": {"offset": issuer.clock.offset, "now": issuer.clock.now()},
        "algs": list(issuer.keys.algs),
    }


def provider_handlers(find: Callable[[Request], "Issuer"], read: Read, reply: Reply) -> dict[str, Handler]:
    """The handlers, by the ids of `operations`.

    Args:
        find: Finds the issuer that a request names.
        read: Reads a request's JSON object.
        reply: Makes a JSON answer.
    """
    control = _Control(find, read, reply)
    return {operation.id: getattr(control, operation.id) for operation in PROVIDER_OPERATIONS}


class _Control:
    """The handlers."""

    def __init__(self, find: Callable[[Request], "Issuer"], read: Read, reply: Reply) -> None:
        self._find = find
        self._read = read
        self._reply = reply

    async def show_provider(self, request: Request) -> Response:
        return self._reply(_provider_json(await self._issuer(request)))

    async def configure(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        issuer.configure(**await self._read(request))
        return self._reply(_provider_json(issuer))

    async def list_clients(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        return self._reply({"clients": [client.to_json() for client in issuer.provider.clients]})

    async def add_client(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        members = await self._members(request, CLIENT_WORDS)
        return self._reply(issuer.add_client(**members).to_json(), status=201)

    async def remove_client(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        _removed(issuer.remove_client, request.path_params["client_id"])
        return Response(status_code=204)

    async def list_users(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        return self._reply({"users": [user.to_json() for user in issuer.provider.users]})

    async def add_user(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        members = await self._members(request, USER_WORDS)
        user = issuer.add_user(members.get("sub", ""), members.get("claims"))
        return self._reply(user.to_json(), status=201)

    async def remove_user(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        _removed(issuer.remove_user, request.path_params["sub"])
        return Response(status_code=204)

    async def next_token(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        issuer.next_token(**await self._members(request, ("claims", "flaw", "kind")))
        return Response(status_code=204)

    async def refuse_next(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        members = await self._members(request, ("endpoint", "error", "description", "status"))
        issuer.refuse_next(**{"endpoint": "", "error": "", **members})
        return Response(status_code=204)

    async def token(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        members = await self._members(request, TOKEN_WORDS)
        wish = {name: value for name, value in members.items() if value is not None}
        return self._reply({"token": await asyncio.to_thread(lambda: issuer.token(**wish))}, status=201)

    async def move_clock(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        members = await self._members(request, ("move", "reset"))
        if not isinstance(members.get("reset", False), bool):
            raise ValueError(f"reset: {members['reset']!r} must be true or false")  # noqa: TRY004 - of JSON
        if "move" not in members and not members.get("reset"):
            raise ValueError("body: it must have 'move' (seconds) or 'reset' (true)")
        move = checked_seconds(members.get("move", 0))
        if members.get("reset"):
            issuer.clock.reset()
        issuer.clock.move(move)
        return self._reply({"offset": issuer.clock.offset, "now": issuer.clock.now()})

    async def show_keys(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        return self._reply(await asyncio.to_thread(_keys_json, issuer.keys))

    async def change_keys(self, request: Request) -> Response:
        issuer = await self._issuer(request)
        members = await self._members(request, ("do", "alg", "kid"))
        return self._reply(await asyncio.to_thread(_change_keys, issuer.keys, members))

    async def _issuer(self, request: Request) -> "Issuer":
        issuer = self._find(request)
        # Loads JOSE and makes a provider where there was none: not in the event loop.
        await asyncio.to_thread(lambda: issuer.provider)
        return issuer

    async def _members(self, request: Request, known: tuple[str, ...]) -> dict[str, Any]:
        members = await self._read(request)
        only(members, known, within="body")
        for name in _TEXTS & members.keys():
            if not isinstance(members[name], str | None):
                raise ValueError(f"{name}: {members[name]!r} must be a string or null")  # noqa: TRY004 - of JSON
        return members


def _removed(remove: Callable[[str], None], name: str) -> None:
    try:
        remove(name)
    except LookupError as error:
        raise UnknownIssuerError(*error.args) from error


def _keys_json(keys: "Keys") -> dict[str, Any]:
    published = list(keys.published)
    return {"published": published, "signing": {alg: keys.signing_key(alg).kid for alg in keys.algs}}


def _change_keys(keys: "Keys", members: Mapping[str, Any]) -> dict[str, Any]:
    given = members.get("alg")
    alg = None if given is None else checked_algorithm(given)
    kid = members.get("kid")
    try:
        match members.get("do"):
            case "publish-next":
                keys.publish_next(alg)
            case "sign-with-next":
                keys.sign_with_next(alg)
            case "retire-old":
                keys.retire_old()
            case "rotate":
                keys.rotate(alg)
            case "add":
                keys.add(alg, kid=kid)
            case "clash":
                keys.clash(alg)
            case "withdraw":
                keys.withdraw("" if kid is None else kid)
            case other:
                raise ValueError(f"do: {other!r} must be one of {', '.join(KEY_CHANGES)}")
    except (RuntimeError, LookupError) as error:
        raise ValueError(*error.args) from error
    return _keys_json(keys)
