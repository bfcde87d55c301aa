"""Undo after everything that the dialogs save: all dates and statuses are what they were before, and the history says so."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from planner.records.changes import acts
from planner.records.changes.standing import open_holds, standing_of
from planner.records.changes.undoing import undone_fact
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.history.history import visit_history
from planner.records.store.database import DatabaseError, open_database
from planner.ui.desk import Desk
from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import NURSE, dialog, enter_day, give_reason, key, press, resume_on, subject_of, view, write
from tests.ui.dialogs.visit_screens import choose_act, visit_dialog
from tests.ui.screens import texts

TODAY = MOMENT.date()
TREATED = "ulrrc/BEI-036"
BOOKED = ("ulrrc/BEI-004", "C3D1")
OVERDUE = ("ulrrc/BEI-018", "M10")
BEFORE_MDT = "ulrrc/NYC-009"
ON_HOLD = "ulrrc/NYC-018"
NOT_STARTED = "ulrrc/BEI-001"


def _nothing(view: SubjectView) -> Sequence[NewFact]:
    return ()


@dataclass(frozen=True)
class Case:
    """Something saved by a dialog."""

    name: str
    subject: str
    enter: Callable[[str], AppTest]
    """Fill in the dialog up to its save button, given the database's URL."""
    first: Callable[[SubjectView], Sequence[NewFact]] = _nothing
    """What somebody recorded before."""


def _done_now(url: str) -> AppTest:
    return visit_dialog("crlm/BEI-016", "FU2", "done")


def _done_becomes_missed(url: str) -> AppTest:
    return give_reason(visit_dialog("ulrrc/BEI-030", "M17", "missed"), "wrong_subject")


def _done_becomes_missed_through_its_acts(url: str) -> AppTest:
    return give_reason(choose_act(visit_dialog("ulrrc/BEI-004", "C2D1"), "missed"), "wrong_subject")


def _missed_becomes_done(url: str) -> AppTest:
    return give_reason(enter_day(visit_dialog(*OVERDUE, "done"), "done day", TODAY), "transcription_error")


def _another_day_and_dose(url: str) -> AppTest:
    at = enter_day(visit_dialog(TREATED, "C4D1", "done"), "done day", TODAY - timedelta(days=1))
    at.multiselect(key=key("omitted")).set_value([]).run()
    return give_reason(at, "source_checked")


def _moved(url: str) -> AppTest:
    return enter_day(visit_dialog(*BOOKED, "book"), "day", date(2026, 12, 8))


def _released(url: str) -> AppTest:
    return visit_dialog(*BOOKED, "release")


def _left_out(url: str) -> AppTest:
    at = visit_dialog(*BOOKED, "omit")
    return at.multiselect(key=key("omitted")).set_value(["PD1"]).run()


def _left_out_no_longer(url: str) -> AppTest:
    at = visit_dialog(*BOOKED, "omit")
    return give_reason(at.multiselect(key=key("omitted")).set_value([]).run(), "transcription_error")


def _start_booked(url: str) -> AppTest:
    at = enter_day(visit_dialog("crlm/NYC-005", "C1D1", "book"), "day", date(2026, 11, 30))
    return give_reason(at, "no_slot")


def _fact(url: str, subject: str, kind: Kind) -> AppTest:
    return dialog("fact", subject, entry=str(_last(view(url, subject), kind)))


def _last(seen: SubjectView, kind: Kind) -> int:
    return [fact for fact in standing_of(seen.facts).values() if fact.kind is kind][-1].number


def _fact_put_right(url: str) -> AppTest:
    at = _fact(url, TREATED, Kind.VISIT_DONE)
    day = at.date_input(key=key("right.day")).value
    assert isinstance(day, date)
    return give_reason(enter_day(at, "right.day", day - timedelta(days=1)), "transcription_error")


def _reason_put_right(url: str) -> AppTest:
    return give_reason(_fact(url, OVERDUE[0], Kind.VISIT_MISSED), "illness")


def _fact_taken_back(url: str) -> AppTest:
    at = _fact(url, TREATED, Kind.VISIT_DONE)
    at.radio(key=key("way")).set_value("back").run()
    return give_reason(at, "wrong_subject")


def _fact_brought_back(url: str) -> AppTest:
    return give_reason(_fact(url, TREATED, Kind.UNDONE), "taken_back")


