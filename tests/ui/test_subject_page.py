"""The page of one subject: what it shows, what it offers to whom, and what it says about links that lead nowhere."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.changes.acts import corrected, noted, visit_done
from planner.records.changes.view import view_of
from planner.records.lists.kept_schedules import KeptSchedules
from planner.records.lists.subject_list import subject_lines
from planner.records.store.database import open_database
from planner.ui import subject_page
from planner.ui.next_visit import next_visit
from planner.ui.preview import preview_of_subject
from tests.ui.dialogs.dialog_screens import NURSE, grant, subject_of, view, write
from tests.ui.screens import opened, texts

BOOKED = "ulrrc/BEI-004"
"""Its next visit is C3D1, booked."""
OVERDUE = "ulrrc/BEI-018"
UNDECIDED = "crlm/NYC-020"
LEFT = "ulrrc/BEI-010"


def page(subject: str = BOOKED, *, language: str = "en", **entries: str) -> AppTest:
    return opened("subject", {"subject": subject, **entries}, language=language)


def html(at: AppTest) -> str:
    """The tables and the calendar of the page."""
    components = [str(element.proto) for element in at.main.get("bidi_component")]
    return "\n".join([element.proto.body for element in at.main.get("html")] + components)


def acts(at: AppTest) -> set[str]:
    """The acts that are offered as buttons, by what they open."""
    keys = [button.key or "" for button in at.button]
    return {key.split(".", 2)[2] for key in keys if key.startswith("act.")}


def test_the_head_says_who_and_what_comes_next(demo_screens: str) -> None:
    at = page()
    assert at.title[0].value == "Subject BEI-004"
    said = texts(at)
    for words in (
        "study ulrrc · site BEI · protocol version 1.0 · in the study",
        "nothing overdue · **4 points to check** (see Checks) · revision 14 · as of Fri 20 Nov 2026",
        "**Next visit:** C3D1 Cycle 3 day 1, Monday 7 December 2026, ▣ booked at 10:30, window 4 to 10 December",
    ):
        assert words in said


def test_what_is_overdue_is_counted(demo_screens: str) -> None:
    assert "**2 visits overdue**" in texts(page(OVERDUE))


def test_one_who_left_is_said_to_have_left_and_only_notes_are_offered(demo_screens: str) -> None:
    at = page(LEFT)
    assert "lost to follow-up" in texts(at)
    assert "none is to come" in texts(at)
    assert acts(at) == {"note||"}


def test_the_next_visit_is_that_of_the_list_of_subjects(demo_screens: str) -> None:
    with open_database(demo_screens).reading() as connection:
        lines = subject_lines(KeptSchedules().of(connection, NURSE))
    assert len(lines) == 60
    for line in lines:
        row = next_visit(preview_of_subject(view(demo_screens, f"{line.study}/{line.subject}")))
        assert ("", None) if row is None else (row.visit, row.effective) == (line.next_visit, line.next_date)


def test_the_acts_are_those_of_the_next_visit(demo_screens: str) -> None:
    at = page()
    offered = acts(at)
    visit = {f"visit|C3D1|{act}" for act in ("done", "book", "missed", "omit", "release")}
    subject = {f"{dialog}||" for dialog in ("hold", "resume", "stop", "parameter", "milestone", "unscheduled", "transfer", "leave", "note")}
    # The start has taken place, so that it cannot be moved any more.
    assert offered == visit | subject | {"decision||management"}


def test_a_chosen_visit_has_the_acts_of_its_status(demo_screens: str) -> None:
    assert {act for act in acts(page(visit="C2D1")) if act.startswith("visit|")} == {"visit|C2D1|done", "visit|C2D1|omit"}
    assert "start||" in acts(page("ulrrc/BEI-001"))
    assert {"decision||response", "decision||management"} <= acts(page(UNDECIDED, visit="MDT"))
    assert "milestone||CONSENT" in acts(page(visit="ICF"))


def test_the_start_is_not_missed_but_moved(demo_screens: str) -> None:
    assert {act for act in acts(page("ulrrc/BEI-001", visit="C1D1")) if act.startswith("visit|")} == {
        "visit|C1D1|done",
        "visit|C1D1|book",
        "visit|C1D1|omit",
    }


def test_of_one_who_left_the_print_is_offered_with_a_warning(demo_screens: str) -> None:
    said = texts(page(LEFT))
    assert "Make sure that this calendar should go to anybody" in said
    assert "Make sure that this calendar should go to anybody" not in texts(page())


def test_a_press_opens_the_dialog(demo_screens: str) -> None:
    at = page()
    at.button(key="act.visit.visit|C3D1|done").click().run()
    assert not at.exception
    opened_dialog = at.session_state["dialogs.open"]
    assert (opened_dialog.name, str(opened_dialog.subject), opened_dialog.visit, opened_dialog.entry, opened_dialog.seen) == (
        "visit",
        BOOKED,
        "C3D1",
        "done",
        14,
    )


def test_a_reader_is_offered_no_act(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "reader")
    at = page()
    assert acts(at) == set()
    assert at.title[0].value == "Subject BEI-004"
    assert "Correct or take back" not in html(page(view="history"))


def test_a_nurse_records_and_books_but_decides_nothing(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "nurse")
    offered = acts(page(UNDECIDED, visit="MDT"))
    assert "visit|MDT|book" in offered
    assert not any(act.startswith(("decision", "hold", "stop", "leave", "transfer", "parameter")) for act in offered)
    assert {"note||", "unscheduled||", "milestone||"} <= offered


@pytest.mark.parametrize("view_", ["month", "timeline", "table", "branches", "checks", "history"])
@pytest.mark.parametrize(("subject", "language"), [(UNDECIDED, "zh-CN"), (LEFT, "en")])
def test_every_view_can_be_drawn(view_: str, language: str, subject: str, demo_screens: str) -> None:
    at = page(subject, language=language, view=view_, visit="MDT", all="yes")
    assert not at.error, texts(at)


def test_a_visit_s_panel_tells_why_and_which_dates_it_had(demo_screens: str) -> None:
    shown = html(page(view="table", visit="C3D1"))
    for words in (
        "Why this date",
        "To prepare",
        "To bring",
        "Where it comes from",
        "Its dates so far",
        "C3D1 booked on Mon 7 Dec 2026 at 10:30",
    ):
        assert words in shown, words


def test_all_facts_are_listed_with_their_state(demo_screens: str) -> None:
    write(demo_screens, BOOKED, *noted("<script>alert(1)</script>"))
    facts = view(demo_screens, BOOKED).facts
    number = next(fact.number for fact in facts if fact.said.item == "C2D1")
    write(demo_screens, BOOKED, *corrected(facts, number, day=date(2026, 11, 17), reason="transcription_error"))
    shown = html(page(view="history"))
    assert "corrected by fact 16" in shown
    assert "C2D1 done on Tue 17 Nov 2026 (instead of: C2D1 done on" in shown
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_the_past_can_be_looked_at(demo_screens: str) -> None:
    at = page(view="history")
    at.radio(key="history.part").set_value("known").run()
    at.date_input(key=f"history.day.{BOOKED}").set_value(date(2026, 10, 20)).run()
    assert "the facts up to number 5" in texts(at)
    at.radio(key="history.part").set_value("since").run()
    assert "9 facts were recorded since the beginning of that day." in texts(at)
    assert "Visits that changed since" in html(at)


def test_what_changed_is_asked_about_up_to_today_and_back_to_the_first_fact(demo_screens: str) -> None:
    at = page(view="history")
    at.radio(key="history.part").set_value("since").run()
    day = at.date_input(key=f"history.day.{BOOKED}")
    first = view(demo_screens, BOOKED).facts[0].recorded_at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert (day.value, day.min, day.max) == (date(2026, 11, 13), first, date(2026, 11, 20))
    write(demo_screens, BOOKED, *noted("called in the morning"))
    for part, words in (("since", "1 fact was recorded since the beginning of that day."), ("known", "the facts up to number 15.")):
        at.radio(key="history.part").set_value(part).run()
        at.date_input(key=f"history.day.{BOOKED}").set_value(date(2026, 11, 20)).run()
        assert words in texts(at)


def test_the_first_day_asked_about_is_that_of_the_site_of_the_first_fact(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = view(demo_screens, BOOKED).facts[0].recorded_at
    # Early in the morning at the site, when it is still the day before in UTC.
    early = datetime(first.year, first.month, first.day, 17, tzinfo=UTC)
    recorded = replace(view(demo_screens, BOOKED).facts[0], recorded_at=early)
    monkeypatch.setattr(subject_page, "view_of", lambda facts, *rest: view_of((recorded, *facts[1:]), *rest))
    at = page(view="history")
    at.radio(key="history.part").set_value("known").run()
    assert at.date_input(key=f"history.day.{BOOKED}").min == early.date() + timedelta(days=1)


def test_another_day_than_today_is_said_to_be_one(demo_screens: str) -> None:
    at = page(on="2026-12-24")
    assert "as of Thu 24 Dec 2026, not of today" in texts(at)
    assert "overdue" in texts(at)
    at.button(key="subject.today").click().run()
    assert "not of today" not in texts(at)
    assert "on" not in at.query_params


def test_the_address_keeps_what_is_looked_at(demo_screens: str) -> None:
    at = page(view="table", visit="C3D1")
    # AppTest gives lists.
    assert {name: "".join(value) for name, value in at.query_params.items()} == {"subject": BOOKED, "view": "table", "visit": "C3D1"}


@pytest.mark.parametrize("link", ["ulrrc/BEI-999", "nothing", "ulrrc/<b>x</b>", "\x00"])
def test_a_link_to_nobody_has_a_sentence_and_a_way_on(link: str, demo_screens: str) -> None:
    at = page(link)
    assert "no subject" in at.error[0].value or "no such subject" in at.error[0].value
    assert at.button(key="subject.list").label == "All subjects"


def test_without_a_subject_one_is_to_be_chosen(demo_screens: str) -> None:
    at = opened("subject")
    assert "No subject is chosen" in at.info[0].value
    assert at.button(key="subject.list")


@pytest.mark.parametrize(
    "entries", [{"visit": "NOPE"}, {"month": "9999-99"}, {"view": "nothing"}, {"on": "2026-02-31"}, {"on": "0001-01-01"}]
)
def test_what_a_link_asks_for_and_there_is_not_is_left_aside(entries: dict[str, str], demo_screens: str) -> None:
    at = page(**entries)
    assert not at.error
    assert at.title[0].value == "Subject BEI-004"


def test_a_number_alone_is_enough(demo_screens: str) -> None:
    assert page("BEI-004").title[0].value == "Subject BEI-004"


def test_what_was_just_recorded_is_seen(demo_screens: str) -> None:
    at = page("ulrrc/BEI-017")
    assert "SIM" in texts(at)
    write(demo_screens, "ulrrc/BEI-017", *visit_done("SIM", date(2026, 11, 20)))
    at.run()
    assert "**Next visit:** SIM" not in texts(at)
    assert subject_of("ulrrc/BEI-017").number in at.title[0].value


@pytest.mark.parametrize(("subject", "acts"), [("ulrrc/BEI-004", ["book", "done"]), ("crlm/BEI-016", ["done", "book"])])
def test_a_visit_to_come_is_booked_first_and_one_that_is_due_is_recorded(demo_screens: str, subject: str, acts: list[str]) -> None:
    at = page(subject)
    shown = [button for button in at.button if str(button.key).startswith("act.visit.visit|")][:2]
    assert [str(button.key).rsplit("|", 1)[1] for button in shown] == acts
    assert [button.proto.type for button in shown] == ["primary", "secondary"]
