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
from planner.protocol.said import said

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
            hint = did_you_mean(dose, sorted(self.names.doses), said("activity with a `dose`"))
            self.faults.add(path, "unknown-dose", said("no activity gives a dose {dose}; {hint}", dose=quoted(dose), hint=hint))
        return None if unknown else doses

    def series(self, path: Path, name: str) -> str | None:
        """The series itself, if there is one of that name."""
        if name in self.names.series:
            return name
        self.faults.add(
            path,
            "unknown-series",
            said(
                "{name} is no series; {did_you_mean}", name=quoted(name), did_you_mean=did_you_mean(name, self.names.series, said("series"))
            ),
        )
        return None

    def _term(self, path: Path, written: WrittenTerm, standpoint: Standpoint) -> Term | None:
        reference = self._resolve(path, written.reference, standpoint)
        offset = self._offset(path, written, standpoint)
        return None if reference is None or offset is None else Term(reference, offset, written.reference.text)

    def _offset(self, path: Path, written: WrittenTerm, standpoint: Standpoint) -> Offset | None:
        outline = standpoint.outline
        if written.times_number and (outline is None or not (outline.is_series or outline.entry.like)):
            self.faults.add(
                path, "bad-reference", said("`* n` multiplies by a member's number, but this visit does not repeat; remove `* n`")
            )
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
                hint = did_you_mean(name, self.names.parameters, said("parameters"))
                self.faults.add(
                    path, "unknown-parameter", said("{shown} is neither a duration nor a parameter; {hint}", shown=quoted(shown), hint=hint)
                )
            return None
        if attribute is None:
            values = parameter.values
        else:
            values = tuple(carried[attribute] for carried in parameter.attributes.values() if attribute in carried)
            if not values:
                carried_names = {key: None for carried in parameter.attributes.values() for key in carried}
                hint = did_you_mean(attribute, carried_names, said("values under the choices of {name}", name=quoted(name)))
                self.faults.add(
                    path,
                    "unknown-attribute",
                    said("the choices of {name} carry no {attribute}; {hint}", name=quoted(name), attribute=quoted(attribute), hint=hint),
                )
                return None
        wrong = [value for value in values if parse_duration(value) is None and STAND_IN not in value]
        kinds = {value.endswith("wd") for value in values}
        if wrong or len(kinds) > 1:
            seen = (
                said("{wrong} is not a duration", wrong=quoted(wrong[0]))
                if wrong
                else said("some of its values are in wd and some are not")
            )
            self.faults.add(
                path,
                "not-a-duration",
                said("{shown} cannot be added: {seen}; write all of its values like 21d (or 1mo..24mo)", shown=quoted(shown), seen=seen),
            )
            return None
        if parameter.default is None:
            if parameter.optional:
                message = said(
                    "{shown} cannot be added: {name} may stay unknown; give it a default", shown=quoted(shown), name=quoted(name)
                )
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
            message = said(
                "`previous` has no meaning for a series' first member; write it under `then:`, and give `first:` an anchor of its own"
            )
        else:
            message = said("`previous` is the member before, in a visit that repeats; name the visit that is meant")
        self.faults.add(path, "misplaced-reference", message)
        return None

    def _first(self, path: Path, standpoint: Standpoint) -> Reference | None:
        if standpoint.where == "until":
            return FirstMemberReference()
        self.faults.add(path, "misplaced-reference", said("`first` alone stands in `until:` only; elsewhere write SERIES.first"))
        return None

    def _dose_reference(self, path: Path, written: WrittenReference, standpoint: Standpoint) -> Reference | None:
        if written.which == "previous" and standpoint.where != "not_before":
            message = said("{written} stands in `not_before:` only; here write .first or .last", written=quoted(written.text))
            self.faults.add(path, "misplaced-reference", message)
            return None
        doses = self.doses(path, written.doses)
        return None if doses is None else DoseReference(doses, cast(Literal["first", "last", "previous"], written.which))

    def _series_reference(self, path: Path, written: WrittenReference) -> Reference | None:
        if written.name in self.names.series:
            return SeriesReference(written.name, cast(Literal["first", "last"], written.which))
        if written.name in self.names.visits or written.name in self.names.milestones:
            what = said("one visit") if written.name in self.names.visits else said("a milestone")
            self.faults.add(
                path,
                "unknown-series",
                said("{written} is {what}, not a series; write {written} alone", written=quoted(written.name), what=what),
            )
            return None
        by_id = {outline.id: name for name, outline in self.names.series.items()}
        if written.name in by_id:
            hint = said("did you mean {by_id}?", by_id=quoted(by_id[written.name] + "." + written.which))
        elif written.name in self.names.doses:
            hint = said("did you mean {what}?", what=quoted(f"any({written.name}).{written.which}"))
        else:
            hint = did_you_mean(written.name, self.names.series, said("series"))
        self.faults.add(
            path,
            "unknown-anchor",
            said(
                "{written}: there is no series {written_2}; {hint}", written=quoted(written.text), written_2=quoted(written.name), hint=hint
            ),
        )
        return None

    def _accompanied(self, path: Path, pattern: str, standpoint: Standpoint) -> Reference | None:
        outline = standpoint.outline
        if outline is None or not outline.entry.like:
            hint = said("write a member's number, or SERIES.first / .last")
            self.faults.add(
                path,
                "misplaced-reference",
                said(
                    "{pattern}: {{n}} stands for the accompanied visit, in a `like:` entry only; {hint}", pattern=quoted(pattern), hint=hint
                ),
            )
            return None
        for accompanied in self.names.accompanied_by(outline):
            fits = accompanied.id == pattern if NUMBER_MARK in accompanied.id else number_in(pattern, accompanied.id) is not None
            if not fits:
                message = said(
                    "{pattern} does not fit {accompanied}, which `like:` names; one pattern must fit all of them",
                    pattern=quoted(pattern),
                    accompanied=quoted(accompanied.id),
                )
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
            hint = said("write {name} or {name_2}", name=quoted(name + ".first"), name_2=quoted(name + ".last"))
            self.faults.add(path, "unknown-anchor", said("{name} is a series, not one visit; {hint}", name=quoted(name), hint=hint))
            return None
        members = names.members(name)
        if any(number in outline.numbers for outline, number in members):
            return VisitReference(name)
        if members:
            outline = members[0][0]
            numbers = outline.numbers
            reach = (
                said(
                    "{outline} has the numbers {numbers} to {numbers_2}",
                    outline=quoted(outline.id),
                    numbers=numbers[0],
                    numbers_2=numbers[-1],
                )
                if numbers
                else said("{outline} has no members", outline=quoted(outline.id))
            )
            self.faults.add(path, "no-such-member", said("there is no {name}; {reach}", name=quoted(name), reach=reach))
            return None
        near = nearest(name, names.anchors()) or nearest(name, names.concrete_ids())
        hint = (
            said("name a visit, a milestone, SERIES.last or any(dose).last")
            if near is None
            else said("did you mean {near}?", near=quoted(near))
        )
        if any(sign in name for sign in "-/") and names.visits.get(name.split("-")[0]):
            hint = said("put spaces around the minus")
        self.faults.add(path, "unknown-anchor", said("there is nothing called {name} to count from; {hint}", name=quoted(name), hint=hint))
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
            message = said(
                "{name} names {written}, which is itself a name; write the reference that it stands for",
                name=quoted(name),
                written=quoted(written.name),
            )
            self.faults.add(path, "bad-reference", message)
            return None
        return self._resolve(path, written, Standpoint("milestone"))
