"""Protocols and calendars kept by hash: exact, written once, checked when read, and the same object for the same hash."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from planner.protocol.compile import compile_plan
from planner.protocol.errors import ProtocolErrors
from planner.protocol.plan import Plan
from planner.protocol.read import read_protocol
from planner.records.facts.chain import content_hash
from planner.records.pinned.contents import (
    ChangedContentError,
    PinnedContents,
    UnknownContentError,
    content_text,
    plan_hash,
    put_calendar,
    put_protocol,
)
from planner.records.store.database import Database, DatabaseError
from planner.records.store.schema import contents
from planner.schedule.calendar import CalendarError
from planner.schedule.calendar_sources import calendar_named

ULRRC = Path("protocols/ulrrc.yaml").read_text(encoding="utf-8")
CRLM = Path("protocols/crlm.yaml").read_text(encoding="utf-8")


def plan_of(text: str) -> Plan:
    return compile_plan(read_protocol(text))


def test_a_protocol_is_kept_to_the_letter_and_once(database: Database) -> None:
    text = ULRRC + "\n# 备注: two spaces at the end  \n\n"
    with database.writing() as connection:
        hashed = put_protocol(connection, text)
    with database.writing() as connection:
        assert put_protocol(connection, text) == hashed == content_hash(text)
        assert connection.execute(select(func.count()).select_from(contents)).scalar() == 1
    with database.reading() as connection:
        assert content_text(connection, hashed) == text


def test_a_protocol_with_errors_is_refused(database: Database) -> None:
    with pytest.raises(ProtocolErrors), database.writing() as connection:
        put_protocol(connection, "protocol: x\n")
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(contents)).scalar() == 0


def test_a_calendar_is_kept_once_and_comes_back(database: Database) -> None:
    calendar = calendar_named("CN", 2020, 2030)
    with database.writing() as connection:
        hashed = put_calendar(connection, calendar)
        assert put_calendar(connection, calendar_named("CN", 2020, 2030)) == hashed
        assert put_calendar(connection, calendar_named("CN", 2020, 2031)) != hashed
        assert connection.execute(select(func.count()).select_from(contents)).scalar() == 2
    with database.reading() as connection:
        found = PinnedContents(connection).calendar(hashed)
    assert (found.open_days["clinic"] == calendar.open_days["clinic"]).all()
    assert found.zone == "Asia/Shanghai"


def test_a_calendar_that_is_never_open_is_refused(database: Database) -> None:
    calendar = calendar_named("weekdays", 2026, 2026)
    calendar.open_days["clinic"][:] = False
    with pytest.raises(CalendarError, match="no open day"), database.writing() as connection:
        put_calendar(connection, calendar)


def test_the_same_hash_gives_the_same_object_whoever_asks(database: Database) -> None:
    with database.writing() as connection:
        protocol, calendar = put_protocol(connection, CRLM), put_calendar(connection, calendar_named("US-NY", 2024, 2030))
    with database.reading() as connection:
        first = PinnedContents(connection)
        plan, days = first.plan(protocol), first.calendar(calendar)
    with database.reading() as connection:
        second = PinnedContents(connection)
        assert second.plan(protocol) is plan
        assert second.calendar(calendar) is days
    assert plan.protocol.id == read_protocol(CRLM).id


def test_an_unknown_hash_is_named(database: Database) -> None:
    with database.reading() as connection:
        for ask in (
            PinnedContents(connection).plan,
            PinnedContents(connection).calendar,
            lambda missing: content_text(connection, missing),
        ):
            with pytest.raises(UnknownContentError, match="0" * 64):
                ask("0" * 64)


def test_a_calendar_is_no_protocol(database: Database) -> None:
    with database.writing() as connection:
        hashed = put_calendar(connection, calendar_named("weekdays", 2026, 2028))
    with database.reading() as connection, pytest.raises(UnknownContentError, match=f"{hashed} is a calendar, not a protocol"):
        PinnedContents(connection).plan(hashed)


def test_a_text_that_was_changed_in_the_database_is_found(database: Database) -> None:
    text = ULRRC + "# this one is changed later\n"
    with database.writing() as connection:
        hashed = put_protocol(connection, text)
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as connection:
        connection.execute(update(contents).values(text=text + "#"))
    with database.writing() as connection:
        _without_triggers(database, connection)
        connection.execute(update(contents).values(text=text + "#"))
    with database.reading() as connection:
        with pytest.raises(ChangedContentError, match=hashed):
            content_text(connection, hashed)
        with pytest.raises(ChangedContentError, match=hashed):
            PinnedContents(connection).plan(hashed)
    with pytest.raises(ChangedContentError, match=hashed), database.writing() as connection:
        put_protocol(connection, text)


def _without_triggers(database: Database, connection) -> None:  # type: ignore[no-untyped-def]
    """As somebody with the file, or the database's owner, can."""
    if not database.is_sqlite:
        connection.exec_driver_sql("ALTER TABLE contents DISABLE TRIGGER ALL")
        return
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'contents'").scalars().all()
    for name in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


