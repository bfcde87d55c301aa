"""Changing a subject's record: what is proposed, what is refused and how that is said, and what is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from planner.commands.records.changing import before_and_after
from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.changes.change import propose, save
from planner.records.changes.proposal import RefusedError
from planner.records.changes.undoing import undone_last_act
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.people.administration import read_settings
from planner.records.people.rights import NotAllowedError
from planner.records.store.append import ConflictError
from planner.records.store.database import Database
from planner.records.store.log import UnknownSubjectError
from planner.schedule.calendar_sources import every_day_calendar
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, UnscheduledDose
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, LATE, SUBJECT, Desk, china, dates, someone, texts

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """A site with one subject enrolled."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()


@pytest.fixture
def treated(desk: Desk) -> Desk:
    """The first worked vector, up to its second cycle."""
    desk.record_done(FIRST_VECTOR)
    return desk


def test_late_infusion_moves_what_counts_from_it(treated: Desk) -> None:
    """R3 on the first worked vector: C3D1 four days late moves the cycles after it and all that hangs on the last dose."""
    before = treated.facts()
    proposal = treated.propose(acts.visit_done("C3D1", LATE, reason="toxicity"))
    assert dates(proposal) == {
        "C3D1": ("04-17", "04-21"),
        "C4D1": ("05-08", "05-12"),
        "C5D1": ("05-29", "06-02"),
        "SFU30": ("06-29", "07-02"),
        "SFU90": ("08-27", "08-31"),
        "CONTRA": ("11-29", "12-02"),
    }
    assert texts(proposal) == ["C3D1 on 2026-04-21 is 1 day after its window ends (2026-04-20)."]
    assert treated.facts() == before, "a proposal writes nothing"
    written = treated.save(proposal)
    assert [(fact.number, fact.kind, fact.said.day) for fact in written] == [(len(before) + 1, Kind.VISIT_DONE, LATE)]
    assert tuple(treated.view().rows) == proposal.after


def test_proposal_agrees_with_what_is_seen_after(desk: Desk) -> None:
    """Whatever was foreseen is what the record then shows."""
    for facts in (
        acts.visit_done("C1D1", date(2026, 3, 3), omitted=["PD1"], reason="late_infusion"),
        acts.visit_booked("C2D1", date(2026, 3, 30), "09:30", 120, "chair 2"),
        acts.hold_started(date(2026, 3, 30), reason="illness"),
        acts.parameter_set("cycles", "6", reason="investigator_decision"),
    ):
        before = tuple(desk.view().rows)
        proposal = desk.record(facts)
        assert (proposal.before, proposal.after) == (before, tuple(desk.view().rows))
        assert proposal.moves


def test_every_act_says_what_it_should(treated: Desk) -> None:
    """Each act, read back as the facts that dates depend on."""
    with treated.database.reading() as connection:
        settings = read_settings(connection)
    treated.record(acts.visit_booked("ASSESS", date(2026, 4, 30), "09:30", 60, "MRI", "building B"))
    treated.record(acts.visit_booked("MDT", date(2026, 5, 15)))
    treated.record(acts.booking_released("MDT"))
    treated.record(acts.visit_missed("SCR", reason="no_show"))
    treated.record(acts.milestone_set("PRIOR_RT_END", date(2025, 1, 15)))
    treated.record(acts.hold_started(date(2026, 4, 13), "pd1", mode="skip", reason="toxicity"))
    treated.record(acts.hold_ended(treated.facts(), date(2026, 4, 20)))
    treated.record(acts.treatment_stopped(date(2026, 4, 21), "chemotherapy", reason="toxicity"))
    treated.record(acts.unscheduled_visit(date(2026, 4, 20), "pd1"))
    treated.record(acts.unscheduled_visit(date(2026, 4, 20)))
    treated.record(acts.decision_made("management", "withdraw", date(2026, 4, 20)))
    treated.record(acts.noted("called to say the visit suits"))
    treated.record(acts.deviation_classed("out_of_window:C2D1", "not_important", note="a day late by weather"))
    treated.record(acts.left_study(LATE, "withdrawn"))
    known = treated.view().state.facts
    assert known.booked == {"ASSESS": Booking(date(2026, 4, 30), time(9, 30))}
    assert known.missed == {"SCR": "no_show"}
    assert known.milestones["PRIOR_RT_END"] == date(2025, 1, 15)
    assert known.holds == (Hold(date(2026, 4, 13), date(2026, 4, 20), "pd1", "skip"),)
    assert known.stops == (Stop(date(2026, 4, 21), "chemotherapy"),)
    assert known.unscheduled == (UnscheduledDose(date(2026, 4, 20), "pd1"),)
    assert known.decisions == {"management": DecisionMade("withdraw", date(2026, 4, 20))}
    assert known.end == End("withdrawn", LATE)
    booked = next(fact.said for fact in treated.facts() if fact.kind is Kind.BOOKED)
    assert booked.details == {"minutes": 60, "resource": "MRI", "place": "building B"}
    assert settings.sites


