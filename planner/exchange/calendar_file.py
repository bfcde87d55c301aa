"""Site calendars from files: the one place that reads them (docs/calendars.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planner.protocol.located_yaml import MOST_BYTES
from planner.protocol.said import said
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
            what = said("is a directory, not a calendar file") if _is_there(path.is_dir) else said("there is no such calendar file")
            raise CalendarError(
                said(
                    "{name_or_path}: {what}. Give a YAML file, a code such as CN or US-NY, weekdays, or none.",
                    name_or_path=name_or_path,
                    what=what,
                )
            )
        try:
            return calendar_named(name_or_path, first_year, last_year)
        except CalendarError as error:
            raise CalendarError(said("{error} Or give the path of a calendar file.", error=str(error))) from None
    return calendar_from_content(_content(path), name_or_path, first_year, last_year)


def calendar_from_content(content: bytes, name: str, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> SiteCalendar:
    """The calendar of a file's content; ``name`` is what errors call the file. Raises CalendarError likewise."""
    from planner.schedule.calendar_text import calendar_from_text

    return calendar_from_text(_text(content, name), name, first_year, last_year)


def _is_there(asked: Callable[[], bool]) -> bool:
    """The answer to ``path.is_file`` or ``path.is_dir``; a name too long for the file system is neither."""
    try:
        return asked()
    except OSError:
        return False


def _looks_like_a_path(name: str) -> bool:
    return name.endswith(_FILE_SUFFIXES) or "/" in name or "\\" in name


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CalendarError(
            said(
                "{path}: this file cannot be read ({strerror}). Check its permissions.",
                path=str(path),
                strerror=error.strerror or said("unknown reason"),
            )
        ) from None


def _text(content: bytes, path: str) -> str:
    if len(content) > MOST_BYTES:
        raise CalendarError(said("{path}: this file is larger than 1 MB; a calendar file has a few kB. Is it the right file?", path=path))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CalendarError(said("{path}: this file is in UTF-16. Save it as UTF-8.", path=path))
    if b"\0" in content:
        raise CalendarError(said("{path}: this file is binary, not text. Give a YAML file.", path=path))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CalendarError(
            said("{path}:{line}: this file is not in UTF-8 (first wrong byte on this line). Save it as UTF-8.", path=path, line=line)
        ) from None
