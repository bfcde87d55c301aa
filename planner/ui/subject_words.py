"""How a subject's place in the study, and its next visit, are said."""

from __future__ import annotations

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.schedule.facts import SubjectFacts
from planner.schedule.rows import VisitRow
from planner.ui.language import language, t
from planner.ui.preview import Preview
from planner.ui.visit_standing import standing_sign, standing_words
from planner.ui.words import listed, long_date, short_date, window_words


def state_words(facts: SubjectFacts) -> str:
    """Whether the subject is in the study, else since when and why not."""
    if facts.end is None:
        return t("in the study")
    reasons = {
        "withdrawn": t("withdrawn"),
        "died": t("died"),
        "lost": t("lost to follow-up"),
        "screen_failure": t("screen failure"),
    }
    return t("left the study on {day}: {reason}", day=short_date(facts.end.day), reason=reasons[facts.end.reason])


def visit_line(preview: Preview, row: VisitRow) -> str:
    """``C3D1 Cycle 3 day 1, Friday 17 April 2026, due, 3 days left, window 14 to 20 April``."""
    texts = ProtocolTexts(preview.plan.protocol, language())
    day = t("no date") if row.effective is None else long_date(row.effective)
    parts = (f"{row.visit} {texts.visit(row)}", day, f"{standing_sign(row)} {standing_words(row)}", window_words(row))
    return listed(part for part in parts if part)
