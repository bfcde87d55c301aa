import importlib.resources
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.exchange.time_zones import UnknownZoneError, is_on_the_clock, rule_covers, zone_info, zone_rule
from planner.schedule.calendar import CalendarError
from planner.schedule.country_zones import require_zone
from planner.schedule.zone_names import ZONE_NAMES

ZONES = importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
WITHOUT_YEARLY_RULE = {
    "Africa/Cairo",
    "America/Godthab",
    "America/Nuuk",
    "America/Santiago",
    "America/Scoresbysund",
    "Asia/Gaza",
    "Asia/Hebron",
    "Asia/Jerusalem",
    "Asia/Tel_Aviv",
    "Chile/Continental",
    "Egypt",
    "Israel",
}
"""Their clocks change at 24:00 or later, or before 0:00, of the day that the rule names."""


def test_the_table_of_names_is_that_of_the_package() -> None:
    assert set(ZONES) == ZONE_NAMES, "write planner/schedule/zone_names.py anew from the package's list"


def test_a_calendar_s_zone_is_one_that_events_can_be_written_in() -> None:
    for zone in ("localtime", "posix/Asia/Shanghai", "asia/shanghai", "Asia", "../zones"):
        with pytest.raises(CalendarError):
            require_zone(zone)
        with pytest.raises(UnknownZoneError):
            zone_info(zone)


def test_the_zones_without_a_yearly_rule() -> None:
    assert {zone for zone in ZONES if zone_rule(zone) is None} == WITHOUT_YEARLY_RULE


@pytest.mark.parametrize("zone", sorted(WITHOUT_YEARLY_RULE))
def test_no_moment_is_covered_in_a_zone_without_a_yearly_rule(zone: str) -> None:
    assert not any(rule_covers(zone, datetime(year, 7, 1, tzinfo=UTC)) for year in range(1990, 2060))


@pytest.mark.parametrize(
    ("zone", "last_before"),
    [
        ("America/New_York", datetime(2007, 3, 11, 6, 59, 59, tzinfo=UTC)),
        ("Europe/Istanbul", datetime(2016, 3, 27, 0, 59, 59, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2019, 2, 17, 1, 59, 59, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(1991, 9, 14, 16, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_present_rule_covers_what_follows_its_beginning(zone: str, last_before: datetime) -> None:
    assert not rule_covers(zone, last_before)
    assert rule_covers(zone, last_before + timedelta(seconds=1))
    assert rule_covers(zone, datetime(2100, 1, 1, tzinfo=UTC))


def test_utc_has_always_had_its_rule() -> None:
    assert rule_covers("UTC", datetime(1900, 1, 1, tzinfo=UTC))


def test_covered_moments_have_the_offset_of_the_rule_in_every_zone() -> None:
    """Each 37 hours from 1990 to 2045, by zoneinfo, which reads the same data itself."""
    for zone in ZONES[::12]:
        rule, info = zone_rule(zone), zone_info(zone)
        moment = datetime(1990, 1, 1, tzinfo=UTC)
        while rule is not None and moment.year < 2045:
            if rule_covers(zone, moment):
                assert timedelta(seconds=rule.offset_at(int(moment.timestamp()))) == moment.astimezone(info).utcoffset(), (zone, moment)
            moment += timedelta(hours=37 * 12)


def test_a_year_outside_the_rule_in_between_is_not_covered() -> None:
    """Cuba's clocks did not go back in autumn 2026, so the rule holds again only from a year later, if the zone data knows it."""
    info = zone_info("America/Havana")
    winter = datetime(2026, 12, 15, tzinfo=UTC)
    if winter.astimezone(info).utcoffset() == timedelta(hours=-4):
        assert not rule_covers("America/Havana", winter)
    assert rule_covers("America/Havana", datetime(2029, 12, 15, tzinfo=UTC))


def test_the_zone_is_the_one_that_python_knows() -> None:
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert zone_info("Australia/Lord_Howe").key == "Australia/Lord_Howe"
    assert moment.astimezone(zone_info("Asia/Kolkata")).utcoffset() == moment.astimezone(ZoneInfo("Asia/Kolkata")).utcoffset()


@pytest.mark.parametrize(
    "zone", ["", "Europe", "Europe/Nowhere", "../zones", "/etc/passwd", "Europe/Berlin\n", "zones", "Europe//Berlin", "."]
)
def test_an_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(UnknownZoneError, match="is no time zone; a name of the IANA list is needed"):
        zone_info(zone)
    with pytest.raises(UnknownZoneError):
        rule_covers(zone, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        rule_covers("Europe/Berlin", datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("zone", "wall", "is_shown"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), False),
        ("Europe/Berlin", datetime(2026, 3, 29, 3, 0), True),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), True),
        ("Asia/Shanghai", datetime(2026, 3, 29, 2, 30), True),
    ],
)
def test_the_hour_left_out_in_spring_is_on_no_clock(zone: str, wall: datetime, is_shown: bool) -> None:
    assert is_on_the_clock(zone, wall) == is_shown
