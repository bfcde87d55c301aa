"""How the deviation ledger is spoken of."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from planner.records.lists.deviations import Deviation
from planner.ui.language import t, tn
from planner.ui.reasons import reason_label
from planner.ui.words import short_date

KIND_UNKNOWN = "unknown"
"""Of a withdrawn deviation whose check the protocol no longer has."""


def deviation_kind_word(kind: str) -> str:
    """What a kind of deviation is called."""
    return {
        "out_of_window": t("out of window"),
        "missed": t("missed visit"),
        "interval": t("interval"),
        "fractions": t("fractions"),
        "order": t("order"),
        "age": t("age"),
        "dose_in_hold": t("dose during a hold"),
        "outside_plan": t("outside the plan"),
        KIND_UNKNOWN: t("of an earlier protocol version"),
    }[kind]


def deviation_status_word(status: str) -> str:
    """How a deviation was judged, if it was."""
    return {
        "proposed": t("to be classed"),
        "important": t("important"),
        "not_important": t("not important"),
        "withdrawn": t("withdrawn"),
    }[status]


def status_label(status: str) -> str:
    """What a view of the ledger is called."""
    return {
        "all": t("All deviations"),
        "proposed": t("To be classed"),
        "important": t("Important"),
        "not_important": t("Not important"),
        "withdrawn": t("Withdrawn"),
    }[status]


def status_about(status: str) -> str:
    """What is in a view of the ledger, in a sentence."""
    return {
        "all": t("What the recorded facts propose as deviations, and how people judged them; the newest first."),
        "proposed": t("Proposed by the recorded facts; nobody has judged them yet."),
        "important": t("Judged as important by a person."),
        "not_important": t("Judged as not important by a person."),
        "withdrawn": t("Judged by a person, and no longer deviations by the facts as they now stand."),
    }[status]


def days_words(line: Deviation) -> str:
    """By how many days, and to which side; "" where it cannot be counted."""
    if line.days is None or not line.side:
        return ""
    if line.side == "early":
        return tn("{number} day too early", "{number} days too early", line.days)
    return tn("{number} day too late", "{number} days too late", line.days)


def judged_words(line: Deviation) -> list[str]:
    """Who classed a deviation, when, why, and how they explained it; nothing where nobody has."""
    if line.classed_at is None:
        return []
    said = [
        t("{account}, {moment}", account=line.classed_by, moment=moment_words(line.classed_at)),
        reason_label(line.reason) if line.reason else "",
        t("“{explanation}”", explanation=line.explanation) if line.explanation else "",
    ]
    return [text for text in said if text]


def moment_words(moment: datetime) -> str:
    """``Fri 20 Nov 2026 06:00 UTC``."""
    there = moment.astimezone(ZoneInfo("UTC"))
    return f"{short_date(there.date())} {there:%H:%M} UTC"


def deviation_name(line: Deviation) -> str:
    """A deviation in few words: ``BEI-002 C1D3, out of window``."""
    about = f"{line.subject} {line.visit}".strip()
    return t("{about}, {kind}", about=about, kind=deviation_kind_word(kind_of(line)))


def kind_of(line: Deviation) -> str:
    """The kind as filters name it."""
    return KIND_UNKNOWN if line.kind is None else line.kind.value
