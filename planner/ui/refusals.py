"""What is said when something cannot be done: the sentence that the layers below wrote for the person, and a way on."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

import streamlit as st

from planner.protocol.errors import ProtocolErrors
from planner.records.changes.proposal import RefusedError
from planner.records.errors import RecordsError
from planner.schedule.calendar import CalendarError
from planner.schedule.expand import NoOpenDayError
from planner.schedule.fact_faults import FactErrors
from planner.ui.language import in_language, t
from planner.ui.words import sentence, unformatted

_log = logging.getLogger("planner.ui")

_KEPT = "refusals.kept"

SAYS_WHY = (RecordsError, ProtocolErrors, CalendarError, NoOpenDayError, FactErrors)
"""Errors whose text was written for the person at the screen."""


def sentences_of(error: Exception) -> tuple[str, ...]:
    """What such an error says, in the language of the page."""
    match error:
        case RefusedError():
            texts: Sequence[str] = error.messages
        case FactErrors():
            texts = [fault.message for fault in error.faults]
        case ProtocolErrors():
            texts = [
                t("line {line}, column {column}: {what}", line=each.line, column=each.column, what=in_language(each.message))
                for each in error.errors
            ]
        case _:
            texts = [str(error)]
    return tuple(sentence(in_language(text)) for text in texts)


def say_refusal(error: Exception) -> None:
    """Show what an error says; several sentences as a list."""
    said = [unformatted(text) for text in sentences_of(error)]
    st.error(said[0] if len(said) == 1 else "\n".join(f"* {text}" for text in said), icon=":material/error:")


class KeptRefusals:
    """Why something was refused while no page was being drawn: kept until the next one says it. Any thread may add to it."""

    def __init__(self) -> None:
        """With nothing to say."""
        self._lock = Lock()
        self._errors: dict[str, Exception] = {}

    def keep(self, error: Exception) -> None:
        """Say this once, however often it happens until then."""
        with self._lock:
            # Its traceback would keep alive all that had been read.
            self._errors[str(error)] = error.with_traceback(None)

    def take(self) -> tuple[Exception, ...]:
        """What is to be said now, and never again."""
        with self._lock:
            errors = tuple(self._errors.values())
            self._errors.clear()
        return errors


def kept_refusals() -> KeptRefusals:
    """Those of this session; asked for while a page is drawn or in a callback, and handed to what runs outside of both."""
    kept: KeptRefusals = st.session_state.setdefault(_KEPT, KeptRefusals())
    return kept


@contextmanager
def refusals_said() -> Iterator[None]:
    """Errors meant for the person are shown where they happen; the rest of the page goes on."""
    try:
        yield
    except SAYS_WHY as error:
        say_refusal(error)


def say_fault(error: Exception) -> None:
    """Show that the planner itself is at fault; what happened goes to the log, without anything that was entered."""
    number = logged_fault(error)
    st.error(
        t(
            "Something went wrong in the planner itself, and this page could not be shown. Nothing was half-written. Try again; if it "
            "happens again, tell whoever runs the planner the number {number}, which stands in its log.",
            number=number,
        ),
        icon=":material/error:",
    )


def logged_fault(error: Exception) -> str:
    """Write to the log what happened and where, without anything that was entered or read; the number under which it stands there."""
    number = secrets.token_hex(4)
    _log.error("fault %s: %s at %s", number, type(error).__name__, places_of(error))
    return number


def places_of(error: BaseException) -> str:
    """Files and lines through which an error came, the innermost last."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join(places[-8:])
