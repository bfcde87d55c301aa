"""Notes, corrections, and taking back."""

from datetime import date, timedelta

import pytest

from planner.records.changes.acts import hold_started, visit_booked, visit_missed
from planner.records.changes.standing import standing_of
from planner.records.facts.fact import Fact
from planner.records.facts.kinds import Kind
from planner.ui.words import short_date
from tests.ui.dialogs.dialog_screens import can_save, dialog, enter_day, give_reason, grant, key, press, row, said, view, write

TREATED = "ulrrc/BEI-036"


def test_a_note_is_written_and_taken_back(demo_screens: str) -> None:
    at = dialog("note", TREATED)
    assert at.button(key=key("nothing")).disabled
    at.text_area(key=key("text")).set_value("asked for morning visits").run()
    press(at, "change.save")
    assert view(demo_screens, TREATED).facts[-1].said.note == "asked for morning visits"
    at.button(key="notice.undo").click().run()
    assert view(demo_screens, TREATED).facts[-1].kind is Kind.UNDONE


def test_a_note_that_tells_who_somebody_is_is_refused_and_stays_in_the_field(demo_screens: str) -> None:
    at = dialog("note", TREATED)
    at.text_area(key=key("text")).set_value("write to someone@example.org").run()
    assert "Leave it out" in at.error[0].value
    assert not can_save(at)
    assert at.text_area(key=key("text")).value == "write to someone@example.org"


def test_markup_in_a_note_is_shown_as_text(demo_screens: str) -> None:
    at = dialog("note", TREATED)
    at.text_area(key=key("text")).set_value("<script>alert(1)</script> **bold**").run()
    press(at, "change.save")
    number = view(demo_screens, TREATED).facts[-1].number
    assert r"\<script\>" in said(dialog("fact", TREATED, entry=str(number)))


def test_a_done_visit_is_put_right(demo_screens: str) -> None:
    done = _last(demo_screens, Kind.VISIT_DONE)
    assert done.said.day is not None
    at = dialog("fact", TREATED, entry=str(done.number))
    assert f"{done.said.item} done on {short_date(done.said.day)}." in said(at)
    assert "Recorded by" in said(at)
    enter_day(at, "right.day", done.said.day + timedelta(days=-1))
    assert not can_save(at)
    press(give_reason(at, "transcription_error"), "change.save")
    assert row(demo_screens, TREATED, done.said.item).effective == done.said.day + timedelta(days=-1)


def test_a_correction_that_says_the_same_is_refused(demo_screens: str) -> None:
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, Kind.VISIT_DONE).number))
    give_reason(at, "source_checked")
    assert "says that already" in at.error[0].value
    assert not can_save(at)


def test_a_fact_is_taken_back_and_brought_back(demo_screens: str) -> None:
    done = _last(demo_screens, Kind.VISIT_DONE)
    at = dialog("fact", TREATED, entry=str(done.number))
    at.radio(key=key("way")).set_value("back").run()
    press(give_reason(at, "wrong_subject"), "change.save")
    assert done.said.item not in view(demo_screens, TREATED).state.facts.actual
    assert "It is no longer in force" in dialog("fact", TREATED, entry=str(done.number)).info[0].value
    at = dialog("fact", TREATED, entry=str(view(demo_screens, TREATED).facts[-1].number))
    assert list(at.radio(key=key("way")).options) == ["Bring back what it took back"]
    press(give_reason(at, "taken_back"), "change.save")
    assert done.said.item in view(demo_screens, TREATED).state.facts.actual


def test_a_hold_and_a_booking_are_put_right(demo_screens: str) -> None:
    write(demo_screens, TREATED, *hold_started(date(2026, 11, 23), resume=date(2026, 12, 14), reason="toxicity"))
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, Kind.HOLD_STARTED).number))
    enter_day(at, "right.until", date(2026, 12, 21))
    at.selectbox(key=key("right.value")).set_value("skip").run()
    press(give_reason(at, "source_checked"), "change.save")
    hold = view(demo_screens, TREATED).state.facts.holds[-1]
    assert (hold.resume, hold.mode) == (date(2026, 12, 21), "skip")

    write(demo_screens, TREATED, *visit_booked("C5D1", date(2026, 12, 23), "09:30", 60))
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, Kind.BOOKED).number))
    at.number_input(key=key("right.minutes")).set_value(90).run()
    press(give_reason(at, "no_slot"), "change.save")
    booked = _last(demo_screens, Kind.BOOKED).said
    assert (booked.value, booked.details) == ("09:30", {"minutes": 90})


