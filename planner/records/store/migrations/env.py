"""Runs migrations on the connection that planner.records.store.database hands over, inside its transaction."""

from alembic import context

from planner.records.store.schema import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True, version_table=VERSION_TABLE)
context.run_migrations()
