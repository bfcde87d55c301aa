"""The audit names every trigger that is not the one that was made: dropped, off, emptied in whatever way, or added."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from planner.records.proof.audit import AuditResult
from planner.records.store.database import Database
from tests.records.sample_log import audited, fill

EMPTIED = {
    "sqlite": {
        "dropped": ("facts_refuse_update", "DROP TRIGGER facts_refuse_update"),
        "on a condition that never holds": (
            "contents_refuse_delete",
            "DROP TRIGGER contents_refuse_delete",
            "CREATE TRIGGER contents_refuse_delete BEFORE DELETE ON contents WHEN 0 BEGIN SELECT RAISE(ABORT, ''); END",
        ),
        "refusing no row": (
            "facts_refuse_update",
            "DROP TRIGGER facts_refuse_update",
            "CREATE TRIGGER facts_refuse_update BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'x') WHERE 0; END",
        ),
        "taking any new row": (
            "facts_refuse_replace",
            "DROP TRIGGER facts_refuse_replace",
            "CREATE TRIGGER facts_refuse_replace BEFORE INSERT ON facts WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END",
        ),
        "of one column": (
            "facts_refuse_update",
            "DROP TRIGGER facts_refuse_update",
            "CREATE TRIGGER facts_refuse_update BEFORE UPDATE OF note ON facts BEGIN SELECT RAISE(ABORT, 'x'); END",
        ),
        "added": ("another", "CREATE TRIGGER another AFTER INSERT ON facts BEGIN SELECT 1; END"),
    },
    "postgresql": {
        "dropped": ("facts_refuse_change", "DROP TRIGGER facts_refuse_change ON facts"),
        "off": ("contents_refuse_change", "ALTER TABLE contents DISABLE TRIGGER contents_refuse_change"),
        "refusing no row": (
            "contents_refuse_change, contents_refuse_truncate, facts_refuse_change, facts_refuse_truncate, subjects_refuse_change, "
            "subjects_refuse_truncate",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF false THEN RAISE EXCEPTION 'x'; END IF; RETURN coalesce(NEW, OLD); END $$",
        ),
        "taking any new row": (
            "facts_refuse_replace",
            "CREATE OR REPLACE FUNCTION require_next_fact() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF false THEN RAISE EXCEPTION 'x'; END IF; RETURN NEW; END $$",
        ),
        "on another event": (
            "facts_refuse_change",
            "DROP TRIGGER facts_refuse_change ON facts",
            "CREATE TRIGGER facts_refuse_change BEFORE DELETE ON facts FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ),
        "of one column": (
            "facts_refuse_change",
            "DROP TRIGGER facts_refuse_change ON facts",
            "CREATE TRIGGER facts_refuse_change BEFORE UPDATE OF note OR DELETE ON facts FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ),
        "on a condition that never holds": (
            "facts_refuse_change",
            "DROP TRIGGER facts_refuse_change ON facts",
            "CREATE TRIGGER facts_refuse_change BEFORE UPDATE OR DELETE ON facts FOR EACH ROW WHEN (false) "
            "EXECUTE FUNCTION refuse_change()",
        ),
        "added": (
            "another",
            "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            "CREATE TRIGGER another BEFORE INSERT ON facts FOR EACH ROW EXECUTE FUNCTION nothing()",
        ),
    },
}


def after(database: Database, statements: tuple[str, ...]) -> AuditResult:
    fill(database)
    with database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))
    return audited(database)


@pytest.mark.parametrize(
    ("database_url", "what"), [(engine, what) for engine in EMPTIED for what in EMPTIED[engine]], indirect=["database_url"]
)
def test_a_trigger_that_is_not_the_one_that_was_made_is_named(database: Database, what: str) -> None:
    names, *statements = EMPTIED["sqlite" if database.is_sqlite else "postgresql"][what]
    faults = [fault.what for fault in after(database, tuple(statements)).faults]
    assert [fault.split("trigger ")[1].split()[0].rstrip(",") for fault in faults] == names.split(", ")