# --- the hash of a plan ---------------------------------------------------------------------------------------

STUDY = """\
protocol: small
version: "1"
title: A small study
parameters:
  cycles: {default: 4, range: 2..6, label: Number of cycles}
milestones:
  CONSENT: {label: Consent signed}
decisions:
  response:
    at: TA1
    choices:
      good: {label: Good}
      poor: {ends: treatment}
activities:
  drug: {label: Infusion 240 mg, dose: pd1}
  scan: {label: CT, bring: Earlier images}
visits:
  - id: SCR
    name: Screening
    source: stated
    at: CONSENT
    window: -7d/+7d
    kind: clinic
  - id: C1D1
    source: stated
    start: true
    kind: treatment
    activities: [drug]
  - id: TA1
    source: stated
    at: C1D1 + 8w
    kind: decision
    activities: [scan]
  - id: "C{n}D1"
    source: stated
    repeat: {from: 2, times: cycles}
    at: previous + 21d
    first: {at: C1D1 + 21d}
    when: {response: good}
checks:
  - {id: soon, label: Soon after consent, from: CONSENT, to: C1D1, at_most: 28d}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A small study", "title: Another title"),
        ('version: "1"', 'version: "2"'),
        ("    at: CONSENT\n    window: -7d/+7d", "    # a comment\n    window: -7d/+7d\n    at: CONSENT"),
        ("name: Screening", "name: First visit"),
        ("label: Number of cycles", "label: How many cycles"),
        ("{label: Good}", "{label: Very good}"),
        ("{label: Consent signed}", "{label: Signed}"),
        ("label: Soon after consent", "label: Soon"),
        ("Infusion 240 mg", '"Infusion  240 mg "'),
        ("at: C1D1 + 8w", "at: C1D1 + 56d"),
        ('version: "1"', 'version: "1"\nlanguage: {zh-CN: {title: 一项研究, milestones: {CONSENT: 知情同意}}}'),
    ],
)
def test_edits_that_change_no_plan_keep_its_hash(old: str, new: str) -> None:
    assert old in STUDY
    assert plan_hash(plan_of(STUDY.replace(old, new))) == plan_hash(plan_of(STUDY))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("protocol: small", "protocol: smaller"),
        ("at: C1D1 + 8w", "at: C1D1 + 9w"),
        ("window: -7d/+7d", "window: -7d/+6d"),
        ("default: 4", "default: 5"),
        ("range: 2..6", "range: 2..8"),
        ("id: SCR", "id: SCREEN"),
        ("kind: clinic", "kind: phone"),
        ("ends: treatment", "ends: everything"),
        ("poor:", "bad:"),
        ("{label: Consent signed}", "{label: Consent signed, optional: true}"),
        ("Infusion 240 mg", "Infusion 480 mg"),
        ("bring: Earlier images", "bring: Nothing"),
        ("dose: pd1", "dose: chemotherapy"),
        ("[scan]", "[scan, drug]"),
        ("at_most: 28d", "at_most: 27d"),
        ("at_most: 28d", "less_than: 28d"),
        ("id: soon", "id: late"),
    ],
)
def test_edits_that_change_the_plan_change_its_hash(old: str, new: str) -> None:
    assert STUDY.count(old) == 1
    assert plan_hash(plan_of(STUDY.replace(old, new))) != plan_hash(plan_of(STUDY))


def test_the_hash_of_a_plan_is_the_same_in_another_process() -> None:
    script = (
        "import sys; from planner.protocol.compile import compile_plan; from planner.protocol.read import read_protocol;"
        "from planner.records.pinned.plan_hash import plan_hash;"
        "print(plan_hash(compile_plan(read_protocol(open(sys.argv[1], encoding='utf-8').read()))))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script, "protocols/ulrrc.yaml"], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert answers == {plan_hash(plan_of(ULRRC))}
    assert answers != {plan_hash(plan_of(CRLM))}
