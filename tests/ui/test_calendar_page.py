"""The page Calendar without a browser."""

import csv
import io
import json
import re
from datetime import date

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from planner.capacity.clinic_visits import Wanted
from planner.exchange.spreadsheets.list_files import list_csv, list_workbook
from planner.records.caller import Caller
from planner.records.changes.acts import visit_booked
from planner.records.lists.kept_schedules import KeptSchedules
from planner.records.lists.list_columns import CLINIC_VISIT_COLUMNS
from planner.records.people.administration import append_administration, grant_role, set_site_capacity, settings_to_change
from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from planner.records.store.live_database import LiveDatabase
from planner.ui.clinic.files import day_sheet, visit_list
from planner.ui.clinic.span import span_of
from planner.ui.desk import Desk
from tests.ui.clock import DAY, MOMENT
from tests.ui.dialogs.dialog_screens import NURSE, dialog, grant, press, write
from tests.ui.screens import opened, texts


def html(at: AppTest) -> str:
    """What the days show; "" where they are not shown."""
    shown = "".join(json.loads(element.proto.json).get("html", "") for element in at.get("bidi_component"))
    return re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)


def words(at: AppTest) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html(at)))


def entries(at: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items() if name != "lang"}


def take(url: str, site: str, resource: str, places: int) -> None:
    """Say how many a resource takes a day."""
    with open_database(url).writing() as connection:
        settings = settings_to_change(connection, Caller("nurse1", MOMENT))
        append_administration(connection, Caller("nurse1", MOMENT), [set_site_capacity(settings, site, resource, places)])


def test_the_present_week_stands_there(demo_screens: str) -> None:
    at = opened("calendar")
    assert at.title[0].value == "Calendar"
    assert [head.value for head in at.subheader] == ["Week 47: 16 to 22 November 2026"]
    assert entries(at) == {}
    assert html(at).count('class="day') == 7 + html(at).count('class="day-link') and "today" in words(at)
    assert "20 attendances, 26 visits." in texts(at)
    assert "BEI-001 BEI · ulrrc · 2 visits at once" in words(at)
    assert "✓ done" in words(at)
    assert "‖ on hold" in words(at)
    assert "subject?subject=ulrrc%2FBEI-001&amp;visit=ICF" in html(at)


def test_what_is_too_much_is_said(demo_screens: str) -> None:
    take(demo_screens, "BEI", "infusion", 3)
    everywhere = opened("calendar")
    assert "BEI infusion 4 of 3: one too many" in words(everywhere)
    assert "On 1 day a resource is closed or has too few places." in texts(everywhere)
    assert "It is not known how many attendances a day these take: BEI clinic, BEI imaging, BEI linac" in texts(everywhere)
    # Places are shared by all studies, whichever is looked at.
    one = opened("calendar", {"site": "BEI", "study": "crlm"})
    assert "! infusion 4 of 3: one too many" in words(one)
    assert "How busy a resource is counts all studies." in texts(one)
    assert "BEI-004" not in words(one)
    month = opened("calendar", {"view": "month", "site": "BEI", "resource": "infusion"})
    assert "infusion 4 of 3: one too many" in words(month)
    assert "linac" not in words(month)
    assert "closed" in words(month)


def test_a_day_says_everything(demo_screens: str) -> None:
    write(demo_screens, "ulrrc/BEI-004", *visit_booked("C3D1", date(2026, 12, 8), "09:30"))
    at = opened("calendar", {"view": "day", "day": "2026-12-08", "site": "BEI"})
    assert [head.value for head in at.subheader] == ["Tuesday 8 December 2026"]
    said = words(at)
    assert "09:30 BEI-004" in said
    assert "▣ booked at 09:30" in said
    assert "240 minutes" in said
    assert "window" in said
    assert "Chemotherapy" in said
    assert "of them done or booked" in said


def test_buttons_and_lists_go_into_the_address(demo_screens: str) -> None:
    at = opened("calendar")
    at.button(key="calendar.step.1").click().run()
    assert entries(at) == {"day": "2026-11-23"}
    at.selectbox[2].set_value("linac").run()
    assert entries(at) == {"day": "2026-11-23", "resource": "linac"}
    at.date_input[0].set_value(date(2027, 1, 5)).run()
    assert entries(at) == {"day": "2027-01-05", "resource": "linac"}
    at.button(key="calendar.today").click().run()
    assert entries(at) == {"resource": "linac"}
    assert at.button(key="calendar.today").disabled


@pytest.mark.parametrize(
    "entry", [{"site": "<b>XYZ</b>"}, {"view": "year"}, {"day": "2026-02-31"}, {"day": "9999-01-01"}, {"row": "9" * 8}]
)
def test_a_stale_link_shows_the_present_week(entry: dict[str, str], demo_screens: str) -> None:
    at = opened("calendar", entry)
    assert entries(at) == {}
    assert "16 to 22 November 2026" in at.subheader[0].value
    assert "<b>XYZ" not in html(at)


def test_a_row_beyond_the_day_is_its_first(demo_screens: str) -> None:
    at = opened("calendar", {"view": "day", "day": "2026-11-16", "row": "999"})
    assert entries(at) == {"view": "day", "day": "2026-11-16"}
    assert "BEI-007" in words(at)


