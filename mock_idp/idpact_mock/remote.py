"""The mock IdP of another process, over its control interface: the names and signatures of the local one.

For test processes that share one server. The only module that needs httpx, which the base install doesn't bring.
"""

import base64
import json
import time
from collections.abc import Collection, Mapping, Sequence
from ssl import SSLContext
from typing import Any, Final, NoReturn, Self
from urllib.parse import quote

import httpx

from idpact_mock.assertions import Assertions
from idpact_mock.document import checked_headers, checked_members
from idpact_mock.entry import Entry
from idpact_mock.errors import ControlError, TakenError, UnknownIssuerError
from idpact_mock.failures import Failing, FailureWish, Schedule
from idpact_mock.journal import arrived, timed_out
from idpact_mock.provider.remote import RemoteProvider
from idpact_mock.provider.wanted import wanted_clients, wanted_settings, wanted_users
from idpact_mock.questions import Questions
from idpact_mock.sequence import read_steps
from idpact_mock.site import CONTROL, checked_base
from idpact_mock.switches import checked_switches
from idpact_mock.wishes import LATEST, LONGEST_WAIT

__all__ = ["RemoteIssuer", "RemoteJournal", "RemoteMockIdP"]

_SECONDS: Final = 10.0


class RemoteMockIdP:
    """A mock IdP that runs in another process. Where it can't be reached, its methods raise httpx's `TransportError`.

    Args:
        url: Base URL at which this process reaches it.
        admin_token: Its admin token, where it has one.
        verify: As httpx has it: False trusts any certificate, a context trusts what it trusts.

    Raises:
        ValueError: `url` is no base URL.
    """

    def __init__(self, url: str, *, admin_token: str | None = None, verify: bool | SSLContext = True) -> None:
        self._channel = _Channel(checked_base(url, argument="url"), admin_token, verify)
        self.strays: Final = RemoteJournal(self._channel, "/strays")
        """The requests that matched no issuer."""

    def __repr__(self) -> str:
        return f"<RemoteMockIdP {self._channel.base}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the control interface; the server runs on."""
        self._channel.close()

    @property
    def url(self) -> str:
        """The base URL as the server advertises it."""
        return str(self._channel.call("GET", "/health")["url"])

    @property
    def issuers(self) -> "Mapping[str, RemoteIssuer]":
        """The issuers by name, as they are now."""
        found = self._channel.call("GET", "/issuers")["issuers"]
        return {shown["name"]: RemoteIssuer(self._channel, shown) for shown in found}

    def make_issuer(
        self,
        name: str | None = None,
        *,
        path: str | None = None,
        own_port: bool = False,
        trailing_slash: bool | None = None,
        failure: FailureWish | None = None,
        document: Mapping[str, object] | None = None,
        endpoints_at: str | None = None,
        preset: str | None = None,
        preset_parameters: Mapping[str, str] | None = None,
        verbatim: bool = False,
        quirks: bool = False,
        switches: Collection[str] = (),
        settings: Mapping[str, object] | None = None,
        clients: Sequence[Mapping[str, object]] = (),
        users: Sequence[Mapping[str, object]] | None = None,
    ) -> "RemoteIssuer":
        """Make an issuer; see `MockIdP.make_issuer`."""
        wish = {
            "name": name,
            "path": path,
            "own_port": own_port,
            "trailing_slash": trailing_slash,
            "failure": failure if failure is None or isinstance(failure, str) else Failing.read(failure).to_json(),
            "document": None if document is None else checked_members(document, argument="document"),
            "endpoints_at": endpoints_at,
            "preset": preset,
            "preset_parameters": None if preset_parameters is None else dict(preset_parameters),
            "verbatim": verbatim,
            "quirks": quirks,
            "switches": sorted(checked_switches(switches)),
            "settings": wanted_settings(settings),
            "clients": wanted_clients(clients),
            "users": None if users is None else wanted_users(users),
        }
        return RemoteIssuer(self._channel, self._channel.call("POST", "/issuers", wish))

    def drop_issuer(self, issuer_or_name: "RemoteIssuer | str") -> None:
        """Drop an issuer; see `MockIdP.drop_issuer`."""
        name = issuer_or_name if isinstance(issuer_or_name, str) else issuer_or_name.name
        self._channel.call("DELETE", _issuer_path(name))


