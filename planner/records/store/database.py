"""Opening the database: an SQLite file or PostgreSQL, the same log on both (docs/records.md)."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.store.schema import SCHEMA_VERSION, VERSION_TABLE, metadata

ENVIRONMENT_VARIABLE = "PLANNER_DATABASE_URL"
DEFAULT_URL = "sqlite:///planner.sqlite"
BUSY_SECONDS = 60
"""How long a write waits for another process's before it gives up."""

_WRITES = "planner_writes"
_LOCK = 0x706C616E
"""The advisory lock that PostgreSQL writers take, so that the log has one order."""

_SECRETS = ("password", "sslpassword", "passfile")
"""Parts of an address behind its ? that nobody is shown."""

_log = logging.getLogger("planner.records")


class DatabaseError(RecordsError):
    """The database cannot be used; the text says why and what would mend it, never a password."""


@dataclass(frozen=True, eq=False)
class Database:
    """An open database, its tables up to date. Safe to share among threads."""

    url: URL
    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is an SQLite file, not PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return Path(self.url.database or "") if self.is_sqlite else None

    def is_at(self, path: Path) -> bool:
        """Whether ``path`` is the SQLite file itself, by whatever name."""
        return self.path is not None and path.exists() and path.samefile(self.path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the log, whatever is written meanwhile. Raises DatabaseError."""
        engine = self.engine
        if not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with _sentences(self.url), engine.connect() as connection:
            transaction = connection.begin()
            yield connection
            # Nothing was written, and a commit would fail on a damaged file whose faults have just been named.
            transaction.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares: all of it is kept once this ends, none of it if it raises. Raises DatabaseError."""
        engine = self.engine.execution_options(**{_WRITES: True})
        if not self.is_sqlite:
            # Whatever the server's defaults: each statement sees what was written before the lock was had, and a commit waits for the disk.
            engine = engine.execution_options(isolation_level="READ COMMITTED")
        with _sentences(self.url), engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SET LOCAL synchronous_commit = on"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def default_url(environment: Mapping[str, str]) -> str:
    """``PLANNER_DATABASE_URL`` if it is set, else the file ``planner.sqlite`` in the folder the planner is run in."""
    return environment.get(ENVIRONMENT_VARIABLE, "").strip() or DEFAULT_URL


def require_database(url: str) -> None:
    """Refuse an SQLite file that is not there, which opening would make. Raises DatabaseError."""
    address = _address(url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        raise DatabaseError(
            said(
                "There is no database {database}. Check {environment_variable} and the folder you are in, or make one: "
                "`site add` begins an empty one, `demo` one with invented subjects, `restore` one from a backup.",
                database=address.database,
                environment_variable=ENVIRONMENT_VARIABLE,
            )
        )


def open_database(url: str) -> Database:
    """The database at this URL, made or migrated to the present tables where needed.

    A new SQLite file can be read by its owner only. Raises DatabaseError: an address that is none, a file that cannot be opened or is no
    database, a server that does not answer, tables of a newer planner, or of another program.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        _make_private_file(address)
    try:
        database = Database(address, _engine(address))
    except SQLAlchemyError:
        raise _no_address() from None
    try:
        with _sentences(address):
            version = _version(database)
            if version != SCHEMA_VERSION:
                _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def open_as_it_is(url: str) -> Database:
    """The database at this URL, neither made nor migrated: for an audit, which names what is damaged in it. Raises DatabaseError."""
    require_database(url)
    address = _address(url)
    return Database(address, _engine(address))


def _address(url: str) -> URL:
    try:
        url.encode("utf-8")
        address = make_url(url)
    except (ArgumentError, UnicodeEncodeError):
        raise _no_address() from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseError(
            said(
                "{drivername} is no database that the planner uses. Write sqlite:///FILE or postgresql://...", drivername=address.drivername
            )
        )
    if address.get_backend_name() == "sqlite":
        _require_place(address)
    return address


def _no_address() -> DatabaseError:
    return DatabaseError(
        said(
            "{environment_variable} holds no database address. Write sqlite:///FILE or postgresql://ACCOUNT:PASSWORD@HOST/DATABASE.",
            environment_variable=ENVIRONMENT_VARIABLE,
        )
    )


def _require_place(address: URL) -> None:
    """The file is there or can be made; raises DatabaseError."""
    if address.database in (None, "", ":memory:"):
        raise DatabaseError(said("An SQLite database needs a file: write sqlite:///planner.sqlite or sqlite:////folder/planner.sqlite."))
    path = Path(str(address.database))
    with _file_sentences(path):
        if path.is_dir():
            raise DatabaseError(said("{path} is a folder, not a database file. Name a file in it.", path=str(path)))
        if not path.parent.is_dir():
            raise DatabaseError(
                said(
                    "The folder {parent} of the database file {path} is not there. Make it, or name another.",
                    parent=str(path.parent),
                    path=path.name,
                )
            )


def _make_private_file(address: URL) -> None:
    """Make a new file, empty, for its owner only; SQLite would let the group and others read it. Raises DatabaseError."""
    path = Path(str(address.database))
    with _file_sentences(path):
        if not path.exists() and not str(path).startswith("file:"):
            # The files that SQLite puts beside it get the permissions of this one.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


@contextmanager
def _file_sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatabaseError(
            said(
                "{path} cannot be opened ({strerror}). Check the permissions of its folder {parent}, or name another.",
                path=str(path),
                strerror=error.strerror,
                parent=str(path.parent),
            )
        ) from error


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": 10, "application_name": "planner"})


def _prepare_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001  (SQLAlchemy passes it)
    """What every connection needs: without these an acknowledged fact can be lost, and REPLACE slips past triggers."""
    connection.isolation_level = None
    cursor = connection.cursor()
    _turn_to_wal(cursor)
    for setting in ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _turn_to_wal(cursor: Any) -> None:
    """Set the journal mode, which lasts; while another process makes the same file it is refused without waiting, so ask again."""
    import sqlite3

    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(database: Database) -> str | None:
    """The migration that the tables are at; None where there are none yet."""
    with database.engine.connect() as connection:
        there = inspect(connection)
        if not there.has_table(VERSION_TABLE):
            return None
        version: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        if version == SCHEMA_VERSION and (missing := [name for name in metadata.tables if not there.has_table(name)]):
            raise DatabaseError(
                said(
                    "The database has no table {missing}, though it is one of the planner's. Restore a backup into an empty one.",
                    missing=tuple(missing),
                )
            )
        return version


def _migrate(database: Database) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with database.writing() as connection:
        version = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
        if version is None:
            _require_room(connection)
        elif version not in known:
            raise DatabaseError(
                said(
                    "The database has the tables of a newer planner (schema {version}; this one knows {schema_version}). Use "
                    "that planner, or a newer one.",
                    version=version,
                    schema_version=SCHEMA_VERSION,
                )
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _require_room(connection: Connection) -> None:
    if taken := [name for name in metadata.tables if inspect(connection).has_table(name)]:
        raise DatabaseError(
            said(
                "The database holds the table {taken} of another program. Give the planner a database of its own; nothing was written.",
                taken=tuple(taken),
            )
        )


@contextmanager
def _sentences(address: URL) -> Iterator[None]:
    """Errors of the driver as sentences; what the driver said goes to the log without values."""
    try:
        yield
    except SQLAlchemyError as error:
        _log.debug("database: %s", type(error).__name__)
        raise DatabaseError(_sentence(address, error)) from error


def _sentence(address: URL, error: SQLAlchemyError) -> str:
    shown = address.set(query={}).render_as_string(hide_password=True)
    told = str(error.orig).strip().splitlines()[0] if isinstance(error, DBAPIError) and str(error.orig).strip() else type(error).__name__
    for secret in (address.password, *(address.query.get(name) for name in _SECRETS)):
        if secret:
            told = told.replace(str(secret), "***")
    if "file is not a database" in told:
        return said("{database} is no SQLite database. Name another file, or restore a backup.", database=address.database)
    if "malformed" in told:
        return said(
            "{database} is damaged ({told}). `audit verify` names what can still be read; restore a backup.",
            database=address.database,
            told=told,
        )
    if "locked" in told:
        return said(
            "{shown} is in use by another process for more than {busy_seconds} seconds. Try again; nothing was written.",
            shown=shown,
            busy_seconds=BUSY_SECONDS,
        )
    if "disk is full" in told or "No space left" in told:
        return said("The disk that holds {shown} is full. Make room and try again; nothing was written.", shown=shown)
    if "disk I/O error" in told:
        return said(
            "The disk that holds {shown} reports an error, or your share of it is used up. Check the disk; nothing was written.",
            shown=shown,
        )
    if "readonly" in told or "unable to open" in told:
        return said(
            "{database} cannot be opened or written ({told}). Check the permissions of the file and its folder.",
            database=address.database,
            told=told,
        )
    if address.get_backend_name() == "postgresql" and getattr(error, "connection_invalidated", False):
        return said(
            "The connection to {shown} was lost ({told}). Try again; if you were saving, look whether it was written.",
            shown=shown,
            told=told,
        )
    return said(
        "The database {shown} cannot be used: {told}. Check that it runs and that {environment_variable} is right; nothing was written.",
        shown=shown,
        told=told,
        environment_variable=ENVIRONMENT_VARIABLE,
    )
