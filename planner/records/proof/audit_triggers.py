"""Whether the triggers that keep the tables append-only are the ones that were made, on, and alone."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.proof.audit_fault import AuditFault, Faults
from planner.records.proof.raw_rows import UnreadableError, rows_as_stored
from planner.records.store.triggers import APPEND_ONLY, POSTGRESQL_FUNCTIONS, POSTGRESQL_TRIGGERS, SQLITE_TRIGGERS


def check_triggers(connection: Connection, faults: Faults) -> None:
    """Each trigger must be there word for word and on, and no other on these tables: one could undo what they refuse, or add to a write."""
    is_sqlite = connection.dialect.name == "sqlite"
    made = _made_for_sqlite() if is_sqlite else _made_for_postgresql()
    try:
        there = dict((_sqlite_triggers if is_sqlite else _postgresql_triggers)(connection))
    except UnreadableError as error:
        faults.add(
            AuditFault(None, "", None, said("The triggers that keep the tables append-only cannot be read ({error}).", error=str(error)))
        )
        return
    for name in sorted(made):
        if there.get(name) != made[name]:
            what = said(
                "The trigger {name}, which keeps the table append-only, was dropped, changed or turned off: rows could be changed since.",
                name=name,
            )
            faults.add(AuditFault(None, "", None, what))
    for name in sorted(there.keys() - made.keys()):
        what = said(
            "There is a trigger {name} on the tables of the log that the planner did not make: it can change what is written.", name=name
        )
        faults.add(AuditFault(None, "", None, what))


def _made_for_sqlite() -> Mapping[str, Hashable]:
    return {name: (name.split("_")[0], statement) for name, statement in SQLITE_TRIGGERS.items()}


def _sqlite_triggers(connection: Connection) -> Iterator[tuple[str, Hashable]]:
    for name, table, statement in rows_as_stored(connection, "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"):
        if str(table).lower() in APPEND_ONLY or name in SQLITE_TRIGGERS:
            yield str(name), (table, statement)


def _made_for_postgresql() -> Mapping[str, Hashable]:
    return {name: (trigger.table, trigger.type, POSTGRESQL_FUNCTIONS[trigger.function]) for name, trigger in POSTGRESQL_TRIGGERS.items()}


def _postgresql_triggers(connection: Connection) -> Iterator[tuple[str, Hashable]]:
    """Those that are on, for all columns and without a condition, with the body of the function they call; of the rest the name."""
    tables = ", ".join(f"'{table}'::regclass" for table in APPEND_ONLY)
    query = (
        "SELECT t.tgname, c.relname, CAST(t.tgtype AS integer), p.prosrc, t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL "
        "AND CAST(t.tgattr AS text) = '' AND t.tgnargs = 0 AND l.lanname = 'plpgsql' AND p.proconfig IS NULL "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang "
        f"WHERE NOT t.tgisinternal AND t.tgrelid IN ({tables})"
    )
    for name, table, when, body, is_plain in rows_as_stored(connection, query):
        yield name, (table, when, body) if is_plain else None
