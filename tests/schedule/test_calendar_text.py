"""Calendar files: what each key means, and every error with its place."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from planner.protocol.errors import CODES as FILE_CODES
from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.calendar_sources import country_calendar
from planner.schedule.calendar_text import CODES, CalendarFileErrors, calendar_from_text
from planner.schedule.days import day_number

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "calendars.md"

EXAMPLE = """\
base: CN
zone: Asia/Shanghai
closed:
  - 2026-03-02
  - 2026-08-10..2026-08-14
  - 2026-12-24: Moving house
open:
  - 2026-03-07
  - 2026-10-03..2026-10-04: Catching up
resources:
  linac:
    weekly: [mon, tue, wed, thu, fri, sat]
    closed:
      - 2026-05-11..2026-05-15: Yearly service
    open: [2026-08-12]
official_until: 2026
"""


def errors_of(text: str) -> list[str]:
    with pytest.raises(CalendarFileErrors) as refused:
        calendar_from_text(text, "site.yaml")
    return [str(error) for error in refused.value.errors]


def opens(calendar: SiteCalendar, day: str, resource: str = CLINIC) -> bool:
    return calendar.is_open(resource, date.fromisoformat(day))


def provisional(calendar: SiteCalendar, year: int) -> bool:
    return bool(calendar.provisional[day_number(date(year, 6, 1)) - calendar.first_day])


def test_a_sites_closures_and_extra_days_win_over_the_holidays() -> None:
    site = calendar_from_text(EXAMPLE, "calendars/beijing.yaml")
    assert (site.name, site.zone) == ("beijing", "Asia/Shanghai")
    assert not opens(site, "2026-03-02") and not opens(site, "2026-12-24")
    assert [opens(site, f"2026-08-{day}") for day in ("07", "10", "14", "17")] == [True, False, False, True]
    assert opens(site, "2026-03-07") and opens(site, "2026-10-03") and opens(site, "2026-10-04")
    assert not opens(site, "2026-10-02"), "a public holiday stays one"
    assert opens(site, "2026-02-14"), "a make-up working Saturday stays one"


def test_a_resource_has_its_own_week_and_closures_and_keeps_the_sites() -> None:
    site = calendar_from_text(EXAMPLE, "site.yaml")
    assert opens(site, "2026-03-14", "linac") and not opens(site, "2026-03-14")
    assert not opens(site, "2026-05-12", "linac") and opens(site, "2026-05-12")
    assert not opens(site, "2026-08-11", "linac"), "the site is closed"
    assert opens(site, "2026-08-12", "linac") and not opens(site, "2026-08-12"), "the linac's own open day wins"
    assert not opens(site, "2026-10-02", "linac"), "public holidays hold for the linac too"
    assert opens(site, "2026-03-14", "infusion") == opens(site, "2026-03-14")


def test_a_resource_without_a_week_of_its_own_has_the_sites() -> None:
    site = calendar_from_text("weekly: [mon, sat]\nresources: {mr: {closed: [2026-03-02]}}", "site.yaml")
    assert [opens(site, f"2026-03-{day:02}", "mr") for day in range(2, 10)] == [False, False, False, False, False, True, False, True]


def test_notes_tell_holidays_closures_and_resources_apart() -> None:
    notes = calendar_from_text(EXAMPLE, "site.yaml").notes
    assert notes[day_number(date(2026, 12, 24))] == "Moving house"
    assert notes[day_number(date(2026, 3, 2))] == "Closed"
    assert notes[day_number(date(2026, 10, 3))] == "Catching up"
    assert notes[day_number(date(2026, 5, 12))] == "linac: Yearly service"
    assert notes[day_number(date(2026, 8, 12))] == "Closed; linac: Open"
    assert notes[day_number(date(2026, 6, 19))] == "Dragon Boat Festival"


def test_an_empty_mapping_is_weekdays_in_utc() -> None:
    site = calendar_from_text("{}", "plain.yaml")
    assert (site.name, site.zone) == ("plain", "UTC")
    assert opens(site, "2026-12-25") and not opens(site, "2026-12-26")
    assert not site.provisional.any()


def test_country_codes_that_yaml_once_read_as_booleans() -> None:
    assert calendar_from_text("base: NO", "site.yaml").zone == "Europe/Oslo"


def test_weekly_replaces_the_bases_weekend_but_not_its_holidays() -> None:
    site = calendar_from_text("base: SA\nweekly: [Monday, tue, fri]", "site.yaml")
    assert [opens(site, f"2026-07-{day}") for day in range(13, 20)] == [True, True, False, False, True, False, False]
    assert not opens(calendar_from_text("base: CN\nweekly: [fri]", "site.yaml"), "2026-06-19")


def test_days_may_be_a_mapping_to_notes() -> None:
    site = calendar_from_text("closed:\n  2026-03-02: Flood\n  2026-03-03..2026-03-04:\n", "site.yaml")
    assert [opens(site, f"2026-03-0{day}") for day in range(2, 6)] == [False, False, False, True]
    assert site.notes[day_number(date(2026, 3, 2))] == "Flood" and site.notes[day_number(date(2026, 3, 4))] == "Closed"


def test_a_site_may_list_its_open_days_only() -> None:
    site = calendar_from_text("weekly: []\nopen: [2026-03-07, 2026-03-08]", "site.yaml")
    assert site.open_table(CLINIC).sum() == 2


def test_official_until_replaces_what_the_base_knows() -> None:
    site = calendar_from_text("base: CN\nofficial_until: 2028", "site.yaml")
    assert [provisional(site, year) for year in (2026, 2027, 2028, 2029)] == [False, False, False, True]
    plain = calendar_from_text("official_until: 2026", "site.yaml")
    assert [provisional(plain, year) for year in (2026, 2027)] == [False, True]


def test_an_official_list_replaces_a_computed_year_and_no_other() -> None:
    text = "base: CN\nofficial:\n  2027:\n    closed: [2027-01-01..2027-01-03, 2027-02-05: Spring Festival]\n    open: [2027-02-20]\n"
    site, china = calendar_from_text(text, "site.yaml"), country_calendar("CN")
    assert not opens(china, "2027-10-01") and opens(site, "2027-10-01"), "what the base computed for 2027 is forgotten"
    assert not opens(site, "2027-01-01") and not opens(site, "2027-02-05") and opens(site, "2027-02-20")
    assert not opens(site, "2026-10-01") and not opens(site, "2028-10-02")
    assert [provisional(site, year) for year in (2026, 2027, 2028)] == [False, False, True]
    assert site.notes[day_number(date(2027, 2, 5))] == "Spring Festival"


def test_all_errors_are_reported_at_once_with_their_places() -> None:
    text = """\
