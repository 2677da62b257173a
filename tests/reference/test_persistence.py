"""The database: what survives, what is written, and who may read it."""

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from idpact_contract.reference import Connection, Settings, Store, build

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference.conftest import Api

CONNECTION = Connection(connection_id="c", organization_id="o", redirect_url="r", attribute_mapping={"a": ["ü", None]})


@pytest.fixture
def store(tmp_path: "Path") -> "Iterator[Store]":
    """Open a database in a file."""
    with closing(Store(tmp_path / "db")) as store:
        yield store


def test_a_file_survives_a_restart(runner: "asyncio.Runner", api: "Api", tmp_path: "Path") -> None:
    """Connections, credentials and sessions are there again."""
    with closing(build(tmp_path / "db")) as first:
        connection = type(api)(runner, first).create(display_name="kept")

    with closing(build(tmp_path / "db")) as second:
        assert second.settings == first.settings
        assert type(api)(runner, second).read(connection["connection_id"]) == connection


def test_given_credentials_replace_those_in_the_file(runner: "asyncio.Runner", api: "Api", tmp_path: "Path") -> None:
    """The old session opens nothing any more."""
    with closing(build(tmp_path / "db")) as first:
        member = type(api)(runner, first).member

    with closing(build(tmp_path / "db", settings=Settings.fresh())) as second:
        answer = type(api)(runner, second).send("GET", api.front, auth=member)

    assert answer.status_code == 401


def test_a_file_is_its_owners(tmp_path: "Path") -> None:
    """It holds secrets in clear."""
    with closing(build(tmp_path / "db")):
        assert stat.S_IMODE((tmp_path / "db").stat().st_mode) == 0o600


def test_a_file_of_another_version_is_refused(tmp_path: "Path") -> None:
    """The message says which version is there and which is read."""
    with closing(sqlite3.connect(tmp_path / "db")) as database:
        database.execute("PRAGMA user_version = 99")

    with pytest.raises(ValueError, match="a database of version 99; this idpact reads version 2"):
        Store(tmp_path / "db")


def test_a_connection_comes_back_as_it_was_put_in(store: Store) -> None:
    """Objects and any script included."""
    store.create(CONNECTION)

    assert store.connection("c") == CONNECTION
    assert store.connections("o") == [CONNECTION]


def test_an_update_writes_the_named_columns_only(store: Store) -> None:
    """KEEP-5: what somebody else wrote meanwhile stays."""
    store.create(CONNECTION)

    store.update("c", {"client_id": "x"})
    store.update("c", {"token_url": "y", "attribute_mapping": {}})
    store.update("c", {})

    found = store.connection("c")
    assert found is not None
    assert (found.client_id, found.token_url, found.attribute_mapping) == ("x", "y", {})


def test_an_update_that_fails_halfway_writes_nothing(store: Store) -> None:
    """KEEP-6: all of it or nothing."""
    store.create(CONNECTION)

    with pytest.raises(sqlite3.Error):
        store.update("c", {"client_id": "x", "token_url": None})

    assert store.connection("c") == CONNECTION


def test_an_update_of_no_column_is_refused(store: Store) -> None:
    """A name that isn't one never becomes part of a statement."""
    with pytest.raises(KeyError, match="no columns of a connection"):
        store.update("c", {"client_id = 'x' --": "y"})


def test_secrets_stay_out_of_a_repr(store: Store) -> None:
    """What is logged by accident gives nothing away."""
    settings = Settings.fresh()
    reference = build(settings=settings)
    reference.close()
    texts = repr((settings, reference, replace(CONNECTION, client_secret="hush"), store))

    assert "hush" not in texts
    assert settings.secret not in texts
    assert all(org.session_token not in texts for org in settings.orgs)
