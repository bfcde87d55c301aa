"""The audit names every changed, removed and moved fact, at every level, and goes on after it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from planner.records.caller import Caller
from planner.records.facts.chain import FIELDS, fact_hash, head_hash
from planner.records.people.rights import NotAllowedError
from planner.records.proof.audit import HeadError, export, verify, verify_for
from planner.records.proof.audit_fault import MOST_FAULTS
from planner.records.proof.fact_lines import fact_lines
from planner.records.proof.raw_rows import FACT_COLUMNS
from planner.records.store.database import Database, open_database
from planner.schedule.days import day_date
from tests.records.sample_log import (
    AT,
    FIRST,
    FULL,
    SECOND,
    THIRD,
    audited,
    audited_file,
    fill,
    names,
    unguarded,
    unguarded_file,
    whole_file,
)

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_audit.py"
FACTS = 16
NUMBER = 4
"""The number of the fact at FULL in its subject's log."""


@pytest.fixture
def sqlite_file(sqlite_url: str, tmp_path: Path) -> tuple[Path, bytes]:
    """A path for copies, and the bytes of a filled database."""
    database = open_database(sqlite_url)
    fill(database)
    return tmp_path / "copy.sqlite", whole_file(database)


# --- sound logs -------------------------------------------------------------------------------------------------


def test_an_empty_log_is_proven(database: Database) -> None:
    result = audited(database)
    assert (result.faults, result.facts, result.head) == ((), 0, "")


def test_a_sound_log_is_proven_with_and_without_a_kept_head(database: Database) -> None:
    last = fill(database)
    with database.reading() as connection:
        heads = [str(values[-1]) for values in fact_lines(connection)]
    for kept in [None, last, f" {last.upper()}\n", *heads]:
        result = audited(database, kept)
        assert (result.faults, result.facts, result.head) == ((), FACTS, last)


def test_the_head_of_another_log_is_not_in_it(database: Database) -> None:
    fill(database)
    (fault,) = audited(database, "0" * 64).faults
    assert "the end of the log was cut" in fault.what


@pytest.mark.parametrize("given", ["", " ", "abc", "g" * 64, "0" * 63, "0" * 65])
def test_what_is_no_head_is_not_taken_for_one_that_holds(sqlite_url: str, given: str) -> None:
    database = open_database(sqlite_url)
    fill(database)
    with pytest.raises(HeadError, match="64 hexadecimal digits"):
        audited(database, given)
    database.close()


# --- every byte of a row ----------------------------------------------------------------------------------------


def changes_of(value: Any) -> Iterator[Any]:
    """What a value becomes with each of its bytes changed, and with other types."""
    if isinstance(value, str):
        stored = value.encode()
        for place in range(len(stored)):
            yield (stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :], "text")
            yield (stored[:place] + b"\xff" + stored[place + 1 :], "text")
        yield (stored, "blob")
        yield (stored + b"\x00", "text")
        yield (stored[:-1] if stored else b" ", "text")
    elif isinstance(value, int):
        yield from ((value ^ (1 << bit), "as it is") for bit in range(0, 62, 3))
        yield (value + 0.5, "as it is")
        yield (str(value).encode() + b"x", "text")
        yield (str(value).encode(), "blob")
    else:
        yield from ((0, "as it is"), (b"", "text"), (b"null", "text"), (1.5, "as it is"))


def test_every_byte_of_every_column_of_a_row_is_proven(sqlite_file: tuple[Path, bytes]) -> None:
    file, sound = sqlite_file
    file.write_bytes(sound)
    tried = 0
    with unguarded_file(file) as connection:
        row = dict(
            zip(
                FACT_COLUMNS,
                connection.execute(f"SELECT {', '.join(FACT_COLUMNS)} FROM facts WHERE position = {FULL}").fetchone(),
                strict=True,
            )
        )
    assert [column for column, value in row.items() if value in (None, "")] == ["refers"]
    for column, value in row.items():
        for changed, kind in changes_of(value):
            file.write_bytes(sound)
            with unguarded_file(file) as connection:
                put = {"text": "CAST(? AS TEXT)", "blob": "CAST(? AS BLOB)", "as it is": "?"}[kind]
                try:
                    connection.execute(f"UPDATE facts SET {column} = {put} WHERE position = {FULL}", (changed,))
                except sqlite3.Error:
                    continue  # a position or number that another fact has, or a type that the key cannot have
            result = audited_file(file)
            assert names(result, FULL, FIRST, NUMBER), (column, changed, kind, result.faults)
            assert len([fault for fault in result.faults if fault.position is not None]) <= 3, (column, changed, result.faults)
            tried += 1
    assert tried > 700


