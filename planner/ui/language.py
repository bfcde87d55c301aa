"""The language of the screens, and messages in it (gettext catalogs in ``planner/ui/locale``, read with Babel).

The language is looked up at each call and never kept: parts of a page are drawn again by themselves, in a thread of their own.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Literal, cast

import streamlit as st
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from planner.exchange.prints.day_names import DayNames
from planner.protocol.durations import Duration
from planner.protocol.said import Said

Language = Literal["en", "zh-CN"]
LANGUAGES: dict[Language, str] = {"en": "English", "zh-CN": "简体中文"}
"""Each language by what it calls itself."""
STANDARD: Language = "en"

_CATALOGS = Path(__file__).parent / "locale"
_KEY = "language"
DayWords = Callable[[date], str]
_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def language() -> Language:
    """The language of whoever looks at the page; English outside of one."""
    asked = _spoken.get()
    if asked is not None:
        return asked
    if get_script_run_ctx(suppress_warning=True) is None:
        return STANDARD
    return cast(Language, st.session_state.get(_KEY, STANDARD))


@contextmanager
def speaking(asked: Language) -> Iterator[None]:
    """Speak this language inside the block, whoever looks: for files made after the page was drawn, and for tests."""
    before = _spoken.set(asked)
    try:
        yield
    finally:
        _spoken.reset(before)


def choose_language(code: str) -> None:
    """Speak this language from now on; one that there is not is the standard one."""
    st.session_state[_KEY] = code if code in LANGUAGES else STANDARD


def language_of(text: str | None) -> Language:
    """The language for a browser's ``zh-CN``, ``zh-Hans`` or ``en-GB``."""
    return "zh-CN" if (text or "").lower().startswith("zh") else STANDARD


def t(message: str, /, **values: object) -> str:
    """``message`` in the language of the page, with ``values`` filled in as ``str.format`` does."""
    text = _catalog(language()).gettext(message)
    return text.format(**values) if values else text


def tn(one: str, many: str, number: int, /, **values: object) -> str:
    """The same for a number of things; ``{number}`` is filled in."""
    return _catalog(language()).ngettext(one, many, number).format(number=number, **values)


def day_in_words(day: date) -> str:
    """A day as the page writes it: ``Fri 17 Apr 2026``, ``2026年4月17日 周五``."""
    if language() == STANDARD:
        return f"{day:%a} {day.day} {day:%b} {day.year}"
    return DayNames(language()).short_day(day)


def length_in_words(length: Duration) -> str:
    """A length of time, always without a sign: ``14 days``, ``6 weeks``, ``3 months``, ``1 open day``."""
    if length.working_days is not None:
        return tn("{number} open day", "{number} open days", abs(length.working_days))
    parts = []
    if length.months:
        months = abs(length.months)
        if months % 12 == 0:
            parts.append(tn("{number} year", "{number} years", months // 12))
        else:
            parts.append(tn("{number} month", "{number} months", months))
    days = abs(length.days)
    if days and days % 7 == 0 and days > 14:
        parts.append(tn("{number} week", "{number} weeks", days // 7))
    elif days or not parts:
        parts.append(tn("{number} day", "{number} days", days))
    return t(" and ").join(parts)


def in_language(text: str) -> str:
    """A sentence from below the screens, said in the language of the page and with its days as the page writes them.

    It is as it is where it has no translation.
    """
    return _filled(text, day_in_words)


def in_language_of_tables(text: str) -> str:
    """The same with days as ``2026-04-17``, for tables that are compared with files and exports."""
    return _filled(text, date.isoformat)


def _filled(text: str, day_words: DayWords) -> str:
    catalog = _catalog(language())
    if isinstance(text, Said):
        values = {name: _value(value, day_words) for name, value in text.values.items()}
        return catalog.gettext(text.template).format_map(values)
    return catalog.gettext(text) if text else text


def _value(value: object, day_words: DayWords) -> object:
    match value:
        case Said():
            return _filled(value, day_words)
        case datetime():
            return value
        case date():
            return _Day(value, day_words)
        case Duration():
            return length_in_words(value)
        case tuple():
            return DayNames(language()).listed(tuple(str(_value(part, day_words)) for part in value))
        case _:
            return value


@dataclass(frozen=True, slots=True)
class _Day:
    """A date that a template asks for as a whole, in whatever form, or for its weekday alone (``%a``, ``%A``)."""

    day: date
    words: DayWords

    def __format__(self, form: str) -> str:
        if not form or "%Y" in form:
            return self.words(self.day)
        if language() == STANDARD:
            return format(self.day, form)
        weekday = DayNames(language()).weekdays()[self.day.weekday()]
        return format(self.day, form.replace("%A", weekday).replace("%a", weekday))

    def __str__(self) -> str:
        return self.words(self.day)


@cache
def _catalog(asked: Language) -> NullTranslations:
    """All catalogs of a language as one; none for the language that messages are written in."""
    if asked == STANDARD:
        return NullTranslations()
    whole = Catalog(locale=asked.replace("-", "_"))
    for path in sorted((_CATALOGS / asked.replace("-", "_")).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=whole.locale):
                if message.id:
                    whole.add(message.id, message.string)
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)
