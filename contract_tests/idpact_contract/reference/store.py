"""Where connections, organizations, sessions and the project's credentials are kept: SQLite, in memory or in a file.

Knows columns and transactions; decides nothing. Meant for one event loop's thread; a lock guards against a second one.
"""

import contextlib
import json
import secrets
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from idpact_contract.reference.model import COLUMNS, Connection
from idpact_contract.reference.settings import Organization, Settings

__all__ = ["Store"]

_VERSION: Final = 2

_SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS project (public_token TEXT NOT NULL, project_id TEXT NOT NULL, secret TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS organizations (organization_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS sessions (
    session_token TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES organizations,
    announced INTEGER NOT NULL DEFAULT 1, ends_at REAL
);
CREATE TABLE IF NOT EXISTS connections (
    {", ".join(f"{name} TEXT NOT NULL" for name in COLUMNS)}, UNIQUE (connection_id)
);
CREATE INDEX IF NOT EXISTS connections_of ON connections (organization_id);
PRAGMA user_version = {_VERSION};
"""


class Store:
    """One database.

    Args:
        path: A file, made with access for its owner only, or ":memory:".

    Raises:
        sqlite3.Error: The file can't be opened or is no database.
        ValueError: It is a database of another version of idpact.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        in_memory = str(path) == ":memory:"
        if not in_memory:
            Path(path).touch(mode=0o600)  # it will hold secrets
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        weakref.finalize(self, self._database.close)
        self._prepare(path, in_memory=in_memory)

    def _prepare(self, path: str | Path, *, in_memory: bool) -> None:
        if not in_memory:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise ValueError(f"{path}: a database of version {version}; this idpact reads version {_VERSION}")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database; a file's write-ahead log is folded in."""
        with self._lock:
            self._database.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing (KEEP-6)."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _rows(self, query: str, values: Sequence[str | float] = ()) -> list[tuple[str, ...]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def create(self, connection: Connection) -> None:
        """Add a connection.

        Raises:
            sqlite3.IntegrityError: There is one with that connection_id.
        """
        row = _row(asdict(connection))
        marks = ", ".join("?" * len(row))
        with self._transaction() as database:
            # S608: column names are constants of ours; every value is bound.
            database.execute(f"INSERT INTO connections ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608

    def connection(self, connection_id: str) -> Connection | None:
        """Read the connection with that id, whosever it is; None where there is none."""
        rows = self._rows(f"{_SELECT} WHERE connection_id = ?", (connection_id,))
        return _connection(rows[0]) if rows else None

    def connections(self, organization_id: str) -> list[Connection]:
        """Read an organization's connections, oldest first."""
        rows = self._rows(f"{_SELECT} WHERE organization_id = ? ORDER BY rowid", (organization_id,))
        return [_connection(row) for row in rows]

    def update(self, connection_id: str, changes: Mapping[str, object]) -> None:
        """Write the columns in `changes` and no others, in one transaction (KEEP-1, KEEP-5).

        Raises:
            KeyError: A name in `changes` is no column.
        """
        if unknown := changes.keys() - set(COLUMNS):
            raise KeyError(f"{sorted(unknown)}: no columns of a connection")
        if not changes:
            return
        row = _row(changes)
        assignments = ", ".join(f"{name} = ?" for name in row)
        with self._transaction() as database:
            # S608: column names were checked above; every value is bound.
            query = f"UPDATE connections SET {assignments} WHERE connection_id = ?"  # noqa: S608
            database.execute(query, (*row.values(), connection_id))

    def delete(self, connection_id: str) -> None:
        """Remove a connection, if it is there."""
        with self._transaction() as database:
            database.execute("DELETE FROM connections WHERE connection_id = ?", (connection_id,))

    def has_organization(self, organization_id: str) -> bool:
        """Tell whether there is an organization with that id."""
        return bool(self._rows("SELECT 1 FROM organizations WHERE organization_id = ?", (organization_id,)))

    def organization_of(self, session_token: str) -> str | None:
        """Find the organization whose member holds that session; None for a token never issued, or over (ORG-1)."""
        query = "SELECT organization_id FROM sessions WHERE session_token = ? AND (ends_at IS NULL OR ends_at > ?)"
        rows = self._rows(query, (session_token, time.time()))
        return rows[0][0] if rows else None

    def open_session(self, organization_id: str, *, ends_at: float) -> str:
        """Begin a session of one of the organization's members, and return its token.

        Args:
            organization_id: An organization that there is.
            ends_at: Seconds since the epoch; the session opens nothing from then on.
        """
        token = secrets.token_urlsafe(32)
        with self._transaction() as database:
            query = "INSERT INTO sessions (session_token, organization_id, announced, ends_at) VALUES (?, ?, 0, ?)"
            database.execute(query, (token, organization_id, ends_at))
        return token

    def end_session(self, session_token: str) -> None:
        """Let the session open nothing any more, if it is there."""
        with self._transaction() as database:
            database.execute("UPDATE sessions SET ends_at = 0 WHERE session_token = ?", (session_token,))

    def session_end(self, session_token: str) -> float | None:
        """When the session ends, in seconds since the epoch; None where it never does, or was never issued."""
        with self._lock:
            row = self._database.execute(
                "SELECT ends_at FROM sessions WHERE session_token = ?", (session_token,)
            ).fetchone()
        return None if row is None else row[0]

    def settings(self) -> Settings | None:
        """Read the credentials that the database holds; None in a new one."""
        rows = self._rows("SELECT public_token, project_id, secret FROM project")
        if not rows:
            return None
        orgs = self._rows("SELECT organization_id, session_token FROM sessions WHERE announced ORDER BY rowid")
        public_token, project_id, secret = rows[0]
        return Settings(
            public_token=public_token,
            project_id=project_id,
            secret=secret,
            orgs=tuple(Organization(organization_id=org, session_token=token) for org, token in orgs),
        )

    def save(self, settings: Settings) -> None:
        """Make these the only valid credentials; connections stay."""
        with self._transaction() as database:
            for table in ("project", "sessions", "organizations"):
                database.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are those above
            database.execute(
                "INSERT INTO project VALUES (?, ?, ?)", (settings.public_token, settings.project_id, settings.secret)
            )
            for org in settings.orgs:
                database.execute("INSERT OR IGNORE INTO organizations VALUES (?)", (org.organization_id,))
                database.execute(
                    "INSERT INTO sessions (session_token, organization_id) VALUES (?, ?)",
                    (org.session_token, org.organization_id),
                )


_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM connections"  # noqa: S608 - column names are constants of ours
_MAPPING: Final = COLUMNS.index("attribute_mapping")


def _row(values: Mapping[str, object]) -> dict[str, object]:
    return {name: json.dumps(value) if name == "attribute_mapping" else value for name, value in values.items()}


def _connection(row: Sequence[str]) -> Connection:
    values: dict[str, object] = dict(zip(COLUMNS, row, strict=True))
    values["attribute_mapping"] = json.loads(row[_MAPPING])
    return Connection(**values)  # type: ignore[arg-type] # every column but the one above is TEXT
