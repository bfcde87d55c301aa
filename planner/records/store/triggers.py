"""The triggers of schema 0001 that keep its tables append-only: what the migration makes, and the audit holds the database against.

Frozen once released: a migration that changes a trigger brings its texts with it, and the audit then takes those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

APPEND_ONLY = ("contents", "subjects", "facts")
"""Tables whose rows the database refuses to change, remove or replace."""

_NEXT_POSITION = "(SELECT coalesce(max(position), 0) + 1 FROM facts)"
_NEXT_NUMBER = "(SELECT coalesce(max(number), 0) + 1 FROM facts WHERE subject_id = NEW.subject_id)"

# They fire before REPLACE removes the row in its way, so they hold even where recursive triggers are off.
_NOT_THE_NEXT = {
    "contents": "EXISTS (SELECT 1 FROM contents WHERE hash = NEW.hash)",
    "subjects": (
        "NEW.id <> (SELECT max(id) + 1 FROM subjects) OR EXISTS (SELECT 1 FROM subjects WHERE study = NEW.study AND number = NEW.number)"
    ),
    "facts": f"NEW.position <> {_NEXT_POSITION} OR NEW.number <> {_NEXT_NUMBER}",
}

SQLITE_TRIGGERS: Mapping[str, str] = {
    f"{table}_refuse_{act.lower()}": f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: rows are never changed or removed'); END"
    for table in APPEND_ONLY
    for act in ("UPDATE", "DELETE")
} | {
    f"{table}_refuse_replace": f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} WHEN {condition} "
    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: a row is the next one, and new'); END"
    for table, condition in _NOT_THE_NEXT.items()
}
"""The statement that makes each trigger, by its name: SQLite keeps it word for word."""

POSTGRESQL_FUNCTIONS: Mapping[str, str] = {
    "refuse_change": " BEGIN RAISE EXCEPTION '% is append-only: rows are never changed or removed', TG_TABLE_NAME; END ",
    "require_next_fact": (
        f" BEGIN IF NEW.position <> {_NEXT_POSITION} OR NEW.number <> {_NEXT_NUMBER} THEN "
        "RAISE EXCEPTION 'facts is append-only: a row is the next one, and new'; END IF; RETURN NEW; END "
    ),
    "require_next_subject": (
        " BEGIN IF NEW.id <> (SELECT max(id) + 1 FROM subjects) THEN "
        "RAISE EXCEPTION 'subjects is append-only: a row is the next one, and new'; END IF; RETURN NEW; END "
    ),
}
"""The body, in PL/pgSQL, of each function that a trigger calls, by its name."""


@dataclass(frozen=True, slots=True)
class PostgresqlTrigger:
    """When a trigger fires, as PostgreSQL has it written and keeps it, and what it then calls."""

    table: str
    event: str
    each: str
    """``ROW`` or ``STATEMENT``."""
    type: int
    """``pg_trigger.tgtype``: 1 for each row, 2 before, 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE."""
    function: str


POSTGRESQL_TRIGGERS: Mapping[str, PostgresqlTrigger] = {
    "subjects_refuse_replace": PostgresqlTrigger("subjects", "INSERT", "ROW", 1 | 2 | 4, "require_next_subject"),
    "facts_refuse_replace": PostgresqlTrigger("facts", "INSERT", "ROW", 1 | 2 | 4, "require_next_fact"),
    **{
        f"{table}_refuse_change": PostgresqlTrigger(table, "UPDATE OR DELETE", "ROW", 1 | 2 | 8 | 16, "refuse_change")
        for table in APPEND_ONLY
    },
    **{f"{table}_refuse_truncate": PostgresqlTrigger(table, "TRUNCATE", "STATEMENT", 2 | 32, "refuse_change") for table in APPEND_ONLY},
}