def test_visit_to_come_is_not_done(treated: Desk) -> None:
    """R18: an actual date after today at the site."""
    assert treated.refused(acts.visit_done("C3D1", date(2026, 4, 22))) == (
        "C3D1: 2026-04-22 is after 2026-04-21, today at PEK; an actual date is recorded when it has happened (book it instead).",
    )


def test_today_is_that_of_the_site(treated: Desk) -> None:
    """17:00 UTC on the 20th is the 21st in China."""
    with treated.database.reading() as connection:
        caller = Caller("nurse", datetime(2026, 4, 20, 17, tzinfo=UTC))
        assert propose(connection, caller, SUBJECT, acts.visit_done("C3D1", LATE, reason="toxicity")).as_of == LATE
        with pytest.raises(RefusedError, match="is after 2026-04-20, today at PEK"):
            propose(connection, Caller("nurse", datetime(2026, 4, 20, 15, tzinfo=UTC)), SUBJECT, acts.visit_done("C3D1", LATE))


def test_second_record_of_a_visit(treated: Desk) -> None:
    """What is recorded already is corrected, not recorded again."""
    number = treated.facts()[-1].number
    assert treated.refused(acts.visit_done("C2D1", date(2026, 3, 30))) == (
        f"C2D1 is recorded as done on 2026-03-27 (fact {number}); correct fact {number} instead.",
    )
    both = (*acts.visit_done("C3D1", LATE), *acts.visit_done("C3D1", date(2026, 4, 20)))
    assert treated.refused(both) == (f"C3D1 is recorded as done on 2026-04-21 (fact {number + 1}); correct fact {number + 1} instead.",)


def test_visit_with_redo_is_done_again(desk: Desk) -> None:
    """A laboratory result that expired is done once more, and the newest counts."""
    desk.record(acts.visit_done("LAB", date(2026, 2, 20)))
    desk.record(acts.visit_done("LAB", date(2026, 2, 27)))
    assert desk.view().state.facts.actual["LAB"] == date(2026, 2, 27)


def test_done_and_missed(treated: Desk) -> None:
    """Both cannot be."""
    (message,) = treated.refused(acts.visit_missed("C2D1", reason="no_show"))
    assert message == "C2D1 is recorded both as done on 2026-03-27 and as missed; keep one of them."


def test_correction_of_what_is_not_in_force(treated: Desk) -> None:
    """The one that stands in its place is named."""
    number = treated.facts()[-1].number
    treated.record(acts.corrected(treated.facts(), number, day=date(2026, 3, 30), reason="transcription_error"))
    assert treated.view().state.facts.actual["C2D1"] == date(2026, 3, 30)
    again = acts.corrected(treated.facts(), number, day=date(2026, 3, 31), reason="transcription_error")
    (message,) = treated.refused(again)
    assert message.startswith(
        f"Fact {number} (C2D1 done on 2026-03-27) is no longer in force. Correct or take back fact {number + 1} instead"
    )


