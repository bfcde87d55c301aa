"""All that was ever recorded about a subject, as an HTML table with a button for each fact that can be corrected or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from planner.records.changes.standing import root_kind, standing_of
from planner.records.facts.fact import Fact
from planner.records.facts.kinds import Kind
from planner.records.people.roles import Action, action_of
from planner.ui.fact_words import FactWords
from planner.ui.language import t
from planner.ui.reasons import reason_label
from planner.ui.subject_acts import May
from planner.ui.visit_past import moment_words, role_word


def fact_lines_html(words: FactWords, zone: str, may: May, most: int) -> str:
    """The newest ``most`` of the facts, the last one first."""
    facts = words.facts
    standing = standing_of(facts)
    replaced_by: dict[int | None, Fact] = {fact.said.replaces: fact for fact in standing.values() if fact.said.replaces is not None}
    said = {fact.number: fact.said for fact in facts}
    name = escape(t("What was recorded, the newest first"), quote=True)
    heads = (t("Number"), t("Recorded"), t("By"), t("What"), t("Reason"), t("State"), t("Act"))
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    lines = []
    for fact in list(reversed(facts))[:most]:
        in_force = fact.number in standing
        allowed = in_force and may(Action.CORRECT) and _may_mend(root_kind(said, fact.number), may)
        lines.append(_line(fact, words.of(fact.said), zone, _state(fact, standing, replaced_by), _button(fact) if allowed else ""))
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}"><table class="facts"><caption class="unseen">{name}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _may_mend(kind: Kind, may: May) -> bool:
    return kind is Kind.UNDONE or may(action_of(kind))


def _line(fact: Fact, what: str, zone: str, state: str, button: str) -> str:
    why = " ".join(text for text in (reason_label(fact.said.reason) if fact.said.reason else "", fact.said.note) if text)
    texts = (moment_words(fact.recorded_at, zone), f"{fact.who} ({role_word(fact.role)})", what, why, state)
    cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
    return f'<tr><th scope="row">{fact.number}</th>{cells}<td>{button}</td></tr>'


def _state(fact: Fact, standing: Mapping[int, Fact], replaced_by: Mapping[int | None, Fact]) -> str:
    if fact.number in standing:
        return t("✓ in force")
    by = replaced_by.get(fact.number)
    if by is None:
        return t("✗ no longer in force")
    if by.kind is Kind.UNDONE:
        return t("✗ taken back by fact {number}", number=by.number)
    return t("✗ corrected by fact {number}", number=by.number)


def _button(fact: Fact) -> str:
    label = t("Bring back") if fact.kind is Kind.UNDONE else t("Correct or take back")
    name = escape(t("{act}: fact {number}", act=label, number=fact.number), quote=True)
    return (
        f'<button type="button" class="act" data-choose="act" data-value="fact||{fact.number}" data-focus="fact {fact.number}" '
        f'aria-label="{name}">{escape(label)}</button>'
    )
