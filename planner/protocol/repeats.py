"""``repeat:``: how many members a series has, and what ends it (R2, R3)."""

from __future__ import annotations

from planner.protocol.conditions import ConditionReader
from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import Faults
from planner.protocol.file_shape import RepeatShape
from planner.protocol.grammar import GrammarError, is_count, parse_steps
from planner.protocol.located_yaml import Path
from planner.protocol.model import Numbering, Repeat, RepeatEvery, RepeatTimes, RepeatUntil, SeriesReference, Step
from planner.protocol.names import Names, Outline
from planner.protocol.references import ReferenceReader, Standpoint
from planner.protocol.said import said
from planner.protocol.said_lists import added


class RepeatReader:
    """Reads ``repeat:`` of each entry."""

    def __init__(self, names: Names, references: ReferenceReader, conditions: ConditionReader, faults: Faults) -> None:
        """Read with these names; faults are reported to ``faults``."""
        self.names = names
        self.references = references
        self.conditions = conditions
        self.faults = faults

    def repeat(self, outline: Outline) -> Repeat | None:
        """The repeat of an entry that has one; None if it has a fault."""
        given = outline.entry.repeat
        if given is None:
            return None
        path: Path = ("visits", outline.index, "repeat")
        stated = [key for key in ("times", "until", "every") if getattr(given, key) is not None]
        if len(stated) != 1:
            self._report_ways(path, stated)
            return None
        if given.from_number is not None and given.after is not None:
            self.faults.add_at_key((*path, "after"), "bad-repeat", said("`from` and `after` both give the first number; keep one of them"))
        if given.at_most is not None and given.until is None:
            self.faults.add_at_key((*path, "at_most"), "bad-repeat", said("`at_most` belongs to `until`; remove it"))
        numbering = Numbering(1 if given.from_number is None else given.from_number, given.after)
        if given.times is not None:
            return self._times((*path, "times"), given.times, numbering)
        if given.until is not None:
            return self._until(path, given, given.until, numbering, outline)
        return self._every((*path, "every"), given, numbering)

    def _report_ways(self, path: Path, stated: list[str]) -> None:
        if stated:
            ways = added(quoted(key) for key in stated)
            self.faults.add(path, "bad-repeat", said("{ways} cannot stand together; keep the one that says how the series ends", ways=ways))
        elif not self.faults.touches(path):
            message = said(
                "this series has nothing that ends it; write `times: 5`, `until: SERIES.last` with `at_most: 12`, or `every: [8 x 3mo]`"
            )
            self.faults.add(path, "endless-series", message)

    def _times(self, path: Path, times: str, numbering: Numbering) -> Repeat | None:
        if times.isdecimal():
            if is_count(times) and 1 <= int(times) <= 400:
                return RepeatTimes(int(times), numbering)
            self.faults.add(path, "bad-repeat", said("{times} members cannot be; write 1 to 400", times=quoted(times)))
            return None
        parameter = self.names.parameters.get(times)
        if parameter is None:
            if times not in self.names.broken_parameters:
                hint = did_you_mean(times, self.names.parameters, said("parameters"))
                self.faults.add(
                    path,
                    "unknown-parameter",
                    said("{times} is neither a whole number nor a parameter; {hint}", times=quoted(times), hint=hint),
                )
            return None
        wrong = [value for value in parameter.values if not is_count(value)]
        if wrong or parameter.optional or parameter.default is None:
            seen = said("its value {wrong} is not a whole number", wrong=quoted(wrong[0])) if wrong else said("it may stay unknown")
            if wrong or parameter.optional:
                self.faults.add(
                    path,
                    "bad-repeat",
                    said("{times} cannot count members: {seen}; use a parameter with `range: 3..6`", times=quoted(times), seen=seen),
                )
            return None
        return RepeatTimes(times, numbering)

    def _until(self, path: Path, given: RepeatShape, until: str, numbering: Numbering, outline: Outline) -> Repeat | None:
        if given.at_most is None and not self.faults.touches((*path, "at_most")):
            message = said("a series with `until` needs `at_most`, or nothing ends it when the other visits never come; add `at_most: 12`")
            self.faults.add(path, "endless-series", message)
        term = self.references.term((*path, "until"), until, Standpoint("until", outline))
        if term is None or given.at_most is None:
            return None
        if isinstance(term.reference, SeriesReference) and term.reference.series == outline.series_name:
            message = said("{term} is the series itself, which then never ends; name another, or `first + 12mo`", term=quoted(term.text))
            self.faults.add((*path, "until"), "endless-series", message)
            return None
        return RepeatUntil(term, given.at_most, numbering)

    def _every(self, path: Path, given: RepeatShape, numbering: Numbering) -> Repeat | None:
        entries = given.every or []
        if not entries:
            self.faults.add(path, "bad-repeat", said("`every` lists no step; write [8 x 3mo]"))
            return None
        steps = [self._step((*path, index), entry) for index, entry in enumerate(entries)]
        conditional = [len(entry) > 1 for entry in entries]
        for index in range(1, len(entries)):
            if conditional[index - 1] and not conditional[index]:
                message = said("a step with a condition stands before this one, which has none; write the steps with conditions last")
                self.faults.add((*path, index), "steps-order", message)
        return None if None in steps else RepeatEvery(tuple(step for step in steps if step is not None), numbering)

    def _step(self, path: Path, entry: dict[str, list[str]]) -> Step | None:
        condition = self.conditions.condition(
            path, {key: values for key, values in entry.items() if key != "steps"}, decisions_allowed=False
        )
        texts = entry.get("steps", [])
        if len(texts) != 1:
            if not self.faults.touches(path):
                self.faults.add(path, "bad-repeat", said("a step with a condition needs `steps`: {{follow_up: long, steps: 6 x 6mo}}"))
            return None
        try:
            count, length = parse_steps(texts[0])
        except GrammarError as error:
            self.faults.add_grammar((*path, "steps"), error)
            return None
        return None if condition is None else Step(count, length, condition)
