"""Facts of all logs as HTML: each with its place, who recorded it, of whom, what and why."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from planner.records.facts.fact import ADMINISTRATION, Fact
from planner.records.facts.wording import in_words
from planner.ui.language import in_language_of_tables, t
from planner.ui.list_html import list_html
from planner.ui.places import subject_address
from planner.ui.reasons import reason_label
from planner.ui.visit_past import moment_words, role_word


def log_html(facts: Iterable[Fact]) -> str:
    """The table; cards where there is little room."""
    heads = (t("Fact"), t("Recorded (UTC)"), t("By"), t("Of"), t("What"), t("Reason"))
    return list_html(t("The log"), heads, map(_line, facts))


def _line(fact: Fact) -> tuple[str, ...]:
    return (
        str(fact.position),
        escape(moment_words(fact.recorded_at, "UTC")),
        escape(t("{account} ({role})", account=fact.who, role=role_word(fact.role))),
        _of(fact),
        escape(in_language_of_tables(in_words(fact.said))),
        escape(why_words(fact)) or "–",
    )


def why_words(fact: Fact) -> str:
    """The reason that was given, and the note."""
    reason = reason_label(fact.said.reason) if fact.said.reason else ""
    return " · ".join(text for text in (reason, fact.said.note) if text)


def _of(fact: Fact) -> str:
    """The subject, as a link to its page, and the fact's number in its log."""
    number = escape(t("number {number}", number=fact.number))
    if fact.subject == ADMINISTRATION:
        return f'{escape(t("sites and people"))}<span class="small">{number}</span>'
    address, followed = escape(subject_address(fact.subject), quote=True), escape(str(fact.subject), quote=True)
    return f'<a href="{address}" data-follow="{followed}">{escape(str(fact.subject))}</a><span class="small">{number}</span>'