def test_nothing_in_place_of_each_value_is_found(sqlite_file: tuple[Path, bytes]) -> None:
    file, sound = sqlite_file
    for column in ("day", "until_day", "replaces"):
        file.write_bytes(sound)
        with unguarded_file(file) as connection:
            connection.execute(f"UPDATE facts SET {column} = NULL WHERE position = {FULL}")
        (fault,) = audited_file(file).faults
        assert (fault.position, fault.subject, fault.number) == (FULL, str(FIRST), NUMBER)


def test_one_changed_column_names_one_fact(database: Database) -> None:
    fill(database)
    new = {"position": 999, "number": 77, "subject_id": 3, "act": 1, "replaces": 3, "refers": 3, "recorded_at": 5, "day": 0, "until_day": 1}
    for column in FACT_COLUMNS:
        with unguarded(database) as connection:
            old = connection.execute(text(f"SELECT {column} FROM facts WHERE position = {FULL}")).scalar()
            connection.execute(text(f"UPDATE facts SET {column} = :new WHERE position = {FULL}"), {"new": new.get(column, "changed")})
        result = audited(database)
        assert names(result, FULL, FIRST, NUMBER), (column, result.faults)
        assert len(result.faults) <= {"position": 3, "subject_id": 2}.get(column, 1), (column, result.faults)
        with unguarded(database) as connection:
            where = f"position = {new['position'] if column == 'position' else FULL}"
            connection.execute(text(f"UPDATE facts SET {column} = :old WHERE {where}"), {"old": old})
    assert audited(database).faults == ()


# --- every byte of the file -------------------------------------------------------------------------------------


def record_of(content: bytes, file: Path) -> tuple[int, int]:
    """Where the row at FULL stands in an SQLite file: from the length of its record to the end of its last column."""
    with sqlite3.connect(file) as connection:
        ends = "".join(connection.execute(f"SELECT hash, head FROM facts WHERE position = {FULL}").fetchone()).encode()
    assert content.count(ends) == 1
    end = content.index(ends) + len(ends)
    for size in range(len(ends), 2000):
        length = bytes([0x80 | size >> 7, size & 0x7F])
        if content[end - size - 3 : end - size] == length + bytes([FULL]):
            return end - size - 3, end
    raise AssertionError("no record found")


