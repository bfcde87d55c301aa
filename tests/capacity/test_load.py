"""The attendances of a site's days, beside a plain count of the same schedules."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from planner.capacity.load import load_of
from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.changes.change import propose, save
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.store.database import Database, open_database
from planner.schedule.visit_ids import slot_of
from planner.schedule.visit_rows import subject_rows

CALLER = Caller("nurse1", datetime(2026, 11, 20, 6, tzinfo=UTC))
FIRST = date(2026, 11, 2)
DAYS = 60
Attendances = dict[tuple[date, str], set[SubjectKey]]


@pytest.fixture
def records(demo_sqlite_url: str) -> Database:
    return open_database(demo_sqlite_url)


def found_in(records: Database) -> tuple[SiteSchedule, ...]:
    with records.reading() as connection:
        return schedules(connection, CALLER)


def counted(found: tuple[SiteSchedule, ...], site: str, *, fixed: bool = False) -> Attendances:
    """Who comes when to what, row by row."""
    comes: Attendances = defaultdict(set)
    for entry in found:
        for column, key in enumerate(entry.keys):
            if entry.site_of(column) != site:
                continue
            for row in subject_rows(entry.schedule, column, all_visits=True):
                is_booked = row.certainty == "booked"
                gone = row.status in ("missed", "cancelled", "on_hold") or (row.status == "conditional" and not is_booked)
                if gone or row.effective is None or row.kind not in ("clinic", "treatment", "imaging"):
                    continue
                if fixed and not (is_booked or row.status == "done"):
                    continue
                comes[row.effective, _resource(entry, column, row.visit)].add(key)
    return comes


def _resource(entry: SiteSchedule, column: int, visit: str) -> str:
    slot = slot_of(entry.schedule.plan, visit, entry.schedule.cohort.parameters[:, column].tolist())
    assert slot is not None
    details = entry.group.booking_details.get((slot.index, column))
    asked = "clinic" if slot.resource == "any" else slot.resource
    return details.resource if details and details.resource else asked


def write(records: Database, subject: SubjectKey, *facts: NewFact) -> None:
    with records.writing() as connection:
        save(connection, CALLER, propose(connection, CALLER, subject, facts))


@pytest.mark.parametrize("site", ["BEI", "NYC"])
def test_it_counts_as_a_person_would(records: Database, site: str) -> None:
    found = found_in(records)
    load = load_of(found, site, FIRST, DAYS)
    for counts, comes in ((load.attendances, counted(found, site)), (load.fixed, counted(found, site, fixed=True))):
        expected = {place: len(who) for place, who in comes.items() if FIRST <= place[0] < FIRST + timedelta(days=DAYS)}
        told = {
            (FIRST + timedelta(days=day), resource): int(counts[row, day])
            for row, resource in enumerate(load.resources)
            for day in range(DAYS)
            if counts[row, day]
        }
        assert told == expected
    assert load.attendances.sum() > 50


def test_one_subject_can_be_left_out(records: Database) -> None:
    found = found_in(records)
    (day, resource), who = max(counted(found, "BEI").items(), key=lambda entry: (entry[0][0] >= FIRST, len(entry[1])))
    subject = sorted(who)[0]
    load = load_of(found, "BEI", day, 1)
    assert load.on(day, resource) == len(who)
    assert load_of(found, "BEI", day, 1, leaving_out=subject).on(day, resource) == len(who) - 1


def test_a_booking_counts_where_it_was_made(records: Database) -> None:
    found = found_in(records)
    entry, column, row = next(
        (entry, column, row)
        for entry in found
        for column in range(len(entry.keys))
        for row in subject_rows(entry.schedule, column)
        if entry.site_of(column) == "BEI" and row.status == "upcoming" and row.certainty == "projected" and row.kind == "treatment"
    )
    assert row.planned is not None
    before = load_of(found, "BEI", row.planned, 1)
    write(records, entry.keys[column], *acts.visit_booked(row.visit, row.planned, "09:30", resource="chair 9"))
    after = load_of(found_in(records), "BEI", row.planned, 1)
    assert (before.on(row.planned, "chair 9"), after.on(row.planned, "chair 9")) == (0, 1)
    assert after.fixed[after.resources.index("chair 9"), 0] == 1
    assert before.attendances.sum() == after.attendances.sum()


def test_outside_the_span_and_elsewhere_nobody_comes(records: Database) -> None:
    found = found_in(records)
    load = load_of(found, "NOWHERE", FIRST, 3)
    assert load.attendances.sum() == 0
    assert load.on(FIRST, "linac") == load.on(FIRST - timedelta(days=1), "clinic") == 0
    assert load_of((), "BEI", FIRST, 3).resources == ()
