"""The shape of a protocol file: which keys there are and of what type. What the texts mean is read elsewhere.

Every shorthand (one value for a list, a word for a mapping) is spread out before it is checked, so that there is one form
behind each key. The JSON Schema that editors complete from is made of these models, descriptions included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, StrictBool, StrictInt, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from planner.protocol.model import Kind, Roll, Source
from planner.protocol.said import said
from planner.protocol.shorthands import (
    as_activity,
    as_anchor,
    as_choices,
    as_decision_choices,
    as_labelled,
    as_list,
    as_open_also,
    as_sources,
    as_steps,
    as_text,
)

SourcePart = Literal["visit", "anchor", "offset", "window", "repeat", "activities", "when"]
_SCALAR_SCHEMA: dict[str, Any] = {"type": ["string", "integer"]}
_CONDITION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": _SCALAR_SCHEMA}]},
}


Text = Annotated[str, BeforeValidator(as_text), WithJsonSchema(_SCALAR_SCHEMA)]
Texts = Annotated[
    list[Text], BeforeValidator(as_list), WithJsonSchema({"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": _SCALAR_SCHEMA}]})
]
Conditions = Annotated[dict[str, Texts], WithJsonSchema(_CONDITION_SCHEMA)]
AnchorText = Annotated[
    str,
    BeforeValidator(as_anchor),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"latest of": {"type": "array"}},
                    "required": ["latest of"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
ActivityEntry = Annotated[
    dict[str, Conditions],
    BeforeValidator(as_activity),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": _CONDITION_SCHEMA, "maxProperties": 1}]}),
]
StepEntry = Annotated[Conditions, BeforeValidator(as_steps), WithJsonSchema({"anyOf": [{"type": "string"}, _CONDITION_SCHEMA]})]
OpenAlsoEntry = Annotated[
    dict[str, Text],
    BeforeValidator(as_open_also),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}),
]
Sources = Annotated[
    dict[SourcePart, Source],
    BeforeValidator(as_sources),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(get_args(Source))},
                {
                    "type": "object",
                    "properties": {part: {"enum": list(get_args(Source))} for part in get_args(SourcePart)},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


@dataclass(frozen=True, slots=True)
class OrText:
    """In the JSON Schema, the values of a mapping may also be texts (their labels), and with ``or_empty`` nothing at all."""

    or_empty: bool

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mapping's schema with the shorter form of its values beside the full one."""
        schema = handler(core)
        short = ["string", "integer", "null"] if self.or_empty else ["string", "integer"]
        schema["additionalProperties"] = {"anyOf": [{"type": short}, schema["additionalProperties"]]}
        return schema


class OrList:
    """In the JSON Schema, the mapping may also be a list of its keys."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mapping's schema beside that of a list of texts."""
        return {"anyOf": [{"type": "array", "items": {"type": "string"}}, handler(core)]}