def flips(file: Path, content: bytes, masks: Callable[[int], tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """Each place of the row's record with each mask, the file changed accordingly."""
    file.write_bytes(content)
    start, end = record_of(content, file)
    assert 250 < end - start < 500
    # The record's own column for the position is never read (SQLite takes the row's number instead), so its type byte has no meaning
    # unless it changes how long the column is: 0 (nothing) to 8 (a constant) leaves every value of the row as it was.
    meaningless = {(start + 4, 8)}
    for place in range(start, end):
        for mask in masks(place):
            if (place, mask) in meaningless:
                continue
            file.write_bytes(content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :])
            yield place - start, mask


def test_every_byte_of_a_row_in_the_file_is_proven(sqlite_file: tuple[Path, bytes]) -> None:
    file, content = sqlite_file
    for place, mask in flips(file, content, lambda place: (0xFF, 1 << place % 8)):
        result = audited_file(file)
        assert names(result, FULL, FIRST, NUMBER), (place, mask, result.faults)


@pytest.mark.long
def test_every_bit_of_a_row_in_the_file_is_proven(sqlite_file: tuple[Path, bytes]) -> None:
    file, content = sqlite_file
    for place, mask in flips(file, content, lambda place: tuple(1 << bit for bit in range(8))):
        result = audited_file(file)
        assert names(result, FULL, FIRST, NUMBER), (place, mask, result.faults)


def test_a_file_with_a_page_overwritten_names_what_was_on_it_and_the_rest_is_read(sqlite_url: str, tmp_path: Path) -> None:
    database = open_database(sqlite_url)
    fill(database)
    content, file = whole_file(database), tmp_path / "copy.sqlite"
    file.write_bytes(content)
    page = record_of(content, file)[0] // 4096 * 4096
    for rubbish in (b"\xff" * 4096, bytes(4096), b"\x0d" + b"\xff" * 4095):
        file.write_bytes(content[:page] + rubbish + content[page + 4096 :])
        result = audited_file(file)
        assert result.faults
        assert any("damaged" in fault.what or "cannot be read" in fault.what for fault in result.faults)


def test_a_file_cut_short_is_named(sqlite_file: tuple[Path, bytes]) -> None:
    file, content = sqlite_file
    for pages in range(2, len(content) // 4096):
        file.write_bytes(content[: pages * 4096])
        assert audited_file(file).faults


# --- rows removed, moved, added ---------------------------------------------------------------------------------


@pytest.mark.parametrize("position", range(1, FACTS))
def test_a_removed_row_is_named(database: Database, position: int) -> None:
    fill(database)
    with unguarded(database) as connection:
        connection.execute(text(f"DELETE FROM facts WHERE position = {position}"))
    result = audited(database)
    assert (position, f"fact {position} is missing: removed, or moved elsewhere") in [
        (fault.position, fault.what) for fault in result.faults
    ]
    assert len(result.faults) <= 2


def test_the_last_row_removed_is_found_with_the_head_that_was_kept(database: Database) -> None:
    kept = fill(database)
    for cut in range(FACTS, FACTS - 3, -1):
        with unguarded(database) as connection:
            connection.execute(text(f"DELETE FROM facts WHERE position = {cut}"))
        assert not [fault for fault in audited(database).faults if "subjects" not in fault.what]
        assert any("the end of the log was cut" in fault.what for fault in audited(database, kept).faults)


def test_all_facts_removed_is_found(database: Database) -> None:
    kept = fill(database)
    with unguarded(database) as connection:
        connection.execute(text("DELETE FROM facts"))
    assert [fault.subject for fault in audited(database).faults] == [str(FIRST), str(SECOND), str(THIRD)]
    assert len(audited(database, kept).faults) == 4


@pytest.mark.parametrize(("one", "other"), [(4, 6), (8, 9), (7, 8), (5, 13), (1, 14)])
def test_swapped_rows_are_named(database: Database, one: int, other: int) -> None:
    fill(database)
    with unguarded(database) as connection:
        for old, new in ((one, 900), (other, one), (900, other)):
            connection.execute(text(f"UPDATE facts SET position = {new} WHERE position = {old}"))
    faults = audited(database).faults
    assert {one, other} <= {fault.position for fault in faults}


def test_rows_with_swapped_contents_are_named(database: Database) -> None:
    fill(database)
    with unguarded(database) as connection:
        rows = {
            row.position: row._asdict()
            for row in connection.execute(text("SELECT position, item, day, note FROM facts WHERE position IN (8, 9)"))
        }
        for position, other in ((8, 9), (9, 8)):
            query = text("UPDATE facts SET item = :item, day = :day, note = :note WHERE position = :at")
            connection.execute(query, {**{key: rows[other][key] for key in ("item", "day", "note")}, "at": position})
    assert [fault.position for fault in audited(database).faults] == [8, 9]


def test_a_row_written_twice_is_named(sqlite_file: tuple[Path, bytes]) -> None:
    file, content = sqlite_file
    file.write_bytes(content)
    with unguarded_file(file) as connection:
        columns = ", ".join(column for column in FACT_COLUMNS if column not in ("position", "number"))
        connection.execute(f"INSERT INTO facts (position, number, {columns}) SELECT 17, 7, {columns} FROM facts WHERE position = 13")
    (fault,) = audited_file(file).faults
    assert fault.position == 17


# --- forgers ----------------------------------------------------------------------------------------------------


def forge(connection: Any, position: int, note: str, *, everything_after: bool) -> None:
    """Change the note of a fact and hash it anew, alone or with all that follows."""
    keys = {row.id: (row.study, row.number) for row in connection.execute(text("SELECT id, study, number FROM subjects"))}
    rows = [row._asdict() for row in connection.execute(text("SELECT * FROM facts ORDER BY position"))]
    head, ends = "", dict[int, str]()
    for row in rows:
        if row["position"] == position:
            row["note"] = note
        if row["position"] == position or (everything_after and row["position"] > position):
            days = {name: None if row[name] is None else day_date(row[name]).isoformat() for name in ("day", "until_day")}
            study, subject = keys[row["subject_id"]]
            if everything_after:
                row["previous_hash"] = ends.get(row["subject_id"], "")
            row["hash"] = fact_hash([{**row, **days, "study": study, "subject": subject}[name] for name in FIELDS])
            if everything_after:
                row["head"] = head_hash(head, row["hash"])
            query = "UPDATE facts SET note = :note, previous_hash = :previous_hash, hash = :hash, head = :head WHERE position = :position"
            connection.execute(text(query), row)
        head = row["head"]
        ends[row["subject_id"]] = row["hash"]


def test_a_forger_who_hashes_the_row_anew_is_found(database: Database) -> None:
    fill(database)
    with unguarded(database) as connection:
        forge(connection, FULL, "nothing happened", everything_after=False)
    faults = audited(database).faults
    assert [fault.position for fault in faults] == [FULL, 10]
    assert "head" in faults[0].what
    assert "the chain breaks here" in faults[1].what


def test_a_forger_who_hashes_everything_anew_is_found_with_the_head_that_was_kept(database: Database) -> None:
    kept = fill(database)
    with unguarded(database) as connection:
        forge(connection, FULL, "nothing happened", everything_after=True)
    assert audited(database).faults == ()
    (fault,) = audited(database, kept).faults
    assert "written anew" in fault.what


# --- beside the log ---------------------------------------------------------------------------------------------


def test_a_changed_subject_is_one_fault_not_one_for_each_fact(database: Database) -> None:
    fill(database)
    with unguarded(database) as connection:
        connection.execute(text("UPDATE subjects SET number = 'PEK-009' WHERE id = 1"))
    (fault,) = audited(database).faults
    assert "row 1 of the table subjects was changed" in fault.what
    assert "facts 4, 5, 7, 8, 10, 13" in fault.what


def test_a_removed_subject_is_named(database: Database) -> None:
    fill(database)
    with unguarded(database) as connection:
        connection.execute(text("DELETE FROM subjects WHERE id = 2"))
    said = " ".join(str(fault) for fault in audited(database).faults)
    assert "no row 2" in said
    assert "facts 6, 9, 12, 14" in said


def test_changed_removed_and_misnamed_texts_are_named(database: Database) -> None:
    fill(database)
    with unguarded(database) as connection:
        connection.execute(text("UPDATE contents SET text = text || ' ' WHERE kind = 'protocol'"))
    assert "does not have it" in str(audited(database).faults[0])
    with unguarded(database) as connection:
        connection.execute(text("UPDATE contents SET kind = 'calendar' WHERE kind = 'protocol'"))
    assert any("is a calendar and not a protocol" in fault.what and fault.position == 4 for fault in audited(database).faults)
    with unguarded(database) as connection:
        connection.execute(text("DELETE FROM contents"))
    assert [fault.position for fault in audited(database).faults] == [4, 4]


def test_many_faults_are_counted_not_kept(sqlite_url: str) -> None:
    from tests.records.writing import notes, subject, write

    database = open_database(sqlite_url)
    for number in (1, 2):
        write(database, subject(number), 0, *notes(*map(str, range(MOST_FAULTS))))
    with unguarded(database) as connection:
        connection.execute(text("UPDATE facts SET note = 'x' WHERE number > 1"))
    faults = audited(database).faults
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].what == f"There are {MOST_FAULTS - 2} more faults."
    database.close()


# --- who may ----------------------------------------------------------------------------------------------------


def test_who_may_not_audit_is_refused(database: Database) -> None:
    fill(database)
    with database.reading() as connection:
        assert verify_for(connection, Caller("root.admin", AT)).facts == FACTS
        with pytest.raises(NotAllowedError):
            verify_for(connection, Caller("nurse.two", AT))


@pytest.mark.parametrize(("column", "value", "position"), [("kind", "x", 1), ("details", "{", 3), ("value", "x", 3)])
def test_a_log_too_damaged_to_say_who_may_is_audited(database: Database, column: str, value: str, position: int) -> None:
    fill(database)
    with unguarded(database) as connection:
        connection.execute(text(f"UPDATE facts SET {column} = :value WHERE position = {position}"), {"value": value})
    with database.reading() as connection:
        (fault,) = verify_for(connection, Caller("root.admin", AT)).faults
    assert (fault.position, fault.subject, fault.number) == (position, "the administration log", position)


# --- the export that proves itself ------------------------------------------------------------------------------


def run_verifier(*arguments: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", "-S", "-O", str(VERIFIER), *arguments], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def exported(database: Database, file: Path) -> tuple[list[str], str]:
    lines: list[str] = []
    with database.reading() as connection:
        last = export(connection, lines.append)
    file.write_text("".join(lines), encoding="ascii")
    return lines, last


def test_the_verifier_is_short_and_needs_the_standard_library_only() -> None:
    assert len(VERIFIER.read_text(encoding="utf-8").splitlines()) <= 30


def test_an_export_is_verified_without_this_software(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    assert exported(database, file)[1] == ""
    assert run_verifier(str(file)) == (0, "OK: 0 facts, head \n")
    head = fill(database)
    lines, last = exported(database, file)
    assert last == head
    assert run_verifier(str(file)) == (0, f"OK: {FACTS} facts, head {head}\n")
    assert run_verifier(str(file), json.loads(lines[3])[-1])[0] == 0
    assert run_verifier(str(file), f" {head.upper()}")[0] == 0
    for wrong in ("0" * 64, "", "abc"):
        code, said = run_verifier(str(file), wrong)
        assert (code, said.startswith("WRONG")) == (1, True), wrong


def test_a_tampered_export_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    database, file = open_database(sqlite_url), tmp_path / "audit.jsonl"
    fill(database)
    lines, head = exported(database, file)
    database.close()
    tampered = {
        "changed": [*lines[:FULL], lines[FULL].replace("caf", "kaf"), *lines[FULL + 1 :]],
        "dropped": [*lines[:FULL], *lines[FULL + 1 :]],
        "twice": [*lines[:FULL], lines[FULL], *lines[FULL:]],
        "swapped": [*lines[:FULL], lines[FULL + 1], lines[FULL], *lines[FULL + 2 :]],
        "cut": lines[:-2],
        "no end": lines[:-1],
        "cut in a line": [*lines[:FULL], lines[FULL][:50]],
        "longer": [*lines, lines[1]],
        "not an export": ["hello\n"],
        "nothing": [],
        "a header alone": lines[:1],
    }
    for what, changed in tampered.items():
        assert changed != lines
        file.write_text("".join(changed), encoding="ascii")
        code, said = run_verifier(str(file))
        assert code == 1, what
        assert said.startswith("WRONG"), what
    short = [*lines[:-3], json.dumps({"facts": FACTS - 2, "head": json.loads(lines[-4])[-1]}) + "\n"]
    file.write_text("".join(short), encoding="ascii")
    assert run_verifier(str(file))[0] == 0
    assert run_verifier(str(file), head)[0] == 1


def test_the_verifier_and_the_audit_agree_that_nothing_is_wrong(database: Database, tmp_path: Path) -> None:
    fill(database)
    exported(database, tmp_path / "audit.jsonl")
    with database.reading() as connection:
        assert verify(connection).head == run_verifier(str(tmp_path / "audit.jsonl"))[1].split()[-1]
