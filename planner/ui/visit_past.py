"""Every date that a visit has had, who changed it, when and why, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from planner.records.history.history import HistoryStep, VisitHistory, VisitState
from planner.records.people.role_words import ROLE_WORDS
from planner.ui.language import in_language, t
from planner.ui.reasons import reason_label
from planner.ui.visit_standing import booked_words
from planner.ui.words import listed, sentence, short_date, status_word


def visit_past_html(history: VisitHistory, zone: str) -> str:
    """The steps in which a visit changed, the newest first; ``zone`` is the site's."""
    lines = "".join(f"<li>{_step(step, zone)}</li>" for step in reversed(history.steps))
    return f'<p class="title">{t("Its dates so far, the newest first")}</p><ol class="past" reversed>{lines}</ol>'


def moment_words(moment: datetime, zone: str) -> str:
    """When something was recorded, by the clock of the site."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{short_date(local.date())} {local:%H:%M}"


def role_word(role: str) -> str:
    """A role as it is called on the screens."""
    known = {str(one): word for one, word in ROLE_WORDS.items()}
    return in_language(known.get(role, role))


def state_words(state: VisitState | None) -> str:
    """Date and standing of a visit in one state of the log."""
    if state is None:
        return t("not part of the schedule")
    if state.standing == "planned":
        standing = status_word("upcoming") if state.booked is None else booked_words(state.booked_at)
    else:
        standing = status_word(state.standing)
    return listed((t("no date") if state.effective is None else short_date(state.effective), standing))


def _step(step: HistoryStep, zone: str) -> str:
    return "".join(f"<span>{escape(part)}</span>" for part in _parts(step, zone))


def _parts(step: HistoryStep, zone: str) -> Iterator[str]:
    after, before = state_words(step.after), state_words(step.before)
    yield after if step.before is None or before == after else t("{after} (before: {before})", after=after, before=before)
    words = {"moment": moment_words(step.recorded_at, zone), "who": step.who, "role": role_word(step.role)}
    yield t("Recorded {moment} by {who} ({role})", **words)
    yield sentence(listed(in_language(fact) for fact in step.facts))
    if step.reasons:
        yield t("Reason: {reasons}", reasons=listed(reason_label(reason) for reason in step.reasons))
    yield from step.notes
