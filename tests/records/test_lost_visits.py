"""A visit that vanishes because another took its place is told before saving; one that somebody cancels is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.changes.undoing import undone_last_act
from planner.records.store.database import Database
from tests.records.databases import Fill
from tests.records.desk import Desk, texts

LOST = "PD1-2 on 2026-05-11 no longer takes place."
EARLY = date(2026, 5, 8)


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """A site with one subject, whose antibody has its own clock and who has a pump."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    Desk.opened(database).enrol(parameters={"regimen": "mFOLFOX6"})


def test_a_dose_that_the_last_cycle_leaves_behind_is_told(desk: Desk) -> None:
    proposal = desk.propose(acts.visit_booked("C5D1", EARLY))
    assert LOST in texts(proposal)
    assert "PD1-2" not in {row.visit for row in proposal.after}


def test_a_dose_that_an_unscheduled_one_replaces_is_told(desk: Desk) -> None:
    assert LOST in texts(desk.propose(acts.unscheduled_visit(date(2026, 4, 29), "pd1"), on=date(2026, 4, 29)))


def test_a_dose_that_goes_with_a_missed_cycle_is_told_and_its_companion_is_not(desk: Desk) -> None:
    assert lost(texts(desk.propose(acts.visit_missed("C5D1", reason="no_show")))) == [LOST]


def test_a_move_that_loses_nothing_says_nothing(desk: Desk) -> None:
    assert not lost(texts(desk.propose(acts.visit_booked("C5D1", date(2026, 5, 12)))))


def test_what_somebody_cancels_says_nothing(desk: Desk) -> None:
    for facts in (
        acts.left_study(date(2026, 3, 20), "withdrawn"),
        acts.treatment_stopped(date(2026, 3, 20), reason="toxicity"),
        acts.treatment_stopped(date(2026, 3, 20), "pd1", reason="toxicity"),
        acts.decision_made("management", "surgery", date(2026, 3, 20)),
        acts.parameter_set("cycles", "3", reason="investigator_decision"),
    ):
        assert not lost(texts(desk.propose(facts))), facts


def test_an_enrolment_that_is_taken_back_says_nothing(desk: Desk) -> None:
    assert not lost(texts(desk.propose(undone_last_act(desk.facts(), reason="wrong_subject"))))


def test_the_day_that_must_be_open_too_is_named(desk: Desk) -> None:
    """Labour Day is the day on which the pump would have to come off."""
    said = texts(desk.propose(acts.visit_booked("C4D1", date(2026, 4, 29))))
    assert "C4D1 on 2026-04-29: a day that must be open with it, 2026-05-01, is closed (Labor Day)." in said
    said = texts(desk.propose(acts.visit_booked("C4D1", date(2026, 4, 26))))
    assert "C4D1 on 2026-04-26 is on a closed day." in said


def lost(said: list[str]) -> list[str]:
    """The sentences on visits that no longer take place."""
    return [text for text in said if "no longer takes place" in text]
