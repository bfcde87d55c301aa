"""The log, its subjects and the contents kept by hash; all append-only."""

import sqlalchemy as sa
from alembic import op

from planner.records.store.triggers import POSTGRESQL_FUNCTIONS, POSTGRESQL_TRIGGERS, SQLITE_TRIGGERS

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the three tables and the triggers that keep them append-only."""
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgresql_triggers()


def _tables() -> None:
    op.create_table(
        "contents",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "subjects",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("study", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.UniqueConstraint("study", "number"),
    )
    op.create_table(
        "facts",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("subject_id", sa.Integer, sa.ForeignKey("subjects.id"), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("number", "act")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "item")),
        *(sa.Column(name, sa.Integer) for name in ("day", "until_day")),
        sa.Column("value", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer) for name in ("replaces", "refers")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("details", "reason", "note", "who", "role")),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("previous_hash", "hash", "head")),
        sa.UniqueConstraint("subject_id", "number"),
    )
    op.create_index("facts_by_recorded_at", "facts", ["recorded_at"])
    op.execute("INSERT INTO subjects (id, study, number) VALUES (0, '', '')")


def _sqlite_triggers() -> None:
    for statement in SQLITE_TRIGGERS.values():
        op.execute(statement)


def _postgresql_triggers() -> None:
    for name, body in POSTGRESQL_FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    for name, trigger in POSTGRESQL_TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {trigger.event} ON {trigger.table} FOR EACH {trigger.each} EXECUTE FUNCTION {trigger.function}()"
        )
