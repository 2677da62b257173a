"""TLS for the server: a throwaway authority, or files. Keys never reach a repr."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Self

__all__ = ["LOCAL", "Authority", "ServerTLS"]

LOCAL = ("localhost", "127.0.0.1")
_EXPIRED = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))


class Authority:
    """A throwaway certificate authority, which lives in memory only.

    Attributes:
        pem: Its certificate as PEM, for clients to trust.
    """

    def __init__(self) -> None:
        import trustme  # noqa: PLC0415 - only who wants a throwaway certificate pays for it

        self._authority = trustme.CA()
        self.pem: bytes = self._authority.cert_pem.bytes()

    def context(self, hosts: Sequence[str], *, expired: bool = False) -> ssl.SSLContext:
        """A context to serve with: a certificate for these hosts, whose time may be over."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        begin, end = _EXPIRED if expired else (None, None)
        self._authority.issue_cert(*hosts, not_before=begin, not_after=end).configure_cert(context)
        return context


class ServerTLS:
    """The server's certificate, and what a client needs in order to trust it. Made by `throwaway` or `from_files`.

    Attributes:
        ca_pem: The certificate authority as PEM, for clients to trust; None where it isn't known here.
        authority: The authority itself, where it is a throwaway one.
    """

    def __init__(self, server: ssl.SSLContext, *, ca_pem: bytes | None, authority: Authority | None = None) -> None:
        self._server = server
        self.ca_pem = ca_pem
        self.authority = authority

    def __repr__(self) -> str:
        return f"<ServerTLS with {'a known' if self.ca_pem else 'an unknown'} authority>"

    @classmethod
    def throwaway(cls, hosts: Sequence[str] = LOCAL) -> Self:
        """A certificate for these hosts, by an authority of its own; both live in memory only.

        Raises:
            ValueError: No host is named.
        """
        if isinstance(hosts, str) or not hosts:
            raise ValueError(f"hosts: {hosts!r} must be a sequence of at least one host name or address")
        authority = Authority()
        return cls(authority.context(hosts), ca_pem=authority.pem, authority=authority)

    @classmethod
    def from_files(
        cls, cert: str | PathLike[str], key: str | PathLike[str], *, ca: str | PathLike[str] | None = None
    ) -> Self:
        """A certificate (with its chain) and its key from PEM files.

        Args:
            cert: The certificate, then its chain.
            key: The private key, without a passphrase.
            ca: The authority that clients are to trust, where it isn't one of the system's.

        Raises:
            OSError: A file can't be read.
            ValueError: They aren't a certificate and its key.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for name, file in (("cert", cert), ("key", key)):
            if not Path(file).is_file():
                raise FileNotFoundError(f"{name}: there is no file {str(file)!r}")
        try:
            context.load_cert_chain(cert, key, password=_no_passphrase)
        except ssl.SSLError as error:
            raise ValueError(
                f"cert, key: {str(cert)!r} and {str(key)!r} aren't a PEM certificate and its key ({error.reason})"
            ) from error
        return cls(context, ca_pem=None if ca is None else Path(ca).read_bytes())

    def server_context(self) -> ssl.SSLContext:
        """The context to serve with."""
        return self._server

    def client_context(self) -> ssl.SSLContext:
        """A context for clients that trusts this server: its own authority, or the system's where that isn't known here."""
        return ssl.create_default_context(cadata=None if self.ca_pem is None else self.ca_pem.decode("ascii"))


def _no_passphrase() -> str:
    raise ValueError("key: it is protected by a passphrase; give one without")