def _held(url: str) -> AppTest:
    at = enter_day(enter_day(dialog("hold", TREATED), "from", date(2026, 11, 23)), "until", date(2026, 12, 14))
    return give_reason(press(at, "mode.skip"), "toxicity")


def _resumed(url: str) -> AppTest:
    return resume_on(dialog("resume", ON_HOLD), date(2026, 11, 24))


def _resumed_otherwise(url: str) -> AppTest:
    at = press(dialog("resume", ON_HOLD), f"mode.{open_holds(view(url, ON_HOLD).facts)[0].number}.skip")
    return give_reason(at, "investigator_decision")


def _decided(url: str) -> AppTest:
    at = press(dialog("decision", BEFORE_MDT, entry="management"), "choice.management.surgery")
    return press(at, "day.management.today")


def _decided_otherwise(url: str) -> AppTest:
    at = press(dialog("decision", BEFORE_MDT, entry="management"), "choice.management.maintenance")
    return give_reason(at, "transcription_error")


def _decided_without_a_date(url: str) -> AppTest:
    return give_reason(enter_day(dialog("decision", BEFORE_MDT, entry="management"), "day.management", None), "transcription_error")


def _cycles(url: str) -> AppTest:
    at = dialog("parameter", TREATED, entry="cycles")
    at.number_input(key=key("value.cycles")).set_value(6).run()
    return give_reason(at, "investigator_decision")


def _milestone_put_right(url: str) -> AppTest:
    at = dialog("milestone", NOT_STARTED, entry="CONSENT")
    day = at.date_input(key=key("milestone.CONSENT")).value
    assert isinstance(day, date)
    return give_reason(enter_day(at, "milestone.CONSENT", day - timedelta(days=1)), "transcription_error")


def _stopped(url: str) -> AppTest:
    return give_reason(dialog("stop", TREATED), "toxicity")


def _left(url: str) -> AppTest:
    at = dialog("leave", TREATED)
    at.radio(key=key("because")).set_value("withdrawn").run()
    return give_reason(at, "consent_withdrawn")


def _start_moved(url: str) -> AppTest:
    return give_reason(enter_day(dialog("start", NOT_STARTED), "start", date(2026, 12, 7)), "no_slot")


def _transferred(url: str) -> AppTest:
    at = dialog("transfer", TREATED)
    return at.selectbox(key=key("site")).set_value("NYC").run()


def _unscheduled(url: str) -> AppTest:
    at = enter_day(dialog("unscheduled", BOOKED[0]), "day", date(2026, 11, 18))
    return at.selectbox(key=key("stream")).set_value("pd1").run()


def _noted(url: str) -> AppTest:
    at = dialog("note", TREATED)
    return at.text_area(key=key("text")).set_value("asked for morning visits").run()


def _missed_before(view: SubjectView) -> Sequence[NewFact]:
    return acts.visit_missed(OVERDUE[1], reason="no_show")


def _done_without_pd1(view: SubjectView) -> Sequence[NewFact]:
    return acts.visit_done("C4D1", view.today, ["PD1"])


def _omitted_before(view: SubjectView) -> Sequence[NewFact]:
    return acts.activities_omitted(BOOKED[1], ["PD1"])


def _taken_back_before(view: SubjectView) -> Sequence[NewFact]:
    return undone_fact(view.facts, _last(view, Kind.VISIT_DONE), reason="wrong_subject")


def _decided_before(view: SubjectView) -> Sequence[NewFact]:
    return acts.decision_made("management", "surgery", view.today - timedelta(days=1))


