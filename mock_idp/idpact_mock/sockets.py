"""Sockets to listen on, and addresses. Errors name the address."""

import ipaddress
import socket
from typing import Final

__all__ = ["BACKLOG", "bound", "is_loopback", "reachable_host"]

BACKLOG: Final = 2048


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to that address, which doesn't listen yet. Port 0 takes a free one.

    Raises:
        OSError: The address is taken, or isn't ours; the message says which address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise OSError(error.errno, f"host: {host!r} isn't an address of this machine ({error.strerror})") from error
    # A name such as localhost has several: IPv4 is what most clients try first.
    family, kind, protocol, _, address = min(found, key=lambda candidate: candidate[0] != socket.AF_INET)
    made = socket.socket(family, kind, protocol)
    try:
        # So that a fixed port can be taken again right after a server stopped.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except OSError as error:
        made.close()
        raise OSError(error.errno, f"port: can't listen on {host} port {port} ({error.strerror})") from error
    made.settimeout(0)
    return made


def is_loopback(host: str) -> bool:
    """Only this machine can connect to a server bound to `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def reachable_host(host: str) -> str:
    """The host by which this machine reaches a server bound to `host`: loopback for the wildcard addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared, not bound