class RemoteIssuer(RemoteProvider, Assertions):
    """An issuer of a mock IdP in another process; see `Issuer`."""

    def __init__(self, channel: "_Channel", shown: Mapping[str, Any]) -> None:
        self.name: Final[str] = shown["name"]
        self.path: Final[str] = shown["path"]
        self.url: Final[str] = shown["url"]
        self.discovery_url: Final[str] = shown["discovery_url"]
        self._channel = channel
        self._at = _issuer_path(self.name)
        super().__init__(channel.call, self._at)
        self.journal: Final = RemoteJournal(channel, f"{self._at}/journal")
        self.strays: Final = RemoteJournal(channel, "/strays")
        self.known_since: Final = time.time()

    def __repr__(self) -> str:
        return f"<RemoteIssuer {self.name!r} at {self.url}>"

    @property
    def document(self) -> dict[str, object]:
        """The document that is served while no failure is on.

        Raises:
            ValueError: Raw bytes are served that are no JSON object.
        """
        document: dict[str, object] | None = self._show()["document"]
        if document is None:
            raise ValueError("document: the raw bytes that are served are no JSON object")
        return document

    @property
    def headers(self) -> dict[str, str]:
        """The extra headers of the discovery answer."""
        return dict(self._show()["headers"])

    @property
    def failure(self) -> str | None:
        """The id of the failure that is on; None while it works."""
        failure: str | None = self._show()["failure"]
        return failure

    @property
    def preset(self) -> str | None:
        """The name of the preset that it was made with."""
        preset: str | None = self._show()["preset"]
        return preset

    @property
    def switches(self) -> frozenset[str]:
        """The names of the switches that are on."""
        return frozenset(self._show()["switches"])

    @property
    def sequence(self) -> tuple[dict[str, Any], ...] | None:
        """The steps that are served one after the other; see `Issuer`."""
        steps: list[dict[str, Any]] | None = self._show()["sequence"]
        return None if steps is None else tuple(steps)

    def set_members(self, members: Mapping[str, object]) -> None:
        """Set members of the document."""
        self._change({"document": {"set": checked_members(members, argument="members")}})

    def remove_members(self, *names: str) -> None:
        """Remove members of the document."""
        self._change({"document": {"remove": list(names)}})

    def set_switches(self, switches: Collection[str]) -> None:
        """Switch these oddities on, and all others off."""
        self._change({"document": {"switches": sorted(checked_switches(switches))}})

    def serve_sequence(self, steps: Sequence[Mapping[str, Any] | bytes]) -> None:
        """Serve another document with each GET from now on, the last one for ever; here the steps can't be a function."""
        self._change({"document": {"sequence": [step.to_json() for step in read_steps(steps)]}})

    def replace_document(self, document: Mapping[str, object]) -> None:
        """Serve this document in place of all that was."""
        self._change({"document": {"replace": checked_members(document, argument="document")}})

    def serve_raw(self, body: bytes, *, content_type: str | None = "application/json") -> None:
        """Serve these bytes, whatever they are."""
        raw = {"body": base64.b64encode(body).decode("ascii"), "content_type": content_type}
        self._change({"document": {"raw": raw}})

    def reset_document(self) -> None:
        """Serve the issuer's own document again."""
        self._change({"document": {"reset": True}})

    def set_headers(self, headers: Mapping[str, str]) -> None:
        """Send these headers with the discovery answer."""
        self._change({"headers": checked_headers(headers)})

    @property
    def failures(self) -> tuple[Failing, ...]:
        """The failures that are on, the discovery endpoint's first."""
        return tuple(Failing.read(shown) for shown in self._show()["failures"])

    def fail(
        self,
        failure_id: str,
        /,
        *,
        endpoint: str | None = None,
        schedule: Schedule | str | None = None,
        **parameters: object,
    ) -> None:
        """Switch a failure on; see `Issuer.fail`."""
        failing = Failing.of(failure_id, endpoint=endpoint, schedule=schedule, parameters=parameters)
        self._change({"failure": failing.to_json()})

    def recover(self, endpoint: str | None = None) -> None:
        """Switch the failure of an endpoint off, or those of all."""
        self._change({"failure": None if endpoint is None else {"id": None, "endpoint": endpoint}})

    def _show(self) -> dict[str, Any]:
        return self._channel.call("GET", self._at)

    def _change(self, wish: Mapping[str, Any]) -> None:
        self._channel.call("PATCH", self._at, wish)