def test_corrections_need_a_reason_and_the_same_kind(treated: Desk) -> None:
    """Both are said at once."""
    number = treated.facts()[-1].number
    assert treated.refused([NewFact(Kind.VISIT_MISSED, item="C2D1", replaces=number)]) == (
        f"Correcting fact {number} needs a reason. Pick one from the list.",
        f"Fact {number} is C2D1 done on 2026-03-27; a correction of it is of the same kind. Take it back, then record what is right.",
    )
    assert treated.refused([NewFact(Kind.UNDONE, replaces=99, reason="transcription_error")]) == (
        f"There is no fact 99; this subject has facts 1 to {number}.",
    )


def test_correction_that_changes_nothing(treated: Desk) -> None:
    """It would only look like one."""
    with pytest.raises(RefusedError, match="says that already"):
        acts.corrected(treated.facts(), 3, day=date(2026, 3, 2), reason="transcription_error")


def test_missed_without_reason(treated: Desk) -> None:
    """R9."""
    assert treated.refused(acts.visit_missed("SCR")) == ("A missed visit needs a reason. Pick one from the list.",)


def test_reasons_are_from_the_list(treated: Desk) -> None:
    """The nearest is named."""
    (message,) = treated.refused(acts.visit_missed("SCR", reason="noshow"))
    assert "Did you mean no_show?" in message


def test_free_text_tells_nobody(treated: Desk) -> None:
    """A phone number in a note or in a place is refused, and never repeated."""
    for facts in (acts.noted("call 138 1234 5678"), acts.visit_booked("C3D1", LATE, place="call 138 1234 5678")):
        (message,) = treated.refused(facts)
        assert "a phone number" in message and "1234" not in message


def test_release_of_what_is_not_booked(treated: Desk) -> None:
    """Also after it was released."""
    expected = ("C3D1 is not booked, so there is nothing to release.",)
    assert treated.refused(acts.booking_released("C3D1")) == expected
    treated.record(acts.visit_booked("C3D1", date(2026, 4, 17)))
    treated.record(acts.booking_released("C3D1"))
    assert treated.refused(acts.booking_released("C3D1")) == expected


def test_holds_end_once(treated: Desk) -> None:
    """By stream, where several are open; the hold's end is corrected, not repeated; a corrected hold is still ended."""
    treated.record(acts.hold_started(date(2026, 4, 10), reason="toxicity"))
    treated.record(acts.hold_started(date(2026, 4, 10), "radiotherapy", reason="toxicity"))
    first = treated.facts()[-2].number
    with pytest.raises(RefusedError, match="Several holds are open"):
        acts.hold_ended(treated.facts(), date(2026, 4, 20))
    ending = acts.hold_ended(treated.facts(), date(2026, 4, 20), "")
    treated.record(ending)
    (message,) = treated.refused(ending)
    assert message == f"The hold of fact {first} has ended: treatment from 2026-04-20 (fact {first + 2}). Correct fact {first + 2} instead."
    treated.record(acts.corrected(treated.facts(), first, day=date(2026, 4, 11), reason="transcription_error"))
    assert [hold for hold in treated.view().state.facts.holds if hold.stream is None] == [Hold(date(2026, 4, 11), date(2026, 4, 20))]
    with pytest.raises(RefusedError, match=r"No such hold is open\. Open is fact"):
        acts.hold_ended(treated.facts(), date(2026, 4, 20), "")
    treated.record(acts.hold_ended(treated.facts(), date(2026, 4, 21)))
    with pytest.raises(RefusedError, match="Nothing is on hold"):
        acts.hold_ended(treated.facts(), date(2026, 4, 21))
    (message,) = treated.refused([NewFact(Kind.HOLD_ENDED, day=LATE, refers=1)])
    assert message == "Fact 1 is no hold. Name the fact that started the hold."


