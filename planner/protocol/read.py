"""From the text of a protocol file to a Protocol, or to every fault in it at once."""

from __future__ import annotations

from collections.abc import Mapping

from planner.protocol.checks import CheckReader, checks_of
from planner.protocol.conditions import ConditionReader
from planner.protocol.cross_checks import CrossChecks
from planner.protocol.declarations import activities_of, decisions_of, milestones_of, parameters_of
from planner.protocol.errors import ProtocolError, ProtocolErrors
from planner.protocol.faults import Faults
from planner.protocol.file_shape import ProtocolShape
from planner.protocol.languages import languages_of
from planner.protocol.located_yaml import locate_yaml
from planner.protocol.model import Choice, Decision, Milestone, Protocol, VisitDefinition
from planner.protocol.outlines import names_of
from planner.protocol.references import ReferenceReader
from planner.protocol.said import said
from planner.protocol.shape_faults import shape_of
from planner.protocol.visits import FIRST_EPOCH, VisitReader


def read_protocol(text: str, file_name: str = "<protocol>") -> Protocol:
    """The protocol in ``text``; ``file_name`` is only for messages. Raises ProtocolErrors with every fault found."""
    document = locate_yaml(text, file_name)
    if not isinstance(document.data, dict) or not document.data:
        message = said("the file holds no keys; begin with `protocol: NAME`")
        raise ProtocolErrors([*document.errors, ProtocolError(1, 1, "empty-file", message, file_name)])
    faults = Faults(document)
    shape = shape_of(document.data, faults)
    if shape is None:
        faults.raise_if_any()
        raise ProtocolErrors(
            [ProtocolError(1, 1, "wrong-type", said("the file's shape cannot be read; compare it with the format"), file_name)]
        )
    protocol = _protocol(shape, faults)
    faults.raise_if_any()
    return protocol


def _protocol(shape: ProtocolShape, faults: Faults) -> Protocol:
    parameters = parameters_of(shape, faults)
    activities = activities_of(shape, faults)
    names = names_of(shape, parameters, decisions_of(shape, faults), activities, milestones_of(shape, faults), faults)
    references = ReferenceReader(names, faults)
    conditions = ConditionReader(names, faults)
    decisions = _decisions(shape, conditions)
    visits = VisitReader(names, references, conditions, faults)
    built = {outline.index: visits.definition(outline) for outline in names.outlines}
    definitions: dict[int, VisitDefinition] = {index: definition for index, definition in built.items() if definition is not None}
    checks = checks_of(shape.checks, CheckReader(names, references, faults), faults)
    milestones = _milestones(shape, references)
    languages = languages_of(shape, names, _epochs(shape), faults)
    CrossChecks(shape, names, definitions, decisions, faults).run(conditions.used_choices)
    return Protocol(
        id=shape.protocol,
        version=shape.version,
        title=shape.title,
        registry=shape.registry,
        parameters=parameters,
        milestones=milestones,
        decisions=decisions,
        activities=activities,
        visits=tuple(definitions.values()),
        checks=checks,
        languages=languages,
    )


def _decisions(shape: ProtocolShape, conditions: ConditionReader) -> dict[str, Decision]:
    found = {}
    for name, given in shape.decisions.items():
        choices = []
        for choice, written in given.choices.items():
            requires = conditions.required_choices(("decisions", name, "choices", choice, "requires"), name, written.requires)
            choices.append(Choice(choice, written.label or choice, requires, written.ends))
        found[name] = Decision(name, given.label or name, given.at, tuple(choices))
    return found


def _milestones(shape: ProtocolShape, references: ReferenceReader) -> Mapping[str, Milestone]:
    found = {}
    for name, given in shape.milestones.items():
        reference = references.named_reference(name, given.at) if given.at is not None else None
        found[name] = Milestone(name, given.label or name, given.optional, reference)
    return found


def _epochs(shape: ProtocolShape) -> list[str]:
    written = [keys.epoch for entry in shape.visits for keys in (entry, entry.first, entry.then) if keys is not None]
    return list(dict.fromkeys([epoch for epoch in written if epoch is not None] or [FIRST_EPOCH]))
