"""From the entries of ``visits:`` to their definitions."""

from __future__ import annotations

from planner.protocol.conditions import ConditionReader
from planner.protocol.durations import Duration
from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import Faults
from planner.protocol.grammar import NAME, GrammarError, is_count, parse_length, parse_window, parse_within
from planner.protocol.model import (
    NOMINAL_DAY_ONLY,
    AccompaniedReference,
    ActivityUse,
    Condition,
    Kind,
    OpenAlso,
    PreviousReference,
    RepeatEvery,
    Roll,
    Term,
    VisitDefinition,
    VisitShape,
    Window,
)
from planner.protocol.names import Names, Outline
from planner.protocol.references import ReferenceReader, Standpoint
from planner.protocol.repeats import RepeatReader
from planner.protocol.said import said
from planner.protocol.said_lists import added
from planner.protocol.written_visits import WrittenVisit, written_visit

FIRST_EPOCH = "Study"


class VisitReader:
    """Reads each entry whole, so that all its faults are found, and builds its definition if there are none."""

    def __init__(self, names: Names, references: ReferenceReader, conditions: ConditionReader, faults: Faults) -> None:
        """Read with these names; faults are reported to ``faults``."""
        self.names = names
        self.references = references
        self.conditions = conditions
        self.faults = faults
        self.repeats = RepeatReader(names, references, conditions, faults)
        self._epoch = FIRST_EPOCH

    def definition(self, outline: Outline) -> VisitDefinition | None:
        """The definition of one entry; None if it has faults. To be asked in the file's order (epochs are handed down)."""
        entry = outline.entry
        repeat = self.repeats.repeat(outline)
        like_found = self._check_like(outline)
        self._epoch = entry.epoch or self._epoch
        first = self._shape(outline, written_visit(outline.index, entry, "first"))
        then = first
        if entry.repeat is not None and self._members_differ(outline, first):
            then = self._shape(outline, written_visit(outline.index, entry, "then"))
        if first is None or then is None or not like_found or (entry.repeat is not None and repeat is None):
            return None
        if isinstance(repeat, RepeatEvery):
            self._check_every_anchor(outline, (first, then))
        series = entry.series if entry.repeat is not None else None
        return VisitDefinition(entry.id, series, repeat, tuple(entry.like or ()), first, then, self.faults.line(("visits", outline.index)))

    @staticmethod
    def _members_differ(outline: Outline, first: VisitShape | None) -> bool:
        return first is None or outline.entry.first is not None or outline.entry.then is not None

    def _check_like(self, outline: Outline) -> bool:
        path = ("visits", outline.index, "like")
        if outline.entry.like is None:
            return True
        known = [*self.names.visits, *self.names.series]
        found = True
        for index, name in enumerate(outline.entry.like):
            if name not in known:
                hint = did_you_mean(name, known, said("visits"))
                self.faults.add(
                    (*path, index),
                    "unknown-anchor",
                    said("{name} is no visit or series to accompany; {hint}", name=quoted(name), hint=hint),
                )
                found = False
        if not outline.entry.like:
            self.faults.add(path, "bad-companion", said("`like` names nothing to accompany; list at least one visit or series"))
            found = False
        return found

    def _check_every_anchor(self, outline: Outline, shapes: tuple[VisitShape, VisitShape]) -> None:
        for shape in shapes:
            plain = all(term.offset.duration == Duration() and not isinstance(term.reference, PreviousReference) for term in shape.anchor)
            if not plain or len(shape.anchor) != 1:
                message = said("with `every` the steps give the offset; write one anchor alone, as in `at: SBRT.last`")
                self.faults.add(("visits", outline.index, "at"), "bad-repeat", message)

    def _shape(self, outline: Outline, written: WrittenVisit) -> VisitShape | None:
        """One member's rules, every key read, even where an earlier one has a fault."""
        anchor = self._anchor(outline, written)
        not_before = self._not_before(outline, written)
        window = self._window(written)
        activities = self._activities(written)
        open_also = self._open_also(written)
        when, unless, ends_when = (self._condition(written, key) for key in ("when", "unless", "ends_when"))
        with_series = written.get("with")
        if with_series is not None:
            with_series = self._with(outline, written, with_series)
        self._check_source(written)
        kind: Kind = written.get("kind") or "clinic"
        on = self._on(written, kind)
        if anchor is None or not_before is None or window is None or activities is None or open_also is None:
            return None
        if when is None or unless is None or ends_when is None:
            return None
        gives_dose = any(self.names.activities.get(use.activity) is not None for use in activities)
        roll: Roll = written.get("roll") or ("next" if gives_dose else "nearest")
        return VisitShape(
            name=written.get("name") or outline.id,
            epoch=written.get("epoch") or ("" if outline.entry.like else self._epoch),
            kind=kind,
            start=bool(written.get("start")),
            is_milestone=written.get("is"),
            anchor=anchor,
            window=window,
            not_before=not_before,
            on=on,
            roll=roll,
            open_also=open_also,
            with_series=with_series,
            redo=bool(written.get("redo")),
            activities=activities,
            when=when,
            unless=unless,
            ends_when=ends_when,
            minutes=written.get("minutes"),
            source=written.get("source") or {},
            rationale=written.get("rationale"),
        )

    def _anchor(self, outline: Outline, written: WrittenVisit) -> tuple[Term, ...] | None:
        ways = [key for key in ("at", "start", "is") if written.get(key)]
        if len(ways) != 1:
            if len(ways) > 1:
                shown = added(map(quoted, ways))
                message = said("{shown} each give {outline} a date; keep one of them", shown=shown, outline=quoted(outline.id))
                self.faults.add(written.place(ways[1]), "date-source", message)
            elif not self.faults.touches(written.path):
                member = said(" (first member)") if written.is_first and outline.is_series else ""
                message = said(
                    "{outline}{member} has no date to be on; add `at: ANCHOR + 21d` (or `start: true`, or `is: MILESTONE`)",
                    outline=quoted(outline.id),
                    member=member,
                )
                self.faults.add(written.path, "date-source", message)
            return None
        if ways[0] == "at":
            terms = self.references.anchor(written.place("at"), written.get("at"), Standpoint("at", outline, written.is_first))
            return self._counted_from_accompanied(outline, written, terms)
        self._check_fixed_day(outline, written, ways[0])
        return ()

    def _counted_from_accompanied(self, outline: Outline, written: WrittenVisit, terms: tuple[Term, ...] | None) -> tuple[Term, ...] | None:
        if not outline.entry.like or terms is None or any(isinstance(term.reference, AccompaniedReference) for term in terms):
            return terms
        message = said("a companion counts from the visit it accompanies; write its id with {{n}}, as in `at: C{{n}}D1 + 2d`")
        self.faults.add(written.place("at"), "bad-companion", message)
        return None

    def _check_fixed_day(self, outline: Outline, written: WrittenVisit, way: str) -> None:
        """A start or ``is:`` visit is on the day given: no other key moves it."""
        if outline.entry.like or (way == "is" and outline.is_series):
            self.faults.add_at_key(
                written.place(way), "misplaced-key", said("`{way}` gives one single visit its date; remove it here", way=way)
            )
        for key in ("within", "redo", "with"):
            if key in written.values and len(written.paths[key]) == len(written.place(way)):
                self.faults.add_at_key(
                    written.place(key),
                    "misplaced-key",
                    said("a visit with `{way}` is on the day given, so `{key}` means nothing; remove it", way=way, key=key),
                )
        milestone = written.get("is")
        if way != "is" or self.names.milestones.get(milestone, "") is None:
            return
        if milestone in self.names.milestones:
            message = said("{milestone} is a name for a reference; `is` needs a milestone whose date is given", milestone=quoted(milestone))
            self.faults.add(written.place("is"), "unknown-milestone", message)
        else:
            hint = did_you_mean(milestone, self.names.milestones, said("milestones"))
            self.faults.add(
                written.place("is"),
                "unknown-milestone",
                said("{milestone} is no milestone; {hint}", milestone=quoted(milestone), hint=hint),
            )

    def _not_before(self, outline: Outline, written: WrittenVisit) -> tuple[Term, ...] | None:
        path = written.place("not_before")
        standpoint = Standpoint("not_before", outline, written.is_first)
        terms = [self.references.term((*path, index), text, standpoint) for index, text in enumerate(written.get("not_before") or ())]
        return None if None in terms else tuple(term for term in terms if term is not None)

    def _window(self, written: WrittenVisit) -> Window | None:
        if written.get("window") is not None and written.get("within") is not None:
            message = said("`window` counts from the nominal date, `within` from the anchor; keep one of them")
            self.faults.add_at_key(written.place("within"), "bad-window", message)
            return None
        try:
            if written.get("start") or written.get("is"):
                return NOMINAL_DAY_ONLY
            if written.get("window") is not None:
                return Window(*parse_window(written.get("window")))
            if written.get("within") is not None:
                return Window(*parse_within(written.get("within")), counted_from="anchor")
        except GrammarError as error:
            self.faults.add_grammar(written.place("window" if written.get("window") is not None else "within"), error)
            return None
        return NOMINAL_DAY_ONLY

    def _activities(self, written: WrittenVisit) -> tuple[ActivityUse, ...] | None:
        path = written.place("activities")
        uses = [self._activity((*path, index), item) for index, item in enumerate(written.get("activities") or ())]
        seen: set[str] = set()
        for index, use in enumerate(uses):
            if use is not None and use.activity in seen:
                self.faults.add(
                    (*path, index),
                    "duplicate-id",
                    said("{activity} stands twice in this visit; keep one of them", activity=quoted(use.activity)),
                )
            seen |= {use.activity} if use is not None else set()
        return None if None in uses else tuple(use for use in uses if use is not None)

    def _activity(self, path: tuple[str | int, ...], item: dict[str, dict[str, list[str]]]) -> ActivityUse | None:
        if len(item) != 1:
            if not self.faults.touches(path):
                self.faults.add(path, "wrong-type", said("one activity for each item; write EXAM, or {{IO: {{every: 2}}}}"))
            return None
        [(name, given)] = item.items()
        if name not in self.names.activities:
            hint = did_you_mean(name, self.names.activities, said("activities"))
            self.faults.add(path, "unknown-activity", said("{name} is no activity; {hint}", name=quoted(name), hint=hint))
        condition = self.conditions.condition((*path, name), {key: values for key, values in given.items() if key != "every"})
        every = given.get("every", ["1"])
        if len(every) != 1 or not is_count(every[0]) or not 1 <= int(every[0]) <= 400:
            self.faults.add(
                (*path, name, "every"),
                "bad-repeat",
                said("{every} is not a count; write every: 2 for every second member", every=quoted(", ".join(every))),
            )
            return None
        return None if condition is None or name not in self.names.activities else ActivityUse(name, condition, int(every[0]))

    def _open_also(self, written: WrittenVisit) -> tuple[OpenAlso, ...] | None:
        found: list[OpenAlso | None] = []
        for key, text in (written.get("open_also") or {}).items():
            path = (*written.place("open_also"), key) if key else written.place("open_also")
            condition: Condition | None = ()
            if key:
                condition = self.conditions.condition(written.place("open_also"), {key: ["yes"]}, decisions_allowed=False)
            try:
                length = parse_length(text)
            except GrammarError as error:
                self.faults.add_grammar(path, error)
                continue
            if length.months or length.working_days is not None or not length.days:
                self.faults.add(path, "bad-duration", said("{text} must be a number of days, as in +2d", text=quoted(text)))
            found.append(None if condition is None else OpenAlso(condition, length.days))
        return None if None in found else tuple(item for item in found if item is not None)

    def _condition(self, written: WrittenVisit, key: str) -> Condition | None:
        given = written.get(key)
        condition = self.conditions.condition(written.place(key), given) if given is not None else ()
        if key == "ends_when" and condition and not any(requirement.about == "decision" for requirement in condition):
            message = said("`ends_when` needs a decision, whose date ends the series; for parameters write `when`")
            self.faults.add(written.place(key), "bad-condition", message)
        return condition

    def _with(self, outline: Outline, written: WrittenVisit, name: str) -> str | None:
        if name == outline.series_name:
            self.faults.add(
                written.place("with"), "circle", said("{name} cannot fall on its own days; name another series", name=quoted(name))
            )
            return None
        return self.references.series(written.place("with"), name)

    def _check_source(self, written: WrittenVisit) -> None:
        source = written.get("source")
        if self.faults.touches((*written.path, "source")) or (source is not None and "visit" in source):
            return
        if source is not None:
            self.faults.add(
                written.place("source"),
                "missing-key",
                said("`visit` is missing; say where the visit itself comes from: {{visit: stated, ...}}"),
            )
        else:
            name = quoted(self.names.outlines[int(written.path[1])].id)
            message = said("`source` is missing; say where {name} comes from: `source: stated` (or registry, assumed)", name=name)
            self.faults.add(written.path, "missing-key", message)

    def _on(self, written: WrittenVisit, kind: Kind) -> str:
        on: str = written.get("on") or ("any" if kind == "reminder" else "clinic")
        if NAME.fullmatch(on) is None:
            self.faults.add(
                written.place("on"),
                "bad-name",
                said("{on} cannot name a resource; write clinic, any, or one word such as linac", on=quoted(on)),
            )
        elif kind == "reminder" and on != "any":
            self.faults.add(written.place("on"), "misplaced-key", said("nobody attends a reminder, so it is `on: any`; remove `on`"))
        return on
