"""From written references to what they mean, against the names that the file declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from planner.protocol.durations import parse_duration
from planner.protocol.errors import did_you_mean, nearest, quoted
from planner.protocol.faults import STAND_IN, Faults
from planner.protocol.grammar import GrammarError, WrittenReference, WrittenTerm, parse_anchor, parse_reference, parse_term
from planner.protocol.located_yaml import Path
from planner.protocol.model import (
    NO_OFFSET,
    AccompaniedReference,
    DoseReference,
    FirstMemberReference,
    MilestoneReference,
    Offset,
    ParameterDuration,
    PreviousReference,
    Reference,
    SeriesReference,
    Term,
    VisitReference,
)
from planner.protocol.names import NUMBER_MARK, Names, Outline, number_in

Where = Literal["at", "not_before", "until", "check", "milestone"]


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a reference is written: in which key, of which visit, and whether of its first member."""

    where: Where
    outline: Outline | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceReader:
    """Understands references and terms; every fault is reported at its path and answered with None."""

    names: Names
    faults: Faults

    def anchor(self, path: Path, text: str, standpoint: Standpoint) -> tuple[Term, ...] | None:
        """The terms of ``at:``."""
        try:
            written = parse_anchor(text)
        except GrammarError as error:
            self.faults.add_grammar(path, error)
            return None
        terms = [self._term(path, term, standpoint) for term in written]
        return None if None in terms else tuple(term for term in terms if term is not None)

    def term(self, path: Path, text: str, standpoint: Standpoint) -> Term | None:
        """One term, as in ``not_before:`` and ``until:``."""
        try:
            written = parse_term(text)
        except GrammarError as error:
            self.faults.add_grammar(path, error)
            return None
        return self._term(path, written, standpoint)

    def reference(self, path: Path, text: str, standpoint: Standpoint) -> Reference | None:
        """A reference without offset, as in checks."""
        try:
            written = parse_reference(text)
        except GrammarError as error:
            self.faults.add_grammar(path, error)
            return None
        return self._resolve(path, written, standpoint)

    def doses(self, path: Path, doses: tuple[str, ...]) -> tuple[str, ...] | None:
        """The doses themselves, if some activity gives each of them."""
        unknown = [dose for dose in doses if dose not in self.names.doses]
        for dose in unknown:
            hint = did_you_mean(dose, sorted(self.names.doses), "activity with a `dose`")
            self.faults.add(path, "unknown-dose", f"no activity gives a dose {quoted(dose)}; {hint}")
        return None if unknown else doses

    def series(self, path: Path, name: str) -> str | None:
        """The series itself, if there is one of that name."""
        if name in self.names.series:
            return name
        self.faults.add(path, "unknown-series", f"{quoted(name)} is no series; {did_you_mean(name, self.names.series, 'series')}")
        return None

    def _term(self, path: Path, written: WrittenTerm, standpoint: Standpoint) -> Term | None:
        reference = self._resolve(path, written.reference, standpoint)
        offset = self._offset(path, written, standpoint)
        return None if reference is None or offset is None else Term(reference, offset, written.reference.text)

    def _offset(self, path: Path, written: WrittenTerm, standpoint: Standpoint) -> Offset | None:
        outline = standpoint.outline
        if written.times_number and (outline is None or not (outline.is_series or outline.entry.like)):
            self.faults.add(path, "bad-reference", "`* n` multiplies by a member's number, but this visit does not repeat; remove `* n`")
            return None
        if written.amount is None:
            return NO_OFFSET
        if not isinstance(written.amount, tuple):
            return Offset(written.amount, written.sign, written.times_number)
        duration = self._parameter_duration(path, *written.amount)
        return None if duration is None else Offset(duration, written.sign, written.times_number)

    def _parameter_duration(self, path: Path, name: str, attribute: str | None) -> ParameterDuration | None:
        parameter = self.names.parameters.get(name)
        shown = name if attribute is None else f"{name}.{attribute}"
        if parameter is None:
            if name not in self.names.broken_parameters:
                hint = did_you_mean(name, self.names.parameters, "parameters")
                self.faults.add(path, "unknown-parameter", f"{quoted(shown)} is neither a duration nor a parameter; {hint}")
            return None
        if attribute is None:
            values = parameter.values
        else:
            values = tuple(carried[attribute] for carried in parameter.attributes.values() if attribute in carried)
            if not values:
                carried_names = {key: None for carried in parameter.attributes.values() for key in carried}
                hint = did_you_mean(attribute, carried_names, f"values under the choices of {quoted(name)}")
                self.faults.add(path, "unknown-attribute", f"the choices of {quoted(name)} carry no {quoted(attribute)}; {hint}")
                return None
        wrong = [value for value in values if parse_duration(value) is None and STAND_IN not in value]
        kinds = {value.endswith("wd") for value in values}
        if wrong or len(kinds) > 1:
            seen = f"{quoted(wrong[0])} is not a duration" if wrong else "some of its values are in wd and some are not"
            self.faults.add(
                path, "not-a-duration", f"{quoted(shown)} cannot be added: {seen}; write all of its values like 21d (or 1mo..24mo)"
            )
            return None
        if parameter.default is None:
            if parameter.optional:
                message = f"{quoted(shown)} cannot be added: {quoted(name)} may stay unknown; give it a default"
                self.faults.add(path, "not-a-duration", message)
            return None
        return ParameterDuration(name, attribute)

    def _resolve(self, path: Path, written: WrittenReference, standpoint: Standpoint) -> Reference | None:
        if written.kind == "previous":
            return self._previous(path, standpoint)
        if written.kind == "first":
            return self._first(path, standpoint)
        if written.kind == "doses":
            return self._dose_reference(path, written, standpoint)
        if written.kind == "series":
            return self._series_reference(path, written)
        if NUMBER_MARK in written.name:
            return self._accompanied(path, written.name, standpoint)
        return self._named(path, written.name)

    def _previous(self, path: Path, standpoint: Standpoint) -> Reference | None:
        outline = standpoint.outline
        if outline is not None and outline.is_series and not standpoint.is_first and standpoint.where in ("at", "not_before"):
            return PreviousReference()
        if outline is not None and outline.is_series and standpoint.where in ("at", "not_before"):
            message = "`previous` has no meaning for a series' first member; write it under `then:`, and give `first:` an anchor of its own"
        else:
            message = "`previous` is the member before, in a visit that repeats; name the visit that is meant"
        self.faults.add(path, "misplaced-reference", message)
        return None

    def _first(self, path: Path, standpoint: Standpoint) -> Reference | None:
        if standpoint.where == "until":
            return FirstMemberReference()
        self.faults.add(path, "misplaced-reference", "`first` alone stands in `until:` only; elsewhere write SERIES.first")
        return None

    def _dose_reference(self, path: Path, written: WrittenReference, standpoint: Standpoint) -> Reference | None:
        if written.which == "previous" and standpoint.where != "not_before":
            message = f"{quoted(written.text)} stands in `not_before:` only; here write .first or .last"
            self.faults.add(path, "misplaced-reference", message)
            return None
        doses = self.doses(path, written.doses)
        return None if doses is None else DoseReference(doses, cast(Literal["first", "last", "previous"], written.which))

    def _series_reference(self, path: Path, written: WrittenReference) -> Reference | None:
        if written.name in self.names.series:
            return SeriesReference(written.name, cast(Literal["first", "last"], written.which))
        if written.name in self.names.visits or written.name in self.names.milestones:
            what = "one visit" if written.name in self.names.visits else "a milestone"
            self.faults.add(path, "unknown-series", f"{quoted(written.name)} is {what}, not a series; write {quoted(written.name)} alone")
            return None
        by_id = {outline.id: name for name, outline in self.names.series.items()}
        if written.name in by_id:
            hint = f"did you mean {quoted(by_id[written.name] + '.' + written.which)}?"
        elif written.name in self.names.doses:
            hint = f"did you mean {quoted(f'any({written.name}).{written.which}')}?"
        else:
            hint = did_you_mean(written.name, self.names.series, "series")
        self.faults.add(path, "unknown-anchor", f"{quoted(written.text)}: there is no series {quoted(written.name)}; {hint}")
        return None

    def _accompanied(self, path: Path, pattern: str, standpoint: Standpoint) -> Reference | None:
        outline = standpoint.outline
        if outline is None or not outline.entry.like:
            hint = "write a member's number, or SERIES.first / .last"
            self.faults.add(
                path, "misplaced-reference", f"{quoted(pattern)}: {{n}} stands for the accompanied visit, in a `like:` entry only; {hint}"
            )
            return None
        for accompanied in self.names.accompanied_by(outline):
            fits = accompanied.id == pattern if NUMBER_MARK in accompanied.id else number_in(pattern, accompanied.id) is not None
            if not fits:
                message = f"{quoted(pattern)} does not fit {quoted(accompanied.id)}, which `like:` names; one pattern must fit all of them"
                self.faults.add(path, "bad-companion", message)
                return None
        return AccompaniedReference()

    def _named(self, path: Path, name: str) -> Reference | None:
        names = self.names
        if name in names.visits:
            return VisitReference(name)
        if name in names.milestones:
            target = names.milestones[name]
            return MilestoneReference(name) if target is None else self.named_reference(name, target)
        if name in names.series:
            hint = f"write {quoted(name + '.first')} or {quoted(name + '.last')}"
            self.faults.add(path, "unknown-anchor", f"{quoted(name)} is a series, not one visit; {hint}")
            return None
        members = names.members(name)
        if any(number in outline.numbers for outline, number in members):
            return VisitReference(name)
        if members:
            outline = members[0][0]
            numbers = outline.numbers
            reach = (
                f"{quoted(outline.id)} has the numbers {numbers[0]} to {numbers[-1]}" if numbers else f"{quoted(outline.id)} has no members"
            )
            self.faults.add(path, "no-such-member", f"there is no {quoted(name)}; {reach}")
            return None
        near = nearest(name, names.anchors()) or nearest(name, names.concrete_ids())
        hint = "name a visit, a milestone, SERIES.last or any(dose).last" if near is None else f"did you mean {quoted(near)}?"
        if any(sign in name for sign in "-/") and names.visits.get(name.split("-")[0]):
            hint = "put spaces around the minus"
        self.faults.add(path, "unknown-anchor", f"there is nothing called {quoted(name)} to count from; {hint}")
        return None

    def named_reference(self, name: str, target: str) -> Reference | None:
        """What a milestone with ``at:`` stands for."""
        path: Path = ("milestones", name, "at")
        try:
            written = parse_reference(target)
        except GrammarError as error:
            self.faults.add_grammar(path, error)
            return None
        if written.kind == "name" and self.names.milestones.get(written.name) is not None:
            message = f"{quoted(name)} names {quoted(written.name)}, which is itself a name; write the reference that it stands for"
            self.faults.add(path, "bad-reference", message)
            return None
        return self._resolve(path, written, Standpoint("milestone"))
