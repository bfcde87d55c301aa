"""``checks:``: rules about dates that are watched (R19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from planner.protocol.durations import Duration
from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import Faults
from planner.protocol.file_shape import CheckShape
from planner.protocol.grammar import GrammarError, is_count, parse_doses, parse_length, parse_whole_range
from planner.protocol.located_yaml import Path
from planner.protocol.model import AgeCheck, BetweenCheck, Bound, Check, IntervalCheck, LateCheck, OrderCheck, Reference, SinceCheck
from planner.protocol.names import Names
from planner.protocol.references import ReferenceReader, Standpoint
from planner.protocol.said import said

BOUNDS: tuple[Bound, ...] = get_args(Bound)
BOUND_WORDS: Mapping[Bound, str] = {
    "at_least": said("at least"),
    "at_most": said("at most"),
    "more_than": said("more than"),
    "less_than": said("less than"),
}
ANY_PROCEDURE = "any procedure"
_FORMS: Mapping[str, frozenset[str]] = {
    "order": frozenset({"order"}),
    "from": frozenset({"from", "to", *BOUNDS}),
    "late": frozenset({"late", "more_than"}),
    "since": frozenset({"since", "more_than"}),
    "age": frozenset({"age", "at", "between"}),
    "between": frozenset({"between", *BOUNDS}),
}
_FORM_HELP = {
    "order": "order: [CONSENT, any procedure]",
    "from": "from: PRIOR_RT_END, to: SBRT.first, more_than: 6mo",
    "late": "late: CHEMO, more_than: 28d",
    "since": "since: any(pd1), more_than: 12w",
    "age": "age: birth_year, at: CONSENT, between: 18..75",
    "between": "between: SBRT, at_most: 4d",
}
_CHECK = Standpoint("check")


class CheckReader:
    """Reads one check after the other."""

    def __init__(self, names: Names, references: ReferenceReader, faults: Faults) -> None:
        """Read with these names; faults are reported to ``faults``."""
        self.names = names
        self.references = references
        self.faults = faults

    def check(self, path: Path, given: CheckShape) -> Check | None:
        """The check at ``path``; None if it has a fault."""
        written = {("from" if key == "from_" else key): value for key, value in given if value is not None}
        form = next((name for name in _FORMS if name in written), None)
        if form is None or not self._fits(path, form, written):
            if form is None and not self.faults.touches(path):
                message = said("this check says nothing; write one of: {forms}", forms="; ".join(_FORM_HELP.values()))
                self.faults.add(path, "bad-check", message)
            return None
        if form == "order":
            return self._order(path, given, given.order or [])
        if form == "age":
            return self._age(path, given)
        bound = self._bound(path, form, written)
        if bound is None:
            return None
        if form == "from":
            return self._interval(path, given, *bound)
        return self._of_stream(path, given, form, written[form], *bound)

    def _fits(self, path: Path, form: str, written: Mapping[str, object]) -> bool:
        extra = written.keys() - _FORMS[form] - {"id", "label"}
        for key in sorted(extra):
            self.faults.add_at_key(
                (*path, key),
                "bad-check",
                said("{key} does not go with {form}; write {form_help}", key=quoted(key), form=quoted(form), form_help=_FORM_HELP[form]),
            )
        return not extra

    def _bound(self, path: Path, form: str, written: Mapping[str, str]) -> tuple[Bound, Duration, str] | None:
        stated = [bound for bound in BOUNDS if bound in written]
        if len(stated) != 1:
            if not self.faults.touches(path):
                self.faults.add(
                    path, "bad-check", said("this check needs exactly one limit; write {form_help}", form_help=_FORM_HELP[form])
                )
            return None
        try:
            length = parse_length(written[stated[0]])
        except GrammarError as error:
            self.faults.add_grammar((*path, stated[0]), error)
            return None
        if length.working_days is not None:
            message = said("{written}: a check counts calendar time; write d, w, mo or y", written=quoted(written[stated[0]]))
            self.faults.add((*path, stated[0]), "bad-duration", message)
            return None
        return stated[0], length, written[stated[0]].strip()

    def _reference(self, path: Path, text: str) -> Reference | None:
        return self.references.reference(path, text, _CHECK)

    def _order(self, path: Path, given: CheckShape, order: list[str]) -> Check | None:
        if len(order) != 2:
            self.faults.add((*path, "order"), "bad-check", said("an order names two; write {form_help}", form_help=_FORM_HELP["order"]))
            return None
        before = self._reference((*path, "order", 0), order[0])
        then = None if order[1] == ANY_PROCEDURE else self._reference((*path, "order", 1), order[1])
        if before is None or (then is None and order[1] != ANY_PROCEDURE):
            return None
        return OrderCheck(
            given.id, given.label or said("{before} not after {then}", before=order[0], then=order[1]), before, order[0], then, order[1]
        )

    def _interval(self, path: Path, given: CheckShape, bound: Bound, length: Duration, text: str) -> Check | None:
        if given.from_ is None or given.to is None:
            if not self.faults.touches(path):
                self.faults.add(path, "bad-check", said("an interval has two ends; write {form_help}", form_help=_FORM_HELP["from"]))
            return None
        start, end = self._reference((*path, "from"), given.from_), self._reference((*path, "to"), given.to)
        if start is None or end is None:
            return None
        label = given.label or said(
            "{start} to {end}: {bound} {length}", start=given.from_, end=given.to, bound=BOUND_WORDS[bound], length=text
        )
        return IntervalCheck(given.id, label, start, given.from_, end, given.to, bound, length)

    def _of_stream(self, path: Path, given: CheckShape, form: str, stream: str, bound: Bound, length: Duration, text: str) -> Check | None:
        written = parse_doses(stream)
        if form == "late" or (form == "between" and written is None):
            series = self.references.series((*path, form), stream)
            if series is None:
                return None
            if form == "late":
                return LateCheck(
                    given.id, given.label or said("{series} more than {length} late", series=series, length=text), series, length
                )
            return BetweenCheck(
                given.id,
                given.label or said("Between {series}: {bound} {length}", series=series, bound=BOUND_WORDS[bound], length=text),
                series,
                (),
                bound,
                length,
            )
        if written is None:
            hint = said("did you mean {what}?", what=quoted(f"any({stream})")) if stream in self.names.doses else said("write any(pd1)")
            self.faults.add((*path, form), "bad-check", said("{stream} does not name doses; {hint}", stream=quoted(stream), hint=hint))
            return None
        doses = self.references.doses((*path, form), written)
        if doses is None:
            return None
        if form == "since":
            return SinceCheck(
                given.id, given.label or said("More than {length} since the last dose of {doses}", length=text, doses=doses), doses, length
            )
        return BetweenCheck(
            given.id,
            given.label or said("Between doses of {doses}: {bound} {length}", doses=doses, bound=BOUND_WORDS[bound], length=text),
            None,
            doses,
            bound,
            length,
        )

    def _age(self, path: Path, given: CheckShape) -> Check | None:
        parameter = self.names.parameters.get(given.age or "")
        if parameter is None:
            if given.age not in self.names.broken_parameters:
                hint = did_you_mean(given.age or "", self.names.parameters, said("parameters"))
                self.faults.add(
                    (*path, "age"), "unknown-parameter", said("{age} is no parameter; {hint}", age=quoted(given.age), hint=hint)
                )
        elif not all(is_count(value) for value in parameter.values):
            message = said("{age} is not a birth year; write it as `range: 1900..2100, optional: true`", age=quoted(given.age))
            self.faults.add((*path, "age"), "bad-check", message)
        if given.at is None or given.between is None:
            if not self.faults.touches(path):
                self.faults.add(
                    path, "bad-check", said("an age check says when and between what; write {form_help}", form_help=_FORM_HELP["age"])
                )
            return None
        at = self._reference((*path, "at"), given.at)
        try:
            lowest, highest = parse_whole_range(given.between)
        except GrammarError as error:
            self.faults.add_grammar((*path, "between"), error)
            return None
        if at is None or parameter is None:
            return None
        label = given.label or said("Age {lowest} to {highest} at {at}", lowest=lowest, highest=highest, at=given.at)
        return AgeCheck(given.id, label, cast(str, given.age), at, given.at, lowest, highest)


def checks_of(given: list[CheckShape], reader: CheckReader, faults: Faults) -> tuple[Check, ...]:
    """Every check without fault, in the file's order; reports ids used twice."""
    seen: dict[str, int] = {}
    found = []
    for index, entry in enumerate(given):
        path: Path = ("checks", index)
        if entry.id in seen:
            line = faults.line(("checks", seen[entry.id]))
            faults.add(
                (*path, "id"),
                "duplicate-id",
                said("{entry} is already the check of line {line}; give each its own id", entry=quoted(entry.id), line=line),
            )
        seen.setdefault(entry.id, index)
        check = reader.check(path, entry)
        if check is not None:
            found.append(check)
    return tuple(found)
