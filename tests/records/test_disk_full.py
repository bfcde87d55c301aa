"""The disk is full: a sentence that says so, nothing half-written, reading goes on, and writing too once there is room again."""

from __future__ import annotations

import random
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import pytest
from sqlalchemy import event

from planner.records.facts.fact import Act
from planner.records.proof.audit import verify
from planner.records.store.append import append
from planner.records.store.database import Database, DatabaseError, open_database
from planner.records.store.log import read_facts, subject_keys
from tests.records.databases import skip_or_fail
from tests.records.forgetful_disk import NoFuseError, forgetful_disk
from tests.records.postgresql import NoPostgreSQLError, private_server, restart
from tests.records.processes import loaded, start
from tests.records.writing import NOON, NURSE, notes, subject, write


def long_note(number: int) -> str:
    """A note that fills a disk quickly: what it says is chance, so that nothing can be compressed."""
    return f"{number} {random.Random(number).randbytes(240).hex()}"


def fill(database: Database) -> tuple[list[str], str]:
    """Write notes, many at once and then fewer, until the database refuses a single one; what was accepted, and what it said then."""
    accepted: list[str] = []
    for together in (500, 50, 1):
        while len(accepted) < 50_000:
            texts = [long_note(number) for number in range(len(accepted), len(accepted) + together)]
            try:
                write(database, subject(1), len(accepted), *notes(*texts))
            except DatabaseError as error:
                said = str(error)
                break
            accepted += texts
        else:
            raise AssertionError("everything fitted: the disk is not small")
    return accepted, said


def assert_holds(database: Database, accepted: list[str]) -> None:
    """Fails unless the log is whole and holds these notes of one subject, and nothing of what was refused."""
    with database.reading() as connection:
        assert verify(connection).faults == ()
        assert [fact.said.note for fact in read_facts(connection)] == accepted
        assert list(subject_keys(connection)) == [subject(1)]


def assert_copes(database: Database, make_room: Callable[[], object]) -> str:
    """Fill the disk, look, try an import, make room and write again. Returns what the database said."""
    accepted, said = fill(database)
    assert accepted
    assert_holds(database, accepted)
    with pytest.raises(DatabaseError), database.writing() as connection:
        acts = [Act(subject(number), 0, notes(*map(long_note, range(100)))) for number in range(2, 22)]
        append(connection, acts, NURSE, NOON)
    assert_holds(database, accepted)
    make_room()
    write(database, subject(1), len(accepted), *notes("there is room again"))
    assert_holds(database, [*accepted, "there is room again"])
    database.close()
    again = open_database(database.url.render_as_string(hide_password=False))
    assert_holds(again, [*accepted, "there is room again"])
    again.close()
    return said


def test_a_database_that_may_not_grow_is_told_to_be_full(sqlite_url: str) -> None:
    """SQLite's own limit, which it treats as it does a full disk."""
    database = open_database(sqlite_url)
    pages = 60
    event.listen(database.engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA max_page_count={pages}"))

    def make_room() -> None:
        nonlocal pages
        pages = 10_000

    said = assert_copes(database, make_room)
    assert "full" in said and "planner.sqlite" in said and "nothing was written" in said


def cope_with_limited_files(url: str, told: Pipe) -> None:
    """In a process whose files may not grow beyond 500 kB for a while."""
    database = open_database(url)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
    try:
        told.send(assert_copes(database, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)))
    except BaseException as error:
        told.send(f"FAILED: {error!r}")
        raise


def test_files_that_may_not_grow_lose_nothing(sqlite_url: str) -> None:
    """The system refuses to lengthen the files: what a quota does."""
    pipe, answers = loaded().Pipe(duplex=False)
    start(cope_with_limited_files, sqlite_url, answers)
    answers.close()
    said = pipe.recv()
    assert not said.startswith("FAILED"), said
    assert "planner.sqlite" in said and "nothing was written" in said


@pytest.mark.long
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    """A real file system without room (FUSE), on which another file is removed then."""
    mount = tmp_path / "mount"
    mount.mkdir()
    try:
        with forgetful_disk(mount, tmp_path, size=3_000_000):
            ballast = mount / "ballast"
            ballast.write_bytes(bytes(2_000_000))
            said = assert_copes(open_database(f"sqlite:///{mount / 'planner.sqlite'}"), ballast.unlink)
    except NoFuseError as error:
        skip_or_fail(str(error))
    assert "full" in said and str(mount) in said and "nothing was written" in said


@pytest.mark.long
def test_a_postgresql_server_that_cannot_write_loses_nothing() -> None:
    """Its files may not grow beyond 17 MB (one of its own log of changes takes 16); then it is started without that limit."""
    try:
        with private_server(("fsync=off",)) as server:
            open_database(server.url()).close()
            server.stop()
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (17_000_000, before[1]))
            try:
                limited = restart(server)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)

            def make_room() -> None:
                limited.stop()
                restart(server)

            said = assert_copes(open_database(server.url()), make_room)
    except NoPostgreSQLError as error:
        skip_or_fail(str(error))
    assert "127.0.0.1" in said and server.password not in said
