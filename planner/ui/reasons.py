"""Why something was done: the codes of the log, as they are called on the screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.records.facts.reasons import REASONS
from planner.ui.language import in_language

_OF_THE_RECORD = ("transcription_error", "source_checked", "entered_late", "wrong_subject", "taken_back")

USUAL_REASONS: Sequence[str] = tuple(REASONS)
"""The codes in the order of their list."""
REASONS_OF_A_CORRECTION: Sequence[str] = (*_OF_THE_RECORD, *(code for code in REASONS if code not in _OF_THE_RECORD))
"""The same for where something on record is corrected: the reasons of the record itself come first."""


@dataclass(frozen=True, slots=True)
class Why:
    """What a person gave as the reason of an act."""

    reason: str = ""
    """A code of ``planner.records.facts.reasons.REASONS``, or ""."""
    note: str = ""


def reason_label(code: str) -> str:
    """A reason in the language of the page."""
    return in_language(REASONS[code])
