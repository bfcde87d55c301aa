import importlib.resources
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from dateutil.tz import tzical

from planner.exchange.time_zones import rule_covers, zone_info, zone_rule
from planner.exchange.vtimezone import vtimezone

ZONES = importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
RULED = [zone for zone in ZONES if zone_rule(zone) is not None]
BERLIN = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
"""
SHANGHAI = """\
BEGIN:VTIMEZONE
TZID:Asia/Shanghai
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
TZNAME:CST
END:STANDARD
END:VTIMEZONE
"""


def changes(zone: str) -> list[datetime]:
    """The moments (UTC, to the hour or half hour) at which the offset changes from 2025 to 2034, found by looking at it every fifth day."""
    info, step = zone_info(zone), timedelta(days=5)
    found, day = [], datetime(2025, 1, 1, tzinfo=UTC)
    while day < datetime(2035, 1, 1, tzinfo=UTC):
        if day.astimezone(info).utcoffset() != (day + step).astimezone(info).utcoffset():
            moment = day
            while moment.astimezone(info).utcoffset() == day.astimezone(info).utcoffset():
                moment += timedelta(minutes=30)
            found.append(moment)
        day += step
    return found


@pytest.mark.parametrize(("zone", "expected"), [("Europe/Berlin", BERLIN), ("Asia/Shanghai", SHANGHAI)])
def test_the_component_to_the_letter(zone: str, expected: str) -> None:
    assert vtimezone(zone) == expected.replace("\n", "\r\n")


def test_daylight_is_the_greater_offset_even_where_the_zone_data_says_otherwise() -> None:
    """The zone data calls Irish winter time "daylight saving of minus one hour"."""
    daylight = vtimezone("Europe/Dublin").partition("BEGIN:DAYLIGHT")[2]
    assert "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n" in daylight


def test_each_change_of_ten_years_in_each_zone_is_where_the_zone_data_has_it() -> None:
    """As dateutil reads the component. Zones that differ in name only are read once; a local time that occurs twice is left out."""
    wrong, looked_at, alike = [], 0, set()
    for zone in RULED:
        component = vtimezone(zone)
        info = zone_info(zone)
        moments = [moment + timedelta(minutes=30 * near) for moment in changes(zone) for near in range(-4, 5)]
        moments += [datetime(2025 + year, month, 15, 12, tzinfo=UTC) for year in range(10) for month in (1, 7)]
        rule = (component.partition("BEGIN:STANDARD")[2], zone_rule(zone), tuple(moments))
        if rule in alike:
            continue
        alike.add(rule)
        reader = tzical(StringIO(f"BEGIN:VCALENDAR\r\n{component}END:VCALENDAR\r\n")).get(zone)
        for moment in moments:
            local = moment.astimezone(info)
            once = local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()
            if once and rule_covers(zone, moment):
                looked_at += 1
                wrong += [(zone, moment)] if local.replace(tzinfo=reader).utcoffset() != local.utcoffset() else []
    assert not wrong
    assert looked_at > 5000


def test_a_zone_whose_rule_is_no_yearly_recurrence_has_no_component() -> None:
    with pytest.raises(ValueError, match=r"Asia/Jerusalem cannot be written as a yearly recurrence; write its times in UTC"):
        vtimezone("Asia/Jerusalem")
