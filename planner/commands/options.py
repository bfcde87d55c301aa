"""The options that several commands share, each with its help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Protocol = Annotated[
    str, typer.Argument(metavar="PROTOCOL", help="A name in protocols/, or the path of a protocol file.", show_default=False)
]

_FACTS = "What is known of the subject"


def _fact(name: str, metavar: str, help_text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar=metavar, help=help_text, show_default=False, rich_help_panel=_FACTS)
    return option


Start = Annotated[str | None, _fact("--start", "DATE", "The day of cycle 1 day 1, as YYYY-MM-DD.")]
Subject = Annotated[str | None, _fact("--subject", "ID", "The subject's id (S1 if not given).")]
Milestones = Annotated[list[str] | None, _fact("--milestone", "ID=DATE", "A date given from outside: CONSENT=2026-02-20. Repeatable.")]
Parameters = Annotated[list[str] | None, _fact("--set", "PARAM=VALUE", "A parameter of the protocol: cycles=6. Repeatable.")]
Decisions = Annotated[
    list[str] | None, _fact("--decide", "DECISION=CHOICE[@DATE]", "A decision taken: management=surgery@2026-05-20. Repeatable.")
]
Actuals = Annotated[list[str] | None, _fact("--actual", "VISIT=DATE", "When a visit took place: C1D1=2026-03-02. Repeatable.")]
Missed = Annotated[list[str] | None, _fact("--missed", "VISIT[=REASON]", "A visit that did not take place. Repeatable.")]
Omitted = Annotated[list[str] | None, _fact("--omit", "VISIT:ACTIVITY", "An activity not done at a visit: C2D1:PD1. Repeatable.")]
Booked = Annotated[
    list[str] | None, _fact("--booked", "VISIT=DATE[THH:MM]", "A visit that the clinic has confirmed: C2D1=2026-03-27T09:30. Repeatable.")
]
Holds = Annotated[
    list[str] | None,
    _fact(
        "--hold",
        "[STREAM:]FROM..[RESUME][:shift|skip]",
        "Treatment on hold: 2026-04-01..2026-04-15, pd1:2026-04-01.. (open), 2026-04-01..2026-04-15:skip. Repeatable.",
    ),
]
Stops = Annotated[list[str] | None, _fact("--stop", "[STREAM:]DATE", "Treatment stopped; all drugs unless a stream is named. Repeatable.")]
End = Annotated[
    str | None, _fact("--end", "REASON=DATE", "The subject left the study: withdrawn, died, lost or screen_failure, and the date.")
]
Unscheduled = Annotated[
    list[str] | None, _fact("--unscheduled", "STREAM=DATE", "A dose given outside any planned visit: pd1=2026-04-01. Repeatable.")
]
RoutineCare = Annotated[
    list[str] | None, _fact("--routine-care", "VISIT", "A visit done as routine care, which needs no consent first. Repeatable.")
]
Calendar = Annotated[
    str | None,
    typer.Option(
        "--calendar",
        metavar="CN|US-NY|weekdays|none|FILE",
        help="The site's working days: a country or subdivision code, weekdays (Monday to Friday; the default), none (every day is open), "
        "or a YAML file.",
        show_default=False,
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="DATE", help="The day asked about, for status and certainty (today at the site if not given).", show_default=False
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write to this file instead of standard output.", show_default=False)
]
Bom = Annotated[bool, typer.Option("--bom", help="Of CSV: a byte order mark first, by which Excel knows UTF-8.")]
ScheduleFormat = Literal["table", "csv", "xlsx", "json", "ics"]
TableFormat = Literal["table", "csv"]
