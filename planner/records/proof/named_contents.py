"""Which kept texts a fact names, by the raw values of its kind, value and details."""

from __future__ import annotations

import json
from typing import Any

from planner.records.facts.kinds import Kind

_PROTOCOL_IN_VALUE = frozenset({str(Kind.ENROLLED), str(Kind.PROTOCOL_AMENDED)})
_CALENDAR_IN_VALUE = frozenset({str(Kind.CALENDAR_REFRESHED), str(Kind.SITE_CALENDAR_SET)})
_CALENDAR_IN_DETAILS = frozenset({str(Kind.ENROLLED), str(Kind.SITE_TRANSFERRED)})

CONTENT_IN_VALUE = _PROTOCOL_IN_VALUE | _CALENDAR_IN_VALUE
"""The kinds of facts whose value is a text's hash."""
NAMING_KINDS = CONTENT_IN_VALUE | _CALENDAR_IN_DETAILS
"""The kinds of facts that name a text."""


def named_contents(kind: str, value: str, details: str) -> tuple[tuple[str, str], ...]:
    """Hash and kind (``protocol`` or ``calendar``) of each text that the fact names; ``details`` is their JSON."""
    named = []
    if kind in _PROTOCOL_IN_VALUE:
        named.append((value, "protocol"))
    if kind in _CALENDAR_IN_VALUE:
        named.append((value, "calendar"))
    if kind in _CALENDAR_IN_DETAILS and (calendar := _calendar(details)):
        named.append((calendar, "calendar"))
    return tuple(named)


def _calendar(details: Any) -> str:
    try:
        return str(json.loads(details).get("calendar", ""))
    except (TypeError, ValueError, AttributeError):
        return ""