bse: CN
base: XN
zone: Asia/Shangai
weekly: [mon, tues, 3]
closed:
  - 2026-02-30
  - 2026-3-1
  - 2026-08-14..2026-08-10
  - 1999-01-01
  - [2026-01-01]
  - 2026-02-31: Never
open: 2026-03-07
official_until: soon
resources:
  clinic: {}
  linac: {week: [mon], open: [2026-01-01], closed: [2025-12-31..2026-01-02]}
  mr: true
official:
  20: {}
  2027: {closed: [2026-01-01], weekly: [mon]}
"""
    found = errors_of(text)
    places_and_codes = [error.split(": ")[0].removeprefix("site.yaml:") + " " + error.split(": ")[1] for error in found]
    assert places_and_codes == [
        "1:1 unknown-key",
        "2:7 unknown-base",
        "3:7 unknown-zone",
        "4:15 bad-weekday",
        "4:21 bad-weekday",
        "6:5 bad-date",
        "7:5 bad-date",
        "8:5 bad-date",
        "9:5 bad-date",
        "10:5 wrong-type",
        "11:5 bad-date",
        "12:7 wrong-type",
        "13:1 bad-year",
        "15:3 bad-name",
        "16:11 unknown-key",
        "16:30 open-and-closed",
        "17:7 wrong-type",
        "19:3 bad-year",
        "20:3 bad-date",
        "20:32 unknown-key",
    ]
    assert "did you mean `base`?" in found[0] and "Asia/Shanghai" in found[2] and "Write 2026-08-10..2026-08-14" in found[7]
    assert {line.split()[1] for line in places_and_codes} <= CODES.keys() | FILE_CODES.keys()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "site.yaml:1:1: empty-file"),
        ("- CN", "site.yaml:1:1: empty-file"),
        ("base: [CN", "yaml-syntax"),
        ("base: &a CN\nzone: *a", "site.yaml:1:7: yaml-alias"),
        ("base: CN\nbase: US", "site.yaml:2:1: duplicate-key"),
        ("base:", "site.yaml:1:6: empty-value"),
        ("base: 3", "site.yaml:1:7: wrong-type"),
        ("zone: true", "site.yaml:1:7: wrong-type"),
        ("weekly: mon", "site.yaml:1:9: wrong-type"),
        ("closed: [true]", "site.yaml:1:10: wrong-type"),
        ("closed: [{2026-01-01: [a]}]", "site.yaml:1:23: wrong-type"),
        ("official_until: true", "site.yaml:1:1: bad-year"),
        ("official_until: 3000", "site.yaml:1:1: bad-year"),
        ("resources: [linac]", "site.yaml:1:12: wrong-type"),
        ("resources: {any: {}}", "site.yaml:1:13: bad-name"),
        ("open: [2026-01-01..]", "site.yaml:1:8: bad-date"),
        ("open: [2026-01-01..2026-01-02..2026-01-03]", "site.yaml:1:8: bad-date"),
        ("open: [２０２６-01-01]", "site.yaml:1:8: bad-date"),
    ],
)
def test_each_fault_is_told_with_its_place(text: str, error: str) -> None:
    assert any(error in found for found in errors_of(text)), errors_of(text)


def test_a_site_or_resource_that_is_never_open_is_refused() -> None:
    alone = errors_of("weekly: []")
    assert alone == ["site.yaml:1:9: no-open-day: the site has no open day at all; list an open weekday, or days under `open`"]
    found = errors_of("closed: [2010-01-01..2059-12-31]\nresources: {linac: {open: [2026-01-01]}, mr: {weekly: [mon]}}")
    assert len(found) == 2 and "the site has no open day" in found[0] and "`mr` has no open day" in found[1]


def test_a_file_that_lists_too_much_is_refused_quickly() -> None:
    started = time.perf_counter()
    assert any("too-many-days" in error for error in errors_of("closed:\n" + "  - 2010-01-01..2059-12-31\n" * 30_000))
    assert any("too-many" in error for error in errors_of("resources:\n" + "".join(f"  r{i}: {{}}\n" for i in range(10_000))))
    assert time.perf_counter() - started < 5


def test_the_documentation_lists_every_code_of_its_own() -> None:
    documentation = DOCUMENTATION.read_text("utf-8")
    assert [code for code in CODES if f"| `{code}` | {CODES[code]} |" not in documentation] == []


def test_the_documentations_examples_are_sound() -> None:
    blocks = DOCUMENTATION.read_text("utf-8").split("```yaml\n")[1:]
    calendars = [calendar_from_text(block.split("```")[0], "site.yaml") for block in blocks]
    assert [calendar.name for calendar in calendars] == ["Beijing", "site"]
