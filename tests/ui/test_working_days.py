"""Giving a site other working days: what they are, what they move, saving them; without a browser."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.changes.calendar_refresh import CalendarRefresh, propose_refresh, refresh_of_subject
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from planner.records.traces.prints import last_printed, note_print
from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.calendar_sources import calendar_named
from planner.schedule.calendar_text import CalendarFileErrors, calendar_from_text
from planner.schedule.days import day_number
from planner.schedule.unusual_days import unusual_days
from planner.ui.settings.calendars import day_line
from planner.ui.settings.new_calendar import file_faults
from planner.ui.settings.refresh_effects import counts_words, effect_line, effects, effects_html, without_visits
from tests.ui.clock import DAY, MOMENT
from tests.ui.dialogs.dialog_screens import write
from tests.ui.screens import opened, texts

NURSE = Caller("nurse1", MOMENT)


def closed(days: list[date]) -> SiteCalendar:
    known = calendar_named("CN")
    table = known.open_days[CLINIC].copy()
    table[[day_number(day) - known.first_day for day in days]] = False
    return replace(known, name="Moving house", open_days={**known.open_days, CLINIC: table})


def proposed(url: str, calendar: SiteCalendar) -> CalendarRefresh:
    with open_database(url).reading() as connection:
        return propose_refresh(connection, NURSE, "BEI", calendar)


def listed(at: AppTest) -> str:
    return "".join(str(json.loads(element.proto.json).get("html", "")) for element in at.get("bidi_component"))


def looked_at(days: str = "weekdays") -> AppTest:
    """The preview for Beijing of one of the usual calendars."""
    at = opened("settings", {"view": "calendars", "site": "BEI"})
    at.selectbox(key="settings.0.BEI.days.calendar").set_value(days).run()
    at.button(key="settings.preview").click().run()
    assert not at.exception, at.exception
    return at


def test_the_days_of_a_year_that_are_not_what_their_weekday_says(demo_screens: str) -> None:
    said = texts(opened("settings", {"view": "calendars", "site": "BEI", "year": "2026"}))
    assert "Fri 2 Jan 2026" in said
    assert "Sun 4 Jan 2026</th><td>the whole site</td><td>✓ open" in said
    assert "Not official yet: 2027 to 2059." in said
    later = texts(opened("settings", {"view": "calendars", "site": "BEI", "year": "2027"}))
    assert "The official calendar of 2027 is not known yet" in later
    assert "(provisional)" in later


def test_a_resource_is_named_beside_its_days() -> None:
    text = "resources:\n  linac:\n    open:\n      - 2026-03-07: Catching up\n"
    lines = [day_line(one) for one in unusual_days(calendar_from_text(text, "site.yaml"), 2026)]
    assert lines == [("Sat 7 Mar 2026", "linac", "✓ open", "linac: Catching up")]


def test_the_preview_counts_and_tells_whom_to_tell(demo_screens: str) -> None:
    ahead = [DAY + timedelta(days=days) for days in range(3, 12)]
    refresh = proposed(demo_screens, closed(ahead))
    moved = next(effect.subject for effect in effects(refresh, {})[::-1] if effect.moved)
    with open_database(demo_screens).writing() as connection:
        note_print(connection, moved, 1, "en", NURSE)
    with open_database(demo_screens).reading() as connection:
        printed = last_printed(connection)
    assert printed == {moved: MOMENT}
    found = effects(refresh, printed)
    assert found[0].subject == moved
    assert found[0].printed == MOMENT
    assert sum(effect.bookings for effect in found) > 0
    said = " ".join(counts_words(found, len(refresh.proposals)))
    assert f"{len(refresh.proposals)} subjects follow the new days" in said
    assert "would lie on" in said
    assert "1 of these subjects has a printed calendar" in said
    assert effect_line(found[0])[-1] == "Fri 20 Nov 2026: tell the subject"
    assert all(effect.changed or effect.warnings for effect in found)


def test_bookings_stay_and_are_counted_as_flagged(demo_screens: str) -> None:
    ahead = [DAY + timedelta(days=days) for days in range(3, 12)]
    refresh = proposed(demo_screens, closed(ahead))
    found = effects(refresh, {})
    assert found
    for effect in found:
        proposal = next(each for each in refresh.moved if each.subject == effect.subject)
        booked = [move for move in proposal.moves if move.after and move.after.booked_at is not None and "closed_day" in move.new_flags]
        assert effect.bookings >= len(booked)
        for move in booked:
            assert move.days == 0
    assert 'data-choose="show"' in effects_html(found)


def test_other_days_are_shown_before_they_are_saved(demo_screens: str) -> None:
    at = looked_at()
    assert "What would change at BEI" in texts(at)
    assert "get another date" in texts(at)
    subject = listed(at).partition('data-value="')[2].partition('"')[0]
    at.session_state["settings.refresh-subject"] = subject
    at.run()
    assert "Visits before and after" in texts(at)
    at.button(key="settings.refresh.save").click().run()
    assert "Site BEI has the working days weekdays until" in texts(at)
    with open_database(demo_screens).reading() as connection:
        assert proposed_nothing(demo_screens)
        assert read_settings(connection).sites["BEI"].calendar_hash


def test_what_is_kept_until_it_is_saved_holds_no_visits(demo_screens: str) -> None:
    at = looked_at()
    preview = at.session_state["settings.refresh"]
    assert len(preview.refresh.proposals) == len(proposed(demo_screens, calendar_named("weekdays")).proposals) > 0
    for proposal in preview.refresh.proposals:
        assert proposal.facts
        assert not (proposal.before or proposal.after or proposal.moves or proposal.warnings or proposal.unfit)


def test_one_subject_is_shown_as_all_of_them_were_worked_out(demo_screens: str) -> None:
    whole = proposed(demo_screens, calendar_named("weekdays"))
    assert whole.moved
    with open_database(demo_screens).reading() as connection:
        for proposal in whole.moved:
            assert refresh_of_subject(connection, NURSE, without_visits(whole), proposal.subject) == proposal


def proposed_nothing(url: str) -> bool:
    try:
        proposed(url, calendar_named("weekdays"))
    except Exception as error:
        return "have this calendar already" in str(error)
    return False


def test_the_same_days_again_are_refused(demo_screens: str) -> None:
    at = looked_at("CN")
    assert "have this calendar already" in texts(at)


def test_a_conflict_is_told_and_looked_at_again(demo_screens: str) -> None:
    at = looked_at()
    write(demo_screens, "ulrrc/BEI-018", NewFact(Kind.NOTE, note="meanwhile"))
    at.button(key="settings.refresh.save").click().run()
    assert at.error
    assert "Look again at what it moves now" in texts(at)
    at.button(key="settings.refresh.again").click().run()
    at.button(key="settings.refresh.save").click().run()
    assert "Site BEI has the working days" in texts(at)


def test_faults_of_a_file_have_their_line() -> None:
    with pytest.raises(CalendarFileErrors) as caught:
        calendar_from_text("base: XX-NO\nclosed:\n  - 2026-13-01\n", "site.yaml")
    said = file_faults(caught.value)
    assert any(text.startswith("line 1,") for text in said)
    assert any(text.startswith("line 3,") for text in said)
