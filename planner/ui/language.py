"""The language of the screens, and messages in it (gettext catalogs in ``planner/ui/locale``, read with Babel).

The language is looked up at each call and never kept: parts of a page are drawn again by themselves, in a thread of their own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Literal, cast

import streamlit as st
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from planner.protocol.said import Said

Language = Literal["en", "zh-CN"]
LANGUAGES: dict[Language, str] = {"en": "English", "zh-CN": "简体中文"}
"""Each language by what it calls itself."""
STANDARD: Language = "en"

_CATALOGS = Path(__file__).parent / "locale"
_KEY = "language"
_CHINESE_DAYS = "一二三四五六日"
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


def in_language(text: str) -> str:
    """A sentence from below the screens, said in the language of the page; as it is where it has no translation."""
    if language() == STANDARD:
        return text
    catalog = _catalog(language())
    if isinstance(text, Said):
        values = {name: _in_language(value) for name, value in text.values.items()}
        return catalog.gettext(text.template).format_map(values)
    return catalog.gettext(text) if text else text


def _in_language(value: object) -> object:
    match value:
        case Said():
            return in_language(value)
        case date():
            return _Day(value)
        case tuple():
            return "、".join(str(_in_language(part)) for part in value)
        case _:
            return value


class _Day:
    """A date whose ``%a`` and ``%A`` are Chinese."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __format__(self, form: str) -> str:
        weekday = _CHINESE_DAYS[self.day.weekday()]
        return format(self.day, form.replace("%A", f"星期{weekday}").replace("%a", f"周{weekday}"))

    def __str__(self) -> str:
        return str(self.day)


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