def test_hold_warns_of_bookings_inside(treated: Desk) -> None:
    """The booking keeps its day (R12)."""
    treated.record(acts.visit_booked("C3D1", date(2026, 4, 24)))
    proposal = treated.propose(acts.hold_started(date(2026, 4, 22), reason="toxicity"))
    assert "C3D1 stays booked on 2026-04-24, inside the hold." in texts(proposal)


def test_booking_that_no_longer_fits(treated: Desk) -> None:
    """A late cycle moves the next one's window away from its booking."""
    treated.record(acts.visit_booked("C4D1", date(2026, 5, 7)))
    proposal = treated.propose(acts.visit_done("C3D1", LATE, reason="toxicity"))
    assert "C4D1 stays booked on 2026-05-07, now 2 days before its window begins (2026-05-09)." in texts(proposal)


@pytest.mark.parametrize(
    "facts",
    [
        acts.treatment_stopped(date(2026, 4, 15), "pd1", reason="toxicity"),
        acts.hold_started(date(2026, 4, 15), "pd1", date(2026, 5, 1), reason="toxicity"),
    ],
    ids=["stop", "hold"],
)
def test_a_dose_that_is_left_out_is_seen(treated: Desk, facts: tuple[NewFact, ...]) -> None:
    """The visit keeps its day, so only what is done at it tells."""
    proposal = treated.propose(facts)
    (move,) = (move for move in proposal.moves if move.visit == "C3D1")
    assert (move.days, move.left_out, move.added) == (0, ("PD1",), ())
    assert "C3D1 on 2026-04-17 is without PD1." in texts(proposal)
    assert "not done: PD1" in before_and_after("", [move])
    treated.save(proposal)
    (back,) = (
        move for move in treated.propose(undone_last_act(treated.facts(), reason="transcription_error")).moves if move.visit == "C3D1"
    )
    assert (back.left_out, back.added) == ((), ("PD1",))
    assert "also done: PD1" in before_and_after("", [back])


def test_what_counts_from_a_missed_visit_is_told(treated: Desk) -> None:
    """R9: C4D1 then counts from where C3D1 was planned."""
    proposal = treated.propose(acts.visit_missed("C3D1", reason="illness"))
    assert "C4D1 on 2026-05-08 counts from a visit that is missed." in texts(proposal)
    assert "anchor_missed" in next(move for move in proposal.moves if move.visit == "C4D1").new_flags


def test_checks_that_get_worse(treated: Desk) -> None:
    """The finding before and after."""
    proposal = treated.propose(acts.visit_done("C3D1", date(2026, 4, 10)))
    warning = next(warning for warning in proposal.warnings if warning.kind == "check")
    assert warning.after is not None and warning.after.result == "breach"
    assert warning.before is None or warning.before.result == "passed"
    assert "14 days (limit: at least 18d, 4 over)" in warning.text
    treated.save(proposal)
    later = treated.propose(acts.visit_booked("ASSESS", date(2026, 4, 30)))
    assert not [warning for warning in later.warnings if warning.kind == "check"], "what was so before is not told again"


def test_unknown_names_are_refused_with_what_would_be_right(treated: Desk) -> None:
    """New facts that the plan does not know."""
    (visit,) = treated.refused(acts.visit_done("C33D1", LATE))
    assert visit.startswith("There is no visit C33D1; ")
    (parameter,) = treated.refused(acts.parameter_set("regime", "CAPOX", reason="transcription_error"))
    assert parameter == "There is no parameter regime; did you mean regimen?"
    (stream,) = treated.refused(acts.hold_started(LATE, "pd-1", reason="toxicity"))
    assert stream == "There is no stream pd-1; did you mean pd1?"


