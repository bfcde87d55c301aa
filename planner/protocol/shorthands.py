"""Shorthands of the protocol file, each spread out into the one form that stands behind it.

A value of an unexpected type is handed on as it is: the shape reports it.
"""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from planner.protocol.said import said

SOURCE_PARTS = ("visit", "anchor", "offset", "window", "repeat", "activities", "when")
"""The parts of a visit whose origin `source:` tells."""


def as_text(value: object) -> object:
    """Whole numbers are texts here; true and false are not, for nobody can tell which word was meant."""
    if isinstance(value, bool):
        raise PydanticCustomError("text", said("true and false are not used here; write yes or no, or the text in quotes"))
    return str(value) if isinstance(value, int) else value


def as_list(value: object) -> object:
    """One value for a list of one."""
    return value if isinstance(value, list) or value is None else [value]


def as_choices(value: object) -> object:
    """``[yes, no]`` for a mapping of choices that carry no values."""
    if isinstance(value, list) and all(isinstance(item, str | int) and not isinstance(item, bool) for item in value):
        if len({str(item) for item in value}) != len(value):
            raise PydanticCustomError("text", said("a choice stands twice in the list; keep one"))
        return {str(item): {} for item in value}
    return value if not isinstance(value, dict) else {name: {} if given is None else given for name, given in value.items()}


def as_labelled(value: object) -> object:
    """``CONSENT: Informed consent`` for ``CONSENT: {label: Informed consent}``; an empty value has no label."""
    if not isinstance(value, dict):
        return value
    return {name: _label(given) for name, given in value.items()}


def _label(given: object) -> object:
    if given is None:
        return {}
    return {"label": given} if isinstance(given, str | int) and not isinstance(given, bool) else given


def as_decision_choices(value: object) -> object:
    """``[surgery, none]`` for a mapping of choices without labels."""
    return as_labelled(
        dict.fromkeys(map(str, value)) if isinstance(value, list) and all(isinstance(item, str) for item in value) else value
    )


def as_activity(value: object) -> object:
    """``EXAM`` for ``{EXAM: {}}``."""
    if isinstance(value, str):
        return {value: {}}
    return value if not isinstance(value, dict) else {name: {} if given is None else given for name, given in value.items()}


def as_steps(value: object) -> object:
    """``8 x 3mo`` for ``{steps: 8 x 3mo}``."""
    return {"steps": value} if isinstance(value, str) else value


def as_open_also(value: object) -> object:
    """``+2d`` for a mapping without condition (an empty key)."""
    return {"": value} if isinstance(value, str) else value


def as_sources(value: object) -> object:
    """One word for all parts."""
    return dict.fromkeys(SOURCE_PARTS, value) if isinstance(value, str) else value


def as_anchor(value: object) -> object:
    """``{latest of: [A, B]}`` is the same as the text ``latest of [A, B]``."""
    if isinstance(value, dict) and list(value) == ["latest of"] and isinstance(value["latest of"], list):
        return "latest of [" + ", ".join(map(str, value["latest of"])) + "]"
    return value
