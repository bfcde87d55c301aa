"""The database for as long as the process runs: it may come later, go, and come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection

from planner.records.store.database import Database, DatabaseError, open_database, require_database

Identity = tuple[int, int]


class NoDatabaseYetError(DatabaseError):
    """There is no database, and there was none since the process began: nothing has been set up yet."""


@dataclass(frozen=True, slots=True)
class _Opened:
    database: Database
    file: Identity | None
    """Which file it was when it was opened; None for PostgreSQL."""


class LiveDatabase:
    """The database at a URL, opened when it is first asked for. Safe to share among threads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = Lock()
        self._opened: _Opened | None = None
        self._was_there = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the log. Raises DatabaseError, NoDatabaseYetError if there never was one."""
        with self._database().reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares. Raises as ``reading`` does."""
        with self._database().writing() as connection:
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        with self._lock:
            self._let_go()

    def _database(self) -> Database:
        with self._lock:
            # Connections to a file that was removed or replaced go on reading the old one, without an error.
            if self._opened is not None and self._opened.file != _identity(self._opened.database.path):
                self._let_go()
            if self._opened is None:
                self._opened = self._open()
                self._was_there = True
            return self._opened.database

    def _open(self) -> _Opened:
        try:
            # Opening would make an SQLite file that is not there.
            require_database(self._url)
        except DatabaseError as error:
            if self._was_there:
                raise
            raise NoDatabaseYetError(str(error)) from None
        database = open_database(self._url)
        return _Opened(database, _identity(database.path))

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.database.close()
            self._opened = None


def _identity(path: Path | None) -> Identity | None:
    """Which file stands at a path; None for none."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