CASES = (
    Case("done", "crlm/BEI-016", _done_now),
    Case("done becomes missed", "ulrrc/BEI-030", _done_becomes_missed),
    Case("done becomes missed, by its acts", "ulrrc/BEI-004", _done_becomes_missed_through_its_acts),
    Case("missed becomes done", OVERDUE[0], _missed_becomes_done, _missed_before),
    Case("another day, and the dose was given", TREATED, _another_day_and_dose, _done_without_pd1),
    Case("booking moved", BOOKED[0], _moved),
    Case("booking released", BOOKED[0], _released),
    Case("left out", BOOKED[0], _left_out),
    Case("left out no longer", BOOKED[0], _left_out_no_longer, _omitted_before),
    Case("start booked elsewhere", "crlm/NYC-005", _start_booked),
    Case("fact put right", TREATED, _fact_put_right),
    Case("reason put right", OVERDUE[0], _reason_put_right, _missed_before),
    Case("fact taken back", TREATED, _fact_taken_back),
    Case("fact brought back", TREATED, _fact_brought_back, _taken_back_before),
    Case("held", TREATED, _held),
    Case("resumed", ON_HOLD, _resumed),
    Case("resumed otherwise", ON_HOLD, _resumed_otherwise),
    Case("decided, and its visit done", BEFORE_MDT, _decided),
    Case("decided otherwise", BEFORE_MDT, _decided_otherwise, _decided_before),
    Case("decided without a date", BEFORE_MDT, _decided_without_a_date, _decided_before),
    Case("parameter", TREATED, _cycles),
    Case("milestone put right", NOT_STARTED, _milestone_put_right),
    Case("stopped", TREATED, _stopped),
    Case("left", TREATED, _left),
    Case("start moved", NOT_STARTED, _start_moved),
    Case("transferred", TREATED, _transferred),
    Case("unscheduled", BOOKED[0], _unscheduled),
    Case("note", TREATED, _noted),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_after_undo_everything_is_as_it_was(case: Case, demo_screens: str) -> None:
    url = demo_screens
    first = case.first(view(url, case.subject))
    if first:
        write(url, case.subject, *first)
    before = view(url, case.subject)
    at = press(case.enter(url), "change.save")
    saved = view(url, case.subject)
    assert saved.revision > before.revision, texts(at)
    press_undo(at)
    after = view(url, case.subject)
    assert f"Taken back. {case.subject} is as it was before." in texts(at)
    assert after.rows == before.rows
    assert (after.state.facts, after.state.site, after.findings) == (before.state.facts, before.state.site, before.findings)
    numbers = range(before.revision + 1, saved.revision + 1)
    taken_back = [fact.said.replaces for fact in after.facts[saved.revision :]]
    assert taken_back == list(reversed(numbers)), "the last fact first, and each of the act"
    _require_history_says_so(url, case.subject, before, saved, after)


def _require_history_says_so(url: str, subject: str, before: SubjectView, saved: SubjectView, after: SubjectView) -> None:
    """Every visit that moved has a step more, by which it is again what it was."""
    was = {row.visit: row for row in before.rows}
    both = [(row, was[row.visit]) for row in saved.rows if row.visit in was]
    moved = [row for row, old in both if (row.status, row.effective) != (old.status, old.effective)]
    with open_database(url).reading() as connection:
        for row in moved:
            steps = visit_history(connection, NURSE, subject_of(subject), row.visit).steps
            assert steps[-1].revision == after.revision
            assert f"fact {saved.revision} taken back" in steps[-1].facts
            assert steps[-1].after == steps[-2].before


def test_the_cases_are_of_every_kind_that_the_dialogs_write() -> None:
    assert len(CASES) == len({case.name for case in CASES}) == 28


def test_somebody_elses_change_stands_in_the_way_of_undo(demo_screens: str) -> None:
    at = press(_moved(demo_screens), "change.save")
    write(demo_screens, BOOKED[0], *acts.noted("called in the morning"))
    saved = view(demo_screens, BOOKED[0])
    press_undo(at)
    shown = texts(at)
    assert "Not undone, because ulrrc/BEI-004 was changed since: note (doctor2). " in shown
    assert "look at it again, then repeat" not in shown
    assert view(demo_screens, BOOKED[0]).revision == saved.revision
    assert not any(button.key == "notice.undo" for button in at.button)
    (way_on,) = [link for link in at.get("page_link") if "view=history" in link.proto.query_string]
    assert way_on.proto.label == "History of ulrrc/BEI-004"
    assert "subject=ulrrc%2FBEI-004" in way_on.proto.query_string


def test_undo_stays_while_the_database_does_not_answer(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = view(demo_screens, BOOKED[0]).rows
    at = press(_moved(demo_screens), "change.save")

    def away(self: Desk) -> AbstractContextManager[Connection]:
        raise DatabaseError("The database does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "writing", away)
        press_undo(at)
    assert "The database does not answer." in texts(at)
    assert "Saved ulrrc/BEI-004" in texts(at)
    press_undo(at)
    assert view(demo_screens, BOOKED[0]).rows == before


def press_undo(at: AppTest) -> None:
    """The button beside what was saved."""
    at.button(key="notice.undo").click().run()
    assert not at.exception, at.exception
