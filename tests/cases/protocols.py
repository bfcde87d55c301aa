"""Random protocols that a reader would accept: each visit refers only to what stands before it, so nothing goes in a circle."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from planner.protocol.durations import Duration
from planner.protocol.model import (
    NO_OFFSET,
    NOMINAL_DAY_ONLY,
    AccompaniedReference,
    Activity,
    ActivityUse,
    AgeCheck,
    BetweenCheck,
    Check,
    Choice,
    Condition,
    Decision,
    DoseReference,
    FirstMemberReference,
    IntervalCheck,
    LateCheck,
    Milestone,
    MilestoneReference,
    Numbering,
    Offset,
    OpenAlso,
    OrderCheck,
    Parameter,
    ParameterDuration,
    PreviousReference,
    Protocol,
    Reference,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    Requirement,
    SeriesReference,
    SinceCheck,
    Step,
    Term,
    VisitDefinition,
    VisitReference,
    VisitShape,
    Window,
)

Item = TypeVar("Item")

ACTIVITIES = {
    activity.id: activity
    for activity in (
        Activity("EXAM", "Examination"),
        Activity("LAB", "Blood tests"),
        Activity("CHEMO", "Chemotherapy", dose="chemotherapy"),
        Activity("PD1", "PD-1 antibody", dose="pd1"),
        Activity("DRUG", "Maintenance", dose="maintenance"),
        Activity("FRACTION", "Fraction", dose="radiotherapy"),
        Activity("OPERATION", "Operation", dose="surgery"),
    )
}
DRUGS = {"CHEMO": "chemotherapy", "PD1": "pd1", "DRUG": "maintenance"}

PLAIN = VisitShape(
    name="",
    epoch="Treatment",
    kind="clinic",
    start=False,
    is_milestone=None,
    anchor=(),
    window=NOMINAL_DAY_ONLY,
    not_before=(),
    on="clinic",
    roll="nearest",
    open_also=(),
    with_series=None,
    redo=False,
    activities=(),
    when=(),
    unless=(),
    ends_when=(),
    minutes=None,
    source={"visit": "assumed"},
    rationale=None,
)


def random_protocol(random: Random) -> Protocol:
    """One protocol of some 6 to 12 definitions."""
    maker = _Maker(random)
    maker.make_parameters()
    maker.make_milestones()
    maker.make_start()
    blocks = [
        maker.chain,
        maker.chain,
        maker.fractions,
        maker.single,
        maker.single,
        maker.single,
        maker.spaced,
        maker.companions,
        maker.decision,
        maker.decision,
        maker.until_limit,
        maker.own_clock,
        maker.reminder,
    ]
    for block in random.choices(blocks, k=random.randint(3, 8)):
        block()
    maker.before_the_start()
    maker.last_dose()
    maker.make_checks()
    return maker.protocol()


def days(count: int) -> Duration:
    """So many days."""
    return Duration(days=count)


class _Maker:
    """A protocol in the making."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.parameters: dict[str, Parameter] = {}
        self.milestones: dict[str, Milestone] = {}
        self.decisions: dict[str, Decision] = {}
        self.visits: list[VisitDefinition] = []
        self.checks: list[Check] = []
        self.singles: list[str] = []
        """Ids that a reference can name: single visits, and first members of series."""
        self.series: list[str] = []
        self.times_series: list[VisitDefinition] = []
        self.counted_on: set[str] = set()
        """Doses that a reference has counted: no later visit may give them, or a circle could come about."""
        self.given: set[str] = set()
        self.letters = iter("ABDEGHJKLNPQRSTUVWXYZ")

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, *items: Item) -> Item:
        return self.random.choice(items)

    # --- parameters, milestones -----------------------------------------------------------------------------

    def make_parameters(self) -> None:
        """A regimen always; a count, a length, a yes/no and a birth year sometimes."""
        cycles, answers = ("14d", "21d", "28d", "1mo"), ("yes", "no")
        attributes = {
            name: {"cycle": self.one_of(*cycles), "pump": self.one_of(*answers), "clock": self.one_of("own", "with")}
            for name in ("X", "Y", "Z")[: self.random.randint(2, 3)]
        }
        self.parameters["regimen"] = Parameter("regimen", "Regimen", tuple(attributes), "X", attributes=attributes)
        if self.chance(0.7):
            low = self.random.randint(0, 2)
            values = tuple(str(n) for n in range(low, low + self.random.randint(2, 4)))
            self.parameters["cycles"] = Parameter("cycles", "Cycles", values, self.random.choice(values), is_range=True)
        if self.chance(0.5):
            lengths = tuple(f"{n}mo" for n in range(1, 7))
            self.parameters["length"] = Parameter("length", "Length", lengths, self.random.choice(lengths), unit="mo", is_range=True)
        if self.chance(0.4):
            self.parameters["female"] = Parameter("female", "Female", answers, self.one_of(*answers))
        if self.chance(0.3):
            years = tuple(str(year) for year in range(1940, 2011))
            self.parameters["born"] = Parameter("born", "Birth year", years, None, optional=True, is_range=True)

    def make_milestones(self) -> None:
        """A consent, and at times an optional date."""
        self.milestones["CONSENT"] = Milestone("CONSENT", "Consent", optional=self.chance(0.3))
        if self.chance(0.5):
            self.milestones["PRIOR"] = Milestone("PRIOR", "End of prior treatment", optional=True)

    # --- pieces of visits -------------------------------------------------------------------------------------

    def duration(self) -> Duration | ParameterDuration:
        random = self.random
        kind = random.randrange(10)
        if kind == 0:
            return Duration(months=random.randint(1, 3))
        if kind == 1:
            return Duration(working_days=random.randint(0, 5))
        if kind == 2:
            return ParameterDuration("regimen", "cycle")
        if kind == 3 and "length" in self.parameters:
            return ParameterDuration("length", None)
        return days(random.choice([0, 1, 2, 3, 7, 10, 14, 21, 28, 42]))

    def window(self) -> Window:
        random = self.random
        kind = random.randrange(8)
        if kind == 0:
            return NOMINAL_DAY_ONLY
        if kind == 1:
            return Window(Duration(working_days=-random.randint(0, 2)), Duration(working_days=random.randint(0, 3)))
        if kind == 2:
            return Window(Duration(months=-random.randint(0, 1)), Duration(months=random.randint(0, 1)))
        if kind == 3:
            return Window(days(-random.randint(0, 2)), Duration(working_days=random.randint(1, 2)))
        return Window(days(-random.choice([0, 1, 3, 7])), days(random.choice([0, 1, 3, 7, 14])))

    def condition(self, decisions: bool = True) -> Condition:
        """One or two keys, about parameters or decisions made at visits that stand earlier."""
        return tuple(self.key(decisions) for _ in range(2 if self.chance(0.15) else 1))

    def key(self, decisions: bool) -> Requirement:
        if decisions and self.decisions and self.chance(0.7):
            return self.decision_key()
        if "female" in self.parameters and self.chance(0.3):
            return Requirement("parameter", "female", None, (self.one_of("yes", "no"),))
        attribute = self.random.choice(["pump", "clock", None])
        if attribute is None:
            return Requirement("parameter", "regimen", None, self.some(self.parameters["regimen"].values))
        return Requirement(
            "parameter", "regimen", attribute, (self.one_of("yes", "no") if attribute == "pump" else self.one_of("own", "with"),)
        )

    def decision_key(self) -> Requirement:
        decision = self.random.choice(list(self.decisions.values()))
        return Requirement("decision", decision.name, None, self.some(tuple(choice.name for choice in decision.choices)))

    def some(self, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.random.sample(values, self.random.randint(1, max(1, len(values) - 1))))

    def reference(self) -> tuple[Reference, str]:
        """Something earlier: a visit, the first or last of a series or of doses, or a milestone."""
        kind = self.random.randrange(12)
        if kind < 5 and self.series:
            series, which = self.random.choice(self.series), self.one_of("first", "last", "last")
            return SeriesReference(series, which), f"{series}.{which}"
        if kind < 7 and self.given:
            doses = tuple(sorted(self.random.sample(sorted(self.given), self.random.randint(1, len(self.given)))))
            self.counted_on.update(doses)
            which = self.one_of("first", "last", "last")
            return DoseReference(doses, which), f"any({', '.join(doses)}).{which}"
        if kind == 7:
            milestone = self.random.choice([name for name, milestone in self.milestones.items() if milestone.reference is None])
            return MilestoneReference(milestone), milestone
        visit = self.random.choice(self.singles)
        return VisitReference(visit), visit

    def term(self) -> Term:
        reference, text = self.reference()
        sign = -1 if self.chance(0.1) else 1
        return Term(reference, Offset(self.duration(), sign=sign), text)

    def bounds(self) -> tuple[Term, ...]:
        return tuple(self.term() for _ in range(self.random.choice([0, 0, 0, 1, 1, 2])))

    def uses(self, dose: bool) -> tuple[ActivityUse, ...]:
        """Activities; with ``dose``, at least one that gives a dose still to be counted."""
        found = [ActivityUse(name) for name in ("EXAM", "LAB") if self.chance(0.4)]
        drugs = [name for name, stream in DRUGS.items() if stream not in self.counted_on]
        if dose and drugs:
            for name in self.random.sample(drugs, min(len(drugs), self.random.choice([1, 1, 2]))):
                condition = self.condition(decisions=False) if self.chance(0.2) else ()
                found.append(ActivityUse(name, condition, self.random.choice([1, 1, 1, 2])))
                self.given.add(DRUGS[name])
        self.random.shuffle(found)
        return tuple(found)

    def gives_dose(self, uses: tuple[ActivityUse, ...]) -> bool:
        return any(ACTIVITIES[use.activity].dose for use in uses)

    def shape(self, uses: tuple[ActivityUse, ...], **rules: Any) -> VisitShape:
        """A shape with the roll that fits, and at random a resource, ``open_also``, ``when`` and ``unless``."""
        random = self.random
        shape = replace(PLAIN, activities=uses, **rules)
        roll = random.choice(["nearest", "next", "previous"]) if self.chance(0.3) else ("next" if self.gives_dose(uses) else "nearest")
        shape = replace(shape, roll=roll, on=random.choice(["clinic", "clinic", "clinic", "linac", "imaging", "any"]))
        if self.chance(0.25):
            condition = self.condition(decisions=False) if self.chance(0.6) else ()
            shape = replace(shape, open_also=(OpenAlso(condition, random.choice([1, 2, 2])),))
        if self.chance(0.25):
            shape = replace(shape, when=self.condition())
        elif self.chance(0.18):
            shape = replace(shape, unless=self.condition())
        if self.decisions and self.chance(0.35):
            shape = replace(shape, ends_when=(self.decision_key(),))
        kind = "treatment" if self.gives_dose(uses) else random.choice(["clinic", "imaging", "phone"])
        return replace(shape, kind=kind)

    def add(self, definition: VisitDefinition, series: str | None = None) -> None:
        self.visits.append(definition)
        if series is not None:
            self.series.append(series)
        elif definition.repeat is None and not definition.like:
            self.singles.append(definition.id)

    def one(self, id: str, shape: VisitShape) -> VisitDefinition:
        shape = replace(shape, name=f"Visit {id}")
        return VisitDefinition(id, None, None, (), shape, shape)

    def named(self, shape: VisitShape, letter: str) -> VisitShape:
        return replace(shape, name=f"{letter} visit {{n}}")

    def times(self) -> int | str:
        return "cycles" if "cycles" in self.parameters and self.chance(0.6) else self.random.randint(1, 5)

    # --- blocks -----------------------------------------------------------------------------------------------

    def make_start(self) -> None:
        """The start: a single visit, or the first member of a chain."""
        uses = self.uses(dose=self.chance(0.8))
        start = replace(PLAIN, name="Start", kind="treatment", start=True, activities=uses, roll="next")
        if self.chance(0.5):
            self.add(self.one("C1D1", start))
            return
        start = self.named(start, "C")
        then = replace(self.shape(self.uses(dose=True)), start=False, when=(), unless=(), ends_when=())
        then = self.named(self.chained(then), "C")
        definition = VisitDefinition("C{n}D1", "PRE", RepeatTimes(self.times_at_least_one(), Numbering()), (), start, then)
        self.add(definition, "PRE")
        self.singles.append("C1D1")
        self.times_series.append(definition)

    def times_at_least_one(self) -> int | str:
        times = self.times()
        return self.random.randint(1, 3) if isinstance(times, str) and "0" in self.parameters[times].values else times

    def chained(self, shape: VisitShape) -> VisitShape:
        offset = self.random.choice([days(7), days(14), days(21), days(2), Duration(working_days=1), Duration(months=1), None])
        duration = ParameterDuration("regimen", "cycle") if offset is None else offset
        not_before = (*shape.not_before, *self.after_previous_dose(shape))
        return replace(
            shape, anchor=(Term(PreviousReference(), Offset(duration), "previous"),), window=self.window(), not_before=not_before
        )

    def after_previous_dose(self, shape: VisitShape) -> tuple[Term, ...]:
        doses = tuple(sorted({dose for use in shape.activities for dose in [ACTIVITIES[use.activity].dose] if dose}))
        if not doses or self.chance(0.6):
            return ()
        return (Term(DoseReference(doses, "previous"), Offset(days(self.random.choice([5, 10, 18]))), f"any({', '.join(doses)}).previous"),)

    def chain(self) -> None:
        """A chained series; at times it numbers on from another one."""
        before = self.random.choice(self.times_series) if self.times_series and self.chance(0.4) else None
        letter = next(self.letters)
        numbering = Numbering(start=self.random.choice([1, 1, 1, 2, 3]))
        template = f"{letter}{{n}}"
        if before is not None:
            numbering = Numbering(after=before.series)
            template = before.id
            self.times_series.remove(before)
        terms = {"anchor": (self.term(),), "not_before": self.bounds()}
        shape = self.shape(self.uses(dose=True), window=self.window(), **terms)
        first = self.named(replace(shape, not_before=(*shape.not_before, *self.after_previous_dose(shape))), letter)
        then = self.chained(shape)
        times = self.times()
        definition = VisitDefinition(template, letter, RepeatTimes(times, numbering), (), first, self.named(then, letter))
        self.add(definition, letter)
        self.times_series.append(definition)

    def fractions(self) -> None:
        """A radiotherapy series with limits on its gaps and its span."""
        letter = next(self.letters)
        terms = {"anchor": (self.term(),), "not_before": self.bounds()}
        if "radiotherapy" in self.counted_on:
            return
        self.given.add("radiotherapy")
        shape = replace(self.shape((ActivityUse("FRACTION"),)), on="linac", open_also=())
        first = replace(shape, window=Window(days(-self.random.choice([0, 3, 7])), days(self.random.choice([0, 3, 7]))), **terms)
        offset = self.one_of(Duration(working_days=1), days(2))
        window = Window(Duration(working_days=0), Duration(working_days=1)) if offset.working_days else Window(days(0), days(2))
        then = replace(shape, anchor=(Term(PreviousReference(), Offset(offset), "previous"),), window=window)
        times = RepeatTimes(self.random.randint(2, 5), Numbering())
        self.add(VisitDefinition(f"{letter}{{n}}", letter, times, (), self.named(first, letter), self.named(then, letter)), letter)
        self.checks.append(
            BetweenCheck(f"{letter}-gap", "", letter, (), self.one_of("at_most", "less_than"), days(self.random.randint(3, 5)))
        )
        ends = SeriesReference(letter, "first"), SeriesReference(letter, "last")
        limit = days(self.random.randint(6, 14))
        self.checks.append(IntervalCheck(f"{letter}-span", "", ends[0], f"{letter}.first", ends[1], f"{letter}.last", "at_most", limit))

    def single(self) -> None:
        """One visit on anything earlier, at times on the latest of several."""
        letter = next(self.letters)
        random = self.random
        if self.chance(0.2):
            anchor, window = tuple(self.term() for _ in range(random.randint(2, 3))), self.window()
        elif self.chance(0.25):
            anchor, window = self.within_anchor()
        else:
            anchor, window = (self.term(),), self.window()
        not_before = self.bounds()
        uses = self.uses(dose=self.chance(0.3))
        if self.chance(0.15) and "surgery" not in self.counted_on:
            uses = (*uses, ActivityUse("OPERATION"))
            self.given.add("surgery")
        shape = self.shape(uses, anchor=anchor, window=window, not_before=not_before)
        shape = replace(shape, not_before=(*shape.not_before, *self.after_previous_dose(shape)))
        if self.series and self.chance(0.15):
            shape = replace(shape, with_series=random.choice(self.series))
        self.add(self.one(letter, replace(shape, redo=self.chance(0.2))))

    def within_anchor(self) -> tuple[tuple[Term, ...], Window]:
        reference, text = self.reference()
        middle = self.random.randint(-20, 40)
        window = Window(days(middle - self.random.randint(0, 10)), days(middle + self.random.randint(0, 10)), "anchor")
        return (Term(reference, Offset(days(abs(middle)), sign=-1 if middle < 0 else 1), text),), window

    def spaced(self) -> None:
        """A series counted from one anchor: ``* n`` or ``every:``."""
        letter = next(self.letters)
        reference, text = self.reference()
        not_before = self.bounds()
        shape = self.shape(self.uses(dose=self.chance(0.2)), not_before=not_before, window=self.window())
        numbering = Numbering(start=self.random.choice([1, 1, 2]))
        if self.chance(0.5):
            offset = Offset(self.one_of(Duration(months=1), Duration(months=3), days(14), days(30)), times_number=True)
            repeat: RepeatTimes | RepeatEvery = RepeatTimes(self.times(), numbering)
            shape = replace(shape, anchor=(Term(reference, offset, text),))
        else:
            steps = [Step(self.random.randint(1, 4), self.one_of(Duration(months=1), Duration(months=2), days(28)))]
            if self.chance(0.5):
                condition = self.condition(decisions=False) if self.chance(0.6) else ()
                steps.append(Step(self.random.randint(1, 3), self.one_of(Duration(months=3), days(45)), condition))
            repeat = RepeatEvery(tuple(steps), numbering)
            shape = replace(shape, anchor=(Term(reference, NO_OFFSET, text),))
        shape = self.named(shape, letter)
        self.add(VisitDefinition(f"{letter}{{n}}", letter, repeat, (), shape, shape), letter)

    def companions(self) -> None:
        """Visits that accompany each member of a series (and the start, if it is single)."""
        letter = next(self.letters)
        definitions = [d for d in self.visits if d.repeat is not None and d.series is not None]
        like = [d.series for d in definitions if d.series and self.chance(0.4)]
        if self.visits[0].repeat is None and (not like or self.chance(0.5)):
            like.insert(0, self.visits[0].id)
        chosen = {d.series: d for d in definitions}
        templates = {chosen[name].id if name in chosen else "C{n}D1" for name in like}
        if not like or len(templates) > 1 or not self.numbers_differ(like):
            return
        offset = self.one_of(days(1), days(2), days(3))
        uses = () if self.chance(0.7) else self.uses(dose=False)
        anchor = Term(AccompaniedReference(), Offset(offset), templates.pop())
        shape = self.shape(uses, anchor=(anchor,), window=Window(days(0), days(self.random.randint(0, 2))))
        shape = self.named(replace(shape, when=self.condition() if self.chance(0.4) else ()), letter)
        self.add(VisitDefinition(f"{letter}{{n}}c", None, None, tuple(like), shape, shape))

    def numbers_differ(self, like: list[str]) -> bool:
        """Whether companions of all these get ids of their own: each series numbers on from another one of them."""
        members = [d for d in self.visits if d.series in like and d.repeat is not None]
        after = [d.repeat.numbering.after for d in members if d.repeat is not None]
        single = any(d.id in like for d in self.visits if d.repeat is None)
        if single:
            return all(d.id.startswith("C") is False for d in members) and not members
        return len(members) == 1 or (all(name in like for name in after[1:]) and after[0] is None)

    def decision(self) -> None:
        """A visit at which one or two things are decided; only the first such visit's choices may end treatment."""
        if len(self.decisions) >= 3:
            return
        letter = next(self.letters)
        may_end = not self.decisions
        shape = replace(PLAIN, kind="decision", anchor=(self.term(),), window=self.window(), not_before=self.bounds())
        if self.decisions and self.chance(0.3):
            shape = replace(shape, when=(self.decision_key(),))
        self.add(self.one(f"{letter}board", shape))
        earlier = list(self.decisions.values())
        for index in range(1 if self.chance(0.6) else 2):
            name = f"{letter.lower()}{index}"
            choices = []
            for choice in ("go", "wait", "stop")[: self.random.randint(2, 3)]:
                ends = self.random.choice(["treatment", "everything"]) if may_end and choice == "stop" and self.chance(0.7) else None
                requires = {}
                if earlier and choice != "go" and self.chance(0.3):
                    other = self.random.choice(earlier)
                    requires = {other.name: self.some(tuple(c.name for c in other.choices))}
                choices.append(Choice(choice, choice, requires, ends))
            self.decisions[name] = Decision(name, name, f"{letter}board", tuple(choices))
            earlier.append(self.decisions[name])

    def until_limit(self) -> None:
        """A chain until so long after its first member."""
        letter = next(self.letters)
        duration = ParameterDuration("length", None) if "length" in self.parameters else self.one_of(days(60), Duration(months=3))
        until = Term(FirstMemberReference(), Offset(duration), "first")
        terms = tuple(self.term() for _ in range(self.random.choice([1, 2])))
        self.add_until(letter, until, terms, None)

    def own_clock(self) -> None:
        """A chain beside another series, until that one's last member, at times on its days."""
        if not self.series:
            return
        letter = next(self.letters)
        series = self.random.choice(self.series)
        until = Term(SeriesReference(series, "last"), NO_OFFSET, f"{series}.last")
        anchor = Term(SeriesReference(series, "first"), Offset(days(self.random.choice([0, 7, 21]))), f"{series}.first")
        self.add_until(letter, until, (anchor,), series if self.chance(0.6) else None)

    def add_until(self, letter: str, until: Term, anchor: tuple[Term, ...], with_series: str | None) -> None:
        not_before = self.bounds()
        shape = self.shape(self.uses(dose=True), anchor=anchor, window=self.window(), with_series=with_series)
        first = replace(shape, not_before=(*not_before, *self.after_previous_dose(shape)))
        repeat = RepeatUntil(until, self.random.randint(2, 8), Numbering())
        then = self.chained(shape)
        self.add(VisitDefinition(f"{letter}-{{n}}", letter, repeat, (), self.named(first, letter), self.named(then, letter)), letter)

    def reminder(self) -> None:
        """A date to be reminded of, without attendance."""
        letter = next(self.letters)
        reference, text = self.reference()
        offset = Offset(self.one_of(Duration(months=6), days(30), days(90)))
        shape = replace(PLAIN, kind="reminder", on="any", anchor=(Term(reference, offset, text),))
        if self.decisions and self.chance(0.3):
            shape = replace(shape, when=self.condition())
        self.add(self.one(letter, shape))

    def before_the_start(self) -> None:
        """Consent and screening: they stand first in the file and count from the start."""
        early = []
        if self.chance(0.6):
            early.append(self.one("ICF", replace(PLAIN, is_milestone="CONSENT", on=self.one_of("clinic", "any"))))
        consent = Term(MilestoneReference("CONSENT"), NO_OFFSET, "CONSENT")
        start = VisitReference("C1D1")
        if self.chance(0.6):
            window = Window(days(-28), days(-1), "anchor")
            shape = self.shape((ActivityUse("EXAM"),), anchor=(Term(start, Offset(days(14), sign=-1), "C1D1"),), window=window)
            early.append(self.one("SCR", replace(shape, when=(), unless=(), ends_when=(), not_before=(consent,))))
        if self.chance(0.6):
            window = Window(days(-15), days(0), "anchor")
            anchor = (Term(start, Offset(days(7), sign=-1), "C1D1"),)
            early.append(self.one("LAB", replace(PLAIN, anchor=anchor, window=window, redo=True, not_before=(consent,))))
        self.visits = early + self.visits
        self.singles += [definition.id for definition in early]

    def last_dose(self) -> None:
        """At times a visit and a reminder after the last dose of all, by its name."""
        drugs = tuple(sorted(self.given & set(DRUGS.values())))
        if not drugs or self.chance(0.5):
            return
        reference = DoseReference(drugs, "last")
        self.milestones["LAST_DOSE"] = Milestone("LAST_DOSE", "Last dose", reference=reference)
        follow_up = replace(PLAIN, anchor=(Term(reference, Offset(days(30)), "LAST_DOSE"),), window=Window(days(-7), days(7)))
        self.add(self.one("SFU", follow_up))
        reminder = replace(PLAIN, kind="reminder", on="any", anchor=(Term(reference, Offset(Duration(months=6)), "LAST_DOSE"),))
        self.add(self.one("CONTRA", reminder))

    def make_checks(self) -> None:
        """One check of most kinds."""
        random, checks = self.random, self.checks
        consent = MilestoneReference("CONSENT")
        if self.chance(0.7):
            checks.append(OrderCheck("consent-first", "", consent, "CONSENT", None, "any procedure"))
        if self.chance(0.3):
            reference, text = self.reference()
            checks.append(OrderCheck("order", "", consent, "CONSENT", reference, text))
        for index in range(random.randint(0, 2)):
            (start, start_text), (end, end_text) = self.reference(), self.reference()
            bound = self.one_of("at_least", "at_most", "more_than", "less_than")
            duration = self.one_of(days(random.randint(1, 90)), Duration(months=random.randint(1, 6)))
            checks.append(IntervalCheck(f"interval{index}", "", start, start_text, end, end_text, bound, duration))
        if self.given:
            dose = random.choice(sorted(self.given))
            checks.append(BetweenCheck("dose-gap", "", None, (dose,), self.one_of("at_least", "more_than"), days(random.randint(5, 20))))
            checks.append(SinceCheck("lapse", "", (dose,), days(random.randint(20, 90))))
        if self.series:
            checks.append(LateCheck("late", "", random.choice(self.series), days(random.randint(0, 28))))
        if "born" in self.parameters:
            checks.append(AgeCheck("age", "", "born", consent, "CONSENT", 18, 75))

    def protocol(self) -> Protocol:
        return Protocol(
            id="random",
            version="1",
            title="A random protocol",
            registry=None,
            parameters=self.parameters,
            milestones=self.milestones,
            decisions=self.decisions,
            activities=ACTIVITIES,
            visits=tuple(self.visits),
            checks=tuple(self.checks),
            languages={},
        )