def test_the_reason_of_a_missed_visit_is_put_right(demo_screens: str) -> None:
    write(demo_screens, TREATED, *visit_missed("C4D1", reason="no_show"))
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, Kind.VISIT_MISSED).number))
    press(give_reason(at, "illness"), "change.save")
    assert view(demo_screens, TREATED).state.facts.missed["C4D1"] == "illness"


def test_what_is_no_fact_of_the_subject(demo_screens: str) -> None:
    assert dialog("fact", TREATED, entry="9999").info[0].value == "This subject has no such fact."


def test_every_fact_of_the_demonstration_can_be_looked_at(demo_screens: str) -> None:
    for fact in view(demo_screens, "ulrrc/NYC-010").facts:
        at = dialog("fact", "ulrrc/NYC-010", entry=str(fact.number))
        assert fact.said.day is None or short_date(fact.said.day) in said(at)


@pytest.mark.parametrize("role", ["reader", "nurse"])
def test_who_may_not_is_told(role: str, demo_screens: str) -> None:
    write(demo_screens, TREATED, *hold_started(date(2026, 11, 23), reason="toxicity"))
    grant(demo_screens, "nurse1", role)
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, Kind.HOLD_STARTED).number))
    assert "may not" in at.error[0].value
    assert not can_save(at)


def test_in_chinese(demo_screens: str) -> None:
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, Kind.VISIT_DONE).number), language="zh-CN")
    assert list(at.radio(key=key("way")).options) == ["更正", "撤回"]
    assert "Recorded by" not in said(at)


def _last(url: str, kind: Kind) -> Fact:
    return [fact for fact in standing_of(view(url, TREATED).facts).values() if fact.kind is kind][-1]


@pytest.mark.parametrize(
    ("kind", "field", "words"),
    [
        (Kind.BOOKED, "minutes", "A correction cannot take the minutes away."),
        (Kind.BOOKED, "day", "A correction cannot take the date away."),
        (Kind.HOLD_STARTED, "until", "A correction cannot take the resume day away."),
    ],
)
def test_what_is_left_empty_and_stays_is_said_to_stay(kind: Kind, field: str, words: str, demo_screens: str) -> None:
    write(demo_screens, TREATED, *hold_started(date(2026, 11, 23), resume=date(2026, 12, 14), reason="toxicity"))
    write(demo_screens, TREATED, *visit_booked("C5D1", date(2026, 12, 23), "09:30", 60))
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, kind).number))
    assert words not in said(at)
    inputs = at.number_input if field == "minutes" else at.date_input
    inputs(key=key(f"right.{field}")).set_value(None).run()
    assert words in said(at)
    give_reason(at, "transcription_error")
    assert not can_save(at)


def test_the_time_of_a_booking_is_taken_out(demo_screens: str) -> None:
    write(demo_screens, TREATED, *visit_booked("C5D1", date(2026, 12, 23), "09:30", 60))
    at = dialog("fact", TREATED, entry=str(_last(demo_screens, Kind.BOOKED).number))
    at.time_input(key=key("right.time")).set_value(None).run()
    press(give_reason(at, "transcription_error"), "change.save")
    assert _last(demo_screens, Kind.BOOKED).said.value == ""


def test_taking_back_through_the_history_can_be_undone_itself(demo_screens: str) -> None:
    done = _last(demo_screens, Kind.VISIT_DONE)
    at = dialog("fact", TREATED, entry=str(done.number))
    at.radio(key=key("way")).set_value("back").run()
    press(give_reason(at, "wrong_subject"), "change.save")
    at.button(key="notice.undo").click().run()
    assert done.said.item in view(demo_screens, TREATED).state.facts.actual
