"""What went wrong at a calendar server, as sentences."""

from __future__ import annotations

from planner.records.errors import RecordsError

_KEPT = "What was sent before is kept; run it again once this is mended, and it goes on from there."

_WHY = {
    400: "it does not understand the request; is the address that of a calendar?",
    401: "it does not accept the account or the password; check PLANNER_CALDAV_USER and PLANNER_CALDAV_PASSWORD",
    403: "this account may not do that there; give it the right to write to the calendar, or use another",
    404: "there is nothing at this address any more",
    405: "it does not do that at this address; is the address that of a calendar?",
    409: "this conflicts with something that it holds, perhaps a copy of the same event under another name; delete the copy",
    412: "the event was changed there a moment ago",
    413: "it takes no event of this size; raise its limit",
    415: "it takes no iCalendar there; is the address that of a calendar?",
    423: "the event is locked there; try again later",
    507: "it has no room left; make room there",
}


class CalendarServerError(RecordsError):
    """A calendar server that cannot be used (now); the text says why and what would mend it, never a password."""


def in_words(status: int) -> str:
    """Why a server refuses, by its HTTP status; no full stop at the end."""
    if status in _WHY:
        return f"{_WHY[status]} (HTTP {status})"
    if 300 <= status < 400:
        return f"it redirects to another place, which is not followed here (HTTP {status})"
    if status >= 500:
        return f"something is wrong with it; try again later, or ask who runs it (HTTP {status})"
    return f"its answer is not understood (HTTP {status}); is the address that of a calendar?"


def refused(host: str, status: int) -> CalendarServerError:
    """The error of a server that refuses altogether."""
    return CalendarServerError(f"{host} refuses: {in_words(status)}. {_KEPT}")


def unusable(host: str, why: str) -> CalendarServerError:
    """The error of a server that does not answer as one should; ``why`` goes on after the host's name, without a full stop."""
    return CalendarServerError(f"{host} {why}. {_KEPT}")
