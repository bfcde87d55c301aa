"""What commands read before they answer: a protocol, a calendar, the day asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planner.commands.failures import InputWrong

if TYPE_CHECKING:
    from planner.protocol.plan import Plan
    from planner.schedule.calendar import SiteCalendar

DEFAULT_CALENDAR = "weekdays"


def read_plan(name_or_path: str) -> Plan:
    """The compiled protocol of that name or at that path; raises ProtocolErrors with every fault."""
    from planner.protocol.compile import compile_plan
    from planner.protocol.library import load_protocol

    return compile_plan(load_protocol(name_or_path))


def read_calendar(name_or_path: str) -> SiteCalendar:
    """The calendar of that name or at that path; raises CalendarError."""
    from planner.exchange.calendar_file import load_calendar

    return load_calendar(name_or_path)


def read_date(option: str, text: str) -> date:
    """The date behind an option; raises InputWrong."""
    from planner.exchange.fact_texts import FactTextError, iso_date

    try:
        return iso_date(text.strip())
    except FactTextError as error:
        raise InputWrong([f"{option}: {error}"]) from None


def day_asked_about(on: str | None, calendar: SiteCalendar | None) -> date:
    """``--on``, else today at the site (UTC where no calendar tells); raises InputWrong."""
    if on is not None:
        return read_date("--on", on)
    from planner.exchange.today import today_in

    return today_in("UTC" if calendar is None else calendar.zone)


def read_bytes(path: Path, most: int) -> bytes:
    """The content of an input file, but no more than one byte above ``most``; raises InputWrong with the reason."""
    try:
        if path.is_dir():
            raise InputWrong([f"{path}: this is a folder; name a file in it"])
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise InputWrong([f"{path}: there is no such file; check its name and folder"]) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name is none that a file can have"
        raise InputWrong([f"{path}: this file cannot be read ({reason}); check its permissions"]) from None