def test_change_that_gives_a_recorded_visit_another_id(desk: Desk) -> None:
    """R10: with three cycles before radiotherapy C2D1 would be of another series."""
    subject = desk.enrol("PEK-002", "crlm")
    desk.record_done({"C1D1": "2026-03-02"}, subject)
    desk.record_done({"C2D1": "2026-04-08"}, subject)
    (message,) = desk.refused(acts.parameter_set("cycles_before", "3", reason="transcription_error"), subject)
    assert message.startswith(
        "C2D1 is recorded as done on 2026-04-08, and with cycles_before = 3 that id would be a visit of the series PRE."
    )
    assert "another id or series is refused" in message
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 22)), subject)
    (message,) = desk.refused(acts.parameter_set("cycles_before", "3", reason="transcription_error"), subject)
    assert message.startswith("C2D1, C3D1 are recorded, and with cycles_before = 3 they would be other visits.")


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        (acts.visit_booked("C5D1", date(2026, 6, 1)), "C5D1 is booked on 2026-06-01, and is no longer in this subject's plan."),
        (acts.visit_missed("C5D1", reason="illness"), "C5D1 is recorded as missed, and is no longer in this subject's plan."),
    ],
    ids=["booked", "missed"],
)
def test_fewer_cycles_than_were_booked_or_missed(treated: Desk, recorded: tuple[NewFact, ...], told: str) -> None:
    """R10: no id or series changes, so the rest is redrawn, and what is recorded of a visit that is gone is told and moves no date."""
    fewer = acts.parameter_set("cycles", "3", reason="investigator_decision")
    alone = treated.propose(fewer)
    treated.record(recorded)
    proposal = treated.record(fewer)
    assert proposal.after == alone.after
    assert told in texts(proposal)
    treated.record(acts.visit_booked("C4D1", date(2026, 5, 8)))
    (message,) = treated.refused(acts.visit_booked("C5D1", date(2026, 6, 2)))
    assert message.startswith("C5D1 is not in this subject's plan (")
    assert treated.record(acts.parameter_set("cycles", "4", reason="investigator_decision")).warnings == ()


def test_fewer_cycles_than_were_done(treated: Desk) -> None:
    """R10: the last one stays, outside the plan."""
    treated.record_done({"C3D1": "2026-04-17"})
    treated.record_done({"C4D1": "2026-05-08"}, on=date(2026, 7, 1))
    treated.record_done({"C5D1": "2026-05-29"}, on=date(2026, 7, 1))
    proposal = treated.propose(acts.parameter_set("cycles", "3", reason="investigator_decision"), on=date(2026, 7, 1))
    assert "outside_plan" in next(row for row in proposal.after if row.visit == "C5D1").flags
    assert "C5D1 on 2026-05-29 is done and no part of the plan." in texts(proposal)


def test_parameter_after_treatment_began_needs_a_reason(desk: Desk) -> None:
    """Before that it does not."""
    desk.record(acts.parameter_set("cycles", "5"))
    desk.record_done({"C1D1": "2026-03-02"})
    assert desk.refused(acts.parameter_set("cycles", "6")) == (
        "Treatment has begun, so setting cycles needs a reason. Pick one from the list.",
    )
    assert desk.record(acts.parameter_set("cycles", "6", reason="investigator_decision")).moves


def test_start_is_moved_until_it_is_done(desk: Desk) -> None:
    """R16."""
    assert desk.refused(acts.start_moved(date(2026, 3, 9))) == ("Moving the start needs a reason. Pick one from the list.",)
    proposal = desk.record(acts.start_moved(date(2026, 3, 9), reason="no_slot"))
    assert dates(proposal)["C1D1"] == ("03-02", "03-09")
    desk.record_done({"C1D1": "2026-03-09"})
    (message,) = desk.refused(acts.start_moved(date(2026, 3, 16), reason="no_slot"))
    assert message.startswith("C1D1 is recorded as done on 2026-03-09, so the start cannot be moved.")


