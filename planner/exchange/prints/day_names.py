"""Dates, times and months as people write them, in the two languages of the prints; written out here, so that no locale data is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

PrintLanguage = Literal["en", "zh-CN"]

_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_CHINESE_DAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class DayNames:
    """How one language writes days; weeks begin on Monday."""

    language: PrintLanguage

    @property
    def is_chinese(self) -> bool:
        """Whether the language is Chinese, else it is English."""
        return self.language == "zh-CN"

    def weekdays(self) -> tuple[str, ...]:
        """The headings of a week's columns, Monday first."""
        return tuple(f"周{day}" for day in _CHINESE_DAYS) if self.is_chinese else _ENGLISH_DAYS

    def day(self, day: date) -> str:
        """``17 April 2026``, ``2026年4月17日``."""
        if self.is_chinese:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"

    def long_day(self, day: date) -> str:
        """``Friday 17 April 2026``, ``2026年4月17日 星期五``."""
        if self.is_chinese:
            return f"{self.day(day)} 星期{_CHINESE_DAYS[day.weekday()]}"
        return f"{_ENGLISH_DAYS[day.weekday()]} {self.day(day)}"

    def short_day(self, day: date) -> str:
        """The same for the narrow column of a table: ``Fri 17 April 2026``, ``2026年4月17日 周五``."""
        if self.is_chinese:
            return f"{self.day(day)} 周{_CHINESE_DAYS[day.weekday()]}"
        return f"{_ENGLISH_DAYS[day.weekday()][:3]} {self.day(day)}"

    def month(self, year: int, month: int) -> str:
        """``April 2026``, ``2026年4月``."""
        return f"{year}年{month}月" if self.is_chinese else f"{_ENGLISH_MONTHS[month - 1]} {year}"

    def days(self, first: date, last: date) -> str:
        """From one day to another, both included: ``9 to 15 April 2026``, ``2026年4月9日至15日``; the day alone where they are one."""
        if first == last:
            return self.day(first)
        if self.is_chinese:
            return f"{self.day(first)}至{self._end_in_chinese(first, last)}"
        return f"{self._start_in_english(first, last)} to {self.day(last)}"

    def days_of_year(self, first: date, last: date) -> str:
        """The same in a narrow place where the year is clear: ``9–15 Apr``, ``4/9–4/15``."""
        if self.is_chinese:
            return f"{first.month}/{first.day}" + ("" if first == last else f"–{last.month}/{last.day}")
        if first == last:
            return f"{first.day} {_ENGLISH_MONTHS[first.month - 1][:3]}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{last.day} {_ENGLISH_MONTHS[last.month - 1][:3]}"
        return f"{first.day} {_ENGLISH_MONTHS[first.month - 1][:3]}–{last.day} {_ENGLISH_MONTHS[last.month - 1][:3]}"

    def time(self, at: time) -> str:
        """``09:30`` in both."""
        return f"{at:%H:%M}"

    def span(self, first: str, last: str) -> str:
        """From one thing to another: ``April 2026 to June 2026``."""
        return f"{first}至{last}" if self.is_chinese else f"{first} to {last}"

    def listed(self, parts: tuple[str, ...]) -> str:
        """Parts after one another: ``a, b``, ``a、b``."""
        return ("、" if self.is_chinese else ", ").join(parts)

    def _start_in_english(self, first: date, last: date) -> str:
        if first.year != last.year:
            return self.day(first)
        if first.month != last.month:
            return f"{first.day} {_ENGLISH_MONTHS[first.month - 1]}"
        return str(first.day)

    def _end_in_chinese(self, first: date, last: date) -> str:
        if first.year != last.year:
            return self.day(last)
        return f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
