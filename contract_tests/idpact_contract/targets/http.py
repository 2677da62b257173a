"""An implementation behind HTTP, described by a profile. Sends requests and reads answers; judges nothing."""

import json
import secrets
import ssl
import time
from collections.abc import Iterable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx
import msgspec

from idpact_contract.abilities import Ability
from idpact_contract.connection import STRING_FIELDS
from idpact_contract.evidence import Actor, Exchange, Observed, WireFacts
from idpact_contract.pointer import ABSENT, put, resolve, tokens
from idpact_contract.targets.auth import Asking, ClientCredentials, Login, fill, filled
from idpact_contract.targets.base import Answer, Body, UnreachableError
from idpact_contract.targets.pace import Pace
from idpact_contract.targets.profile import Official, Operation, Profile
from idpact_contract.targets.quota import Quota

__all__ = ["HttpTarget", "MissingVariableError"]

ANSWER_LIMIT_SECONDS: Final = 75.0
"""How long an answer is waited for: longer than any client's patience, shorter than the mock IdP's longest hang."""

_READ: Final = (*STRING_FIELDS, "custom_scopes", "attribute_mapping")

_WELL_KNOWN: Final = "/.well-known/openid-configuration"

_OTHER: Final = "other_"
"""A variable of the other organization is named as its twin, with this before it."""


class MissingVariableError(ValueError):
    """A variable that the profile declares was not given; the message names each and what it is."""


