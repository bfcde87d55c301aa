"""A database that cannot be opened: a sentence that says what and where and what would be right, never a password."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from planner.records.store.database import Database, DatabaseError, open_database
from tests.records.postgresql import Server, free_port
from tests.records.writing import notes, subject, write


def sentence(url: str) -> str:
    """What is said when this cannot be opened."""
    with pytest.raises(DatabaseError) as refused:
        open_database(url).close()
    said = str(refused.value)
    assert said.endswith(".") and "\n" not in said
    return said


@pytest.mark.parametrize("url", ["planner.sqlite", "", "sqlite", "mysql://h/d", "postgresql+nothing://h/d"])
def test_an_address_that_is_none_says_how_to_write_one(url: str) -> None:
    assert "sqlite:///FILE" in sentence(url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_an_sqlite_database_needs_a_file(url: str) -> None:
    assert "needs a file" in sentence(url)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    said = sentence(f"sqlite:///{tmp_path}/nowhere/planner.sqlite")
    assert f"{tmp_path}/nowhere" in said and "not there" in said
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert f"{tmp_path} is a folder" in sentence(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear colleague, " * 500, encoding="utf-8")
    assert f"{file} is no SQLite database" in sentence(f"sqlite:///{file}")
    assert file.read_text(encoding="utf-8") == "Dear colleague, " * 500


def test_a_damaged_file_is_told(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(file.read_bytes())
    content[100:4096] = os.urandom(3996)
    file.write_bytes(content)
    said = sentence(sqlite_url)
    assert str(file) in said and "damaged" in said and "backup" in said


@contextmanager
def without_privileges(folder: Path) -> Iterator[None]:
    """Be nobody where the test runs as root, whom permissions do not stop; the way to this folder is open meanwhile."""
    if os.getuid() != 0:
        yield
        return
    way = [each for each in (folder, *folder.parents) if tempfile.gettempdir() in map(str, each.parents)]
    modes = {each: each.stat().st_mode for each in way}
    for each, mode in modes.items():
        each.chmod(mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for each, mode in modes.items():
            each.chmod(mode)


def test_a_file_that_may_not_be_read_is_named(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.chmod(0)
    with without_privileges(file.parent):
        said = sentence(sqlite_url)
    assert str(file) in said and "permissions" in said


def test_a_file_that_may_only_be_read_is_named(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.chmod(0o444)
    file.parent.chmod(0o555)
    with without_privileges(file.parent):
        try:
            database = open_database(sqlite_url)
            with pytest.raises(DatabaseError) as refused:
                write(database, subject(1), 0, *notes("a"))
            said = str(refused.value)
            database.close()
        except DatabaseError as error:
            said = str(error)
    file.parent.chmod(0o755)
    assert str(file) in said and "permissions" in said


def test_a_folder_that_may_not_be_entered_is_named(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.parent.chmod(0)
    try:
        with without_privileges(file.parent.parent):
            said = sentence(sqlite_url)
    finally:
        file.parent.chmod(0o755)
    assert str(file.parent) in said and "permissions" in said


def test_a_database_of_a_newer_planner_is_left_as_it_is(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE planner_schema SET version_num = '9999'"))
        connection.execute(text("CREATE TABLE of_the_future (number integer)"))
    said = sentence(database.url.render_as_string(hide_password=False))
    assert "newer planner" in said and "9999" in said
    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM planner_schema")).scalars().all() == ["9999"]
        assert connection.execute(text("SELECT count(*) FROM of_the_future")).scalar() == 0


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_another_program_that_migrates_in_the_same_database_is_not_taken_for_the_planner(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/shared.sqlite" if engine == "sqlite" else request.getfixturevalue("empty_postgresql_url")
    with create_engine(url.replace("postgresql://", "postgresql+psycopg://")).begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    database = open_database(url)
    assert len(write(database, subject(1), 0, *notes("a"))) == 1
    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["0001"]
    database.close()


def test_a_table_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        connection.execute("CREATE TABLE facts (said text)")
    connection.close()
    said = sentence(f"sqlite:///{tmp_path}/other.sqlite")
    assert "table facts of another program" in said
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master")] == ["facts"]
    connection.close()


def test_a_database_that_has_lost_a_table_is_told(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("DROP TABLE contents"))
    assert "no table contents" in sentence(database.url.render_as_string(hide_password=False))


def test_a_file_that_another_program_holds_is_waited_for_and_then_named(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.records.store.database.BUSY_SECONDS", 0.2)
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    database = open_database(sqlite_url)
    with pytest.raises(DatabaseError, match="in use by another process"):
        write(database, subject(1), 0, *notes("a"))
    holder.execute("ROLLBACK")
    holder.close()
    assert len(write(database, subject(1), 0, *notes("a"))) == 1
    database.close()


# --- PostgreSQL ---------------------------------------------------------------------------------------------------

SECRET = "ward-7-and-a-half"


def told_without_secret(url: str) -> str:
    """What is said, after a look at everything that a log of the error would hold."""
    with pytest.raises(DatabaseError) as refused:
        open_database(url)
    everything = "".join(traceback.format_exception(refused.value))
    assert SECRET not in everything
    return str(refused.value)


def test_a_server_that_does_not_answer_is_named() -> None:
    port = free_port()
    said = told_without_secret(f"postgresql://planner:{SECRET}@127.0.0.1:{port}/planner")
    assert f"127.0.0.1:{port}" in said and "Check that it runs" in said and "***" in said


@pytest.mark.parametrize("query", [f"password={SECRET}", f"sslmode=disable&password={SECRET}", f"sslpassword={SECRET}"])
def test_a_password_behind_the_question_mark_is_not_shown(query: str) -> None:
    port = free_port()
    assert f"127.0.0.1:{port}" in told_without_secret(f"postgresql://planner@127.0.0.1:{port}/planner?{query}")


def test_a_host_that_does_not_exist_is_named() -> None:
    assert "no.such.host.invalid" in told_without_secret(f"postgresql://planner:{SECRET}@no.such.host.invalid/planner")


def test_a_wrong_password_is_told_and_not_shown(postgresql: Server) -> None:
    said = told_without_secret(f"postgresql://planner:{SECRET}@127.0.0.1:{postgresql.port}/postgres")
    assert "password" in said and "PLANNER_DATABASE_URL" in said


def test_a_database_that_is_not_there_is_named(postgresql: Server) -> None:
    with pytest.raises(DatabaseError) as refused:
        open_database(postgresql.url("no_such_database"))
    assert "no_such_database" in str(refused.value)
    assert postgresql.password not in "".join(traceback.format_exception(refused.value))


def test_a_lost_connection_is_told_and_the_next_one_works(postgresql: Server, postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    with pytest.raises(DatabaseError, match="was lost") as refused, database.writing() as connection:
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        connection.execute(text("CREATE TABLE half_done (number integer)"))
        with database.reading() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        connection.execute(text("SELECT 1"))
    assert postgresql.password not in str(refused.value)
    assert len(write(database, subject(1), 0, *notes("a"))) == 1
    database.close()
