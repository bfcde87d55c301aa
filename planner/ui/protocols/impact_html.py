"""The impact of an amendment: the whole in a few sentences, and a line for each subject."""

from __future__ import annotations

from collections.abc import Sequence

from planner.records.changes.impact import SubjectImpact
from planner.ui.impact_table import impact_table
from planner.ui.language import t, tn
from planner.ui.protocols.impact import Impact
from planner.ui.words import visits_counted


def impact_html(lines: Sequence[SubjectImpact]) -> str:
    """The table."""
    return impact_table(t("What the amendment would do to each subject"), lines)


def summary_sentences(impact: Impact) -> list[str]:
    """The whole in a few sentences."""
    lines = impact.lines
    moved, changed = sum(line.moved for line in lines), sum(line.changed for line in lines)
    sentences = [
        tn("{number} subject would follow this file.", "{number} subjects would follow this file.", len(lines)),
        tn(
            "{number} of them sees a visit change: {changed}, of which {moved} move to another day.",
            "{number} of them see visits change: {changed}, of which {moved} move to another day.",
            sum(line.changed > 0 for line in lines),
            changed=visits_counted(changed),
            moved=moved,
        ),
    ]
    bookings, unfit = sum(line.bookings > 0 for line in lines), sum(line.unfit > 0 for line in lines)
    if bookings:
        text = tn(
            "{number} subject has bookings that no longer fit: they stay where they are, and somebody has to call.",
            "{number} subjects have bookings that no longer fit: they stay where they are, and somebody has to call.",
            bookings,
        )
        sentences.append(text)
    if unfit:
        text = tn(
            "Of {number} subject, something recorded no longer fits: it stays in the log and no date hangs on it.",
            "Of {number} subjects, something recorded no longer fits: it stays in the log and no date hangs on it.",
            unfit,
        )
        sentences.append(text)
    return sentences
