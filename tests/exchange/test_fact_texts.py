"""Texts of options and cells as facts."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.fact_texts import (
    FactTextError,
    FactTexts,
    booking,
    decision_made,
    end,
    follows_from,
    hold,
    is_code,
    iso_date,
    missed_reason,
    stop,
    subject_id,
    unscheduled_dose,
)
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, UnscheduledDose

DAY, LATER = date(2026, 4, 1), date(2026, 4, 15)


@given(st.dates())
def test_every_iso_date_is_read(day: date) -> None:
    assert iso_date(day.isoformat()) == day


@given(st.text(max_size=12))
def test_any_other_text_is_refused_with_a_sentence(text: str) -> None:
    try:
        assert iso_date(text).isoformat() == text
    except FactTextError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-04-01..", Hold(DAY)),
        ("2026-04-01..2026-04-15", Hold(DAY, LATER)),
        ("pd1:2026-04-01..2026-04-15", Hold(DAY, LATER, "pd1")),
        ("2026-04-01..2026-04-15:skip", Hold(DAY, LATER, None, "skip")),
        ("pd1:2026-04-01..:shift", Hold(DAY, None, "pd1", "shift")),
        ("pd1: 2026-04-01 .. 2026-04-15 : skip", Hold(DAY, LATER, "pd1", "skip")),
    ],
)
def test_holds(text: str, wanted: Hold) -> None:
    assert hold(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "..", "2026-04-01", "..2026-04-01", ":2026-04-01..", "2026-04-01..:", "a:b:2026-04-01..", "2026-04-01...2026-04-15"]
)
def test_what_is_no_hold(text: str) -> None:
    with pytest.raises(FactTextError):
        hold(text)


def test_the_other_facts() -> None:
    assert booking("2026-04-01") == Booking(DAY)
    assert booking("2026-04-01T09:30") == Booking(DAY, time(9, 30))
    assert decision_made("surgery") == DecisionMade("surgery")
    assert decision_made("surgery@2026-04-01") == DecisionMade("surgery", DAY)
    assert stop("2026-04-01") == Stop(DAY)
    assert stop("pd1:2026-04-01") == Stop(DAY, "pd1")
    assert end("screen_failure=2026-04-01") == End("screen_failure", DAY)
    assert unscheduled_dose("pd1=2026-04-01") == UnscheduledDose(DAY, "pd1")
    assert (missed_reason("1"), missed_reason("unwell")) == ("", "unwell")
    assert subject_id("受试者-01") == "受试者-01"


@pytest.mark.parametrize("text", ["", "=1", "+1", "-1", "@x", "＝1", "a\nb", "a\u202eb", "\tx", "a\u2028b", "x" * 65])
def test_ids_that_exports_could_not_carry_are_refused(text: str) -> None:
    with pytest.raises(FactTextError):
        subject_id(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("0042", True), ("S-1_a", True), ("Anna Li", False), ("-1", False), ("李", False), ("x" * 25, False)]
)
def test_what_may_stand_in_a_title(text: str, is_one: bool) -> None:
    assert is_code(text) == is_one


@pytest.mark.parametrize(
    ("fact", "unread", "follows"),
    [
        ("start", {"start"}, True),
        ("decide.management", {"decide.response"}, True),
        ("actual.ICF", {"milestone.CONSENT"}, True),
        ("actual.X", {"set.cycles", "start"}, False),
    ],
)
def test_which_faults_follow_from_texts_that_cannot_be_read(fact: str, unread: set[str], follows: bool) -> None:
    assert follows_from(fact, unread) == follows


def test_several_facts_in_one_cell() -> None:
    texts = FactTexts(lambda visit: False)
    texts.add("hold", "2026-04-01..2026-04-15; pd1:2026-06-01..;")
    texts.add("stop", "pd1:2026-07-01;2026-08-01")
    texts.add("omit.C1D1", "PD1;EXAM")
    facts = texts.facts(DAY)
    assert facts.holds == (Hold(DAY, LATER), Hold(date(2026, 6, 1), None, "pd1"))
    assert facts.stops == (Stop(date(2026, 7, 1), "pd1"), Stop(date(2026, 8, 1)))
    assert facts.omitted == {("C1D1", "PD1"), ("C1D1", "EXAM")}


def test_only_of_a_visit_to_be_redone_may_there_be_two_dates() -> None:
    texts = FactTexts(lambda visit: visit == "LAB")
    for visit, day in (("LAB", "2026-04-15"), ("LAB", "2026-04-01"), ("C1D1", "2026-04-01"), ("C1D1", "2026-04-01")):
        texts.add(f"actual.{visit}", day)
    assert texts.facts(DAY).actual == {"LAB": LATER, "C1D1": DAY}
    with pytest.raises(FactTextError, match="C1D1 has the actual date 2026-04-01 already"):
        texts.add("actual.C1D1", "2026-04-15")


def test_an_unknown_column_is_a_fault_of_the_caller() -> None:
    for column in ("begin", "sets.cycles", "set", "set."):
        with pytest.raises(KeyError):
            FactTexts(lambda visit: False).add(column, "x")


def test_without_a_start_there_are_no_facts() -> None:
    with pytest.raises(FactTextError, match="start date is missing"):
        FactTexts(lambda visit: False).facts()
