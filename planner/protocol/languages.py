"""``language:``: a protocol's texts in other languages; what is not translated stays as written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import STAND_IN, Faults
from planner.protocol.file_shape import LabelShape, LanguageShape, ProtocolShape
from planner.protocol.located_yaml import Path
from planner.protocol.model import Translation
from planner.protocol.names import Names
from planner.protocol.said import said

_WORDS = {
    "epochs": said("epochs"),
    "visits": said("visits"),
    "activities": said("activities"),
    "parameters": said("parameters"),
    "milestones": said("milestones"),
    "decisions": said("decisions"),
    "choices": said("choices"),
    "checks": said("checks"),
}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def languages_of(shape: ProtocolShape, names: Names, epochs: Collection[str], faults: Faults) -> Mapping[str, Translation]:
    """Every translation by its language tag; reports texts of what the protocol does not have."""
    found = {}
    for tag, given in shape.language.items():
        if _TAG.fullmatch(tag) is None:
            faults.add_at_key(("language", tag), "bad-name", said("{tag} is no language tag; write zh-CN, de, en-GB", tag=quoted(tag)))
        found[tag] = _translation(("language", tag), given, shape, names, epochs, faults)
    return found


def _translation(
    path: Path, given: LanguageShape, shape: ProtocolShape, names: Names, epochs: Collection[str], faults: Faults
) -> Translation:
    known: Mapping[str, tuple[Mapping[str, object], Collection[str]]] = {
        "epochs": (given.epochs, epochs),
        "visits": (given.visits, [outline.id for outline in names.outlines]),
        "activities": (given.activities, names.activities),
        "parameters": (given.parameters, shape.parameters),
        "milestones": (given.milestones, names.milestones),
        "decisions": (given.decisions, names.decisions),
        "checks": (given.checks, [check.id for check in shape.checks]),
    }
    for what, (texts, ids) in known.items():
        for name in texts:
            _require((*path, what, name), name, ids, _WORDS[what], faults)
    choices: dict[str, Mapping[str, str]] = {}
    for what, declared in (
        ("parameters", {name: parameter.values for name, parameter in names.parameters.items()}),
        ("decisions", names.decisions),
    ):
        for name, labels in getattr(given, what).items():
            for choice in labels.choices if name in declared else ():
                _require((*path, what, name, "choices", choice), choice, declared[name], _WORDS["choices"], faults)
            if labels.choices:
                choices[name] = labels.choices
    return Translation(
        title=given.title,
        epochs=given.epochs,
        visits=_labels(given.visits),
        activities={name: _activity_texts(labels) for name, labels in given.activities.items()},
        parameters=_labels(given.parameters),
        milestones=_labels(given.milestones),
        decisions=_labels(given.decisions),
        choices=choices,
        checks=_labels(given.checks),
    )


def _require(path: Path, name: str, known: Collection[str], what: str, faults: Faults) -> None:
    if name not in known and not any(STAND_IN in other for other in known):
        faults.add_at_key(
            path,
            "unknown-id",
            said(
                "{name} is not among the protocol's {what}; {did_you_mean}",
                name=quoted(name),
                what=what,
                did_you_mean=did_you_mean(name, known, what),
            ),
        )


def _labels(given: Mapping[str, LabelShape]) -> Mapping[str, str]:
    return {name: text for name, labels in given.items() if (text := labels.name or labels.label) is not None}


def _activity_texts(labels: LabelShape) -> Mapping[str, str]:
    texts = {"label": labels.label or labels.name, "prepare": labels.prepare, "bring": labels.bring}
    return {key: text for key, text in texts.items() if text is not None}
