"""Calendar files as other programs write them, with events of ours put in by UID."""

from __future__ import annotations

OURS = "0123456789abcdef0123456789abcdef@trial-visit-planner"
OTHER = "fedcba9876543210fedcba9876543210@trial-visit-planner"


def lines(*text: str, end: str = "\r\n") -> bytes:
    return "".join(line + end for line in text).encode("utf-8")


def event(*properties: str, uid: str = OURS) -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", *properties, "END:VEVENT")


def calendar(*components: str, end: str = "\r\n") -> bytes:
    return lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *components, "END:VCALENDAR", end=end)


BERLIN = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def thunderbird(uid: str = OURS) -> bytes:
    """An event moved in Thunderbird, exported with its own zone component and bookkeeping properties."""
    return lines(
        "BEGIN:VCALENDAR",
        "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
        "VERSION:2.0",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "X-TZINFO:Europe/Berlin[2025b]",
        "BEGIN:STANDARD",
        "TZOFFSETTO:+010000",
        "TZOFFSETFROM:+005328",
        "TZNAME:Europe/Berlin(STD)",
        "DTSTART:18930401T000000",
        "RDATE:18930401T000000",
        "END:STANDARD",
        *BERLIN[2:],
        "BEGIN:VEVENT",
        "CREATED:20260220T101500Z",
        "LAST-MODIFIED:20260303T081500Z",
        "DTSTAMP:20260303T081500Z",
        f"UID:{uid}",
        "SUMMARY:ULRRC 0042 C3D1",
        "STATUS:CONFIRMED",
        "DTSTART;TZID=Europe/Berlin:20260402T093000",
        "DTEND;TZID=Europe/Berlin:20260402T103000",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "X-MOZ-LASTACK:20260303T081400Z",
        'DESCRIPTION;ALTREP="data:text/html,%3Cbody%3ENominal%3C%2Fbody%3E":Nomin',
        " al: 2026-04-01",
        "SEQUENCE:1",
        "X-MOZ-GENERATION:2",
        "END:VEVENT",
        "END:VCALENDAR",
    )


def outlook(uid: str = OURS) -> bytes:
    """An event in China as Outlook saves it: a Windows zone name, a zone component from 1601 on, tabs in folds, properties of its own."""
    return lines(
        "BEGIN:VCALENDAR",
        "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "X-MS-OLK-FORCEINSPECTOROPEN:TRUE",
        "BEGIN:VTIMEZONE",
        "TZID:China Standard Time",
        "BEGIN:STANDARD",
        "DTSTART:16010101T000000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "CLASS:PUBLIC",
        "CREATED:20260303T081500Z",
        "DESCRIPTION:Nominal: 2026-04-01\\nEarliest: 2026-03-29\\nLatest: 2026-04-04",
        "\t\\n",
        'DTEND;TZID="China Standard Time":20260402T103000',
        "DTSTAMP:20260303T081500Z",
        'DTSTART;TZID="China Standard Time":20260402T093000',
        "LAST-MODIFIED:20260303T081500Z",
        "PRIORITY:5",
        "SEQUENCE:0",
        "SUMMARY;LANGUAGE=zh-cn:ULRRC 0042 C3D1",
        "TRANSP:OPAQUE",
        f"UID:{uid}",
        'X-ALT-DESC;FMTTYPE=text/html:<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2//E',
        '\tN">',
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "X-MICROSOFT-CDO-IMPORTANCE:1",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "ACTION:DISPLAY",
        "DESCRIPTION:Reminder",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )


def google(uid: str = OURS) -> bytes:
    """Google exports in UTC, with the calendar's zone as a property of its own."""
    return lines(
        "BEGIN:VCALENDAR",
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:clinic",
        "X-WR-TIMEZONE:Europe/Berlin",
        "BEGIN:VEVENT",
        "DTSTART:20260402T073000Z",
        "DTEND:20260402T083000Z",
        "DTSTAMP:20260303T093000Z",
        f"UID:{uid}",
        "CREATED:20260220T101500Z",
        "DESCRIPTION:Nominal: 2026-04-01\\nEarliest: 2026-03-29",
        "LAST-MODIFIED:20260303T081500Z",
        "SEQUENCE:2",
        "STATUS:CONFIRMED",
        "SUMMARY:ULRRC 0042 C3D1",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    )


def apple(uid: str = OURS) -> bytes:
    """Apple's Calendar: rules that have ended stand beside those in force, and DURATION may take the place of DTEND."""
    return lines(
        "BEGIN:VCALENDAR",
        "CALSCALE:GREGORIAN",
        "PRODID:-//Apple Inc.//macOS 15.1//EN",
        "VERSION:2.0",
        "X-APPLE-CALENDAR-COLOR:#1BADF8",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19810329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:GMT+2",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:GMT+1",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "CREATED:20260220T101500Z",
        "DTSTAMP:20260303T081500Z",
        "DTSTART;TZID=Europe/Berlin:20260402T093000",
        "DURATION:PT1H",
        "LAST-MODIFIED:20260303T081500Z",
        "SEQUENCE:1",
        "SUMMARY:ULRRC 0042 C3D1",
        "TRANSP:OPAQUE",
        f"UID:{uid}",
        "X-APPLE-CREATOR-IDENTITY:com.apple.calendar",
        "BEGIN:VALARM",
        "ACTION:NONE",
        "TRIGGER;VALUE=DATE-TIME:19760401T005545Z",
        "X-APPLE-DEFAULT-ALARM:TRUE",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
