"""Calendars from the country's public holidays, by name, and across a transfer (R17)."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pytest

from planner.schedule.calendar import CLINIC, CalendarError, SiteCalendar, require_open_days
from planner.schedule.calendar_sources import calendar_named, country_calendar, every_day_calendar, put_days, weekdays_calendar
from planner.schedule.calendar_transfer import after_transfer
from planner.schedule.country_zones import country_zone, require_zone
from planner.schedule.days import day_number
from planner.schedule.holiday_package import country_codes, subdivision_codes
from planner.schedule.official_years import LAST_OFFICIAL_YEAR, last_official_year


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=i) for i in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def closed_weekdays(calendar: SiteCalendar, year: int) -> list[str]:
    return [f"{day:%m-%d}" for day in days_of(year) if day.weekday() < 5 and not calendar.is_open(CLINIC, day)]


def open_weekend_days(calendar: SiteCalendar, year: int) -> list[str]:
    return [f"{day:%m-%d}" for day in days_of(year) if day.weekday() >= 5 and calendar.is_open(CLINIC, day)]


def is_provisional(calendar: SiteCalendar, day: date) -> bool:
    return bool(calendar.provisional[day_number(day) - calendar.first_day])


def test_china_2026_is_the_official_calendar() -> None:
    china = country_calendar("CN")
    assert " ".join(closed_weekdays(china, 2026)) == (
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07"
    )
    assert open_weekend_days(china, 2026) == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert (china.name, china.zone) == ("CN", "Asia/Shanghai")


def test_china_2025_works_on_the_sunday_before_spring_festival() -> None:
    china = country_calendar("CN")
    assert china.is_open(CLINIC, date(2025, 1, 26))
    assert open_weekend_days(china, 2025) == ["01-26", "02-08", "04-27", "09-28", "10-11"]


def test_a_short_span_agrees_with_the_long_one() -> None:
    """Make-up days of one year may lie in the year before, so the neighbours must be computed too."""
    long = country_calendar("CN")
    for year in (2011, 2018, 2025, 2026):
        short = country_calendar("CN", year, year)
        start = short.first_day - long.first_day
        assert np.array_equal(short.open_table(CLINIC), long.open_table(CLINIC)[start : start + len(short.provisional)])
    last_days_of_2011 = country_calendar("CN", 2011, 2011)
    assert last_days_of_2011.is_open(CLINIC, date(2011, 12, 31))
    assert last_days_of_2011.notes[day_number(date(2011, 12, 31))] == "Working day (for 2012-01-03)"


@pytest.mark.parametrize("code", ["CN", "AE", "TW", "HU", "SA"])
def test_every_day_is_as_the_package_has_it(code: str) -> None:
    """The package is asked day by day here; the product asks it once and fills a table."""
    from holidays import country_holidays

    entity = country_holidays(code, years=range(2009, 2062), expand=False)
    calendar = country_calendar(code)
    days = [date(2010, 1, 1) + timedelta(days=i) for i in range(len(calendar.provisional))]
    assert [day for day in days if entity.is_working_day(day) != calendar.is_open(CLINIC, day)] == []


def test_china_is_provisional_after_the_last_decree() -> None:
    china = country_calendar("CN")
    assert not is_provisional(china, date(2026, 12, 31))
    assert is_provisional(china, date(2027, 1, 1))
    assert is_provisional(china, date(2059, 12, 31))


def test_notes_name_holidays_and_working_weekends() -> None:
    notes = country_calendar("CN").notes
    assert notes[day_number(date(2026, 6, 19))] == "Dragon Boat Festival"
    assert notes[day_number(date(2026, 2, 20))] == "Day off (substituted from 2026-02-14)"
    assert notes[day_number(date(2026, 2, 14))] == "Working day (for 2026-02-20)"


def test_notes_are_english_whatever_the_environment_speaks() -> None:
    program = (
        "from datetime import date\n"
        "from planner.schedule.calendar_sources import country_calendar\n"
        "from planner.schedule.days import day_number\n"
        "print(country_calendar('DE', 2026, 2026).notes[day_number(date(2026, 10, 3))])"
    )
    found = subprocess.run([sys.executable, "-c", program], env={"LANGUAGE": "uk", "PATH": ""}, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "German Unity Day"


def test_last_official_years_are_those_of_the_package() -> None:
    """Fails when an upgrade of the package brings a new decree: the table then has to say so."""
    from holidays import country_holidays

    for code, year in LAST_OFFICIAL_YEAR.items():
        if code != "BT":  # lunar dates: the package holds no decrees, only estimates
            assert max(country_holidays(code).special_public_holidays) == year, code
    assert last_official_year("CN") == 2026
    assert last_official_year("US-NY") is None


def test_new_york_keeps_federal_holidays_and_its_own() -> None:
    new_york = country_calendar("US-NY")
    assert closed_weekdays(new_york, 2026) == (
        ["01-01", "01-19", "02-12", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-03", "11-11", "11-26", "12-25"]
    )
    assert new_york.zone == "America/New_York"
    assert not new_york.provisional.any()


def test_bavaria_closes_on_epiphany_and_berlin_does_not() -> None:
    epiphany = date(2026, 1, 6)
    assert not country_calendar("DE-BY").is_open(CLINIC, epiphany)
    assert country_calendar("DE-BE").is_open(CLINIC, epiphany)
    assert country_calendar("DE-BY").zone == "Europe/Berlin"


def test_scotland_is_closed_on_2_january() -> None:
    assert not country_calendar("GB-SCT").is_open(CLINIC, date(2026, 1, 2))
    assert country_calendar("GB-ENG").is_open(CLINIC, date(2026, 1, 2))


def test_weekends_that_are_not_saturday_and_sunday() -> None:
    saudi_arabia = country_calendar("SA")
    friday, saturday, sunday = date(2026, 7, 17), date(2026, 7, 18), date(2026, 7, 19)
    assert [saudi_arabia.is_open(CLINIC, day) for day in (friday, saturday, sunday)] == [False, False, True]
    assert country_calendar("IR").is_open(CLINIC, date(2026, 7, 18))


def test_a_weekend_that_changed_is_each_time_the_one_of_then() -> None:
    emirates = country_calendar("AE")
    assert emirates.is_open(CLINIC, date(2021, 11, 7)) and not emirates.is_open(CLINIC, date(2021, 11, 5))
    assert emirates.is_open(CLINIC, date(2022, 11, 4)) and not emirates.is_open(CLINIC, date(2022, 11, 6))
    saudi_arabia = country_calendar("SA")
    assert not saudi_arabia.is_open(CLINIC, date(2013, 6, 27)), "a Thursday, the day before the change"
    assert saudi_arabia.is_open(CLINIC, date(2013, 7, 4)), "a Thursday after it"


def test_estimated_lunar_dates_make_a_year_provisional() -> None:
    assert is_provisional(country_calendar("SA"), date(2040, 6, 1))
    assert not is_provisional(country_calendar("SA"), date(2024, 6, 1))
    assert is_provisional(country_calendar("MY"), date(2030, 6, 1))


def test_years_without_any_data_are_provisional() -> None:
    assert is_provisional(country_calendar("BT"), date(2050, 6, 1))
    assert is_provisional(country_calendar("LK"), date(2030, 6, 1))
    assert is_provisional(country_calendar("FJ"), date(2012, 6, 1))


def test_codes_are_read_in_either_case_and_by_their_aliases() -> None:
    assert country_calendar("us-ny", 2026, 2026).name == "US-NY"
    assert country_calendar("CHN", 2026, 2026).name == "CN"
    assert country_calendar("DE-Bayern", 2026, 2026).name == "DE-BY"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("CM1", "CM"),
        ("China", "Nearest: CN"),
        ("weekday", "weekdays"),
        ("US-NX", "US-NY"),
        ("DE-", "BY"),
        ("CN-11", "Write CN"),
        ("", "two-letter code"),
        ("../etc", "There is no calendar '../etc'"),
    ],
)
def test_an_unknown_code_is_refused_with_what_would_be_right(code: str, told: str) -> None:
    with pytest.raises(CalendarError) as refused:
        country_calendar(code)
    assert told in str(refused.value)


@pytest.mark.parametrize(("first", "last"), [(2030, 2029), (1800, 2000), (2000, 2200)])
def test_a_span_that_is_none_is_refused(first: int, last: int) -> None:
    with pytest.raises(CalendarError, match="span of years"):
        country_calendar("CN", first, last)


def test_every_country_loads_and_has_a_zone() -> None:
    for code in country_codes():
        calendar = country_calendar(code, 2026, 2027)
        assert require_zone(calendar.zone)
        assert 450 < calendar.open_table(CLINIC).sum() < 670, code


def test_every_subdivision_has_a_zone_of_the_database() -> None:
    for country in country_codes():
        for subdivision in subdivision_codes(country):
            assert require_zone(country_zone(f"{country}-{subdivision}"))


def test_only_the_countrys_own_module_is_imported_and_the_package_stays_whole() -> None:
    program = (
        "import sys\n"
        "from planner.schedule.calendar_sources import country_calendar\n"
        "country_calendar('PR', 2026, 2026)\n"
        "assert 'holidays.countries.puerto_rico' in sys.modules and 'holidays.countries.china' not in sys.modules\n"
        "import holidays\n"
        "from holidays.countries import PuertoRico, China\n"
        "assert PuertoRico is sys.modules['holidays.countries.puerto_rico'].PuertoRico\n"
        "assert len(holidays.country_holidays('CN', years=2026)) > 10\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_weekdays_are_monday_to_friday() -> None:
    weekdays = weekdays_calendar()
    assert closed_weekdays(weekdays, 2026) == [] and open_weekend_days(weekdays, 2026) == []
    assert weekdays.name == "weekdays" and weekdays.zone == "UTC" and not weekdays.provisional.any()


def test_none_opens_every_day() -> None:
    every_day = every_day_calendar()
    assert every_day.open_table(CLINIC).all() and every_day.name == "none"


def test_calendars_cover_whole_years() -> None:
    for name in ("CN", "weekdays", "none"):
        calendar = calendar_named(name)
        assert calendar.first_day == day_number(date(2010, 1, 1))
        assert calendar.last_day == day_number(date(2059, 12, 31))
        with pytest.raises(IndexError):
            calendar.is_open(CLINIC, date(2060, 1, 1))


def test_days_outside_a_table_change_nothing_in_it() -> None:
    table = np.ones(10, dtype=np.bool_)
    put_days(table, 100, {99: "before", 105: "inside", 110: "after"}, is_open=False)
    assert np.flatnonzero(~table).tolist() == [5]


def test_two_calendars_of_one_name_share_no_table() -> None:
    """A caller that changes its table must not change another one's."""
    country_calendar("US").open_table(CLINIC)[:] = False
    assert country_calendar("US").open_table(CLINIC).any()


