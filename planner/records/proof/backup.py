"""A copy of everything, made while others write, complete or absent."""

from __future__ import annotations

import errno
import json
import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.proof.archive import export_all
from planner.records.store.database import Database

__all__ = ["BackupError", "backup", "backup_replacing"]


class BackupError(RecordsError):
    """A backup could not be made; the text says why and what would be right. What stood at its place is untouched."""


def backup(database: Database, path: Path) -> str:
    """Copy everything, as it is at one moment, into a new file; gives the head of the copy, as read from it ("" for an empty log).

    From SQLite the copy is an SQLite file, from PostgreSQL an export (docs/records.md): ``restore_all`` takes both. Writers are not kept
    waiting. Raises BackupError, also where something stands at ``path``; DatabaseError, and UnreadableLogError for a damaged log.
    """
    if path.exists() or path.is_symlink():
        raise BackupError(
            said("{path} is there already, and a backup is never written over. Name another file, or give --replace.", path=str(path))
        )
    return _made(database, path, _link_new)


def backup_replacing(database: Database, path: Path) -> str:
    """The same, in place of the file at ``path``, which stays whole until the copy is."""
    if database.is_at(path):
        raise BackupError(said("{path} is the database itself. Name another file.", path=str(path)))
    if path.exists() and not path.is_file():
        raise BackupError(said("{path} is no file that could be replaced. Name a file.", path=str(path)))
    return _made(database, path, os.replace)


def _made(database: Database, path: Path, into_place: Callable[[Path, Path], None]) -> str:
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    copy = _copy_sqlite if database.is_sqlite else _copy_postgresql
    try:
        # Of the owner only: it holds what the database holds.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        head = copy(database, part)
        _to_disk(part)
        into_place(part, path)
        _to_disk(path.parent)
    except OSError as error:
        raise BackupError(_reason(path, error)) from error
    except sqlite3.Error as error:
        raise BackupError(
            said("{path} was not written: {error}. Check the disk, and the database with `audit verify`.", path=str(path), error=str(error))
        ) from error
    finally:
        for left in (part, Path(f"{part}-journal"), Path(f"{part}-wal"), Path(f"{part}-shm")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return head


def _copy_sqlite(database: Database, part: Path) -> str:
    source = database.engine.raw_connection()
    try:
        driver: Any = source.driver_connection
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            # All pages in one step: a step is one view of the database, and writers go on beside it in the write-ahead log.
            driver.backup(copy, pages=-1)
            # One file without a log beside it, so that it can be moved, and read where nothing can be written.
            copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        source.close()
    with closing(sqlite3.connect(part)) as copy:
        row = copy.execute("SELECT head FROM facts ORDER BY position DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def _copy_postgresql(database: Database, part: Path) -> str:
    with database.reading() as connection, part.open("w", encoding="ascii", newline="\n") as file:
        export_all(connection, file.write)
    return _last_head(part)


def _last_head(part: Path) -> str:
    with part.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
        last = json.loads(file.read().splitlines()[-1])
    return str(last["end"]["head"])


def _link_new(part: Path, path: Path) -> None:
    """Give the file its name, unless somebody has taken it meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no links.
        if path.exists():
            raise FileExistsError(errno.EEXIST, "File exists") from None
        os.replace(part, path)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(path: Path, error: OSError) -> str:
    match error.errno:
        case errno.EEXIST:
            return said(
                "{path} was made by somebody else meanwhile, and a backup is never written over. Name another file.", path=str(path)
            )
        case errno.ENOENT | errno.ENOTDIR:
            return said(
                "{path} cannot be written: there is no folder {parent}. Make it first, or name another.",
                path=str(path),
                parent=str(path.parent),
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return said(
                "{path} cannot be written: you may not write in {parent}. Name another folder, or have that permission given.",
                path=str(path),
                parent=str(path.parent),
            )
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return said("{path} was not written: the disk is full, or your share of it. Free some space and try again.", path=str(path))
        case _:
            return said("{path} was not written: {strerror}.", path=str(path), strerror=error.strerror)