def test_somebody_else_wrote_meanwhile(treated: Desk) -> None:
    """Told when proposing with what was seen, and when saving; nothing is written."""
    seen = treated.view().revision
    proposal = treated.propose(acts.visit_done("C3D1", LATE, reason="toxicity"), last_seen=seen)
    treated.record(acts.noted("first"), who="other")
    with pytest.raises(ConflictError) as caught:
        treated.propose(acts.visit_done("C3D1", LATE, reason="toxicity"), last_seen=seen)
    assert [fact.said.note for fact in caught.value.since] == ["first"]
    before = treated.facts()
    with pytest.raises(ConflictError, match="by other at"):
        treated.save(proposal)
    assert treated.facts() == before


def test_number_that_cannot_have_been_seen(treated: Desk) -> None:
    """A typing error, not a conflict."""
    with pytest.raises(RefusedError, match="so number 99 cannot have been seen"):
        treated.propose(acts.noted("x"), last_seen=99)


def test_unknown_subject(desk: Desk) -> None:
    """Nobody of that number."""
    with pytest.raises(UnknownSubjectError, match="Did you mean ulrrc/PEK-001"):
        desk.propose(acts.noted("x"), SubjectKey("ulrrc", "PEK-011"))


def test_rights_are_asked_twice_and_for_what_is_corrected(treated: Desk) -> None:
    """A nurse records and does not decide; who lost the role meanwhile does not save; the role that allowed it is written."""
    treated.grant(("nurse", "nurse", "PEK"), ("doctor", "investigator", "PEK"), ("doctor", "nurse", "PEK"))
    hold = acts.hold_started(LATE, reason="toxicity")
    with pytest.raises(NotAllowedError):
        treated.propose(hold)
    proposal = treated.propose(hold, who="doctor")
    with pytest.raises(NotAllowedError), treated.database.writing() as connection:
        save(connection, someone(), proposal)
    (held,) = treated.save(proposal, who="doctor")
    assert (held.who, held.role) == ("doctor", "investigator")
    with pytest.raises(NotAllowedError, match="hold or resume"):
        treated.propose([NewFact(Kind.UNDONE, replaces=held.number, reason="transcription_error")])
    assert treated.propose([NewFact(Kind.UNDONE, replaces=held.number, reason="transcription_error")], who="doctor").moves
    (done,) = treated.save(treated.propose(acts.visit_done("C3D1", LATE, reason="toxicity"), who="doctor"), who="doctor")
    assert done.role == "nurse"


def test_transfer_takes_rights_at_both_sites_and_that_sites_days(database: Database) -> None:
    """From the transfer on the new site's calendar counts, and its people."""
    desk = Desk.opened(database)
    desk.add_site("SHA", every_day_calendar())
    desk.enrol()
    desk.grant(
        ("nurse", "coordinator", "PEK"), ("both", "coordinator", "PEK"), ("both", "coordinator", "SHA"), ("shanghai", "reader", "SHA")
    )
    with database.reading() as connection:
        moved = acts.site_transferred(read_settings(connection), "SHA", date(2026, 4, 21), reason="moved_away")
    with pytest.raises(NotAllowedError, match="at SHA"):
        desk.propose(moved)
    proposal = desk.propose(moved, who="both")
    assert dates(proposal)["ASSESS"] == ("04-30", "05-01"), "a public holiday in China, and no day off at the new site"
    desk.save(proposal, who="both")
    assert desk.view(who="shanghai").state.site == "SHA"
    with pytest.raises(UnknownSubjectError):
        desk.view(who="nurse")


def test_nothing_to_write(desk: Desk) -> None:
    """An empty act is none."""
    assert desk.refused([]) == ("There is nothing to write.",)
    assert desk.refused([NewFact(Kind.SITE_SET, item="PEK")])[0].endswith("is an act of administration and belongs to no subject.")


