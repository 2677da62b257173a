"""Reading an identity provider's discovery document: one GET that may fail in any way and never takes too long.

Knows OpenID Connect Discovery 1.0, sections 3 and 4. Knows no connection and no organization, so that nothing of either
can reach the provider (DISC-7, CRED-3). Each decision is a method of its own, to be read beside its rule.
"""

import asyncio
import functools
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Final, NoReturn

import httpx

from idpact_contract.reference.decoding import UndecodableError, decoded
from idpact_contract.reference.urls import url_problem

__all__ = ["Discovery", "Metadata", "NotRetrievedError", "Trust", "Unreadable"]

Trust = ssl.SSLContext | str | Path | None
"""Whom to trust over TLS: a context, a PEM file of authorities, or None for the public ones."""

_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """A discovery document that was retrieved and may be used."""

    document: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """There is no document to use; `reason` says why in a few words, quoting nothing that the provider sent."""

    reason: str


class NotRetrievedError(Exception):
    """The attempt ended without a document; the text is the reason."""


class Discovery:
    """Reads discovery documents.

    Args:
        timeout: Seconds for the whole of one attempt: name resolution, redirects, body and all (FALL-6).
        trust: Whom to trust over TLS.
        body_limit: Bytes of a document, counted on the wire as well as decoded (SAFE-2).
        redirect_limit: Redirects that one attempt follows (SAFE-1).

    Raises:
        OSError: `trust` names a file that can't be read or holds no certificate.
        ValueError: `timeout` is no positive number.
    """

    def __init__(
        self, *, timeout: float = 3.0, trust: Trust = None, body_limit: int = 1024 * 1024, redirect_limit: int = 3
    ) -> None:
        if not timeout > 0:
            raise ValueError(f"timeout {timeout}: wanted a positive number of seconds")
        self.timeout = timeout
        self.body_limit = body_limit
        self.redirect_limit = redirect_limit
        self._context = _authorities(trust) if isinstance(trust, (str, Path)) else trust
        self._client: httpx.AsyncClient | None = None

    async def read(self, issuer: str) -> Metadata | Unreadable:
        """FALL-1, SAFE-3: the issuer's document, or why there is none; whatever the provider does ends here."""
        try:
            async with asyncio.timeout(self.deadline()):
                document = self.parse(await self.fetch(self.document_url(issuer)))
            if not self.accepts_issuer(issuer, document):
                return Unreadable("the document is another issuer's")
        # BLE001: a hostile answer surfaces as any exception at all (ValueError, RecursionError, httpx.InvalidURL, ...)
        # and none may refuse the update; cancellation is no Exception and passes.
        except Exception as error:  # noqa: BLE001
            return Unreadable(self.reason(error))
        return Metadata(document)

    def deadline(self) -> float | None:
        """FALL-6: seconds for all of it, not for each wait in it: a provider that trickles is never late for a wait."""
        return self.timeout

    def document_url(self, issuer: str) -> str:
        """DISC-1, DISC-3, DISC-4: below the issuer, path and all; one final slash makes way for the suffix's own.

        Source: Discovery 1.0, section 4.1.
        """
        return issuer.removesuffix("/") + _WELL_KNOWN

    def request(self, url: str) -> httpx.Request:
        """DISC-7: a GET without body; made by hand, since a client's own would carry what that client remembers."""
        return httpx.Request("GET", url, headers=self.request_headers())

    def request_headers(self) -> dict[str, str]:
        """DISC-7, CRED-3: nothing in them tells on whose behalf the document is read."""
        return {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            "User-Agent": "idpact-reference",
        }

    async def fetch(self, url: str) -> bytes:
        """Get the body found at `url`, after a few redirects at most.

        Raises:
            NotRetrievedError: There was an answer, but not one to use.
            Exception: Anything that a connection or an answer can do wrong.
        """
        for _ in range(self.redirect_limit + 1):
            response = await self.client().send(self.request(url), stream=True)
            try:
                if not response.has_redirect_location:
                    return await self.body(self.usable(response))
                url = self.redirect_target(response)
            finally:
                await response.aclose()
        raise NotRetrievedError(f"more than {self.redirect_limit} redirects")

    def redirect_target(self, response: httpx.Response) -> str:
        """SAFE-1: http and https only, never from https down to http, never with a password.

        Raises:
            NotRetrievedError: The redirect isn't followed.
        """
        target = str(response.url.join(response.headers["location"]))
        if url_problem(target):
            raise NotRetrievedError("a redirect to what is no plain http(s) URL")
        if response.url.scheme == "https" and not target.startswith("https:"):
            raise NotRetrievedError("a redirect from https to http")
        return target

    def usable(self, response: httpx.Response) -> httpx.Response:
        """FALL-2: nothing but a 200 brings a document, be its body ever so perfect. Source: Discovery 1.0, section 4.2.

        Raises:
            NotRetrievedError: Another status.
        """
        if response.status_code != _OK:
            raise NotRetrievedError(f"the answer's status is {response.status_code}")
        return response

    async def body(self, response: httpx.Response) -> bytes:
        """SAFE-2: the body, given up once it is too long, on the wire or decoded.

        Raises:
            NotRetrievedError: It is too long.
            UndecodableError: It is too long once decoded, or can't be decoded.
        """
        raw = bytearray()
        async for chunk in response.aiter_raw():
            raw += chunk
            if len(raw) > self.body_limit:
                raise NotRetrievedError(f"the document is larger than {self.body_limit} bytes")
        return decoded(bytes(raw), response.headers.get("content-encoding", ""), limit=self.body_limit)

    def parse(self, body: bytes) -> Mapping[str, object]:
        """One JSON object and nothing beside it; the content type doesn't matter. Source: Discovery 1.0, section 4.2.

        Raises:
            NotRetrievedError: It is no JSON, or another kind of JSON value.
        """
        try:
            document = json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError):  # broken UTF-8 and numbers beyond all bounds are ValueErrors too
            raise NotRetrievedError("the document is no JSON") from None
        if not isinstance(document, dict):
            raise NotRetrievedError("the document is no JSON object")
        return document

    def accepts_issuer(self, typed: str, document: Mapping[str, object]) -> bool:
        """INFER-9: the document names the very issuer that was typed. Source: Discovery 1.0, section 4.3."""
        return document.get("issuer") == typed

    def member(self, document: Mapping[str, object], name: str) -> str | None:
        """INFER-1 to INFER-5, INFER-8: the member exactly as written, or None where it is no http(s) URL."""
        value = document.get(name)
        if not isinstance(value, str) or url_problem(value):
            return None
        return value

    def reason(self, error: Exception) -> str:
        """FALL-5: why it failed, in words of ours: an exception's own text may quote the provider."""
        if isinstance(error, (NotRetrievedError, UndecodableError)):
            return str(error)
        if isinstance(error, TimeoutError):
            return f"no complete answer within {self.timeout:g} s"
        if isinstance(error, httpx.ConnectError):
            return "its certificate isn't trusted" if _untrusted(error) else "no connection could be made"
        return f"the request failed ({type(error).__name__})"

    def client(self) -> httpx.AsyncClient:
        """Share one client; it keeps no connection, so that no attempt meets another one's leftovers."""
        if self._client is None or self._client.is_closed:
            self._client = httpx.AsyncClient(
                verify=self._context or _public_authorities(),
                trust_env=False,
                timeout=None,  # noqa: S113 - `read` holds the deadline, over all of it
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            )
        return self._client

    async def aclose(self) -> None:
        """Let go of the client; the next `read` makes another."""
        if self._client is not None:
            await self._client.aclose()


def _authorities(file: str | Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:  # ssl doesn't say which file
        raise OSError(f"trust {str(file)!r}: wanted a PEM file with certificates: {error}") from error


@functools.cache
def _public_authorities() -> ssl.SSLContext:
    """Read them once per process, since that costs some milliseconds."""
    return httpx.create_ssl_context(trust_env=False)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _untrusted(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
