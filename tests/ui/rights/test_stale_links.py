"""Links that mean nothing here, a database that goes away, and markup in what is recorded: every page stays a page."""

import os
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.changes.acts import noted, site_transferred, visit_missed
from planner.records.changes.change import propose, save
from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from tests.ui.dialogs.dialog_screens import can_save, give_reason, key, press, subject_of, write
from tests.ui.rights.everything import everything, html_of, refusals
from tests.ui.rights.people import facts_of
from tests.ui.rights.test_saving_refused import INVESTIGATOR, TRIED, dialog
from tests.ui.rights.walking import arrived_as, follow

PAGES = ("today", "subjects", "subject", "new-subject", "calendar", "deviations", "protocols", "plan", "settings", "audit", "help")
HURTFUL = "<img src=x onerror=alert(1)>![x](https://example.org/x.png)**b**"
GARBAGE = (HURTFUL, "\x00\x1f", "9" * 400, "-1", "2026-02-31", "0001-01-01", "²", "*", "'; drop table facts; --")
ENTRIES = {
    "today": ({}, ("view", "site", "study", "kind", "on", "row")),
    "subjects": ({}, ("site", "study", "state", "row")),
    "subject": ({"subject": "ulrrc/BEI-036"}, ("subject", "visit", "on", "view", "month")),
    "new-subject": ({"protocol": "ulrrc", "site": "BEI", "start": "2026-12-02"}, ("protocol", "site", "start", "set.cycles", "month")),
    "calendar": ({"view": "day"}, ("view", "day", "site", "study", "resource", "row")),
    "deviations": ({}, ("view", "site", "study", "kind", "row")),
    "protocols": ({"view": "timeline"}, ("protocol", "view", "with", "start", "visit")),
    "plan": ({"protocol": "ulrrc", "start": "2026-12-02"}, ("protocol", "start", "site", "calendar", "actual.C1D1", "view")),
    "settings": ({"view": "calendars"}, ("view", "site", "year")),
    "audit": ({}, ("view", "of", "subject", "who", "kind", "day", "before", "from")),
    "help": ({}, ("view", "lang")),
}
"""Each page, what its links hold that is right, and every entry in which a link may be wrong."""


@pytest.mark.parametrize("page", ENTRIES)
def test_a_link_with_anything_in_it_shows_the_page(page: str, staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = arrived_as("coordinator.all", monkeypatch)
    right, names = ENTRIES[page]
    # Each entry wrong by itself, then all of them in the same way.
    for wrong in [*({name: HURTFUL} for name in names), *(dict.fromkeys(names, text) for text in GARBAGE)]:
        follow(at, page, {**right, **wrong})
        assert "Something went wrong" not in everything(at), wrong
        assert len(at.title) == 1, wrong
        assert "<img" not in html_of(at), wrong
        assert "![x](" not in refusals(at), wrong


def test_a_subject_moved_away_is_as_one_that_there_is_not(own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = arrived_as("nurse.bei", monkeypatch)
    here = {"subject": "ulrrc/BEI-036"}
    follow(at, "subject", here)
    tried = TRIED["done"]
    dialog(at, tried, own_staffed_screens)
    assert can_save(at)
    _move(own_staffed_screens, tried.subject)
    at.button(key=key("change.save")).click().run()
    assert "There is no subject" in refusals(at)
    follow(at, "subject", {"subject": tried.subject})
    assert "There is no subject crlm/BEI-016 that this account may read." in refusals(at).replace("\\", "")
    assert "BEI-016" not in html_of(follow(at, "today"))


def _move(url: str, subject: str) -> None:
    database = open_database(url)
    with database.reading() as connection:
        settings = read_settings(connection)
    database.close()
    database = open_database(url)
    with database.reading() as connection:
        moved = site_transferred(settings, "NYC", date(2026, 11, 20))
        proposal = propose(connection, INVESTIGATOR, subject_of(subject), moved)
    with database.writing() as connection:
        save(connection, INVESTIGATOR, proposal)
    database.close()


def test_a_database_that_is_gone_is_said_on_every_page_and_comes_back(own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(own_staffed_screens.removeprefix("sqlite:///"))
    away = file.with_suffix(".away")
    at = arrived_as("coordinator.all", monkeypatch)
    for page in PAGES:
        entries = {"subject": "ulrrc/BEI-036"} if page == "subject" else {}
        follow(at, page, entries)
        titles = [title.value for title in at.title]
        os.rename(file, away)
        try:
            at.run()
            assert not at.exception, page
            gone = everything(at)
            assert "Something went wrong" not in gone, page
        finally:
            os.rename(away, file)
        if page not in ("help", "plan", "protocols"):
            assert at.error, page
            at.button(key="main.again").click()
        at.run()
        assert [title.value for title in at.title] == titles, page
        assert "database" not in " ".join(error.value for error in at.error), page


def test_markup_in_what_is_recorded_is_text_on_every_page(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    note = f"asked twice {HURTFUL}"
    write(demo_screens, "ulrrc/BEI-036", *noted(note))
    write(demo_screens, "ulrrc/BEI-018", *visit_missed("M10", reason="other", note=note))
    at = arrived_as("nurse1", monkeypatch)
    seen = 0
    for page, entries in (
        ("today", {}),
        ("subjects", {}),
        ("subject", {"subject": "ulrrc/BEI-036", "view": "history"}),
        ("subject", {"subject": "ulrrc/BEI-018", "visit": "M10"}),
        ("subject", {"subject": "ulrrc/BEI-018", "view": "history"}),
        ("calendar", {}),
        ("deviations", {}),
        ("audit", {}),
    ):
        html = html_of(follow(at, page, entries))
        assert "<img src=x" not in html, page
        seen += "&lt;img src=x onerror" in html
        for kind in ("markdown", "caption", "html", "info", "warning", "error", "success"):
            for element in at.get(kind):
                text = str(getattr(element, "value", "") or getattr(element, "body", ""))
                assert "<img src=x" not in text, (page, kind)
                assert "![x](" not in text, (page, kind)
    assert seen >= 3


FIELDS = ("note", "missed", "classify")


@pytest.mark.parametrize("name", FIELDS)
def test_markup_typed_into_a_dialog_is_text_in_it_and_in_what_is_said_after(
    name: str, own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = follow(arrived_as("investigator.all", monkeypatch), "help")
    dialog(at, TRIED[name], own_staffed_screens)
    if name == "note":
        at.text_area(key=key("text")).set_value(HURTFUL).run()
    else:
        if name == "classify":
            at.radio(key=key("class")).set_value("important").run()
        give_reason(at, "other")
        at.text_area(key=key("change.note")).set_value(HURTFUL).run()
    press(at, "change.save")
    _plain(at)
    assert at.success
    assert facts_of(own_staffed_screens, TRIED[name].subject)[-1].said.note == HURTFUL


def _plain(at: AppTest) -> None:
    for kind in ("markdown", "caption", "success", "info", "error"):
        for element in at.get(kind):
            assert "![x](" not in str(getattr(element, "value", ""))
            assert "<img" not in str(getattr(element, "value", "")).replace(r"\<img", "")