class HttpTarget:
    """Any implementation that a profile describes.

    Args:
        base_url: Where it is, such as `https://api.example.com`; a path in it is kept.
        profile: Its wire.
        variables: Values of the profile's variables.
        tls: Trust for an https base URL; the system's by default.
        timeout: Seconds that an answer is waited for.

    Raises:
        ValueError: `base_url` is no http or https URL.
        MissingVariableError: A variable of the profile is missing.
    """

    def __init__(
        self,
        base_url: str,
        *,
        profile: Profile,
        variables: Mapping[str, str],
        tls: ssl.SSLContext | None = None,
        timeout: float = ANSWER_LIMIT_SECONDS,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"base URL {base_url!r}: an absolute http or https URL is needed")
        if "@" in parts.netloc:
            raise ValueError("base URL: no credentials belong in it, since it stands in every report; use variables")
        lacking = profile.lacking()
        wanted = {
            name: variable
            for name, variable in profile.variables.items()
            if not (name.startswith(_OTHER) and Ability.SECOND_ORGANIZATION in lacking)
        }
        missing = [name for name in wanted if not variables.get(name)]
        if missing:
            told = "; ".join(f"{name} ({wanted[name].about})" if wanted[name].about else name for name in missing)
            raise MissingVariableError(f"profile {profile.name!r} needs {told}")
        self.base_url = base_url.rstrip("/")
        self.profile = profile
        self.lacking = lacking
        self.facts = WireFacts(
            profile=profile.name,
            documented=profile.official is not None,
            backend=profile.official is Official.BACKEND,
            shows_secret=profile.shows_secret,
            unseen=profile.unseen,
            has_status=Ability.STATUS not in lacking,
            answers_updates=profile.operations.update.connection is not None,
            activates_within=profile.poll.limit if profile.activation == "polled" else 0.0,
            poll_every=profile.poll.every,
        )
        self._variables = {name: value for name, value in variables.items() if name in profile.variables}
        self._fakes = {name: f"idpact-made-up-{secrets.token_hex(8)}" for name in self._secret_names()}
        self._words = tuple((profile.status_word(ours), ours) for ours in ("pending", "active"))
        self._tokens: dict[Actor, str] = {}
        self._pace = Pace(profile.limits)
        self._quota = Quota(profile.limits)
        self._client = httpx.Client(
            verify=tls if tls is not None else True,
            timeout=httpx.Timeout(timeout, connect=10.0),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            # More than cases that are tried side by side: beyond its limit of idle connections httpcore closes one that
            # another thread was just given, whose request then fails with "Bad file descriptor".
            limits=httpx.Limits(max_keepalive_connections=64),
        )

    def _secret_names(self) -> Iterable[str]:
        return (name for name, variable in self.profile.variables.items() if variable.secret)

    @property
    def credentials(self) -> tuple[str, ...]:
        """The caller's own secrets, as typed and as they travel."""
        told = [self._variables[name] for name in self._secret_names() if name in self._variables]
        auth = self.profile.auth
        if not isinstance(auth, ClientCredentials | Login):
            told += [value.removeprefix("Basic ") for value in auth.headers(self._for(Actor.OWNER, "")).values()]
        return (*told, *self._tokens.values())

    def organization(self, actor: Actor) -> str:
        """The id of the organization on whose behalf that actor acts."""
        return self._for(actor, "").get("organization_id", "")

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Create a connection, when the profile's limits leave room for one.

        Raises:
            NotImplementedError: The profile has no such operation.
            QuotaSpentError: The profile's limits leave room for none.
        """
        if self.profile.operations.create is None:
            raise NotImplementedError(f"profile {self.profile.name!r} has no create operation")
        self._quota.take()
        try:
            answer = self._send(self.profile.operations.create, "", actor, body)
        except BaseException:
            self._quota.none_came()
            raise
        if not answer.exchange.accepted:
            self._quota.none_came()
        return answer

    def reset(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer | None:
        """Empty a connection; None where the profile has no operation for it."""
        if self.profile.operations.reset is None:
            return None
        return self._send(self.profile.operations.reset, connection_id, actor, None)

    def pool(self) -> dict[Actor, tuple[str, ...]]:
        """The ids of the connections that may be borrowed; the other organization has those with variables of its own."""
        owner = tuple(fill(text, self._for(Actor.OWNER, "")) for text in self.profile.pool)
        other = (fill(text, self._for(Actor.OTHER, "")) for text in self.profile.pool)
        return {Actor.OWNER: owner, Actor.OTHER: tuple(known for known in other if known not in owner)}

    def update(self, connection_id: str, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Update a connection."""
        return self._send(self.profile.operations.update, connection_id, actor, body)

    def read(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Read a connection; where the wire only lists, it is looked up in the list by its id."""
        return self._send(self.profile.operations.read, connection_id, actor, None)

    def delete(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Delete a connection.

        Raises:
            NotImplementedError: The profile has no such operation.
        """
        if self.profile.operations.delete is None:
            raise NotImplementedError(f"profile {self.profile.name!r} has no delete operation")
        answer = self._send(self.profile.operations.delete, connection_id, actor, None)
        if answer.exchange.accepted:
            self._quota.gone()
        return answer

    def knock(self, connection_id: str, method: str) -> Answer:
        """Send another method to the address of an update, without a body."""
        operation = msgspec.structs.replace(self.profile.operations.update, method=method)
        return self._send(operation, connection_id, Actor.OWNER, None)

    def close(self) -> None:
        """Close the connections to the implementation."""
        self._client.close()

    def _for(self, actor: Actor, connection_id: str) -> dict[str, str]:
        """The variables as that actor has them."""
        values = dict(self._variables)
        if actor is Actor.OTHER:
            twins = {name.removeprefix(_OTHER): value for name, value in values.items() if name.startswith(_OTHER)}
            values |= {name: value for name, value in twins.items() if name in values}
        if actor is Actor.IMPOSTOR:
            values |= self._fakes
        return {**values, "connection_id": connection_id, "fresh_id": f"idpact-{secrets.token_hex(8)}"}

    def _send(self, operation: Operation, connection_id: str, actor: Actor, body: Body | None) -> Answer:
        variables = self._for(actor, connection_id)
        headers = {name: fill(text, variables) for name, text in self.profile.headers.items()}
        headers |= self._proof(actor, variables)
        content = None if body is None else self._content(operation, body, variables)
        if content is not None:
            headers["Content-Type"] = "application/json"
        url = self.base_url + operation.target(variables)
        exchange = self._exchange(operation.method, url, headers, content)
        return self._answer(operation, exchange, connection_id)

    def _proof(self, actor: Actor, variables: Mapping[str, str]) -> dict[str, str]:
        """The headers that prove who sends a request."""
        auth = self.profile.auth
        if actor is Actor.NOBODY:
            return {}
        if not isinstance(auth, ClientCredentials | Login):
            return auth.headers(variables)
        if actor is Actor.IMPOSTOR:
            return auth.headers_with(f"idpact-made-up-{secrets.token_hex(16)}")
        if actor not in self._tokens:
            self._tokens[actor] = self._asked_for_token(auth, variables)
        return auth.headers_with(self._tokens[actor])

    def _asked_for_token(self, auth: Asking, variables: Mapping[str, str]) -> str:
        asking = auth.request(variables)
        url = asking.target if "://" in asking.target else self.base_url + asking.target
        exchange = self._exchange(asking.method, url, asking.headers, asking.content)
        token = auth.token(exchange) if exchange.accepted else None
        if token is None:
            told = exchange.status if exchange.status is not None else exchange.error
            raise UnreachableError(f"no token: {asking.method} {url} answered {told}, and has none where [auth] says")
        return token

    def _content(self, operation: Operation, body: Body, variables: Mapping[str, str]) -> str:
        if body.raw is not None:
            return body.raw
        members: dict[str, Any] = filled(operation.body, variables)
        for name, value in body.typed.items():
            put(members, _below(operation.wrap, self.profile.place(name)), self._outward(name, value))
        within: dict[str, Any] = members
        for token in tokens(operation.wrap):
            within = within.setdefault(token, {})
        within |= body.extra
        return json.dumps(members)

    def _outward(self, name: str, value: object) -> object:
        """A typed value as this wire wants it: an issuer may have to be its document's URL."""
        if name == "issuer" and self.profile.issuer_as == "document-url" and isinstance(value, str) and value:
            return value.removesuffix("/") + _WELL_KNOWN
        return value

    def _exchange(self, method: str, url: str, headers: dict[str, str], content: str | None) -> Exchange:
        began = time.perf_counter()
        status: int | None = None
        answer_headers: tuple[tuple[str, str], ...] = ()
        answer, problem = "", None
        try:
            response = self._pace.keep(lambda: self._client.request(method, url, headers=headers, content=content))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            reason = str(error) or "the connection timed out"
            told = f"{_origin(url)} can't be reached: {reason}"
            unsent = Exchange(method=method, url=url, headers=tuple(headers.items()), body=content, error=told)
            raise UnreachableError(told, exchange=unsent) from error
        except httpx.HTTPError as error:
            reason = "no answer" if isinstance(error, httpx.TimeoutException) else str(error) or type(error).__name__
            problem = f"{reason} after {time.perf_counter() - began:.1f} s"
        else:
            status, answer = response.status_code, response.text
            answer_headers = tuple(response.headers.multi_items())
        return Exchange(
            method=method,
            url=url,
            headers=tuple(headers.items()),
            body=content,
            status=status,
            answer_headers=answer_headers,
            answer=answer,
            error=problem,
            seconds=time.perf_counter() - began,
        )

    def _answer(self, operation: Operation, exchange: Exchange, connection_id: str) -> Answer:
        document = exchange.json
        if not exchange.accepted:
            return Answer(exchange=exchange, envelope=_scalars(document))
        envelope = resolve(document, operation.envelope)
        warning = resolve(envelope, self.profile.warning)
        return Answer(
            exchange=exchange,
            envelope=_scalars(envelope),
            connection=self._connection(operation, exchange, connection_id),
            made=_last_segment(exchange.header("location")) if operation.location else None,
            warning=None if warning is ABSENT else warning,
        )

    def _connection(self, operation: Operation, exchange: Exchange, connection_id: str) -> Observed | None:
        document = exchange.json
        if operation.list is not None:
            listed = resolve(document, operation.list)
            candidates = listed if isinstance(listed, list) else []
            place = self.profile.place("connection_id")
            found = next((entry for entry in candidates if resolve(entry, place) == connection_id), None)
        else:
            found = None if operation.connection is None else resolve(document, operation.connection)
        return self._observed(found) if isinstance(found, dict) else None

    def _observed(self, connection: dict[str, Any]) -> Observed:
        """A connection in our field names; the implementation's status words in ours, unknown ones as they are."""
        places = {name: resolve(connection, self.profile.place(name)) for name in _READ}
        seen = {name: value for name, value in places.items() if value is not ABSENT}
        if self.profile.issuer_as == "document-url" and isinstance(seen.get("issuer"), str):
            seen["issuer"] = seen["issuer"].removesuffix(_WELL_KNOWN)
        if "status" in seen:
            theirs = seen["status"]
            same = (ours for word, ours in self._words if type(word) is type(theirs) and word == theirs)
            seen["status"] = next(same, theirs)
        return seen


def _below(wrap: str, place: str) -> str:
    """A place within a connection as a place within a body."""
    escaped = (token.replace("~", "~0").replace("/", "~1") for token in (*tokens(wrap), *tokens(place)))
    return "".join(f"/{token}" for token in escaped)


def _last_segment(location: str | None) -> str | None:
    """The last segment of a URL's path, decoded; None where there is none."""
    return unquote(urlsplit(location or "").path.rstrip("/").rpartition("/")[2]) or None


def _scalars(envelope: object) -> dict[str, Any] | None:
    """An answer's own members; objects and lists in it are the answer's matter, and kept elsewhere."""
    if not isinstance(envelope, dict):
        return None
    return {name: value for name, value in envelope.items() if not isinstance(value, dict | list)}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
