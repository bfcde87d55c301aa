"""Site calendars from files: the one place that reads them (docs/calendars.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planner.protocol.located_yaml import MOST_BYTES
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.calendar_sources import FIRST_YEAR, LAST_YEAR, calendar_named

_FILE_SUFFIXES = (".yaml", ".yml")


def load_calendar(name_or_path: str, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> SiteCalendar:
    """The calendar of the file at this path if there is one, else the calendar of this name (``CN``, ``weekdays``, ``none``).

    Raises CalendarError for an unknown name, a missing or unreadable file, or one with faults (all of them listed).
    """
    path = Path(name_or_path)
    if not _is_there(path.is_file):
        if _looks_like_a_path(name_or_path):
            what = "is a directory, not a calendar file" if _is_there(path.is_dir) else "there is no such calendar file"
            raise CalendarError(f"{name_or_path}: {what}. Give a YAML file, a code such as CN or US-NY, weekdays, or none.")
        try:
            return calendar_named(name_or_path, first_year, last_year)
        except CalendarError as error:
            raise CalendarError(f"{error} Or give the path of a calendar file.") from None
    from planner.schedule.calendar_text import calendar_from_text

    return calendar_from_text(_text(path), name_or_path, first_year, last_year)


def _is_there(asked: Callable[[], bool]) -> bool:
    """The answer to ``path.is_file`` or ``path.is_dir``; a name too long for the file system is neither."""
    try:
        return asked()
    except OSError:
        return False


def _looks_like_a_path(name: str) -> bool:
    return name.endswith(_FILE_SUFFIXES) or "/" in name or "\\" in name


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CalendarError(f"{path}: this file cannot be read ({error.strerror or 'unknown reason'}). Check its permissions.") from None
    if len(content) > MOST_BYTES:
        raise CalendarError(f"{path}: this file is larger than 1 MB; a calendar file has a few kB. Is it the right file?")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CalendarError(f"{path}: this file is in UTF-16. Save it as UTF-8.")
    if b"\0" in content:
        raise CalendarError(f"{path}: this file is binary, not text. Give a YAML file.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CalendarError(f"{path}:{line}: this file is not in UTF-8 (first wrong byte on this line). Save it as UTF-8.") from None