def test_without_visits_the_nearest_are_one_press_away(demo_screens: str) -> None:
    at = opened("calendar", {"day": "2031-01-01"})
    assert "Nobody's visit is on these days." in texts(at)
    assert not html(at)
    assert not at.get("download_button")
    at.button(key="calendar.next").click().run()
    assert entries(at)["day"] == "2031-02-11"
    assert html(at)
    at = opened("calendar", {"resource": "linac", "study": "crlm", "site": "NYC"})
    at.button(key="calendar.clear").click().run()
    assert entries(at) == {}


def test_chinese(demo_screens: str) -> None:
    take(demo_screens, "BEI", "infusion", 3)
    at = opened("calendar", {"site": "BEI"}, language="zh-CN")
    assert at.title[0].value == "日历"
    assert at.subheader[0].value == "第 47 周：2026年11月16日至22日"
    assert "输液室 4/3 人次：超出 1 人次" in words(at)
    assert "已完成" in words(at)


def test_who_may_read_one_site_sees_nothing_of_the_other(demo_screens: str) -> None:
    boss = Caller("boss1", MOMENT)
    for person, role, site in (("boss1", "administrator", "*"), ("nurse1", "reader", "BEI")):
        with open_database(demo_screens).writing() as connection:
            append_administration(connection, boss, [grant_role(settings_to_change(connection, boss), person, role, site)])
    at = opened("calendar", {"site": "NYC"})
    assert "nothing here is called NYC" in texts(at)
    assert "NYC-" not in words(at)
    assert "BEI-001" in words(at)
    at.button(key="calendar.feed-button").click().run()
    choices = next(box for box in at.selectbox if str(box.key).endswith(".of")).options
    assert "Everything at BEI" in choices
    assert not any("NYC" in choice for choice in choices)


def test_who_may_read_nothing_is_told_why(demo_screens: str) -> None:
    grant(demo_screens, "somebody", "nurse")
    at = opened("calendar")
    assert "nurse1 may not read at any site" in texts(at)
    assert not html(at)


def test_without_subjects_it_says_what_to_do(no_screens_yet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(no_screens_yet).close()
    monkeypatch.setattr("planner.ui.main._is_anything_recorded", lambda: True)
    at = opened("calendar")
    assert "There is no subject yet." in texts(at)
    assert at.button(key="calendar.enrol")


def test_a_feed_of_a_resource_is_made(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")
    at = opened("calendar", {"site": "BEI", "resource": "linac"})
    at.button(key="calendar.feed-button").click().run()
    key = next(str(button.key) for button in at.button if str(button.key).endswith(".make")).removesuffix(".make")
    assert getattr(at.selectbox(key=f"{key}.of").value, "of", "") == "BEI/linac"
    at.button(key=f"{key}.make").click().run()
    assert not at.exception
    with open_database(demo_screens).reading() as connection:
        feeds = read_settings(connection).feeds
    assert [(feed.kind, feed.of, feed.purpose) for feed in feeds.values()] == [("resource", "BEI/linac", "outlook")]


def test_the_address_of_a_feed_is_not_shown_again_after_another_page(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")
    at = opened("calendar")
    at.button(key="calendar.feed-button").click().run()
    at.button(key="feed.1.make").click().run()
    assert at.code
    at.switch_page("planner/ui/pages/today.py").run()
    at.switch_page("planner/ui/pages/calendar.py").run()
    assert not at.code
    at.button(key="calendar.feed-button").click().run()
    assert not at.code


def test_the_feed_of_a_subject_is_made(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")
    at = dialog("feed", "ulrrc/BEI-004")
    press(at, "make")
    assert not at.exception
    with open_database(demo_screens).reading() as connection:
        feeds = read_settings(connection).feeds
    assert [(feed.kind, feed.of, feed.purpose) for feed in feeds.values()] == [("subject", "ulrrc/BEI-004", "phone")]


@pytest.fixture
def desk(demo_screens: str) -> Desk:
    return Desk(LiveDatabase(demo_screens), KeptSchedules(), NURSE)


def test_the_list_has_what_is_looked_at(desk: Desk) -> None:
    wanted, span = Wanted("BEI", "", "infusion"), span_of("week", DAY)
    lines = list(csv.DictReader(io.StringIO(visit_list(desk, wanted, span, list_csv).decode("utf-8-sig"))))
    assert tuple(lines[0]) == CLINIC_VISIT_COLUMNS
    assert {(line["site"], line["resource"]) for line in lines} == {("BEI", "infusion")}
    assert {line["effective"] for line in lines} <= {day.isoformat() for day in span.days()}
    assert lines[0]["subject"] == "BEI-007"
    book = load_workbook(io.BytesIO(visit_list(desk, Wanted(), span, list_workbook)))
    assert book.sheetnames == ["all", "BEI", "NYC"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_day_sheet_is_a_pdf(desk: Desk, language: str) -> None:
    made = day_sheet(desk, span_of("day", DAY).week(), "BEI", "zh-CN" if language == "zh-CN" else "en")
    assert made.startswith(b"%PDF")
