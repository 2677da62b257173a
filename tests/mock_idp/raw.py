"""HTTP over a plain socket, so that a test says exactly what is on the wire."""

import socket
import ssl
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

__all__ = ["SECONDS", "RawAnswer", "RawClient", "ask", "path_of"]

SECONDS = 10.0
"""Nothing here takes so long, on however slow a machine."""


@dataclass(frozen=True)
class RawAnswer:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire: bytes


class RawClient:
    """One connection."""

    def __init__(
        self,
        port: int,
        *,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        sock = socket.socket()
        sock.settimeout(SECONDS)
        if receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            sock.connect((host, port))
        except BaseException:
            sock.close()
            raise
        self.sock = sock if tls is None else tls.wrap_socket(sock, server_hostname=host)
        host, port = sock.getsockname()[:2] if tls is None else self.sock.getsockname()[:2]
        self.address = f"{host}:{port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.sock.close()

    def send(
        self,
        target: bytes | str,
        *,
        method: str = "GET",
        headers: tuple[str, ...] = (),
        body: bytes = b"",
        version: str = "1.1",
    ) -> None:
        """Send a request."""
        raw = target if isinstance(target, bytes) else target.encode("ascii")
        host = () if any(line.startswith("Host: ") for line in headers) else ("Host: idp.test",)
        lines = [*host, *headers, *([f"Content-Length: {len(body)}"] if body else [])]
        head = "".join(f"{line}\r\n" for line in lines).encode("latin-1")
        self.sock.sendall(method.encode() + b" " + raw + f" HTTP/{version}\r\n".encode() + head + b"\r\n" + body)

    def read(self, *, head_only: bool = False) -> RawAnswer:
        """Read one answer, which must have a Content-Length, and after which nothing may come yet."""
        answer, rest = self._answer(b"", head_only=head_only)
        assert rest == b"", f"more came than the length says: {rest!r}"
        return answer

    def read_two(self) -> tuple[RawAnswer, RawAnswer]:
        """Read two answers in a row."""
        first, rest = self._answer(b"")
        second, _ = self._answer(rest)
        return first, second

    def read_all(self, *, most: int = 1 << 30) -> tuple[bytes, bool]:
        """All bytes until the server ends the connection, or so many, and whether it ended it by a reset."""
        parts, size, reset = [], 0, False
        try:
            while size < most and (part := self.sock.recv(65536)):
                parts.append(part)
                size += len(part)
        except ConnectionResetError:
            reset = True
        return b"".join(parts), reset

    def _answer(self, wire: bytes, *, head_only: bool = False) -> tuple[RawAnswer, bytes]:
        while b"\r\n\r\n" not in wire:
            wire += self._some()
        head = wire.partition(b"\r\n\r\n")[0]
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        size = len(head) + 4 + (0 if head_only else int(headers["content-length"]))
        parts, length = [wire], len(wire)
        while length < size:
            parts.append(self._some())
            length += len(parts[-1])
        whole = b"".join(parts)
        answer = RawAnswer(int(status_line.split(" ")[1]), headers, whole[len(head) + 4 : size], whole[:size])
        return answer, whole[size:]

    def ask(
        self, target: bytes | str, *, method: str = "GET", headers: tuple[str, ...] = (), body: bytes = b""
    ) -> RawAnswer:
        """Send a request and read its answer."""
        self.send(target, method=method, headers=headers, body=body)
        return self.read(head_only=method == "HEAD")

    def at_end(self) -> bool:
        """Wait for more; True once the server has closed."""
        return self.sock.recv(1) == b""

    def _some(self) -> bytes:
        part = self.sock.recv(65536)
        if not part:
            raise EOFError("the server closed the connection before the answer's end")
        return part


def ask(
    port: int, target: bytes | str, *, method: str = "GET", headers: tuple[str, ...] = (), body: bytes = b""
) -> RawAnswer:
    """One request on a connection of its own."""
    with RawClient(port) as client:
        return client.ask(target, method=method, headers=headers, body=body)


def path_of(url: str) -> str:
    """The path of a URL, as it is asked for."""
    return urlsplit(url).path
