"""Feed tokens kept out of every log, whoever writes it and wherever it goes."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from traceback import format_exception

_HIDDEN = "***"
_AFTER_FEED = re.compile(r"(feed(?:/|%2f|\\+/))[^\s\"'<>,)\]}]+", re.IGNORECASE)
"""Whatever stands behind ``feed/`` in an address, whole, cut or misspelled."""
_LIKE_A_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])"
    r"(?:[A-Za-z0-9_-]{40,}|(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{20,})"
)
"""A token, or a good part of one, in any other place."""


def without_tokens(text: str) -> str:
    """The text with ``***`` for everything that may be a feed's token."""
    return _LIKE_A_TOKEN.sub(_HIDDEN, _AFTER_FEED.sub(rf"\1{_HIDDEN}", text))


def keep_tokens_out_of_logs() -> None:
    """From now on each log record of this process is made without tokens, tracebacks included.

    At the making of records, not in a filter: libraries attach loggers and handlers of their own at any time.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "keeps_tokens_out", False):
        return

    def redacted(*given: object, **named: object) -> logging.LogRecord:
        return _redacted(make(*given, **named))

    redacted.keeps_tokens_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(redacted)


def _redacted(record: logging.LogRecord) -> logging.LogRecord:
    record.msg = without_tokens(record.msg) if isinstance(record.msg, str) else record.msg
    # Argument by argument as far as these are texts: some formatters want to see them as they came.
    if isinstance(record.args, tuple):
        record.args = tuple(_text_redacted(value) for value in record.args)
    elif isinstance(record.args, Mapping):
        record.args = {name: _text_redacted(value) for name, value in record.args.items()}
    message = _message(record)
    if (cleaned := without_tokens(message)) != message:
        record.msg, record.args = cleaned, ()
    if record.exc_info and record.exc_info[1] is not None:
        trace = "".join(format_exception(*record.exc_info)).rstrip("\n")
        if (cleaned := without_tokens(trace)) != trace:
            # A formatter shows this text where there is no exception to show anew.
            record.exc_info, record.exc_text = None, cleaned
    return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # Arguments that do not fit the text: logging itself reports that once the record is shown.
        return str(record.msg)


def _text_redacted(value: object) -> object:
    return without_tokens(value) if isinstance(value, str) else value
