"""The days that a visit could be put on: which are shown, which does best, and how that is said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.protocol.plan import Slot
from planner.schedule.closed_with import ClosedWith
from planner.schedule.held_days import HeldDay
from planner.schedule.rows import VisitRow
from planner.schedule.visit_before import VisitBefore
from planner.schedule.what_if import CandidateDay
from planner.ui.foresight import MOST_DAYS, ForeseenDay, Foresight, Room, days_to_show
from planner.ui.foresight_html import foresight_html
from planner.ui.foresight_words import best_words, in_full, short_notes, sign_of, standing_of_day
from planner.ui.language import speaking
from tests.ui.worked_example import preview

PREVIEW = preview()
PLANNED = date(2026, 4, 17)
TODAY = date(2026, 4, 10)
WELL = CandidateDay(PLANNED, True, True, True, True, (), 0, 0)


def row_of(earliest: date | None, planned: date | None, latest: date | None) -> VisitRow:
    return replace(PREVIEW.rows[0], earliest=earliest, planned=planned, effective=planned, latest=latest, certainty="projected")


def slot_that(*, starts: bool) -> Slot:
    return next(slot for slot in PREVIEW.plan.slots if slot.start is starts)


ROW = row_of(PLANNED - timedelta(days=3), PLANNED, PLANNED + timedelta(days=3))


def foreseen(what: CandidateDay = WELL, **known: object) -> ForeseenDay:
    return replace(ForeseenDay(what, None, "", False, what.broken_checks), **known)  # type: ignore[arg-type]


def away(days: int, **known: object) -> CandidateDay:
    return replace(WELL, day=PLANNED + timedelta(days=days), **known)  # type: ignore[arg-type]


# --- which days ---------------------------------------------------------------------------------------------------


def test_a_window_is_shown_with_a_week_on_either_side() -> None:
    days = days_to_show(ROW, slot_that(starts=False), TODAY)
    assert (days[0], days[-1]) == (PLANNED - timedelta(days=10), PLANNED + timedelta(days=10))


@pytest.mark.parametrize("width", [29, 35, 36, 60, 365])
def test_long_windows_are_shown_around_the_visit_and_never_too_much(width: int) -> None:
    first = PLANNED - timedelta(days=width // 2)
    row = row_of(first, PLANNED, first + timedelta(days=width - 1))
    days = days_to_show(row, slot_that(starts=False), TODAY)
    assert len(days) <= MOST_DAYS
    assert PLANNED in days
    if width > MOST_DAYS:
        assert days[0] >= first


@pytest.mark.parametrize("at", [0, 50, 99])
def test_in_a_long_window_the_visits_own_day_is_always_there(at: int) -> None:
    row = row_of(PLANNED - timedelta(days=at), PLANNED, PLANNED + timedelta(days=99 - at))
    assert PLANNED in days_to_show(row, slot_that(starts=False), TODAY)


def test_where_the_window_has_closed_the_days_to_come_are_shown() -> None:
    late = PLANNED + timedelta(days=30)
    days = days_to_show(ROW, slot_that(starts=False), late)
    assert (days[0], len(days)) == (late, 21)


def test_a_long_window_is_shown_where_it_can_still_be_used() -> None:
    late = PLANNED + timedelta(days=40)
    row = row_of(PLANNED, PLANNED, PLANNED + timedelta(days=50))
    days = days_to_show(row, slot_that(starts=False), late)
    assert late in days
    assert days[-1] <= PLANNED + timedelta(days=50)


def test_a_start_is_shown_two_weeks_either_way_and_a_visit_without_a_date_not_at_all() -> None:
    days = days_to_show(row_of(PLANNED, PLANNED, PLANNED), slot_that(starts=True), TODAY)
    assert (days[0], days[-1]) == (PLANNED - timedelta(days=14), PLANNED + timedelta(days=14))
    assert days_to_show(row_of(None, None, None), slot_that(starts=False), TODAY) == ()


# --- which is best ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (foreseen(away(0, keeps_bounds=False)), foreseen(away(3, in_window=False))),
        (foreseen(away(0, is_open=False)), foreseen(away(3, in_window=False))),
        (foreseen(away(0, intervals_kept=False, broken_checks=("gap",))), foreseen(away(3, in_window=False))),
        (foreseen(away(0, in_window=False)), foreseen(away(3, later_out_of_window=2))),
        (foreseen(away(0, later_out_of_window=1)), foreseen(away(3), room=Room(8, 8))),
        (foreseen(away(0), room=Room(8, 8)), foreseen(away(3))),
        (foreseen(away(-2)), foreseen(away(1))),
        (foreseen(away(-1)), foreseen(away(1))),
        (foreseen(away(0), is_past=True), foreseen(away(9, is_open=False))),
    ],
)
def test_the_day_with_the_least_against_it_is_best(worse: ForeseenDay, better: ForeseenDay) -> None:
    assert Foresight(ROW, (worse, better)).best is better
    assert Foresight(ROW, (better, worse)).best is better


def test_no_past_day_is_ever_best() -> None:
    assert Foresight(ROW, (foreseen(is_past=True),)).best is None
    assert best_words(Foresight(ROW, (foreseen(is_past=True),))) == ""


def test_no_held_day_is_ever_best_and_the_reason_is_said() -> None:
    held = foreseen(away(0, held=HeldDay(date(2026, 4, 1), None)))
    closed = foreseen(away(3, is_open=False, in_window=False))
    assert Foresight(ROW, (held, closed)).best is closed
    only = Foresight(ROW, (held, foreseen(away(1, held=HeldDay(date(2026, 4, 1), None)))))
    assert only.best is None
    assert best_words(only) == "No day can be advised: treatment is held since Wed 1 Apr 2026, no day of resuming is known."
    assert (sign_of(held), short_notes(held), held.is_well) == ("✗", ("on hold",), False)
    ends = foreseen(away(0, held=HeldDay(date(2026, 4, 1), date(2026, 4, 20))))
    assert "treatment is held from Wed 1 Apr 2026 until Mon 20 Apr 2026, open day" in in_full(ends)


def test_a_planned_day_behind_the_window_is_shown() -> None:
    row = replace(ROW, planned=PLANNED + timedelta(days=12), effective=PLANNED + timedelta(days=12))
    assert PLANNED + timedelta(days=12) in days_to_show(row, slot_that(starts=False), TODAY)


# --- how it is said -----------------------------------------------------------------------------------------------


def test_signs_and_notes_say_what_colours_say() -> None:
    assert (sign_of(foreseen()), short_notes(foreseen())) == ("✓", ())
    closed = foreseen(away(2, is_open=False, in_window=False, keeps_bounds=False, moved=3), note="Labour Day")
    assert sign_of(closed) == "✗"
    assert short_notes(closed) == ("Labour Day", "outside window", "before minimum gap", "3 others move")
    later = foreseen(away(1, later_out_of_window=1), room=Room(7, 8))
    assert (sign_of(later), short_notes(later)) == ("!", ("1 leaves its window", "room 1 of 8"))
    assert in_full(later) == (
        "Saturday 18 April 2026: open day, in its window, breaks no interval that the protocol file checks, "
        "no other visit moves, 1 other visit leaves its window, room for 1 of 8"
    )


def test_room_is_said_as_far_as_it_is_known() -> None:
    said = [short_notes(foreseen(room=room))[0] for room in (Room(0, 0), Room(1, 0), Room(9, 8), Room(0, 8))]
    assert said == ["nobody else comes", "1 other comes", "full (9)", "room 8 of 8"]


def test_where_the_number_of_places_is_not_known_that_is_said() -> None:
    assert in_full(foreseen(room=Room(0, 0))).endswith("nobody else comes; how many it takes is not known")
    assert in_full(foreseen(room=Room(2, 0))).endswith("2 other subjects come; how many it takes is not known")


def test_a_visit_that_would_be_dropped_speaks_against_a_day() -> None:
    day = foreseen(away(-1, moved=7, dropped=("PD1-2",)))
    assert (sign_of(day), short_notes(day)) == ("!", ("1 visit dropped", "7 others move"))
    assert "PD1-2 no longer takes place" in in_full(day)
    assert best_words(Foresight(ROW, (day,))) == "Best: Thu 16 Apr 2026 (PD1-2 no longer takes place)"
    assert Foresight(ROW, (day, foreseen(away(3, later_out_of_window=2)))).best is not day
    more = foreseen(away(2, added=("M17", "M18")))
    assert (sign_of(more), short_notes(more)) == ("!", ("2 visits added",))
    assert "M17, M18 are added" in in_full(more)


def test_how_long_after_the_dose_before_is_always_said() -> None:
    said = [in_full(foreseen(away(0, before=VisitBefore(visit, days)))) for visit, days in (("C3D1", 5), ("C3D1", 1), ("C3D1", 0), ("", 9))]
    for text, words in zip(
        said, ("5 days after C3D1", "1 day after C3D1", "on the same day as C3D1", "9 days after an unscheduled dose"), strict=True
    ):
        assert f"checks, {words}, " in text
    assert best_words(Foresight(ROW, (foreseen(away(0, before=VisitBefore("C3D1", 21))),))) == (
        "Best: Fri 17 Apr 2026 (its planned day, 21 days after C3D1)"
    )


def test_an_open_day_is_not_called_closed_where_a_day_after_it_is() -> None:
    day = foreseen(away(0, is_open=False, closed_with=ClosedWith(date(2026, 4, 19), "Some Holiday")))
    assert (sign_of(day), short_notes(day)) == ("✗", ("19 Apr is closed",))
    assert "not possible: a day that must be open with it, Sun 19 Apr 2026, is closed (Some Holiday)" in in_full(day)


def test_the_best_day_says_why() -> None:
    assert best_words(Foresight(ROW, (foreseen(),))) == "Best: Fri 17 Apr 2026 (its planned day)"
    assert best_words(Foresight(ROW, (foreseen(away(1)),))) == (
        "Best: Sat 18 Apr 2026 (open, in its window, breaks no interval that the protocol file checks)"
    )
    assert (
        best_words(Foresight(ROW, (foreseen(away(1, is_open=False), note="Labour Day"),))) == "Best: Sat 18 Apr 2026 (closed: Labour Day)"
    )
    assert standing_of_day(PLANNED, ROW) == "planned day"
    assert standing_of_day(PLANNED, replace(ROW, certainty="booked")) == "booked now"


def test_the_table_has_a_real_button_for_every_day_and_nothing_that_was_typed_runs() -> None:
    days = tuple(foreseen(away(place, is_open=False), note="<script>alert(1)</script>") for place in range(-3, 4))
    html = foresight_html(Foresight(ROW, days), PLANNED, "")
    assert html.count("<button") == 7
    assert html.count('aria-pressed="true"') == 1
    assert "<script" not in html
    with speaking("zh-CN"):
        assert "已选" in foresight_html(Foresight(ROW, days), PLANNED, "")
