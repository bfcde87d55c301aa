"""The tables of the database (docs/records.md); migrations/ makes them and the triggers that keep them append-only."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()

contents = Table(
    "contents",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
)
"""Texts kept by hash; ``kind`` is ``protocol`` or ``calendar``."""

subjects = Table(
    "subjects",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("study", Text, nullable=False),
    Column("number", Text, nullable=False),
    UniqueConstraint("study", "number"),
)
"""A number for each log; 0, with empty texts, is the administration log. Counted from 1 without gaps."""

facts = Table(
    "facts",
    metadata,
    # BigInteger would not be SQLite's rowid; 2**31 facts are beyond any site.
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", Integer, ForeignKey("subjects.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("act", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("day", Integer),
    Column("until_day", Integer),
    Column("value", Text, nullable=False),
    Column("replaces", Integer),
    Column("refers", Integer),
    Column("details", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    # Microseconds since 1970-01-01 UTC: exact, and the same on both databases.
    Column("recorded_at", BigInteger, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("head", Text, nullable=False),
    UniqueConstraint("subject_id", "number"),
)
"""The log. Days are days since 1970-01-01."""

Index("facts_by_recorded_at", facts.c.recorded_at)

feed_uses = Table(
    "feed_uses",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("last_used", BigInteger, nullable=False),
)
"""When each feed was last asked for, in microseconds since 1970-01-01 UTC. This table and those below are traces: what left the planner.
They may change, no date hangs on them, and an export of the log leaves them out."""

prints = Table(
    "prints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject_id", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("printed_at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
)
"""The patient calendars that were printed, each with the number of the subject's last fact then."""

Index("prints_of_subject", prints.c.subject_id, prints.c.id)

digests = Table(
    "digests",
    metadata,
    Column("account", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("message_id", Text, nullable=False),
    Column("claimed_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
)
"""The worklists that were mailed: one for each account and day, claimed before it is sent."""

pushed = Table(
    "pushed",
    metadata,
    Column("collection", Text, primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("href", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""What stands in each CalDAV collection that is kept equal to a feed, as it was last put there."""

LOG_TABLES = ("contents", "subjects", "facts")
"""The append-only tables, in the order in which rows need each other."""

SCHEMA_VERSION = "0002"
"""The newest migration: what the tables above are. Older databases are migrated when they are opened, newer ones refused."""

VERSION_TABLE = "planner_schema"
"""Where the migration that the tables are at is kept: a name of our own, since other programs in the same database migrate as well."""
