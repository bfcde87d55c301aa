"""Everybody's visits of some days, beside a plain walk through the rows of the same schedules."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from planner.capacity.clinic_visits import Wanted, attendances, day_counts, nearest_days, resources_named
from planner.capacity.load import load_of
from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.changes.change import propose, save
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.store.database import Database, open_database
from planner.schedule.rows import VisitRow
from planner.schedule.visit_ids import slot_of
from planner.schedule.visit_rows import subject_rows

CALLER = Caller("nurse1", datetime(2026, 11, 20, 6, tzinfo=UTC))
FIRST = date(2026, 11, 2)
DAYS = 35
KINDS = ("clinic", "treatment", "imaging")


@pytest.fixture
def records(demo_sqlite_url: str) -> Database:
    return open_database(demo_sqlite_url)


def found_in(records: Database) -> tuple[SiteSchedule, ...]:
    with records.reading() as connection:
        return schedules(connection, CALLER)


def rows(found: tuple[SiteSchedule, ...], wanted: Wanted) -> Iterator[tuple[SubjectKey, VisitRow]]:
    """What is wanted, row by row."""
    for entry in found:
        for column, key in enumerate(entry.keys):
            if wanted.site in ("", entry.site_of(column)) and wanted.study in ("", entry.study):
                for row in subject_rows(entry.schedule, column, all_visits=True):
                    gone = row.status == "cancelled" or (row.status == "conditional" and row.certainty != "booked")
                    if not gone and row.effective is not None and _is_at(entry, column, row, wanted.resource):
                        yield key, row


def _is_at(entry: SiteSchedule, column: int, row: VisitRow, resource: str) -> bool:
    if not resource:
        return True
    slot = slot_of(entry.schedule.plan, row.visit, entry.schedule.cohort.parameters[:, column].tolist())
    assert slot is not None
    details = entry.group.booking_details.get((slot.index, column))
    asked = "clinic" if slot.resource == "any" else slot.resource
    return row.kind in KINDS and (details.resource if details and details.resource else asked) == resource


def write(records: Database, subject: SubjectKey, *facts: NewFact) -> None:
    with records.writing() as connection:
        save(connection, CALLER, propose(connection, CALLER, subject, facts))


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(site="BEI"), Wanted(study="crlm"), Wanted("NYC", "ulrrc", "infusion"), Wanted(resource="nowhere")]
)
def test_they_are_those_that_a_person_would_find(records: Database, wanted: Wanted) -> None:
    found = found_in(records)
    expected: dict[date, dict[SubjectKey, list[VisitRow]]] = {FIRST + timedelta(days=place): {} for place in range(DAYS)}
    for key, row in rows(found, wanted):
        if row.effective in expected:
            expected[row.effective].setdefault(key, []).append(row)
    told = attendances(found, wanted, FIRST, DAYS)
    counts = day_counts(found, wanted, FIRST, DAYS)
    for place, (day, some) in enumerate(told.items()):
        by_subject = expected[day]
        assert {one.subject: len(one.slots) for one in some.some} == {key: len(visits) for key, visits in by_subject.items()}
        coming = sum(any(_comes(row) for row in visits) for visits in by_subject.values())
        assert (some.total, some.coming, some.visits) == (len(by_subject), coming, sum(map(len, by_subject.values())))
        assert (int(counts.subjects[place]), int(counts.visits[place])) == (coming, some.visits)
    assert any(some.total for some in told.values()) == (wanted.resource != "nowhere")


def _comes(row: VisitRow) -> bool:
    return row.kind in KINDS and row.status not in ("missed", "on_hold")


def test_they_agree_with_the_load_of_a_resource(records: Database) -> None:
    found = found_in(records)
    load = load_of(found, "BEI", FIRST, DAYS)
    for resource in load.resources:
        told = attendances(found, Wanted("BEI", "", resource), FIRST, DAYS)
        assert [some.coming for some in told.values()] == load.attendances[load.resources.index(resource)].tolist()


def test_times_come_first_and_a_part_can_be_asked_for(records: Database) -> None:
    found = found_in(records)
    day = max(attendances(found, Wanted("BEI"), date(2026, 11, 23), 28).items(), key=lambda entry: entry[1].coming)[0]
    before = attendances(found, Wanted("BEI"), day, 1)[day]
    last = next(one for one in reversed(before.some) if one.at is None and one.comes)
    visit = next(row for row in subject_rows(last.entry.schedule, last.column) if row.effective == day)
    write(records, last.subject, *acts.visit_booked(visit.visit, day, "07:15", resource="chair 9"))
    found = found_in(records)
    after = attendances(found, Wanted("BEI"), day, 1)[day]
    assert (after.some[0].subject, after.some[0].at, after.some[0].resources[0]) == (last.subject, time(7, 15), "chair 9")
    assert after.total == before.total
    part = attendances(found, Wanted("BEI"), day, 1, 1, 2)[day]
    assert [one.subject for one in part.some] == [one.subject for one in after.some[1:3]]
    assert attendances(found, Wanted("BEI"), day, 1, 99_999, 2)[day].some == after.some[:2]
    assert "chair 9" in resources_named(found, "BEI")
    assert "chair 9" not in resources_named(found, "NYC")


def test_the_nearest_days(records: Database) -> None:
    found = found_in(records)
    wanted = Wanted(site="BEI", resource="imaging")
    days = sorted({row.effective for _, row in rows(found, wanted) if row.effective is not None})
    assert nearest_days(found, wanted, days[2], days[2]) == (days[1], days[3])
    assert nearest_days(found, wanted, days[0], days[-1]) == (None, None)
    assert nearest_days((), wanted, FIRST, FIRST) == (None, None)