class RemoteJournal(Questions):
    """A journal in another process; see `Journal`. Its entries are copies, as they were when they were read."""

    def __init__(self, channel: "_Channel", at: str) -> None:
        self._channel = channel
        self._at = at

    def __len__(self) -> int:
        return len(self.since(0))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries kept, oldest first."""
        return self.since(0)

    def mark(self) -> int:
        """The number of the newest entry; 0 before the first."""
        return int(self._read(since=LATEST)["mark"])

    def since(self, mark: int) -> tuple[Entry, ...]:
        """The entries numbered above `mark`, oldest first."""
        return _entries(self._read(since=max(0, mark)))

    def wait(self, count: int, *, since: int = 0, timeout: float = 5.0, ended: bool = False) -> tuple[Entry, ...]:
        """Wait until at least `count` requests came; see `Journal.wait`.

        Raises:
            TimeoutError: They didn't come; the message lists what did.
        """
        deadline = time.monotonic() + timeout
        while True:
            left = min(LONGEST_WAIT, max(0.0, deadline - time.monotonic()))
            flag = "true" if ended else "false"
            entries = _entries(self._read(since=max(0, since), wait=max(0, count), timeout=f"{left:.3f}", ended=flag))
            if arrived(entries, ended=ended) >= count:
                return entries
            if time.monotonic() >= deadline:
                raise timed_out(count, entries, since=since, timeout=timeout, ended=ended)

    def clear(self) -> None:
        """Forget all entries; numbering goes on."""
        self._channel.call("DELETE", self._at)

    def _read(self, **query: str | int) -> dict[str, Any]:
        return self._channel.call("GET", self._at, query=query)


class _Channel:
    """The way to a control interface: requests, and errors turned back into those of the Python API."""

    def __init__(self, base: str, admin_token: str | None, verify: bool | SSLContext) -> None:  # noqa: FBT001 - httpx's type
        self.base: Final = base
        headers = {} if admin_token is None else {"Authorization": f"Bearer {admin_token}"}
        # No proxy of the environment may come between: what is meant is that very address.
        self._client = httpx.Client(
            headers=headers,
            verify=verify,
            trust_env=False,
            timeout=httpx.Timeout(_SECONDS, read=LONGEST_WAIT + _SECONDS),
        )

    def close(self) -> None:
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        wish: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str | int] | None = None,
    ) -> dict[str, Any]:
        """One request to the control interface; {} where the answer has no body.

        Raises:
            LookupError, ValueError, RuntimeError: It was refused: as the Python API would, or for another reason.
        """
        url = f"{self.base}{CONTROL}{path}"
        # Not httpx's own encoder: documents may hold NaN and lone surrogates, on purpose.
        content = None if wish is None else json.dumps(wish).encode("ascii")
        headers = None if wish is None else {"Content-Type": "application/json"}
        answer = self._client.request(method, url, params=query, content=content, headers=headers)
        if not answer.is_success:
            _refused(answer)
        if not answer.content:
            return {}
        value = answer.json()
        if not isinstance(value, dict):
            raise ControlError(f"{method} {url} answered no JSON object: is it a mock IdP's?")
        return value


def _issuer_path(name: str) -> str:
    return f"/issuers/{quote(name, safe='')}"


def _entries(value: Mapping[str, Any]) -> tuple[Entry, ...]:
    return tuple(Entry.from_json(entry) for entry in value["entries"])


def _refused(answer: httpx.Response) -> NoReturn:
    try:
        message = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        message = f"{answer.request.method} {answer.request.url} answered {answer.status_code}: is it a mock IdP's?"
    match answer.status_code:
        case 404:
            raise UnknownIssuerError(message)
        case 409:
            raise TakenError(message)
        case 400 | 422:
            raise ValueError(message)
        case _:
            raise ControlError(message)
