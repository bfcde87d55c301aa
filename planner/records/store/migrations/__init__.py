"""Alembic migrations: how the tables came to be what planner.records.store.schema says."""