def test_a_transfer_takes_each_sites_days_on_its_side() -> None:
    moved = after_transfer(country_calendar("CN"), country_calendar("US-NY"), date(2026, 2, 16))
    assert moved.is_open(CLINIC, date(2026, 2, 14)), "a working Saturday in China"
    assert not moved.is_open(CLINIC, date(2026, 2, 16)), "Washington's Birthday, the day of the transfer"
    assert moved.is_open(CLINIC, date(2026, 2, 17)), "Spring Festival, but in New York"
    assert moved.zone == "America/New_York"
    assert moved.notes[day_number(date(2026, 2, 16))] == "Washington's Birthday"
    assert not is_provisional(moved, date(2027, 1, 4))
    assert "CN" in moved.name and "US-NY" in moved.name


def test_a_transfer_merges_resources() -> None:
    plain = weekdays_calendar()
    no_linac_on_monday = plain.open_table(CLINIC).copy()
    no_linac_on_monday[np.arange(len(no_linac_on_monday)) % 7 == (day_number(date(2026, 1, 5)) - plain.first_day) % 7] = False
    with_linac = SiteCalendar("B", "Asia/Tokyo", plain.first_day, {**plain.open_days, "linac": no_linac_on_monday}, plain.provisional)
    moved = after_transfer(plain, with_linac, date(2026, 1, 12))
    assert moved.is_open("linac", date(2026, 1, 5)) and not moved.is_open("linac", date(2026, 1, 12))
    assert moved.is_open(CLINIC, date(2026, 1, 12))


