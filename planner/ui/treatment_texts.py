"""What parameters, milestones, decisions and streams of treatment are called in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import DRUG_FREE_DOSES, Choice, Protocol
from planner.protocol.plan import Plan
from planner.records.facts.fact import NewFact
from planner.records.facts.wording import in_words
from planner.schedule.rows import VisitRow
from planner.ui.language import in_language, language, t, tn
from planner.ui.words import listed, sentence

ALL_DRUGS = ""
"""Stands for all drugs where a stream is asked for."""

_LONGEST_LIST = 6


def choice_label(protocol: Protocol, decision: str, choice: Choice) -> str:
    """What an outcome of a decision is called."""
    return ProtocolTexts(protocol, language()).choice(decision, choice.name)


def parameter_label(protocol: Protocol, parameter: str) -> str:
    """What a parameter is called."""
    return ProtocolTexts(protocol, language()).parameter(parameter)


def value_label(protocol: Protocol, parameter: str, value: str) -> str:
    """What a parameter's value is called: ``12 months`` for ``12mo``."""
    known = protocol.parameters[parameter]
    if known.unit is not None:
        return _duration(int(value.removesuffix(known.unit)), known.unit)
    named = ProtocolTexts(protocol, language()).value(parameter, value)
    return {"yes": t("yes"), "no": t("no")}.get(named, named)


def milestone_label(protocol: Protocol, milestone: str) -> str:
    """What a milestone is called."""
    return ProtocolTexts(protocol, language()).milestone(milestone)


def stream_label(plan: Plan, stream: str) -> str:
    """What a stream of treatment is called: by what is given, ``Chemotherapy``; all drugs with what they are."""
    if stream != ALL_DRUGS:
        return _given(plan, stream)
    drugs = [_given(plan, dose) for dose in plan.doses if dose not in DRUG_FREE_DOSES]
    return t("All drugs ({drugs})", drugs=listed(drugs))


def doses_of(plan: Plan, stream: str) -> frozenset[str]:
    """The doses that a stream names."""
    return frozenset(dose for dose in plan.doses if dose not in DRUG_FREE_DOSES) if stream == ALL_DRUGS else frozenset({stream})


def fact_words(said: NewFact) -> str:
    """What a fact says, as a sentence."""
    return sentence(in_language(in_words(said)))


def some(parts: Iterable[str]) -> str:
    """The first few of them, and how many there are besides."""
    every = list(parts)
    if len(every) <= _LONGEST_LIST:
        return listed(every)
    rest = len(every) - _LONGEST_LIST + 1
    return listed((*every[: _LONGEST_LIST - 1], tn("and {number} more", "and {number} more", rest)))


def grouped(rows: Iterable[VisitRow], texts: ProtocolTexts) -> str:
    """Visits by name, the members of a series together: ``Surgery, Maintenance 1 to Maintenance 12``."""
    series: dict[str, list[VisitRow]] = {}
    for row in rows:
        series.setdefault(row.definition, []).append(row)
    names = []
    for members in series.values():
        first, last = texts.visit(members[0]), texts.visit(members[-1])
        names.append(first if first == last else t("{first} to {last}", first=first, last=last))
    return some(names)


def _given(plan: Plan, stream: str) -> str:
    texts = ProtocolTexts(plan.protocol, language())
    labels = [texts.activity(id_) for id_, activity in plan.protocol.activities.items() if activity.dose == stream]
    return listed(dict.fromkeys(labels)) or stream


def _duration(number: int, unit: str) -> str:
    match unit:
        case "d":
            return tn("{number} day", "{number} days", number)
        case "w":
            return tn("{number} week", "{number} weeks", number)
        case "mo":
            return tn("{number} month", "{number} months", number)
        case _:
            return tn("{number} year", "{number} years", number)
