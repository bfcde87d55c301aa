"""What an enrolled subject's page shows of a visit besides its dates: what can be done about it, and which dates it has had."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from planner.records.changes.view import SubjectView
from planner.records.history.history import VisitHistory
from planner.schedule.rows import VisitRow
from planner.ui.beside import Beside
from planner.ui.language import t
from planner.ui.next_visit import next_visit
from planner.ui.preview import Preview
from planner.ui.subject_acts import Act, May, visit_acts
from planner.ui.visit_past import visit_past_html


def beside_subject(
    view: SubjectView, preview: Preview, may: May, past: VisitHistory | None, act: Callable[[str], None], as_of_word: str
) -> Beside:
    """The subject's own part of the views; ``past`` is the history of the visit that is looked at."""
    upcoming = next_visit(preview)

    def past_of(row: VisitRow) -> str:
        return "" if past is None or past.visit != row.visit else visit_past_html(past, preview.calendar.zone)

    return Beside(
        acts=lambda row: acts_html(visit_acts(view, row, may)),
        past=past_of,
        act=act,
        as_of_word=as_of_word,
        keys=t("From anywhere on this page: Alt+V records the visit done, Alt+M books or moves it, Alt+P prints, Alt+T goes to Today."),
        month=preview.as_of if upcoming is None or upcoming.effective is None else upcoming.effective,
    )


def acts_html(acts: tuple[Act, ...]) -> str:
    """The acts as buttons."""
    if not acts:
        return ""
    buttons = "".join(
        f'<button type="button" class="act" data-choose="act" data-value="{escape(act.code, quote=True)}" '
        f'data-focus="act {escape(act.code, quote=True)}">{escape(act.label)}</button>'
        for act in acts
    )
    return f'<div class="acts" role="group" aria-label="{escape(t("What to do"), quote=True)}">{buttons}</div>'
