"""Backups: whole copies, made while others write, never over something else."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from planner.records.proof.archive import export_all
from planner.records.proof.backup import BackupError, backup, backup_replacing
from planner.records.proof.restore import ArchiveError, restore_all
from planner.records.store.database import Database, open_database
from tests.records.sample_log import NURSE, audited, audited_file, fill, unguarded_file
from tests.records.writing import notes, subject, write


def restored(tmp_path: Path, file: Path) -> Database:
    other = open_database(f"sqlite:///{tmp_path / 'restored.sqlite'}")
    restore_all(other, file)
    return other


def everything(database: Database) -> str:
    lines: list[str] = []
    with database.reading() as connection:
        export_all(connection, lines.append)
    return "".join(lines)


def test_a_backup_holds_everything_and_gives_its_head(database: Database, tmp_path: Path) -> None:
    head, file = fill(database), tmp_path / "backup"
    assert backup(database, file) == head
    other = restored(tmp_path, file)
    assert everything(other) == everything(database)
    assert audited(other, head).faults == ()
    assert not list(tmp_path.glob(".*"))
    assert file.stat().st_mode & 0o077 == 0
    other.close()


def test_an_empty_database_is_backed_up(database: Database, tmp_path: Path) -> None:
    assert backup(database, tmp_path / "backup") == ""
    restored(tmp_path, tmp_path / "backup").close()


def test_nothing_is_written_over_unless_asked(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("mine", encoding="ascii")
    with pytest.raises(BackupError, match="is there already"):
        backup(database, file)
    assert file.read_text(encoding="ascii") == "mine"
    head = fill(database)
    assert backup_replacing(database, file) == head
    restored(tmp_path, file).close()


def test_what_cannot_be_written_is_said_and_leaves_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no folder"):
        backup(database, tmp_path / "nowhere" / "backup")
    with pytest.raises(BackupError, match="is no file"):
        backup_replacing(database, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= {"planner.sqlite", "planner.sqlite-wal", "planner.sqlite-shm"}


def test_a_backup_while_others_write_is_one_moment_of_the_log(database: Database, tmp_path: Path) -> None:
    fill(database)
    stop = threading.Event()
    written = 0

    def writer() -> None:
        nonlocal written
        while not stop.is_set():
            write(database, subject(50), written, *notes("while it is copied", "and twice"), author=NURSE)
            written += 2

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        heads = [backup(database, tmp_path / f"backup-{turn}") for turn in range(8)]
    finally:
        stop.set()
        thread.join()
    assert written > 0
    for turn, head in enumerate(heads):
        other = open_database(f"sqlite:///{tmp_path / f'restored-{turn}.sqlite'}")
        result = restore_all(other, tmp_path / f"backup-{turn}")
        assert result.head == head
        assert result.facts % 2 == 0, "an act is whole or absent"
        assert audited(database, head).faults == ()
        other.close()


def test_an_sqlite_backup_is_one_file_that_is_a_database(sqlite_url: str, tmp_path: Path) -> None:
    database, file = open_database(sqlite_url), tmp_path / "backup.sqlite"
    head = fill(database)
    backup(database, file)
    database.close()
    os.chmod(file, 0o400)
    assert audited_file(file, head).faults == ()
    assert [path.name for path in tmp_path.glob("backup.sqlite*")] == ["backup.sqlite"]
    os.chmod(file, 0o600)
    opened = open_database(f"sqlite:///{file}")
    write(opened, subject(1), 6, *notes("and on"), author=NURSE)
    assert audited(opened, head).faults == ()
    opened.close()


def test_a_damaged_backup_is_not_restored(sqlite_url: str, tmp_path: Path) -> None:
    database, file = open_database(sqlite_url), tmp_path / "backup.sqlite"
    fill(database)
    backup(database, file)
    database.close()
    with unguarded_file(file) as connection:
        connection.execute("UPDATE facts SET note = 'x' WHERE position = 8")
    other = open_database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(ArchiveError, match=r"backup.sqlite is damaged, 1 faults, the first: Fact 8 \(ulrrc/PEK-001 number 4\)"):
        restore_all(other, file)
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(ArchiveError, match=r"Nothing was restored"):
        restore_all(other, file)
    with sqlite3.connect(tmp_path / "strange.sqlite") as strange:
        strange.execute("CREATE TABLE facts (position)")
    with pytest.raises(ArchiveError, match="has no tables of this planner"):
        restore_all(other, tmp_path / "strange.sqlite")
    assert audited(other).facts == 0
    other.close()
