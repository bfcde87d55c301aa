"""Streamlit's own log without anything that was entered or read: the texts of errors hold subject numbers."""

from __future__ import annotations

import logging

from planner.ui.refusals import places_of

LOGGERS = ("streamlit.runtime.backend_operation_handler", "streamlit.error_util")
"""Where Streamlit writes down the errors of files to take along, and those that nobody caught."""


class WithoutTexts(logging.Filter):
    """Lets a line about an error say its kind and the places in the program, and nothing of its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, without the error's text."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg, record.args = "%s: %s at %s", (record.name, type(error).__name__, places_of(error))
        record.exc_info = record.exc_text = record.stack_info = None
        return True


_FILTER = WithoutTexts()


def keep_texts_out_of_the_log() -> None:
    """From now on, in the whole process; once is enough, and again does nothing."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
