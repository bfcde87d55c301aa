"""Everything out and in again: the same hashes, the same bytes, and nothing of a file that is not whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from planner.records.facts.chain import FIELDS, content_hash, fact_hash
from planner.records.proof.archive import FORMAT, UnreadableLogError, export_all
from planner.records.proof.restore import LONGEST_LINE, ArchiveError, restore_all
from planner.records.store.database import Database, open_database
from planner.records.store.log import read_facts
from tests.records.sample_log import FULL, NURSE, audited, fill, unguarded
from tests.records.writing import notes, subject, write


def exported(database: Database, file: Path) -> str:
    with database.reading() as connection, file.open("w", encoding="ascii", newline="\n") as opened:
        return export_all(connection, opened.write)


def empty(tmp_path: Path, name: str = "other.sqlite") -> Database:
    return open_database(f"sqlite:///{tmp_path / name}")


@pytest.fixture
def lines(sqlite_template: bytes, tmp_path: Path) -> list[str]:
    """The lines of the export of a filled database."""
    (tmp_path / "source.sqlite").write_bytes(sqlite_template)
    database = open_database(f"sqlite:///{tmp_path / 'source.sqlite'}")
    fill(database)
    exported(database, tmp_path / "export.jsonl")
    database.close()
    return (tmp_path / "export.jsonl").read_text(encoding="ascii").splitlines(keepends=True)


# --- round trips ------------------------------------------------------------------------------------------------


def test_a_round_trip_gives_the_same_hashes_and_the_same_bytes(database: Database, tmp_path: Path) -> None:
    head = fill(database)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    assert exported(database, one) == head
    other = empty(tmp_path)
    restored = restore_all(other, one)
    assert (restored.contents, restored.subjects, restored.facts, restored.head) == (2, 3, 16, head)
    assert exported(other, two) == head
    assert two.read_bytes() == one.read_bytes()
    assert audited(other, head).faults == ()
    with database.reading() as here, other.reading() as there:
        assert read_facts(here) == read_facts(there)
    other.close()


def test_an_export_of_sqlite_is_restored_into_either_database_and_written_on(database: Database, lines: list[str], tmp_path: Path) -> None:
    head = restore_all(database, tmp_path / "export.jsonl").head
    exported(database, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "export.jsonl").read_bytes()
    write(database, subject(1), 6, *notes("and on"), author=NURSE)
    write(database, subject(9), 0, *notes("a new one"), author=NURSE)
    assert audited(database, head).faults == ()


def test_an_empty_database_is_exported_and_restored(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    assert exported(database, file) == ""
    other = empty(tmp_path)
    assert restore_all(other, file).facts == 0
    assert audited(other).faults == ()
    other.close()


def test_what_is_exported_is_ascii_with_one_object_in_each_line(lines: list[str]) -> None:
    parsed = [json.loads(line) for line in lines]
    assert parsed[0] == {"format": FORMAT, "version": 1}
    assert [next(iter(line)) for line in parsed[1:]] == ["content"] * 2 + ["subject"] * 3 + ["fact"] * 16 + ["end"]
    assert parsed[-2]["fact"]["head"] == parsed[-1]["end"]["head"]
    assert set(parsed[-2]["fact"]) == {*FIELDS, "hash", "head"}


def test_a_damaged_log_is_not_exported(database: Database, tmp_path: Path) -> None:
    fill(database)
    if not database.is_sqlite:
        with unguarded(database) as connection:
            connection.execute(text("UPDATE facts SET subject_id = 77 WHERE position = 8"))
    else:
        with unguarded(database) as connection:
            connection.execute(text("UPDATE facts SET day = 'soon' WHERE position = 8"))
    with pytest.raises(UnreadableLogError, match=r"Fact 8 cannot be read .*audit verify"):
        exported(database, tmp_path / "export.jsonl")


# --- what is refused --------------------------------------------------------------------------------------------

FIRST_FACT = 6
"""The line, from 0, of the first fact: behind the header, two contents and three subjects."""


def changed(lines: list[str], at: int, change: Callable[[Any], Any]) -> list[str]:
    data = json.loads(lines[at])
    return [*lines[:at], json.dumps(change(data) or data) + "\n", *lines[at + 1 :]]


def fact_with(lines: list[str], position: int, **fields: Any) -> list[str]:
    """One fact changed and hashed anew: what only checks of its values can refuse."""

    def change(line: Any) -> None:
        line["fact"].update(fields)
        line["fact"]["hash"] = fact_hash([line["fact"][name] for name in FIELDS])

    return changed(lines, FIRST_FACT + position - 1, change)


def content_with(line: Any, value: str) -> Any:
    return {"content": {**line["content"], "text": value, "hash": content_hash(value)}}


REFUSED: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "nothing": (lambda lines: [], "line 1 is no JSON"),
    "no JSON": (lambda lines: [*lines[:3], "{not json\n", *lines[3:]], "line 4 is no JSON"),
    "a list": (lambda lines: [*lines[:3], "[1]\n", *lines[3:]], "line 4 is no JSON object"),
    "deep": (lambda lines: [*lines[:3], "[" * 100_000 + "\n"], "line 4 is no JSON"),
    "another format": (lambda lines: ['{"format":"x"}\n', *lines[1:]], "line 1 does not say"),
    "a newer format": (lambda lines: changed(lines, 0, lambda line: {**line, "version": 2}), "line 1 names version 2"),
    "cut in a line": (lambda lines: [*lines[:10], lines[10][:100]], "line 11 is no JSON"),
    "cut between lines": (lambda lines: lines[:10], "line 11 is missing"),
    "without its end": (lambda lines: lines[:-1], "line 23 is missing"),
    "going on": (lambda lines: [*lines, lines[-2]], "line 24 stands behind the end"),
    "a fact removed": (lambda lines: [*lines[:10], *lines[11:]], "line 11 should be fact 5"),
    "facts swapped": (lambda lines: [*lines[:10], lines[11], lines[10], *lines[12:]], "line 11 should be fact 5"),
    "a subject removed": (lambda lines: [*lines[:3], *lines[4:]], "line 4 should have the id 1"),
    "the last subject removed": (lambda lines: [*lines[:5], *lines[6:]], "names"),
    "a subject too late": (lambda lines: [*lines[:6], lines[6], lines[5], *lines[7:]], "line 8 stands in the wrong place"),
    "a text changed": (
        lambda lines: changed(lines, 1, lambda line: line["content"].update(text=line["content"]["text"] + " ")),
        "line 2 has a text that does not have its hash",
    ),
    "another text": (lambda lines: changed(lines, 2, lambda line: content_with(line, "x")), "which no content line holds"),
    "a text twice": (lambda lines: [*lines[:2], lines[1], *lines[2:]], "line 3 has a text that an earlier line has"),
    "a fact changed": (lambda lines: changed(lines, 13, lambda line: line["fact"].update(note="x")), "line 14 does not have its hash"),
    "a fact hashed anew": (lambda lines: fact_with(lines, FULL, note="x"), "line 14 does not continue the chain of the whole log"),
    "a chain broken": (lambda lines: fact_with(lines, FULL, previous_hash="0" * 64), "line 14 does not continue its subject's log"),
    "an unknown kind": (lambda lines: fact_with(lines, FULL, kind="cured"), "line 14 has an act, a kind"),
    "unsorted details": (lambda lines: fact_with(lines, FULL, details='{"b":1,"a":2}'), "line 14 has an act, a kind"),
    "no details": (lambda lines: fact_with(lines, FULL, details="[]"), "line 14 has an act, a kind"),
    "a date that is none": (lambda lines: fact_with(lines, FULL, day="2026-02-30"), "line 14 has no date"),
    "a date in another form": (lambda lines: fact_with(lines, FULL, day="20260321"), "line 14 has no date"),
    "a fraction": (lambda lines: fact_with(lines, FULL, recorded_at=1.5), "line 14 has no microseconds"),
    "a time beyond all": (lambda lines: fact_with(lines, FULL, recorded_at=2**62), "line 14 has no microseconds"),
    "truth for a number": (lambda lines: fact_with(lines, FULL, act=True), "line 14 has no number from 1 as its act"),
    "a huge number": (lambda lines: fact_with(lines, FULL, act=2**40), "line 14 has no number from 1 as its act"),
    "pointing forward": (lambda lines: fact_with(lines, FULL, replaces=4), "line 14 has no number of an earlier fact"),
    "a letter that cannot be kept": (lambda lines: fact_with(lines, FULL, note="\x00"), "line 14 has no text as its note"),
    "half a letter": (lambda lines: fact_with(lines, FULL, note="\ud800"), "line 14 has no text as its note"),
    "a number for a text": (lambda lines: fact_with(lines, FULL, note=1), "line 14 has no text as its note"),
    "an unknown subject": (lambda lines: fact_with(lines, FULL, subject="PEK-099"), "line 14 is about a subject that no line"),
    "a field too many": (lambda lines: changed(lines, 13, lambda line: line["fact"].update(more=1)), "line 14 has more fields"),
    "a field missing": (lambda lines: changed(lines, 13, lambda line: line["fact"].pop("note") and None), "line 14 has no note"),
    "something else": (lambda lines: [*lines[:5], '{"person":{}}\n', *lines[5:]], "line 6 stands in the wrong place"),
    "two in a line": (lambda lines: [*lines[:5], '{"fact":{},"subject":{}}\n', *lines[5:]], "line 6 holds no"),
    "a wrong count": (
        lambda lines: changed(lines, 22, lambda line: line["end"].update(facts=15)),
        "line 23 counts 15 facts, but there are 16",
    ),
    "another head": (lambda lines: changed(lines, 22, lambda line: line["end"].update(head="x")), "line 23 names another head"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_whole_is_refused_with_its_line_and_leaves_nothing(lines: list[str], tmp_path: Path, what: str) -> None:
    change, said = REFUSED[what]
    file, other = tmp_path / "changed.jsonl", empty(tmp_path)
    file.write_text("".join(change(lines)), encoding="ascii")
    with pytest.raises(ArchiveError) as refused:
        restore_all(other, file)
    assert said in str(refused.value)
    assert str(refused.value).endswith("Nothing was restored.")
    assert restore_all(other, tmp_path / "export.jsonl").facts == 16
    other.close()


def test_a_fact_that_fails_late_leaves_nothing_on_either_database(database: Database, lines: list[str], tmp_path: Path) -> None:
    file = tmp_path / "changed.jsonl"
    file.write_text("".join(lines[:-1]), encoding="ascii")
    with pytest.raises(ArchiveError):
        restore_all(database, file)
    assert audited(database).facts == 0
    assert restore_all(database, tmp_path / "export.jsonl").facts == 16


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    file, other = tmp_path / "long.jsonl", empty(tmp_path)
    file.write_bytes(b'{"format":"' + b"x" * (LONGEST_LINE + 100))
    with pytest.raises(ArchiveError, match="line 1 has more than"):
        restore_all(other, file)
    other.close()


def test_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path: Path) -> None:
    file, other = tmp_path / "bytes.jsonl", empty(tmp_path)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArchiveError, match="line 1 is no JSON"):
        restore_all(other, file)
    with pytest.raises(ArchiveError, match="cannot be read"):
        restore_all(other, tmp_path / "not there")
    other.close()


def test_a_database_that_holds_something_is_left_alone(database: Database, lines: list[str], tmp_path: Path) -> None:
    write(database, subject(1), 0, *notes("here"))
    with pytest.raises(ArchiveError, match="holds 1 facts, 1 subjects already"):
        restore_all(database, tmp_path / "export.jsonl")
    assert audited(database).facts == 1
