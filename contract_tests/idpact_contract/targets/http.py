"""An implementation behind HTTP, described by a profile. Sends requests and reads answers; judges nothing."""

import json
import secrets
import ssl
import time
from collections.abc import Iterable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from idpact_contract.abilities import Ability
from idpact_contract.connection import STRING_FIELDS
from idpact_contract.evidence import Actor, Exchange, Observed, WireFacts
from idpact_contract.pointer import ABSENT, put, resolve
from idpact_contract.targets.base import Answer, Body, UnreachableError
from idpact_contract.targets.profile import Official, Operation, Profile, fill

__all__ = ["HttpTarget", "MissingVariableError"]

ANSWER_LIMIT_SECONDS: Final = 75.0
"""How long an answer is waited for: longer than any client's patience, shorter than the mock IdP's longest hang."""

_READ: Final = (*STRING_FIELDS, "custom_scopes", "attribute_mapping")

_ALIASES: Final = {
    Actor.OTHER: {"organization_id": "other_organization_id", "session_token": "other_session_token"},
}


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
            if not (name.startswith("other_") and Ability.SECOND_ORGANIZATION in lacking)
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
            shows_secret=profile.secret_in_reads,
            has_status=Ability.STATUS not in lacking,
            answers_updates=profile.operations.update.connection is not None,
        )
        self._variables = {name: value for name, value in variables.items() if name in profile.variables}
        self._fakes = {name: f"idpact-made-up-{secrets.token_hex(8)}" for name in self._secret_names()}
        self._words = {theirs: ours for ours, theirs in profile.status.items()}
        self._client = httpx.Client(
            verify=tls if tls is not None else True,
            timeout=httpx.Timeout(timeout, connect=10.0),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            limits=httpx.Limits(max_keepalive_connections=4),
        )

    def _secret_names(self) -> Iterable[str]:
        return (name for name, variable in self.profile.variables.items() if variable.secret)

    @property
    def credentials(self) -> tuple[str, ...]:
        """The caller's own secrets, as typed and as they travel."""
        told = [self._variables[name] for name in self._secret_names() if name in self._variables]
        return (*told, self.profile.auth.header(self._for(Actor.OWNER, "")).removeprefix("Basic "))

    def organization(self, actor: Actor) -> str:
        """The id of the organization on whose behalf that actor acts."""
        return self._for(actor, "").get("organization_id", "")

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Create a connection."""
        return self._send(self.profile.operations.create, "", actor, body)

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
        return self._send(self.profile.operations.delete, connection_id, actor, None)

    def close(self) -> None:
        """Close the connections to the implementation."""
        self._client.close()

    def _for(self, actor: Actor, connection_id: str) -> dict[str, str]:
        """The variables as that actor has them."""
        values = dict(self._variables)
        for name, other in _ALIASES.get(actor, {}).items():
            if other in values:
                values[name] = values[other]
        if actor is Actor.IMPOSTOR:
            values |= self._fakes
        return {**values, "connection_id": connection_id}

    def _send(self, operation: Operation, connection_id: str, actor: Actor, body: Body | None) -> Answer:
        variables = self._for(actor, connection_id)
        headers = {name: fill(text, variables) for name, text in self.profile.headers.items()}
        if actor is not Actor.NOBODY:
            headers["Authorization"] = self.profile.auth.header(variables)
        content = None if body is None else self._content(operation, body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        url = self.base_url + operation.target(variables)
        exchange = self._exchange(operation.method, url, headers, content)
        return self._answer(operation, exchange, connection_id)

    def _content(self, operation: Operation, body: Body) -> str:
        if body.raw is not None:
            return body.raw
        members: dict[str, Any] = dict(operation.body)
        for name, value in body.typed.items():
            put(members, self.profile.place(name), value)
        return json.dumps({**members, **body.extra})

    def _exchange(self, method: str, url: str, headers: dict[str, str], content: str | None) -> Exchange:
        began = time.perf_counter()
        status: int | None = None
        answer_headers: tuple[tuple[str, str], ...] = ()
        answer, problem = "", None
        try:
            response = self._client.request(method, url, headers=headers, content=content)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            reason = str(error) or "the connection timed out"
            raise UnreachableError(f"{_origin(url)} can't be reached: {reason}") from error
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
            connection=self._connection(operation, document, connection_id),
            warning=None if warning is ABSENT else warning,
        )

    def _connection(self, operation: Operation, document: object, connection_id: str) -> Observed | None:
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
        status = seen.get("status")
        if isinstance(status, str):
            seen["status"] = self._words.get(status, status)
        return seen


def _scalars(envelope: object) -> dict[str, Any] | None:
    """An answer's own members; objects and lists in it are the answer's matter, and kept elsewhere."""
    if not isinstance(envelope, dict):
        return None
    return {name: value for name, value in envelope.items() if not isinstance(value, dict | list)}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
