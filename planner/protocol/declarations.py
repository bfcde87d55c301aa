"""Parameters, decisions and activities: what a file declares before its visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import Faults
from planner.protocol.file_shape import ParameterShape, ProtocolShape
from planner.protocol.grammar import NAME, RESERVED, GrammarError, parse_range
from planner.protocol.located_yaml import Path
from planner.protocol.model import Activity, Parameter
from planner.protocol.said import said

MOST_ACTIVITIES = 60
MOST_DOSES = 30


def check_name(path: Path, name: str, what: str, faults: Faults) -> None:
    """Report a name that references could not be written with."""
    if NAME.fullmatch(name) is None or len(name) > 60:
        faults.add_at_key(
            path,
            "bad-name",
            said("{name} cannot name a {what}; use letters, digits and _ only, a letter first", name=quoted(name), what=what),
        )
    elif name in RESERVED:
        faults.add_at_key(
            path, "bad-name", said("{name} is a word of the format; give the {what} another name", name=quoted(name), what=what)
        )


def parameters_of(shape: ProtocolShape, faults: Faults) -> dict[str, Parameter]:
    """Each parameter that can be understood, by name."""
    found = {}
    for name, given in shape.parameters.items():
        path: Path = ("parameters", name)
        check_name(path, name, said("parameter"), faults)
        if "-" in name:
            faults.add_at_key(path, "bad-name", said("{name} cannot name a parameter; use _ for -", name=quoted(name)))
        parameter = _parameter(name, given, path, faults)
        if parameter is not None:
            found[name] = parameter
    return found


def _parameter(name: str, given: ParameterShape, path: Path, faults: Faults) -> Parameter | None:
    if (given.choices is None) == (given.range is None):
        if not faults.touches(path):
            faults.add_at_key(path, "bad-parameter", said("{name} needs either `choices` or `range`, one of the two", name=quoted(name)))
        return None
    label = given.label or name
    if given.range is not None:
        try:
            span = parse_range(given.range)
        except GrammarError as error:
            faults.add_grammar((*path, "range"), error)
            return None
        default = _default(name, given, span.values, path, faults)
        return Parameter(name, label, span.values, default, given.optional, unit=span.unit, is_range=True)
    choices = given.choices or {}
    if not choices:
        faults.add((*path, "choices"), "bad-parameter", said("{name} has no choices; list at least one", name=quoted(name)))
    carried = {key: choice for choice, values in reversed(choices.items()) for key in values}
    for choice, values in choices.items():
        for key in carried.keys() - values.keys():
            message = said(
                "the choice {choice} lacks {key}, which {carried} carries; give it a value here too",
                choice=quoted(choice),
                key=quoted(key),
                carried=quoted(carried[key]),
            )
            faults.add_at_key((*path, "choices", choice), "missing-attribute", message)
    default = _default(name, given, tuple(choices), path, faults)
    return Parameter(name, label, tuple(choices), default, given.optional, attributes=choices)


def _default(name: str, given: ParameterShape, values: tuple[str, ...], path: Path, faults: Faults) -> str | None:
    if given.default is None:
        if not given.optional and not faults.touches((*path, "default")):
            faults.add_at_key(
                path,
                "missing-default",
                said("{name} has no default; add `default:`, or `optional: true` if it may stay unknown", name=quoted(name)),
            )
        return None
    if given.default not in values:
        where = (
            said("the values are {values}..{values_2}", values=values[0], values_2=values[-1])
            if given.range is not None and values
            else did_you_mean(given.default, values, said("choices"))
        )
        faults.add(
            (*path, "default"),
            "default-out-of-range",
            said("the default {default} is not a value of {name}; {where}", default=quoted(given.default), name=quoted(name), where=where),
        )
    return given.default


def activities_of(shape: ProtocolShape, faults: Faults) -> dict[str, Activity]:
    """Each activity by id."""
    found = {}
    for name, given in shape.activities.items():
        check_name(("activities", name), name, said("activity"), faults)
        if given.dose is not None and NAME.fullmatch(given.dose) is None:
            message = said("{dose} cannot name a dose; use letters, digits and _ only", dose=quoted(given.dose))
            faults.add(("activities", name, "dose"), "bad-name", message)
        found[name] = Activity(name, given.label or name, given.dose, given.prepare, given.bring)
    _limit(("activities",), len(found), MOST_ACTIVITIES, said("activities"), faults)
    _limit(("activities",), len({activity.dose for activity in found.values()} - {None}), MOST_DOSES, said("dose names"), faults)
    return found


def _limit(path: Path, count: int, most: int, what: str, faults: Faults) -> None:
    if count > most:
        faults.add_at_key(
            path, "too-many", said("{count} {what}; the planner holds {most}; merge some into one", count=count, what=what, most=most)
        )


def decisions_of(shape: ProtocolShape, faults: Faults) -> Mapping[str, tuple[str, ...]]:
    """The choices of each decision."""
    for name, given in shape.decisions.items():
        check_name(("decisions", name), name, said("decision"), faults)
        if not given.choices:
            faults.add(("decisions", name, "choices"), "missing-key", said("{name} has no choices; list at least one", name=quoted(name)))
        for choice in given.choices:
            check_name(("decisions", name, "choices", choice), choice, said("choice"), faults)
        if name in shape.parameters:
            line = faults.line(("parameters", name))
            faults.add_at_key(
                ("decisions", name),
                "duplicate-id",
                said("{name} is already a parameter (line {line}); rename one of them", name=quoted(name), line=line),
            )
    return {name: tuple(given.choices) for name, given in shape.decisions.items()}


def milestones_of(shape: ProtocolShape, faults: Faults) -> Mapping[str, str | None]:
    """Each milestone, with the reference that it names."""
    for name in shape.milestones:
        check_name(("milestones", name), name, said("milestone"), faults)
    return {name: given.at for name, given in shape.milestones.items()}


def refuse_shared_names(groups: Iterable[tuple[str, Mapping[str, Path]]], faults: Faults) -> None:
    """Report a name that a milestone, a visit or a series already bears, for a reference could mean either."""
    seen: dict[str, tuple[str, Path]] = {}
    for what, names in groups:
        for name, path in names.items():
            if name in seen:
                other, other_path = seen[name]
                message = said(
                    "{name} is already the name of a {other} (line {line}); rename one of them",
                    name=quoted(name),
                    other=other,
                    line=faults.line(other_path),
                )
                faults.add(path, "duplicate-id", message)
            else:
                seen[name] = (what, path)
