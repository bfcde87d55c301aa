"""Why something was done: the codes of the log, as they are called on the screens."""

from __future__ import annotations

from dataclasses import dataclass

from planner.records.facts.reasons import REASONS
from planner.ui.language import in_language


@dataclass(frozen=True, slots=True)
class Why:
    """What a person gave as the reason of an act."""

    reason: str = ""
    """A code of ``planner.records.facts.reasons.REASONS``, or ""."""
    note: str = ""


def reason_label(code: str) -> str:
    """A reason in the language of the page."""
    return in_language(REASONS[code])
