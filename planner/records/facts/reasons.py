"""Why something was done or changed: codes from one list for all acts. They may leave in exports; free text may not."""

from __future__ import annotations

from collections.abc import Mapping

from planner.protocol.errors import nearest
from planner.protocol.said import said
from planner.records.errors import RecordsError

OTHER = "other"

REASONS: Mapping[str, str] = {
    # the subject
    "toxicity": "Side effects of the treatment",
    "illness": "Another illness, or a planned or unplanned hospital stay",
    "progression": "The disease progressed",
    "patient_request": "The subject asked for it",
    "consent_withdrawn": "The subject withdrew consent",
    "no_show": "The subject did not come",
    "transport": "The subject could not travel",
    "moved_away": "The subject moved to another place",
    "not_eligible": "Entry criteria are not met",
    # the site
    "investigator_decision": "The investigator's medical judgement",
    "clinic_closed": "The clinic was closed",
    "holiday": "A public holiday",
    "no_slot": "No free place, chair or staff",
    "machine_failure": "A machine was out of order or in maintenance",
    "laboratory_pending": "A laboratory, imaging or pathology result was not there in time",
    "drug_supply": "The drug was not there",
    "late_infusion": "An earlier dose was late, so this moves with it",
    # the study
    "sponsor_request": "The sponsor asked for it",
    "protocol_amendment": "A new version of the protocol",
    "calendar_changed": "The site's calendar changed",
    "done_elsewhere": "Done at another place, or as routine care",
    "study_closed": "The study or the site was closed",
    # the record itself
    "transcription_error": "It was written down wrongly",
    "source_checked": "Checked against the source document",
    "entered_late": "It was known earlier and is entered only now",
    "wrong_subject": "It was entered for the wrong subject",
    "taken_back": "Taken back by the person who had just saved it, or who looked at it again",
    OTHER: "Another reason, in the note",
}
"""Code to English label. Codes are in the log for good: none is removed or renamed."""


class ReasonError(RecordsError, ValueError):
    """A reason that is not in the list, or one that says nothing; the message lists what there is."""


def require_reason(code: str, note: str = "") -> str:
    """``code`` itself, if it is in ``REASONS``; ``other`` needs a note that says more.

    Raises ReasonError, with the nearest code and the whole list.
    """
    if code not in REASONS:
        near = nearest(code, REASONS)
        text = "{code} is no reason. Did you mean {near}? Pick one of {reasons}." if near else "{code} is no reason. Pick one of {reasons}."
        raise ReasonError(said(text, code=_shown(code), near=near, reasons=tuple(REASONS)))
    if code == OTHER and not note.strip():
        raise ReasonError(said("The reason other says nothing by itself. Add a note, or pick a reason from the list."))
    return code


def _shown(code: str) -> str:
    # Free text in the wrong place may hold anything about a subject, and messages are copied into mails.
    return f'"{code}"' if len(code) <= 30 and code.replace("_", "").replace("-", "").isalnum() else said("This")
