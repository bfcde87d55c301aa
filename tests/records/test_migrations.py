"""A database of every released schema, with a log in it, is brought up to date and proven; its rows are in ``released/``."""

import json
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, insert, inspect, select

import planner.records.store.migrations as migrations
from planner.records.facts.fact import Act, NewFact
from planner.records.facts.kinds import Kind
from planner.records.proof.audit import verify
from planner.records.store.append import append
from planner.records.store.database import open_database
from planner.records.store.log import head, last_number, read_facts
from planner.records.store.schema import LOG_TABLES, SCHEMA_VERSION, metadata
from tests.records.sample_log import AT, FIRST, NURSE, fill

RELEASED = sorted((Path(__file__).parent / "released").glob("*.json"))
"""One for each schema: ``{"head": ..., "tables": {table: [row, ...]}}``; `python -m tests.records.test_migrations` writes the newest."""


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return made


def test_the_schema_is_that_of_the_newest_migration_and_has_a_released_log() -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]
    assert revisions[0] == SCHEMA_VERSION
    assert sorted(path.stem for path in RELEASED) == sorted(revisions)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_released_database_is_brought_up_to_date_with_its_log(
    released: Path, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/old.sqlite" if engine == "sqlite" else request.getfixturevalue("empty_postgresql_url")
    log = json.loads(released.read_text(encoding="utf-8"))
    _make(url, released.stem, log["tables"])
    database = open_database(url)
    with database.reading() as connection:
        result = verify(connection, log["head"])
        assert (result.faults, result.facts, result.head) == ((), len(log["tables"]["facts"]), log["head"])
        assert read_facts(connection, FIRST)[0].said.item == "PEK"
        there = {column["name"] for column in inspect(connection).get_columns("facts")}
        assert there == set(metadata.tables["facts"].columns.keys())
        number = last_number(connection, FIRST)
    with database.writing() as connection:
        append(connection, [Act(FIRST, number, (NewFact(Kind.NOTE, note="after"),))], NURSE, AT)
    with database.reading() as connection:
        assert verify(connection, log["head"]).faults == ()
    database.close()


def _make(url: str, revision: str, tables: dict) -> None:
    """A database as the planner of that time left it."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, revision)
        old = MetaData()
        old.reflect(connection)
        for name in ("contents", "subjects", "facts"):
            known = {row.id for row in connection.execute(select(old.tables[name]))} if name == "subjects" else set()
            for row in tables[name]:
                if row.get("id") not in known:
                    connection.execute(insert(old.tables[name]).values(**row))
    engine.dispose()


def write_released(folder: Path) -> None:
    """Write the log of the present schema, to be kept for good once it is released."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        database = open_database(f"sqlite:///{place}/new.sqlite")
        fill(database)
        with database.reading() as connection:
            tables = {
                name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
                for name, table in metadata.tables.items()
                if name in LOG_TABLES
            }
            text = json.dumps({"head": head(connection), "tables": tables}, ensure_ascii=True, indent=0, sort_keys=True)
        database.close()
    (folder / f"{SCHEMA_VERSION}.json").write_text(text + "\n", encoding="ascii")


if __name__ == "__main__":
    write_released(Path(__file__).parent / "released")
