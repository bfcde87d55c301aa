"""A dose recorded inside a hold is told before anything else, by the rule that the ledger of deviations goes by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.changes.proposal import Proposal
from planner.records.facts.fact import NewFact
from planner.records.lists.deviations import deviations
from planner.records.store.database import Database
from tests.records.databases import Fill
from tests.records.desk import FIRST_VECTOR, LATE, SUBJECT, Desk, someone

HELD_FROM = date(2026, 4, 13)
OPEN = "The hold stays open. If treatment was given again, record Resume treatment first."
ENDED = "If treatment was given again earlier, correct the day of resuming first."


@pytest.fixture
def treated(filled: Callable[[Fill], Database]) -> Desk:
    """A subject treated up to the second cycle."""
    return Desk(filled(_write_treated))


def _write_treated(database: Database) -> None:
    desk = Desk.opened(database)
    desk.enrol()
    desk.record_done(FIRST_VECTOR)


def told(proposal: Proposal) -> list[str]:
    return [str(warning.text) for warning in proposal.warnings if "lies inside the hold" in warning.text]


@pytest.mark.parametrize(
    ("stream", "resume", "hold", "way"),
    [
        ("", None, "All drugs are on hold since 2026-04-13, and no day of resuming is recorded.", OPEN),
        ("pd1", None, "On hold since 2026-04-13, with no day of resuming on record: pd1.", OPEN),
        ("", date(2026, 4, 27), "All drugs are on hold from 2026-04-13 until 2026-04-27.", ENDED),
        ("pd1", date(2026, 4, 27), "On hold from 2026-04-13 until 2026-04-27: pd1.", ENDED),
    ],
)
def test_a_dose_inside_a_hold_is_told_first(treated: Desk, stream: str, resume: date | None, hold: str, way: str) -> None:
    treated.record(acts.hold_started(HELD_FROM, stream, resume, reason="toxicity"))
    proposal = treated.propose(acts.visit_done("C3D1", LATE))
    assert proposal.warnings[0].text == f"{hold} The dose of C3D1 on 2026-04-21 lies inside the hold. {way}"
    assert proposal.warnings[0].about == "C3D1"
    assert len(told(proposal)) == 1


def test_an_unscheduled_dose_is_told_too(treated: Desk) -> None:
    treated.record(acts.hold_started(HELD_FROM, reason="toxicity"))
    (text,) = told(treated.propose(acts.unscheduled_visit(LATE, "pd1")))
    assert "The unscheduled dose on 2026-04-21 lies inside the hold." in text
    assert not told(treated.propose(acts.unscheduled_visit(LATE)))


@pytest.mark.parametrize(("day", "stream"), [(date(2026, 4, 12), ""), (LATE, "surgery")])
def test_a_dose_outside_the_hold_or_of_another_stream_is_not(treated: Desk, day: date, stream: str) -> None:
    treated.record(acts.hold_started(HELD_FROM, stream, reason="toxicity"))
    assert not told(treated.propose(acts.visit_done("C3D1", day)))


def test_what_was_told_is_what_the_ledger_proposes(treated: Desk) -> None:
    treated.record(acts.hold_started(HELD_FROM, reason="toxicity"))
    treated.record(acts.visit_done("C3D1", LATE))
    with treated.database.reading() as connection:
        ledger = deviations(connection, someone(), subjects=[SUBJECT])
    assert "dose_in_hold:C3D1" in {line.key for line in ledger}
    assert not told(treated.propose(acts.visit_booked("C4D1", date(2026, 5, 12)))), "it is told once, of the change that brings it about"


def test_a_hold_entered_late_tells_the_doses_that_it_covers(treated: Desk) -> None:
    treated.record(acts.visit_done("C3D1", LATE))
    (text,) = told(treated.propose(acts.hold_started(HELD_FROM, reason="toxicity")))
    assert "C3D1 on 2026-04-21" in text


@pytest.mark.parametrize("facts", [acts.deviation_classed("missed:C3D1", value) for value in ("important", "not_important")])
def test_a_classing_says_why(treated: Desk, facts: tuple[NewFact, ...]) -> None:
    assert treated.refused(facts) == ("Say why the deviation is important or not: pick a reason, or write a note.",)
    (said,) = facts
    treated.propose(acts.deviation_classed(said.item, said.value, reason="holiday"))
    treated.propose(acts.deviation_classed(said.item, said.value, note="A week of storms."))


def test_a_booking_on_a_day_that_has_passed_is_told(treated: Desk) -> None:
    past = treated.propose(acts.visit_booked("C3D1", date(2026, 4, 17)))
    said = "C3D1 is booked on 2026-04-17, which has passed. Did it take place? Then record it as done instead."
    assert said in [warning.text for warning in past.warnings]
    today = treated.propose(acts.visit_booked("C3D1", LATE))
    assert not any("has passed" in warning.text for warning in today.warnings)


def test_the_bound_that_breaks_a_window_is_named(treated: Desk) -> None:
    held = treated.propose(acts.hold_started(HELD_FROM, resume=date(2026, 5, 4), reason="toxicity"))
    texts = [warning.text for warning in held.warnings]
    assert "C3D1 cannot be inside its window (2026-04-14 to 2026-04-20), because treatment is held until 2026-05-04." in texts
    assert not any("minimum gap" in text for text in texts)
