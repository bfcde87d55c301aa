"""Revisions of visits: what raises SEQUENCE, what LAST-MODIFIED, what is off; and against a plain count of the same, act by act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.exchange.ics_event import event_status
from planner.records.changes import acts
from planner.records.changes.view import subject_view
from planner.records.facts.fact import Fact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_columns import fact_table
from planner.records.people.settings import read_settings
from planner.records.revisions.scope import Scope
from planner.records.revisions.visit_revisions import Span, VisitRevision, revisions_of, visit_revisions
from planner.records.store.database import Database, open_database
from planner.records.store.log import subject_keys
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.fact_faults import parameter_codes
from planner.schedule.facts_only import facts_only
from planner.schedule.rows import VisitRow
from planner.schedule.visit_ids import slot_of
from planner.schedule.visit_rows import subject_rows
from tests.records.databases import DEMO_DAY, Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, LATE, Desk, someone
from tests.records.random_facts import random_log
from tests.records.worlds import World, random_calendars, random_world, study_world

database_url = mostly_sqlite_url

PROFILE = settings.default.max_examples
SEEDS = st.integers(0, 2**32 - 1)
OFF = ("missed", "cancelled", "on_hold")


# --- a plain count ------------------------------------------------------------------------------------------------


@dataclass
class Counted:
    """What the plain count knows of a visit."""

    shown: tuple[object, ...] | None
    row: VisitRow
    sequence: int
    changed_at: datetime


def counted(world: World, log: Sequence[Fact], scope: Scope) -> dict[str, Counted]:
    """The visits that were ever visible, by going through the acts one after the other.

    Two counts for each visit: ``count`` of all its changes, whoever looks; and what it was when it was last visible.
    """
    known: dict[str, Counted] = {}
    standing: dict[str, tuple[object, ...] | None] = {}
    count: dict[str, int] = {}
    upto, latest = 0, log[0].recorded_at
    for at, act in groupby(log, key=lambda fact: fact.recorded_at):
        upto += len(list(act))
        latest = max(latest, at)
        rows, site, resources = shown_rows(world, log[:upto])
        for visit in [*standing, *(visit for visit in rows if visit not in standing)]:
            row = rows.get(visit)
            now = None if row is None else standing_of(row, site, resources[visit])
            if visit in standing and standing[visit] != now:
                count[visit] += 1
            standing[visit] = now
            count.setdefault(visit, 0)
            visible = row is not None and is_visible(row, site, scope)
            before = known.get(visit)
            if visible:
                assert row is not None
                changed = before is None or before.shown != now
                known[visit] = Counted(now, row, count[visit], latest if changed or before is None else before.changed_at)
            elif before is not None and before.shown is not None:
                known[visit] = Counted(None, before.row, before.sequence + 1, latest)
    return known


def standing_of(row: VisitRow, site: str, resource: str) -> tuple[object, ...]:
    """What decides in whose calendar an event stands, and when."""
    return row.effective, row.booked_at, event_status(row), row.status == "conditional", site, resource


def shown_rows(world: World, log: Sequence[Fact]) -> tuple[dict[str, VisitRow], str, dict[str, str]]:
    """The visits that stand, the site where the subject is, and the resource that each visit needs, or is booked at."""
    replayed = world.replayed(log)
    if replayed is None:
        return {}, "", {}
    plan = world.plan(replayed.protocol_hash)
    schedule = facts_only(plan, cohort_of(plan, [replayed.facts]), [replayed.calendar])
    rows = subject_rows(schedule, 0, all_visits=True)
    said = {fact.number: fact.said for fact in log}
    booked_in: dict[str, str] = {}
    for fact in (said[number] for number in replayed.latest):
        if fact.kind is Kind.BOOKED:
            booked_in[fact.item] = str(fact.details.get("resource", ""))
        elif fact.kind is Kind.RELEASED:
            booked_in.pop(fact.item, None)
    standing = {row.visit: row for row in rows if row.status not in OFF and row.effective is not None}
    codes = parameter_codes(plan, replayed.facts)
    slots = {visit: slot_of(plan, visit, codes) for visit in standing}
    return standing, replayed.site, {visit: booked_in.get(visit) or slot.resource for visit, slot in slots.items() if slot is not None}


def is_visible(row: VisitRow, site: str, scope: Scope) -> bool:
    return (scope.sites is None or site in scope.sites) and (scope.conditional or row.status != "conditional" or row.certainty == "booked")


def assert_counted_alike(world: World, log: Sequence[Fact], scope: Scope) -> None:
    expected = counted(world, log, scope)
    found = {revision.row.visit: revision for revision in revisions_of(fact_table(log), world, scope)}
    assert found.keys() == expected.keys()
    for visit, revision in found.items():
        due = expected[visit]
        assert (revision.is_off, revision.sequence) == (due.shown is None, due.sequence), visit
        last_dates = (due.row.effective, due.row.earliest, due.row.latest, due.row.nominal)
        assert (revision.row.effective, revision.row.earliest, revision.row.latest, revision.row.nominal) == last_dates, visit
        assert revision.at >= due.changed_at.replace(microsecond=0), visit
        assert (revision.row.status in OFF) == revision.is_off, visit


@settings(max_examples=max(PROFILE // 4, 10), deadline=None)
@given(SEEDS)
def test_random_logs_are_counted_alike(seed: int) -> None:
    random = Random(seed)
    world = random.choice([random_world(random), study_world(random.choice(["ulrrc", "crlm"]), random_calendars(random))])
    log = random_log(random, world, SubjectKey(world.study, "PEK-001"), random.randint(1, 25), odd=random.choice([0.05, 0.4]))
    scope = random.choice([Scope(), Scope(conditional=True), Scope(sites=frozenset({"PEK"})), Scope(sites=frozenset({"PEK", "SHA"}))])
    assert_counted_alike(world, log, scope)


# --- one act at a time --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR, on=date(2026, 3, 28))


def revisions(desk: Desk, scope: Scope = Scope(), event: str = "visit", span: Span | None = None) -> dict[str, VisitRevision]:  # noqa: B008
    with desk.database.reading() as connection:
        return {revision.row.visit: revision for revision in visit_revisions(connection, scope, event, span)}  # type: ignore[arg-type]


def changed(before: Mapping[str, VisitRevision], after: Mapping[str, VisitRevision]) -> dict[str, int]:
    """By how much SEQUENCE rose, of the visits where it did."""
    return {visit: now.sequence - before[visit].sequence for visit, now in after.items() if now.sequence != before[visit].sequence}


def test_a_late_infusion_raises_what_moves_and_nothing_else(desk: Desk) -> None:
    before = revisions(desk)
    desk.record(acts.visit_done("C3D1", LATE), on=LATE)
    after = revisions(desk)
    assert changed(before, after) == {"C3D1": 1, "C4D1": 1, "C5D1": 1, "SFU30": 1, "SFU90": 1, "CONTRA": 1}
    assert {visit for visit, now in after.items() if now.at.date() == LATE} >= changed(before, after).keys()
    assert after["FU1"].at == before["FU1"].at


def test_booking_moving_and_releasing_each_raise_it_once(desk: Desk) -> None:
    seen = [revisions(desk)["C4D1"].sequence]
    day = date(2026, 5, 12)
    for number, facts in enumerate(
        (
            acts.visit_booked("C4D1", day),
            acts.visit_booked("C4D1", day, "09:30"),
            acts.visit_booked("C4D1", day, "09:30", 90),
            acts.visit_booked("C4D1", day, "10:30", 90),
            acts.booking_released("C4D1"),
        )
    ):
        desk.record(facts, on=LATE + timedelta(days=number))
        seen.append(revisions(desk)["C4D1"].sequence)
    assert seen == [seen[0] + step for step in range(6)]


def test_the_length_and_resource_of_a_booking_are_its_own(desk: Desk) -> None:
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 12), "09:30", 135, "LINAC 2", "Building 3"), on=LATE)
    found = revisions(desk)["C4D1"]
    assert (found.row.minutes, str(found.row.booked_at)) == (135, "09:30:00")
    assert revisions(desk, Scope(resource="LINAC 2")).keys() == {"C4D1"}
    linac = revisions(desk, Scope(resource="linac")).keys()
    assert {"F1", "F2", "F3", "F4", "F5"} <= linac and "C4D1" not in linac


def test_what_others_only_read_raises_the_stamp_and_not_the_sequence(desk: Desk) -> None:
    before = revisions(desk)["C4D1"]
    desk.record(acts.activities_omitted("C4D1", [before.row.activities[-1]]), on=LATE)
    after = revisions(desk)["C4D1"]
    assert (after.sequence, after.at.date()) == (before.sequence, LATE)


def test_notes_and_classes_change_nothing(desk: Desk) -> None:
    before = revisions(desk)
    desk.record(acts.noted("asked for a morning"), on=LATE)
    assert revisions(desk) == before


def test_a_missed_visit_is_off_with_the_date_it_last_had_and_comes_back_when_that_is_taken_back(desk: Desk) -> None:
    from planner.records.changes.undoing import undone_last_act

    before = revisions(desk)["C3D1"]
    desk.record(acts.visit_missed("C3D1", reason="illness"), on=LATE)
    off = revisions(desk)["C3D1"]
    assert (off.is_off, off.row.status, off.row.effective, off.sequence) == (True, "missed", before.row.effective, before.sequence + 1)
    assert off.at == someone(LATE).now
    later = LATE + timedelta(days=1)
    desk.record(undone_last_act(desk.facts(), reason="taken_back"), on=later)
    back = revisions(desk)["C3D1"]
    assert (back.is_off, back.row.effective, back.sequence, back.at.date()) == (False, before.row.effective, before.sequence + 2, later)


def test_a_hold_without_end_takes_visits_off_and_one_with_an_end_moves_them(desk: Desk) -> None:
    desk.record(acts.hold_started(date(2026, 4, 15), reason="toxicity"), on=LATE)
    held = revisions(desk)
    assert {held[visit].row.status for visit in ("C3D1", "C4D1")} == {"on_hold"} and held["C3D1"].is_off
    desk.record(acts.hold_ended(desk.facts(), date(2026, 5, 11)), on=LATE + timedelta(days=1))
    resumed = revisions(desk)["C3D1"]
    assert (resumed.is_off, resumed.row.effective, resumed.sequence) == (False, date(2026, 5, 11), held["C3D1"].sequence + 1)


def test_fewer_cycles_leave_what_is_no_visit_any_more_as_cancelled(desk: Desk) -> None:
    desk.record(acts.parameter_set("cycles", "3", reason="toxicity"), on=LATE)
    found = revisions(desk)
    gone = {visit for visit, revision in found.items() if revision.is_off}
    assert "C5D1" in gone and found["C5D1"].row.status == "cancelled"


def test_after_thirty_days_it_is_left_out_by_whoever_asks_for_less(desk: Desk) -> None:
    desk.record(acts.visit_missed("C3D1", reason="illness"), on=LATE)
    since = someone(LATE).now
    always = (date(2000, 1, 1), date(2100, 1, 1))
    assert "C3D1" in revisions(desk, span=Span(*always, since))
    assert "C3D1" not in revisions(desk, span=Span(*always, since + timedelta(seconds=1)))
    first = revisions(desk)["C4D1"].row.effective
    assert first is not None
    assert "C4D1" not in revisions(desk, span=Span(first + timedelta(days=1), always[1], since))
    assert "C4D1" in revisions(desk, span=Span(first, first, since))


def test_elsewhere_is_off_here_and_on_there(desk: Desk) -> None:
    from tests.schedule.studies import china

    desk.add_site("SHA", china())
    with desk.database.reading() as connection:
        moved = acts.site_transferred(read_settings(connection), "SHA", LATE)
    here = Scope(sites=frozenset({"PEK"}))
    before = revisions(desk, here)["C4D1"]
    desk.record(moved, on=LATE)
    assert revisions(desk, Scope(sites=frozenset({"SHA"})))["C4D1"].is_off is False
    assert (revisions(desk, here)["C4D1"].is_off, revisions(desk, here)["C4D1"].sequence) == (True, before.sequence + 1)
    assert {revision.site for revision in revisions(desk, here).values()} == {"PEK"}
    assert revisions(desk)["C4D1"].sequence == revisions(desk, Scope(sites=frozenset({"SHA"})))["C4D1"].sequence == before.sequence + 1


def test_whoever_sees_more_never_sees_a_lower_sequence(desk: Desk) -> None:
    from tests.schedule.studies import china

    desk.add_site("SHA", china())
    here = Scope(sites=frozenset({"PEK"}))
    seen = [revisions(desk, here)["C3D1"]]
    for number, site in enumerate(("SHA", "PEK")):
        with desk.database.reading() as connection:
            moved = acts.site_transferred(read_settings(connection), site, LATE + timedelta(days=number))
        desk.record(moved, on=LATE + timedelta(days=number))
        seen.append(revisions(desk, here)["C3D1"])
    everywhere = revisions(desk)["C3D1"]
    assert [one.sequence for one in seen] == sorted({one.sequence for one in seen})
    assert (everywhere.sequence, everywhere.at) == (seen[-1].sequence, seen[-1].at)


def test_another_time_zone_is_another_time(desk: Desk) -> None:
    from planner.schedule.calendar_sources import calendar_named

    desk.add_site("BER", calendar_named("DE"))
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 28), "09:30"), on=LATE)
    before = revisions(desk)
    with desk.database.reading() as connection:
        moved = acts.site_transferred(read_settings(connection), "BER", LATE + timedelta(days=1))
    desk.record(moved, on=LATE + timedelta(days=1))
    after = revisions(desk)["C3D1"]
    assert (before["C3D1"].zone, after.zone) == ("Asia/Shanghai", "Europe/Berlin")
    assert (after.sequence, after.at.date()) == (before["C3D1"].sequence + 1, LATE + timedelta(days=1))


def test_a_booking_inside_a_hold_is_on_hold_though_the_hold_has_an_end(desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 28), "09:30"), on=LATE)
    before = revisions(desk)["C3D1"]
    desk.record(acts.hold_started(date(2026, 4, 22), resume=date(2026, 5, 18), reason="toxicity"), on=LATE + timedelta(days=1))
    held = revisions(desk)["C3D1"]
    assert (held.is_off, held.row.status, held.row.effective, held.sequence) == (True, "on_hold", date(2026, 4, 28), before.sequence + 1)


def test_what_becomes_of_a_visit_that_is_off_is_told_with_its_own_stamp(desk: Desk) -> None:
    desk.record(acts.hold_started(date(2026, 4, 15), reason="toxicity"), on=LATE)
    held = revisions(desk)["C4D1"]
    later = LATE + timedelta(days=5)
    desk.record(acts.left_study(later, "withdrawn", reason="consent_withdrawn"), on=later)
    gone = revisions(desk)["C4D1"]
    assert (held.row.status, gone.row.status, gone.sequence) == ("on_hold", "cancelled", held.sequence)
    assert (held.at.date(), gone.at.date()) == (LATE, later)


def test_a_booked_visit_is_shown_whatever_decision_it_hangs_on(desk: Desk) -> None:
    conditional = next(revision for revision in revisions(desk, Scope(conditional=True)).values() if revision.row.status == "conditional")
    visit, day = conditional.row.visit, conditional.row.effective
    assert day is not None and visit not in revisions(desk)
    desk.record(acts.visit_booked(visit, day, "09:00"), on=LATE)
    assert event_status(revisions(desk)[visit].row) == "TENTATIVE"


def test_a_clock_that_was_put_back_takes_no_stamp_back(desk: Desk) -> None:
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 12)), on=LATE)
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 11)), on=LATE - timedelta(days=3))
    assert revisions(desk)["C4D1"].at.date() == LATE


def test_a_taken_back_enrolment_takes_everything_off(desk: Desk) -> None:
    from planner.records.changes.undoing import undone_fact

    key = desk.enrol("PEK-002", milestones={})
    desk.record(undone_fact(desk.facts(key), 1, reason="wrong_subject"), key, on=LATE)
    found = revisions(desk, Scope(subjects=frozenset({key})))
    assert found and all(revision.is_off and revision.row.status == "cancelled" for revision in found.values())


def test_windows_have_revisions_of_their_own(desk: Desk) -> None:
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 12)), on=LATE)
    visits, windows = revisions(desk)["C4D1"], revisions(desk, event="window")["C4D1"]
    assert visits.row == windows.row
    before = windows.sequence
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 11)), on=LATE + timedelta(days=1))
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 11), "09:30"), on=LATE + timedelta(days=2))
    assert revisions(desk, event="window")["C4D1"].sequence == before
    assert revisions(desk)["C4D1"].sequence == visits.sequence + 2


def test_conditional_visits_are_there_for_who_asks(desk: Desk) -> None:
    asked, usual = revisions(desk, Scope(conditional=True)), revisions(desk)
    hidden = {visit for visit, revision in asked.items() if revision.row.status == "conditional"}
    assert hidden and not hidden & usual.keys()


def test_a_change_of_the_clock_changes_nothing(desk: Desk) -> None:
    """Nothing in the answer depends on a day: the function takes none. What differs by day in a view does not here."""
    view = {row.visit: row.status for row in desk.view(on=LATE).rows}
    later = {row.visit: row.status for row in desk.view(on=LATE + timedelta(days=90)).rows}
    assert view != later
    assert all(revision.at.tzinfo is UTC for revision in revisions(desk).values())


def test_no_subject_gives_nothing(database: Database) -> None:
    desk = Desk.opened(database)
    assert revisions(desk) == {}
    desk.enrol()
    assert revisions(desk, Scope(studies=frozenset({"crlm"}))) == {}
    assert revisions(desk, Scope(sites=frozenset({"SHA"}))) == {}
    assert revisions(desk, Scope(sites=frozenset())) == {}


def test_the_dates_are_those_of_the_subject_s_page(demo_url: str) -> None:
    """The demonstration's subjects, in all states: each visit that is on the page's calendar stands in calendars with the same dates."""
    database = open_database(demo_url)
    with database.reading() as connection:
        found = {(one.subject, one.row.visit): one for one in visit_revisions(connection, Scope(conditional=True))}
        keys = list(subject_keys(connection))[:: 1 if database.is_sqlite else 12]
        compared = 0
        for key in keys:
            for row in subject_view(connection, someone(DEMO_DAY), key).rows:
                if row.status not in ("cancelled", "missed", "on_hold") and row.effective is not None:
                    shown = found[key, row.visit]
                    days = (row.nominal, row.earliest, row.latest, row.effective, row.booked_at)
                    assert (shown.row.nominal, shown.row.earliest, shown.row.latest, shown.row.effective, shown.row.booked_at) == days
                    assert not shown.is_off
                    compared += 1
    assert compared > 20 * len(keys)
    database.close()
