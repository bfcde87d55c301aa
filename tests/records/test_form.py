"""The form of facts: one check before all that takes facts in, and no command that fails on a log that holds impossible ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from planner.cli import app
from planner.records.changes import acts
from planner.records.errors import RecordsError
from planner.records.facts.chain import FIELDS, fact_hash, head_hash
from planner.records.facts.fact import NewFact
from planner.records.facts.form import form_faults
from planner.records.facts.kinds import Kind
from planner.records.facts.moments import is_moment, microseconds, moment_of
from planner.records.facts.privacy import PrivacyError, require_no_identity
from planner.records.facts.sentences import ended, sentence
from planner.records.people.settings import read_settings
from planner.records.proof.archive import export_all
from planner.records.proof.restore import ArchiveError, restore_all
from planner.records.store.append import FactFormError
from planner.records.store.database import Database, open_database
from planner.records.store.log import read_facts
from planner.records.store.schema import facts
from planner.schedule.days import day_number
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import SUBJECT, Desk
from tests.records.sample_log import audited
from tests.records.writing import NOON, subject, write

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url

DAY = date(2026, 3, 2)
IDENTITY = "Zhang San 13812345678"


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """A site with one subject."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()


# --- what has its form ------------------------------------------------------------------------------------------

REFUSED = {
    "a visit's value": (NewFact(Kind.VISIT_DONE, "C1D1", DAY, value=IDENTITY), "nothing or routine_care"),
    "a key": (NewFact(Kind.DEVIATION_CLASSED, IDENTITY, value="important"), "no key of a deviation"),
    "a class": (NewFact(Kind.DEVIATION_CLASSED, "missed:C1D1", value="minor"), "important or not_important"),
    "minutes as a text": (NewFact(Kind.BOOKED, "C2D1", DAY, details={"minutes": IDENTITY}), "from 1 to 1440"),
    "no minutes": (NewFact(Kind.BOOKED, "C2D1", DAY, details={"minutes": 0}), "from 1 to 1440"),
    "more than a day": (NewFact(Kind.BOOKED, "C2D1", DAY, details={"minutes": 1441}), "from 1 to 1440"),
    "a time": (NewFact(Kind.BOOKED, "C2D1", DAY, value="9:30"), "HH:MM"),
    "a place that is a number": (NewFact(Kind.BOOKED, "C2D1", DAY, details={"place": 3}), "is a text"),
    "details of a note": (NewFact(Kind.NOTE, note="a", details={"who": IDENTITY}), "has no details who"),
    "the value of a milestone": (NewFact(Kind.MILESTONE_SET, "CONSENT", DAY, value="x"), "milestone_set has no value"),
    "no day": (NewFact(Kind.VISIT_DONE, "C1D1"), "The day is missing"),
    "a way to hold": (NewFact(Kind.HOLD_STARTED, "", DAY, value="wait"), "shift or skip"),
    "an end": (NewFact(Kind.LEFT_STUDY, day=DAY, value="bored"), "withdrawn"),
    "no hold": (NewFact(Kind.HOLD_ENDED, day=DAY), "number of the hold"),
    "no protocol": (NewFact(Kind.ENROLLED, "PEK", DAY, details={"calendar": "0" * 64}), "hash of the protocol"),
    "no calendar": (NewFact(Kind.ENROLLED, "PEK", DAY, value="0" * 64), "no detail calendar"),
    "an earlier number": (
        NewFact(Kind.ENROLLED, "PEK", DAY, value="0" * 64, details={"calendar": "0" * 64, "rescreen_of": IDENTITY}),
        "is no subject number",
    ),
    "a role": (NewFact(Kind.PERSON_GRANTED, "nurse", value="king", details={"site": "*"}), "administrator"),
    "no site of a role": (NewFact(Kind.PERSON_GRANTED, "nurse", value="nurse"), "no detail site"),
    "a pattern": (NewFact(Kind.SITE_SET, "PEK", details={"subject_pattern": ".*"}), "pattern"),
    "a long note": (NewFact(Kind.NOTE, note="a" * 501), "too long"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_fact_of_another_form_has_a_sentence_that_says_so(what: str) -> None:
    said, told = REFUSED[what]
    (fault,) = form_faults(said)
    assert told in fault and fault.endswith((".", "{3,4}."))
    assert IDENTITY not in fault


def test_the_longest_note_is_the_same_wherever_it_is_asked() -> None:
    longest, longer = "a" * 500, "a" * 501
    assert form_faults(NewFact(Kind.NOTE, note=longest)) == []
    assert require_no_identity(longest, "the note") == longest
    with pytest.raises(PrivacyError):
        require_no_identity(longer, "the note")


def test_what_cannot_be_written_is_refused_before(desk: Desk) -> None:
    """The same check stands before ``propose`` and before the log, so that a dry run does not promise what saving refuses."""
    for said, _ in REFUSED.values():
        if said.kind not in (Kind.ENROLLED, Kind.PERSON_GRANTED, Kind.SITE_SET):
            assert not set(form_faults(said)) - set(desk.refused([said]))
        with pytest.raises(FactFormError):
            write(desk.database, subject(7), 0, said)


# --- identity through a correction ------------------------------------------------------------------------------


def test_no_identity_gets_into_a_value_or_a_key(desk: Desk) -> None:
    desk.record_done({"C1D1": "2026-03-02"})
    desk.record(acts.deviation_classed("missed:C2D1", "important", note="seen"))
    done, classed = desk.facts()[-2:]
    for value in (IDENTITY, "Zhang.San.13812345678"):
        assert desk.refused(acts.corrected(desk.facts(), done.number, value=value, reason="source_checked"))
    for item in (
        "Zhang San tel 13812345678",
        "missed:Zhang.San",
        "check:Zhang.San:C1D1",
        "check:pd1-gap:Zhang.San",
        "dose_in_hold:unscheduled-x",
    ):
        assert desk.refused(acts.corrected(desk.facts(), classed.number, item=item, reason="source_checked"))
    for name in ("resource", "place"):
        assert desk.refused([NewFact(Kind.BOOKED, "C2D1", date(2026, 5, 4), details={name: IDENTITY})])
    assert desk.refused([NewFact(Kind.PARAMETER_SET, "cycles", value=IDENTITY, reason="other", note="x")])


@pytest.mark.parametrize(
    "key", ["out_of_window:C1D1", "check:pd1-gap:C1D1:C2D1", "dose_in_hold:unscheduled-2026-03-20", "check:pd1-gap:C1D1:today"]
)
def test_keys_that_the_ledger_can_hold_are_classed(desk: Desk, key: str) -> None:
    desk.record(acts.deviation_classed(key, "not_important", note="seen"))


# --- reasons ----------------------------------------------------------------------------------------------------


def test_holds_and_stops_need_a_reason(desk: Desk) -> None:
    assert desk.refused(acts.hold_started(DAY)) == ("A hold needs a reason. Pick one from the list.",)
    assert desk.refused(acts.treatment_stopped(DAY)) == ("Stopping treatment needs a reason. Pick one from the list.",)


# --- moments and sentences --------------------------------------------------------------------------------------


def test_moments_are_whole_microseconds_both_ways() -> None:
    assert moment_of(microseconds(NOON)) == NOON
    assert microseconds(moment_of(-1)) == -1
    assert is_moment(0) and not is_moment(10**18) and not is_moment(-(10**18))


def test_sentences_end_once() -> None:
    assert [sentence(text) for text in ("there is none", "there is none.", "is there?")] == [
        "There is none.",
        "There is none.",
        "Is there?",
    ]
    assert ended("pd1: late") == "pd1: late."


# --- logs that hold impossible facts under right hashes -----------------------------------------------------------


@dataclass(frozen=True)
class Forged:
    """What differs from a note in a fact that somebody wrote behind the planner's back."""

    administration: bool
    fields: dict[str, Any]


FORGED = {
    "a kind that there is not": Forged(True, {"kind": "banana"}),
    "a kind that there is not, of a subject": Forged(False, {"kind": "banana"}),
    "a visit of the administration": Forged(True, {"kind": "visit_done", "item": "C1D1", "day": DAY.isoformat()}),
    "a site without a pattern": Forged(True, {"kind": "site_set", "item": "BEI"}),
    "a king": Forged(True, {"kind": "person_granted", "item": "nurse", "value": "king", "details": '{"site":"*"}'}),
    "a role nowhere": Forged(True, {"kind": "person_granted", "item": "nurse", "value": "administrator"}),
    "a visit without a day": Forged(False, {"kind": "visit_done", "item": "C1D1"}),
    "a start without a day": Forged(False, {"kind": "start_moved"}),
    "a hold of nothing": Forged(False, {"kind": "hold_started", "day": DAY.isoformat(), "value": "wait"}),
    "an end of no hold": Forged(False, {"kind": "hold_ended", "day": DAY.isoformat()}),
    "an end for no reason": Forged(False, {"kind": "left_study", "day": DAY.isoformat(), "value": "bored"}),
    "a transfer without a calendar": Forged(False, {"kind": "site_transferred", "item": "PEK", "day": DAY.isoformat()}),
    "minutes as a text": Forged(False, {"kind": "booked", "item": "C2D1", "day": DAY.isoformat(), "details": '{"minutes":"ninety"}'}),
    "details that are a list": Forged(False, {"kind": "booked", "item": "C2D1", "day": DAY.isoformat(), "details": "[1]"}),
    "details that are no JSON": Forged(False, {"kind": "site_transferred", "item": "PEK", "day": DAY.isoformat(), "details": "{"}),
    "nothing taken back": Forged(False, {"kind": "undone"}),
    "a class of its own": Forged(False, {"kind": "deviation_classed", "item": "Zhang San", "value": "minor"}),
    "a moment that is none": Forged(False, {"recorded_at": 10**18}),
    "a value of its own": Forged(False, {"kind": "visit_done", "item": "C1D1", "day": DAY.isoformat(), "value": IDENTITY}),
}
COMMANDS: Sequence[Sequence[str]] = (
    ("subject", "list"),
    ("subject", "show", "PEK-001"),
    ("worklist",),
    ("deviations",),
    ("history", "PEK-001"),
    ("history", "PEK-001", "C1D1"),
    ("changes", "--since", "2026-01-01"),
    ("site", "list"),
    ("person", "list"),
    ("record", "PEK-001", "SIM", "--on", "2026-03-09", "--dry-run"),
    ("undo", "PEK-001", "--dry-run"),
    ("audit", "verify"),
)


def forge(database: Database, forged: Forged) -> int:
    """Write the fact with right hashes; gives its position."""
    with database.writing() as connection:
        log = connection.execute(facts.select().order_by(facts.c.position)).mappings().all()
        own = [row for row in log if (row["subject_id"] == 0) == forged.administration]
        key = ("", "") if forged.administration else (SUBJECT.study, SUBJECT.number)
        number = own[-1]["number"] + 1
        fields: dict[str, Any] = {
            **dict.fromkeys(("item", "value", "reason", "note"), ""),
            **dict.fromkeys(("day", "until_day", "replaces", "refers")),
            **{"position": len(log) + 1, "study": key[0], "subject": key[1], "number": number, "act": number, "kind": "note"},
            **{"details": "{}", "who": own[-1]["who"], "role": own[-1]["role"], "recorded_at": own[-1]["recorded_at"]},
            "previous_hash": own[-1]["hash"],
            **forged.fields,
        }
        signature = fact_hash([fields[name] for name in FIELDS])
        row = {name: value for name, value in fields.items() if name not in ("study", "subject")}
        if row["day"]:
            row["day"] = day_number(date.fromisoformat(row["day"]))
        row |= {"subject_id": own[-1]["subject_id"], "hash": signature, "head": head_hash(log[-1]["head"], signature)}
        connection.execute(insert(facts), [row])
        return len(log) + 1


@pytest.mark.parametrize("what", FORGED)
def test_no_command_fails_on_impossible_facts(sqlite_url: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(sqlite_url)
    opened = Desk.opened(database)
    opened.enrol()
    position = forge(database, FORGED[what])
    database.close()
    monkeypatch.setenv("PLANNER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("PLANNER_ACCOUNT", "nurse")
    for command in COMMANDS:
        result = CliRunner().invoke(app, list(command))
        assert result.exit_code in (0, 1), (command, result.stderr)
    result = CliRunner().invoke(app, ["audit", "verify"])
    assert result.exit_code == 1 and f"Fact {position} (" in result.output


@pytest.mark.parametrize("what", FORGED)
def test_impossible_facts_are_named_by_the_audit_and_not_restored(desk: Desk, what: str, tmp_path: Path) -> None:
    position = forge(desk.database, FORGED[what])
    assert [fault.position for fault in audited(desk.database).faults if "no such fact could be written" in fault.what] == [position]
    with desk.database.reading() as connection, (tmp_path / "export").open("w", encoding="ascii") as file:
        export_all(connection, file.write)
    line = next(
        number
        for number, text in enumerate((tmp_path / "export").read_text(encoding="ascii").splitlines(), start=1)
        if json.loads(text).get("fact", {}).get("position") == position
    )
    other = open_database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(ArchiveError, match=f"line {line} "):
        restore_all(other, tmp_path / "export")
    assert audited(other).facts == 0
    other.close()


@pytest.mark.parametrize("what", ["a kind that there is not", "a king", "a site without a pattern"])
def test_reading_what_cannot_be_read_names_the_fact(desk: Desk, what: str) -> None:
    position = forge(desk.database, FORGED[what])
    with desk.database.reading() as connection, pytest.raises(RecordsError, match=f"Fact {position} of the log cannot be read"):
        read_settings(connection)
    with desk.database.reading() as connection:
        assert read_facts(connection, SUBJECT)
