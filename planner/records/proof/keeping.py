"""Everything at once, for those who may have it: backups, exports and the audit, each after a look at the caller's rights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.people.rights import Action, permit
from planner.records.people.roles import EVERYWHERE
from planner.records.proof import anonymise, archive, audit, backup
from planner.records.proof.audit import AuditResult
from planner.records.store.database import Database

Write = Callable[[str], object]


def back_up(database: Database, caller: Caller, path: Path) -> str:
    """A copy of the database in a new file; gives its head. Raises NotAllowedError, and as ``planner.records.proof.backup.backup``."""
    _permit(database, caller)
    return backup.backup(database, path)


def back_up_replacing(database: Database, caller: Caller, path: Path) -> str:
    """The same in place of a file that is there."""
    _permit(database, caller)
    return backup.backup_replacing(database, path)


def export_everything(connection: Connection, caller: Caller, write: Write) -> str:
    """The whole log in the open format; gives its head. Raises NotAllowedError, and as ``planner.records.proof.archive.export_all``."""
    permit(connection, caller, Action.EXPORT, EVERYWHERE)
    return archive.export_all(connection, write)


def export_anonymised(connection: Connection, caller: Caller, write: Write) -> str:
    """The same without what names people and places. Raises NotAllowedError, and as ``planner.records.proof.anonymise.anonymised``."""
    permit(connection, caller, Action.ANONYMISE, EVERYWHERE)
    return anonymise.anonymised(connection, write)


def verify_log(connection: Connection, caller: Caller, head: str | None = None) -> AuditResult:
    """What an audit finds. Raises NotAllowedError and HeadError; damage never raises, not even of the log of people and rights."""
    return audit.verify_for(connection, caller, head)


def verify_log_watched(connection: Connection, caller: Caller, head: str | None, watched_by: Callable[[int], None]) -> AuditResult:
    """The same, telling ``watched_by`` now and then how many facts have been read."""
    return audit.verify_for(connection, caller, head, watched_by)


def export_audit(connection: Connection, caller: Caller, write: Write) -> str:
    """The log with its proof; gives its head. Raises NotAllowedError, and as ``planner.records.proof.audit.export``."""
    permit(connection, caller, Action.AUDIT, EVERYWHERE)
    return audit.export(connection, write)


def _permit(database: Database, caller: Caller) -> None:
    with database.reading() as connection:
        permit(connection, caller, Action.BACKUP, EVERYWHERE)