def test_enrolment_is_corrected_by_its_day_only(desk: Desk) -> None:
    """What it pins is another act's business."""
    corrected = acts.corrected(desk.facts(), 1, day=date(2026, 3, 9), reason="transcription_error")
    assert dates(desk.record(corrected))["C1D1"] == ("03-02", "03-09")
    number = desk.facts()[-1].number
    (message,) = desk.refused(acts.corrected(desk.facts(), number, value="0" * 64, reason="transcription_error"))
    assert message.endswith("pins texts, so no more than its day can be corrected. Take it back, then do what is right.")


def test_nothing_is_recorded_without_an_enrolment(desk: Desk) -> None:
    """Once it was taken back; a note still is."""
    desk.record(undone_last_act(desk.facts(), reason="wrong_subject"))
    assert desk.refused(acts.visit_done("C1D1", date(2026, 3, 2))) == (
        "The subject is not enrolled: the enrolment was taken back. Enrol the subject first, or take back what took it back.",
    )
    assert desk.record(acts.noted("entered for the wrong subject")).after == ()


def test_small_refusals(treated: Desk) -> None:
    """A visit to come that nobody planned, an unknown class, the site where the subject is, an empty note, a day left out."""
    with treated.database.reading() as connection:
        settings = read_settings(connection)
    assert treated.refused(acts.unscheduled_visit(date(2026, 4, 22)))[0].startswith("2026-04-22 is after 2026-04-21, today at the site")
    assert "today at PEK" in treated.refused(acts.unscheduled_visit(date(2026, 4, 22), "pd1"))[0]
    assert treated.refused(acts.deviation_classed("out_of_window:C2D1", "minor")) == (
        "A fact deviation_classed has as its value important or not_important. Give one of these.",
    )
    assert treated.refused(acts.site_transferred(settings, "PEK", LATE)) == (
        "The subject is at PEK already. Give the site that the subject moves to.",
    )
    assert treated.refused(acts.noted(" ")) == ("The note is empty. Write what should be known.",)
    assert treated.refused([NewFact(Kind.BOOKED, item="C3D1")]) == ("The day is missing: the booked day. Give it as YYYY-MM-DD.",)
    assert "HH:MM" in treated.refused(acts.visit_booked("C3D1", LATE, "half past nine"))[0]


def test_a_stream_has_one_open_hold(desk: Desk) -> None:
    desk.record(acts.hold_started(date(2026, 4, 1), "pd1", reason="toxicity"))
    (message,) = desk.refused(acts.hold_started(date(2026, 4, 3), "pd1", reason="toxicity"))
    assert message.startswith("pd1 held from 2026-04-01 (shift) already (fact ") and "End that hold first" in message
    desk.record(acts.hold_started(date(2026, 4, 3), reason="toxicity"))


def test_a_transfer_has_happened_and_comes_after_the_last(desk: Desk) -> None:
    desk.add_site("SHA", china())
    with desk.database.reading() as connection:
        settings = read_settings(connection)
    later = LATE + timedelta(days=1)
    (message,) = desk.refused(acts.site_transferred(settings, "SHA", later))
    assert message == f"{later} is after {LATE}, today at the site; a transfer is recorded when it has happened."
    desk.record(acts.site_transferred(settings, "SHA", date(2026, 4, 10)))
    (message,) = desk.refused(acts.site_transferred(settings, "PEK", date(2026, 4, 9)))
    assert message.startswith("2026-04-09 is before the transfer on 2026-04-10 (fact ")


def test_what_was_released_stays_released_when_the_old_booking_is_corrected(desk: Desk) -> None:
    desk.record(acts.visit_booked("C4D1", date(2026, 5, 8)))
    number = desk.facts()[-1].number
    desk.record(acts.booking_released("C4D1"))
    desk.record(acts.corrected(desk.facts(), number, day=date(2026, 5, 9), reason="transcription_error"))
    (message,) = desk.refused(acts.booking_released("C4D1"))
    assert "not booked" in message
