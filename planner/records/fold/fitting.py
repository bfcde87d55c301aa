"""Facts in force against one plan: where each belongs in it, and which it does not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.protocol.plan import Plan
from planner.records.facts.kinds import ROUTINE_CARE, Kind
from planner.records.fold import plan_words
from planner.records.fold.distinct import distinct, distinct_columns, distinct_pairs
from planner.records.fold.fact_columns import Codes, FactTable
from planner.records.fold.folded import UnfitFact
from planner.records.fold.in_force import Indexes, StandingFacts

Known = int | str
"""What a word is in the plan; a sentence where the plan does not know it."""
Answer = Callable[[str, str], tuple[Known, Known]]
"""From a fact's item and value to what they are in the plan."""


@dataclass(frozen=True, eq=False)
class KindFacts:
    """The facts of one kind that count and fit, one entry each, those of a subject by number."""

    index: Indexes
    """Into the standing facts."""
    column: Codes
    """The subject's column in the cohort."""
    target: Codes
    """What ``item`` is in the plan: a slot, parameter, milestone or decision by index, or a bit mask of doses; 0 where it is none."""
    choice: Codes
    """What ``value`` is: the code of a parameter's value, choice or reason, an activity's index, a minute of the day (-1: none); else 0."""


@dataclass(frozen=True, eq=False)
class FittedFacts:
    """The facts of the subjects of one plan that count and fit, by kind; and those in force that do not fit."""

    plan: Plan
    facts: FactTable
    """The standing facts that ``KindFacts.index`` points into."""
    parameters: NDArray[np.int16]
    """(parameter, subject): the code given, else the default's, -1 where neither is known."""
    kinds: Mapping[Kind, KindFacts]
    hold_ends: Indexes
    """The ends of holds that count, into ``facts``; ``refers`` says of which hold (StandingFacts)."""
    unfit: tuple[UnfitFact, ...]


def fitted_facts(standing: StandingFacts, plan: Plan, column: Codes, count: int) -> FittedFacts:
    """The facts of the rows with a column (``column``: one per row, -1 for rows of other plans; ``count`` columns), fitted to ``plan``."""
    return _Fitting(standing, plan, column, count).fitted()


class _Answers:
    """What the same word of each of several facts is in the plan: answers for the distinct words, and each fact's place among them."""

    def __init__(self, given: list[Known], places: Indexes) -> None:
        self._given = given
        self._places = places
        self.codes = np.array([known if isinstance(known, int) else 0 for known in given], dtype=np.int64).astype(np.int32)[places]
        self.fits = np.array([isinstance(known, int) for known in given], dtype=np.bool_)[places]

    def why(self, place: int) -> str:
        """Why the plan does not know that fact's word; "" if it does."""
        known = self._given[self._places[place]]
        return known if isinstance(known, str) else ""