class Shape(BaseModel):
    """No key beyond those named; nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=False)


class ParameterShape(Shape):
    """One choice made per subject."""

    label: Text | None = Field(None, description=said("What the screens call it."))
    choices: (
        Annotated[
            dict[str, dict[str, Text]],
            BeforeValidator(as_choices),
            WithJsonSchema(
                {
                    "anyOf": [
                        {"type": "array", "items": _SCALAR_SCHEMA},
                        {"type": "object", "additionalProperties": {"type": ["object", "null"], "additionalProperties": _SCALAR_SCHEMA}},
                    ]
                }
            ),
        ]
        | None
    ) = Field(None, description=said("The choices: a list, or a mapping from each to the values it carries, {{CAPOX: {{cycle: 21d}}}}."))
    range: Text | None = Field(None, description=said("Whole numbers, 3..6, or durations in one unit, 1mo..24mo."))
    default: Text | None = Field(None, description=said("The value of a subject for whom nothing is set."))
    optional: StrictBool = Field(False, description=said("It may stay unknown, and needs no default."))


class MilestoneShape(Shape):
    """A date given from outside, or a name for a reference."""

    label: Text | None = Field(None, description=said("What the screens call it."))
    optional: StrictBool = Field(False, description=said("A subject may have none."))
    at: Text | None = Field(None, description=said('A named reference instead of a given date: "any(chemotherapy, pd1).last".'))


class ChoiceShape(Shape):
    """One outcome of a decision."""

    label: Text | None = Field(None, description=said("What the screens call it."))
    requires: Conditions = Field(default_factory=dict, description=said("The other decision that must be recorded first, and its choices."))
    ends: Literal["treatment", "everything"] | None = Field(
        None, description=said("It stops all drugs, or ends the study for the subject.")
    )


class DecisionShape(Shape):
    """A recorded choice that opens and closes branches."""

    label: Text | None = Field(None, description=said("What the screens call it."))
    at: Text = Field(description=said("The visit of kind `decision` at which it is taken."))
    choices: Annotated[dict[str, ChoiceShape], BeforeValidator(as_decision_choices), OrText(or_empty=True), OrList()] = Field(
        description=said("The possible outcomes.")
    )


class ActivityShape(Shape):
    """What is done at a visit."""

    label: Text | None = Field(None, description=said("What the screens and the schedule of activities call it."))
    dose: Text | None = Field(None, description=said("The stream of which it gives a dose: chemotherapy, pd1, radiotherapy, surgery, ..."))
    prepare: Text | None = Field(None, description=said("What is to be done before the visit."))
    bring: Text | None = Field(None, description=said("What the subject is to bring."))


class VisitKeys(Shape):
    """The keys of a visit that `first:` and `then:` may give another value."""

    name: Text | None = Field(None, description=said("What the screens and calendars call it; may hold {{n}}. Default: the id."))
    epoch: Text | None = Field(
        None,
        description=said("The stage it belongs to. Default: that of the entry above; of a companion, that of the visit it accompanies."),
    )
    kind: Kind | None = Field(None, description=said("clinic (default), treatment, imaging, phone, decision, reminder (no attendance)."))
    start: StrictBool | None = Field(None, description=said("true: its date is the one given at enrolment. Exactly one visit has it."))
    is_milestone: Text | None = Field(None, alias="is", description=said("A milestone: the visit is done on that date, open or not."))
    at: AnchorText | None = Field(None, description=said("Anchor and offset: C1D1 - 7d, previous + regimen.cycle, latest of [A + 3d, B]."))
    window: Text | None = Field(None, description=said("Days before and after the nominal date: -3d/+7d. Default: the nominal day only."))
    within: Text | None = Field(None, description=said("The window counted from the anchor itself: -28d..-1d."))
    not_before: Texts | None = Field(None, description=said("Anchors with offsets before which the visit is never planned."))
    on: Text | None = Field(None, description=said("clinic (default), any (every day), or a resource such as linac, infusion, imaging."))
    roll: Roll | None = Field(None, description=said("Where a closed nominal day moves: nearest, next (default for doses), previous."))
    open_also: OpenAlsoEntry | None = Field(
        None, description=said("A day is open only if the day this much later is: +2d or {{regimen.pump: +2d}}.")
    )
    with_series: Text | None = Field(
        None, alias="with", description=said("A series on one of whose days it falls if that lies in its window.")
    )
    redo: StrictBool | None = Field(None, description=said("true: an actual date before the window (its anchor has moved) has expired."))
    activities: list[ActivityEntry] | None = Field(
        None, description=said("EXAM, or {{IO: {{every: 2}}}}, or {{PD1: {{regimen.pd1: with_cycle}}}}.")
    )
    when: Conditions | None = Field(None, description=said("It exists only for these parameters, or on this branch of a decision."))
    unless: Conditions | None = Field(None, description=said("It is on the calendar until this choice is made."))
    ends_when: Conditions | None = Field(None, description=said("Later members of the series are cancelled by this choice."))
    minutes: Annotated[StrictInt, Field(ge=1, le=1440)] | None = Field(None, description=said("How long it takes."))
    source: Sources | None = Field(None, description=said("stated, registry or assumed; one word, or one for each part."))
    rationale: Text | None = Field(None, description=said("Why it is so, in a sentence."))


class RepeatShape(Shape):
    """How often a visit repeats: exactly one of `times`, `until`, `every`."""

    times: Text | None = Field(None, description=said("How many: a whole number or a parameter's name."))
    until: Text | None = Field(None, description=said("Members as long as the nominal date is not after it: CHEMO.last, first + 12mo."))
    at_most: Annotated[StrictInt, Field(ge=1, le=400)] | None = Field(None, description=said("With until: the most members there can be."))
    every: list[StepEntry] | None = Field(None, description=said("Steps from the anchor: [8 x 3mo, {{follow_up: long, steps: 6 x 6mo}}]."))
    from_number: Annotated[StrictInt, Field(ge=0, le=9999)] | None = Field(
        None, alias="from", description=said("The first number (default 1).")
    )
    after: Text | None = Field(None, description=said("The series whose numbers it continues."))


class VisitEntry(VisitKeys):
    """One entry of `visits:`: a single visit, a series, or the companions of other visits."""

    id: Text = Field(description=said("C1D1; with {{n}} where it repeats or accompanies: C{{n}}D1."))
    series: Text | None = Field(None, description=said("The name others refer to a repeating visit by: SBRT.last."))
    repeat: RepeatShape | None = Field(None, description=said("{{times: 5}}, {{until: CHEMO.last, at_most: 12}} or {{every: [8 x 3mo]}}."))
    like: Texts | None = Field(None, description=said("The visits or series that this one accompanies, one companion each."))
    first: VisitKeys | None = Field(None, description=said("Keys that are different for the first member."))
    then: VisitKeys | None = Field(None, description=said("Keys that are different for all later members."))


class CheckShape(Shape):
    """A rule about dates: one of `order`, `from`/`to`, `between`, `late`, `since`, `age`."""

    id: Text = Field(description=said("Its name in findings."))
    label: Text | None = Field(None, description=said("What the screens call it."))
    order: list[Text] | None = Field(None, description=said("[CONSENT, any procedure]: the first is not after the second."))
    from_: Text | None = Field(None, alias="from", description=said("With to, and one of at_least, at_most, more_than, less_than."))
    to: Text | None = Field(None, description=said("The later end of the interval that begins at `from`."))
    between: Text | None = Field(
        None, description=said("Each two neighbouring dates of SBRT or any(pd1); with age: the allowed ages, 18..75.")
    )
    late: Text | None = Field(None, description=said("A series: a member later than its nominal date by more_than."))
    since: Text | None = Field(None, description=said("any(pd1): more_than since the last dose given, while a later one is planned."))
    age: Text | None = Field(None, description=said("The parameter that holds the birth year."))
    at: Text | None = Field(None, description=said("With age: the visit or milestone at which the age counts."))
    at_least: Text | None = Field(None, description=said("A duration: 18d."))
    at_most: Text | None = Field(None, description=said("A duration: 14d."))
    more_than: Text | None = Field(None, description=said("A duration: 6mo."))
    less_than: Text | None = Field(None, description=said("A duration: 12w."))


class LabelShape(Shape):
    """A name in another language."""

    label: Text | None = Field(None, description=said("The translated label."))
    name: Text | None = Field(None, description=said("The translated name."))
    choices: dict[str, Text] = Field(default_factory=dict, description=said("Choice to its translated label."))
    prepare: Text | None = Field(None, description=said("What is to be done before the visit."))
    bring: Text | None = Field(None, description=said("What the subject is to bring."))


Labels = Annotated[dict[str, LabelShape], BeforeValidator(as_labelled), OrText(or_empty=False)]


class LanguageShape(Shape):
    """The texts of one language."""

    title: Text | None = Field(None, description=said("The title."))
    epochs: dict[str, Text] = Field(default_factory=dict, description=said("Epoch as written in this file, to its name."))
    visits: Labels = Field(default_factory=dict, description=said("Visit id as written in this file, to its name."))
    activities: Labels = Field(default_factory=dict, description=said("Activity to its label, prepare and bring."))
    parameters: Labels = Field(default_factory=dict, description=said("Parameter to its label and choices."))
    milestones: Labels = Field(default_factory=dict, description=said("Milestone to its label."))
    decisions: Labels = Field(default_factory=dict, description=said("Decision to its label and choices."))
    checks: Labels = Field(default_factory=dict, description=said("Check to its label."))


class ProtocolShape(Shape):
    """One version of a study's schedule."""

    protocol: Text = Field(description=said("A short name."))
    version: Text = Field(description=said('The version, best in quotes: "1.0".'))
    title: Text = Field(description=said("The title people know it by."))
    registry: Text | None = Field(None, description=said("The number in a public register."))
    parameters: dict[str, ParameterShape] = Field(default_factory=dict, description=said("Choices made per subject."))
    milestones: Annotated[dict[str, MilestoneShape], BeforeValidator(as_labelled), OrText(or_empty=True)] = Field(
        default_factory=dict, description=said("Dates given from outside, and names for references.")
    )
    decisions: dict[str, DecisionShape] = Field(default_factory=dict, description=said("Recorded choices that open and close branches."))
    activities: Annotated[dict[str, ActivityShape], BeforeValidator(as_labelled), OrText(or_empty=True)] = Field(
        default_factory=dict, description=said("What can be done at a visit.")
    )
    visits: list[VisitEntry] = Field(description=said("The visits, in protocol order."), min_length=1)
    checks: list[CheckShape] = Field(default_factory=list, description=said("Rules about dates that are watched."))
    language: dict[str, LanguageShape] = Field(default_factory=dict, description=said("Translations, by language tag."))
