"""The export for a bug report: nothing that says who is in any byte of it, and the dates are the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from planner.records.facts.kinds import Kind
from planner.records.pinned.calendar_content import calendar_from_content
from planner.records.pinned.contents import PinnedContents, put_calendar, put_protocol
from planner.records.proof.anonymise import SUBJECT_PATTERN, anonymised
from planner.records.proof.restore import restore_all
from planner.records.store.database import Database, open_database
from planner.records.store.log import read_facts
from planner.schedule.calendar_sources import calendar_named
from tests.records.sample_log import AT, PROTOCOL, audited, fill

PLANTED = (
    *("PEK-001", "PEK-002", "PEK-003", "PEK"),
    *("coordinator.one", "nurse.two", "root.admin", "@site"),
    *("first remark", "further remark", "延迟", "a caf", "sp\\u00e4t", "\\u5ef6"),
    *("LINAC-SECRET", "ward 9"),
)
"""What the sample log holds and nobody may see."""


def written(database: Database, file: Path) -> str:
    with database.reading() as connection, file.open("w", encoding="ascii", newline="\n") as opened:
        return anonymised(connection, opened.write)


def test_nothing_that_says_who_is_in_any_byte(database: Database, tmp_path: Path) -> None:
    fill(database)
    file = tmp_path / "anonymised.jsonl"
    written(database, file)
    content = file.read_text(encoding="ascii")
    texts = (content, content.encode().decode("unicode_escape"))
    assert [planted for planted in PLANTED for text in texts if planted in text] == []
    assert '"name":"CN"' not in texts[1]
    assert "Spring Festival" not in content
    protocol = next(line for line in content.splitlines() if '"kind":"protocol"' in line)
    assert "\n#" not in json.loads(protocol)["content"]["text"]


def test_a_resource_that_no_protocol_names_gets_another_name(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        put_protocol(connection, PROTOCOL)
        own = calendar_named("CN", 2024, 2026)
        closed = own.open_days["clinic"].copy()
        closed[:40] = False
        tables = {**own.open_days, "DrZhangLinac": closed, "linac": closed, "Zhang's room": own.open_days["clinic"]}
        put_calendar(connection, replace(own, open_days=tables))
    written(database, tmp_path / "anonymised.jsonl")
    content = (tmp_path / "anonymised.jsonl").read_text(encoding="ascii")
    assert "Zhang" not in content
    (calendar,) = [json.loads(line)["content"]["text"] for line in content.splitlines() if '"kind":"calendar"' in line]
    made = calendar_from_content(calendar)
    assert sorted(made.open_days) == ["RESOURCE1", "RESOURCE2", "clinic", "linac"]
    assert (made.open_days["RESOURCE1"] == closed).all() and (made.open_days["linac"] == closed).all()


def test_it_is_restored_and_proven_with_the_same_dates(database: Database, tmp_path: Path) -> None:
    fill(database)
    head = written(database, tmp_path / "anonymised.jsonl")
    other = open_database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert restore_all(other, tmp_path / "anonymised.jsonl").head == head
    assert audited(other, head).faults == ()
    with database.reading() as here, other.reading() as there:
        before, after = read_facts(here), read_facts(there)
        same = ("kind", "day", "until_day", "replaces", "refers")
        assert [[getattr(fact.said, name) for name in same] for fact in after] == [
            [getattr(fact.said, name) for name in same] for fact in before
        ]
        assert {fact.recorded_at for fact in after} == {AT}
        pinned = PinnedContents(there), PinnedContents(here)
        for old, new in zip(before, after, strict=True):
            if old.kind is Kind.ENROLLED:
                assert new.said.details["plan"] == old.said.details["plan"]
                calendars = [pin.calendar(str(fact.said.details["calendar"])) for pin, fact in zip(pinned, (new, old), strict=True)]
                assert all((calendars[0].open_days[name] == table).all() for name, table in calendars[1].open_days.items())
    other.close()


def test_what_stands_for_what_is_the_same_throughout(database: Database, tmp_path: Path) -> None:
    fill(database)
    written(database, tmp_path / "anonymised.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "anonymised.jsonl").read_text(encoding="ascii").splitlines()]
    assert [line["subject"]["number"] for line in lines if "subject" in line] == ["S001", "S002", "S003"]
    facts = [line["fact"] for line in lines if "fact" in line]
    assert {fact["who"] for fact in facts} == {"P1", "P2", "P3"}
    assert [(fact["item"], fact["value"]) for fact in facts if fact["kind"] == "person_granted"] == [
        *(("P1", "administrator"), ("P2", "nurse"), ("P3", "investigator"))
    ]
    assert {fact["item"] for fact in facts if fact["kind"] in ("enrolled", "site_set", "site_calendar_set")} == {"SITE1"}
    details = [json.loads(fact["details"]) for fact in facts]
    assert [each["rescreen_of"] for each in details if "rescreen_of" in each] == ["S001"]
    assert [each["subject_pattern"] for each in details if "subject_pattern" in each] == [SUBJECT_PATTERN]
    assert [fact["details"] for fact in facts if fact["kind"] == "booked"] == ['{"minutes":90}']
    assert [(fact["item"], fact["value"]) for fact in facts if fact["kind"] == "booked"] == [("C2D1", "09:30")]
    assert {fact["note"] for fact in facts} == {""}
    assert {fact["reason"] for fact in facts} == {"", "toxicity"}