class _Fitting:
    def __init__(self, standing: StandingFacts, plan: Plan, column: Codes, count: int) -> None:
        self.standing = standing
        self.facts = standing.facts
        self.plan = plan
        self.column = column
        self.count = count
        self.kinds: dict[Kind, KindFacts] = {}
        self.unfit: list[UnfitFact] = []

    def fitted(self) -> FittedFacts:
        plan = self.plan
        self._fit_words(Kind.PARAMETER_SET, self._parameter)
        parameters = self._parameter_codes()
        self._fit_words(Kind.MILESTONE_SET, lambda item, _: (plan_words.milestone_index(plan, item), 0))
        self._fit_words(Kind.DECISION_MADE, self._decision)
        self._fit_words(Kind.HOLD_STARTED, lambda item, value: (plan_words.stream_doses(plan, item), plan_words.hold_mode(value)))
        self._fit_words(Kind.TREATMENT_STOPPED, lambda item, _: (plan_words.stream_doses(plan, item), 0))
        self._fit_words(Kind.UNSCHEDULED_VISIT, lambda item, _: (plan_words.stream_doses(plan, item), 0))
        self._fit_words(Kind.LEFT_STUDY, lambda _, value: (0, plan_words.end_reason(value)))
        self._fit_visits(parameters)
        return FittedFacts(plan, self.facts, parameters, self.kinds, self.standing.counting(Kind.HOLD_ENDED), tuple(self.unfit))

    def _parameter(self, item: str, value: str) -> tuple[Known, Known]:
        code = plan_words.parameter_code(self.plan, item, value)
        return (self.plan.parameters.index(item), code) if isinstance(code, int) else (code, 0)

    def _decision(self, item: str, value: str) -> tuple[Known, Known]:
        code = plan_words.choice_code(self.plan, item, value)
        return (self.plan.decisions.index(item), code) if isinstance(code, int) else (code, 0)

    def _parameter_codes(self) -> NDArray[np.int16]:
        known = [self.plan.protocol.parameters[name] for name in self.plan.parameters]
        defaults = [parameter.values.index(parameter.default) if parameter.default in parameter.values else -1 for parameter in known]
        codes = np.repeat(np.array(defaults, dtype=np.int16).reshape(len(known), 1), self.count, axis=1)
        given = self.kinds[Kind.PARAMETER_SET]
        codes[given.target, given.column] = given.choice
        return codes

    def _of_kind(self, kind: Kind) -> Indexes:
        """The facts of a kind, of the subjects that have a column."""
        part = self.standing.of_kind(kind)
        index = np.arange(part.start, part.stop)
        return index[self.column[self.facts.row[part]] >= 0]

    def _fit_words(self, kind: Kind, answer: Answer) -> None:
        """Fit the facts of a kind whose words mean the same for every subject of the plan."""
        index = self._of_kind(kind)
        pairs, places = distinct_pairs(self.facts.item[index], self.facts.value[index])
        words = self.facts.words
        known = [answer(words[item], words[value]) for item, value in pairs]
        self._keep(kind, index, _Answers([target for target, _ in known], places), _Answers([choice for _, choice in known], places))

    def _fit_visits(self, parameters: NDArray[np.int16]) -> None:
        """Fit the facts about visits; which slot bears an id depends on some of the subject's parameters."""
        setting = distinct_columns(parameters[list(plan_words.visit_parameters(self.plan)), :])
        example = np.zeros(int(setting.max(initial=0)) + 1, dtype=np.intp)
        example[setting] = np.arange(self.count)
        slots: dict[tuple[int, int], Known] = {}
        for kind, answer in self._visit_values().items():
            index = self._of_kind(kind)
            pairs, places = distinct_pairs(setting[self.column[self.facts.row[index]]], self.facts.item[index])
            for pair in pairs:
                if pair not in slots:
                    slots[pair] = plan_words.visit_slot(self.plan, self.facts.words[pair[1]], parameters[:, example[pair[0]]].tolist())
            values, value_places = distinct(self.facts.value[index])
            choices = _Answers([answer(self.facts.words[value]) for value in values.tolist()], value_places)
            self._keep(kind, index, _Answers([slots[pair] for pair in pairs], places), choices)

    def _visit_values(self) -> Mapping[Kind, Callable[[str], Known]]:
        return {
            Kind.VISIT_DONE: lambda text: int(text == ROUTINE_CARE),
            Kind.VISIT_MISSED: lambda _: 0,
            Kind.ACTIVITY_OMITTED: lambda text: plan_words.activity_index(self.plan, text),
            Kind.BOOKED: plan_words.minute_of_day,
            Kind.RELEASED: lambda _: 0,
        }

    def _keep(self, kind: Kind, index: Indexes, target: _Answers, choice: _Answers) -> None:
        fits = target.fits & choice.fits
        for place in np.flatnonzero(~fits).tolist():
            row, number = int(self.facts.row[index[place]]), int(self.facts.number[index[place]])
            why = target.why(place) or choice.why(place)
            self.unfit.append(UnfitFact(row, self.facts.subjects[row], number, why))
        kept = np.flatnonzero(fits & self.standing.counts[index])
        index = index[kept]
        self.kinds[kind] = KindFacts(index, self.column[self.facts.row[index]], target.codes[kept], choice.codes[kept])