def test_a_transfer_may_join_spans_of_different_lengths() -> None:
    moved = after_transfer(weekdays_calendar(2020, 2026), every_day_calendar(2024, 2030), date(2025, 6, 1))
    assert moved.first_day == day_number(date(2020, 1, 1)) and moved.last_day == day_number(date(2030, 12, 31))
    assert not moved.is_open(CLINIC, date(2025, 5, 31)) and moved.is_open(CLINIC, date(2025, 6, 1))


def test_a_transfer_before_the_first_day_leaves_only_the_new_site() -> None:
    moved = after_transfer(weekdays_calendar(2026, 2026), every_day_calendar(2020, 2026), date(2025, 12, 27))
    assert moved.first_day == day_number(date(2025, 12, 27)) and moved.open_table(CLINIC).all()


def test_a_transfer_that_a_calendar_does_not_cover_is_refused() -> None:
    with pytest.raises(CalendarError, match="ends on 2025-12-31"):
        after_transfer(weekdays_calendar(2024, 2025), weekdays_calendar(2024, 2030), date(2026, 6, 1))
    with pytest.raises(CalendarError, match="not the transfer"):
        after_transfer(weekdays_calendar(2024, 2030), weekdays_calendar(2027, 2030), date(2026, 6, 1))


def test_a_calendar_without_an_open_day_is_refused() -> None:
    plain = weekdays_calendar(2026, 2026)
    never = SiteCalendar("S", "UTC", plain.first_day, {**plain.open_days, "linac": np.zeros(365, dtype=np.bool_)}, plain.provisional)
    with pytest.raises(CalendarError, match="no open day for linac from 2026-01-01 to 2026-12-31"):
        require_open_days(never)


@pytest.mark.parametrize("zone", ["Asia/Shangai", "Europe", "../../etc/passwd", "", "/etc/localtime"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(CalendarError, match="not an IANA time zone"):
        require_zone(zone)


def test_zones_of_countries_with_several() -> None:
    wanted = {"US-CA": "America/Los_Angeles", "US-NY": "America/New_York", "AU": "Australia/Sydney", "CA-BC": "America/Vancouver"}
    assert {code: country_zone(code) for code in wanted} == wanted


def test_first_zones_are_those_of_the_time_zone_database() -> None:
    from importlib.resources import files

    from planner.schedule.first_zones import FIRST_ZONES

    rows = [line.split("\t") for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines() if line[:1] != "#"]
    first: dict[str, str] = {}
    for row in rows:
        first.setdefault(row[0], row[2])
    assert first == FIRST_ZONES
