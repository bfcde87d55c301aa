"""From located data to the typed shape: every fault of shape with its place, and as much of the rest as can be read on.

A fault is reported and then taken out of the data (a missing key gets a stand-in), so that the same run can go on to
references and circles. The stand-ins never leave a file that has faults.
"""

from __future__ import annotations

import copy
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planner.protocol.errors import did_you_mean, nearest, quoted
from planner.protocol.faults import STAND_IN, Faults
from planner.protocol.file_shape import ProtocolShape
from planner.protocol.located_yaml import Path
from planner.protocol.said import said

_MOST_ROUNDS = 6
_WANTED = {
    "string_type": "text",
    "dict_type": said("a mapping of keys ({{...}} or indented lines)"),
    "model_type": said("a mapping of keys ({{...}} or indented lines)"),
    "list_type": said("a list ([...] or lines with -)"),
    "bool_type": said("true or false"),
    "int_type": said("a whole number"),
}
_STAND_INS: dict[str, Any] = {"choices": {STAND_IN: {}}, "visits": [{"id": STAND_IN}], "source": "assumed"}
"""Stand-ins for keys whose value cannot be just any word."""
_EMPTY_ALLOWED = (("parameters", "*", "choices", "*"), ("milestones", "*"), ("decisions", "*", "choices", "*"), ("activities", "*"))


def shape_of(data: Any, faults: Faults) -> ProtocolShape | None:
    """The file's shape, faults of shape reported and left out; None where nothing useful remains."""
    data = copy.deepcopy(data)
    _report_empty(data, (), faults)
    for _ in range(_MOST_ROUNDS):
        try:
            return ProtocolShape.model_validate(data)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
        for detail in details:
            _report(detail, data, faults)
        # All places first: mending one of several faults of a value must not make the next one mend its parent.
        places = {_place_to_mend(detail, data): detail for detail in reversed(details)}
        for place, detail in places.items():
            _mend(detail, place, data)
    return None


def _report_empty(data: Any, path: Path, faults: Faults) -> None:
    """Report keys and list items without a value, and remove them."""
    if isinstance(data, dict):
        for key in [key for key, value in data.items() if value is None and not _may_be_empty((*path, key))]:
            if not faults.touches((*path, key)):
                faults.add_at_key((*path, key), "empty-value", said("{key} has no value; write one, or remove the key", key=quoted(key)))
            data[key] = STAND_IN
    elif isinstance(data, list):
        for index in [index for index, value in enumerate(data) if value is None]:
            if not faults.touches((*path, index)):
                faults.add((*path, index), "empty-value", said("this item is empty; write a value, or remove it"))
            data[index] = STAND_IN
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        _report_empty(value, (*path, key), faults)


def _may_be_empty(path: Path) -> bool:
    return any(
        len(path) == len(pattern) and all(want in ("*", part) for part, want in zip(path, pattern, strict=True))
        for pattern in _EMPTY_ALLOWED
    )


def _report(detail: ErrorDetails, data: Any, faults: Faults) -> None:
    path = _real_path(detail["loc"], data)
    if STAND_IN in detail["loc"]:
        return
    kind, given = detail["type"], detail["input"]
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        known = _known_keys(detail["loc"][:-1])
        near = nearest(key, known)
        hint = said("did you mean {near}?", near=quoted(near)) if near else said("the keys here are {known}", known=tuple(sorted(known)))
        faults.add_at_key(path, "unknown-key", said("{key} is no key of the format; {hint}", key=quoted(key), hint=hint))
    elif kind == "missing":
        if faults.touches(path):
            return
        faults.add(path, "missing-key", said("{key} is missing; {help_for}", key=quoted(key), help_for=_help_for(detail["loc"])))
    elif kind == "literal_error":
        words = [word.strip().strip("'") for word in str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(",")]
        hint = did_you_mean(str(given), words, said("words"))
        faults.add(path, "unknown-word", said("{given} is not possible here; {hint}", given=quoted(given), hint=hint))
    elif kind in ("text", "too_short", "greater_than_equal", "less_than_equal"):
        faults.add(
            path,
            "wrong-type",
            detail["msg"] if kind == "text" else said("{given}: {problem}", given=quoted(given), problem=detail["msg"].lower()),
        )
    elif isinstance(given, dict) and list(given.items()) == [("n", None)]:
        faults.add(path, "needs-quotes", said('put text with {{n}} in quotes: "{{n}}"'))
    elif given is not None or kind not in _WANTED:
        wanted = _WANTED.get(kind, detail["msg"])
        faults.add(path, "wrong-type", said("{found} stands where {wanted} is wanted", found=_found(given), wanted=wanted))


def _found(given: object) -> str:
    if isinstance(given, dict):
        return said("a mapping")
    return said("a list") if isinstance(given, list) else quoted(given)


def _real_path(loc: tuple[str | int, ...], data: Any) -> Path:
    """The part of pydantic's location that exists in the file (shorthands have no deeper places)."""
    path: list[str | int] = []
    for part in loc:
        if not _is_there(data, part):
            break
        path.append(part)
        data = data[part]
    return tuple(path) if len(path) < len(loc) - 1 else (*path, *loc[len(path) :])


def _place_to_mend(detail: ErrorDetails, data: Any) -> Path:
    """Where to mend: the missing key itself, or the innermost value that is there."""
    if detail["type"] == "missing":
        return tuple(detail["loc"])
    path = list(_real_path(detail["loc"], data))
    while path and _value_at(data, tuple(path)) is _NOTHING:
        path.pop()
    return tuple(path)


def _mend(detail: ErrorDetails, path: Path, data: Any) -> None:
    """Remove what is wrong; give what is missing, and items of lists, a stand-in."""
    if not path:
        return
    parent, last = _value_at(data, path[:-1]), path[-1]
    if isinstance(parent, dict):
        if detail["type"] == "missing" or (parent.pop(last, None) != STAND_IN and detail["type"] != "extra_forbidden"):
            parent[last] = _STAND_INS.get(str(last), STAND_IN)
    elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        parent[last] = {} if detail["type"] in ("model_type", "dict_type") else STAND_IN


_NOTHING = object()


def _value_at(data: Any, path: Path) -> Any:
    for part in path:
        if not _is_there(data, part):
            return _NOTHING
        data = data[part]
    return data


def _is_there(data: Any, part: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _model_at(loc: Path) -> type[BaseModel] | None:
    """The model whose keys stand at ``loc``."""
    inside: Any = ProtocolShape
    for part in loc:
        model = _model_in(inside)
        if model is not None:
            inside = next((info.annotation for name, info in model.model_fields.items() if (info.alias or name) == part), None)
        else:
            collection = next((option for option in _options(inside) if get_origin(option) in (list, dict)), None)
            inside = get_args(collection)[-1] if collection is not None else None
    return _model_in(inside)


def _options(annotation: Any) -> list[Any]:
    """What an annotation may be, ``Annotated`` and ``| None`` taken off."""
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [option for part in get_args(annotation) for option in _options(part)]
    return [annotation]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    return next((option for option in _options(annotation) if isinstance(option, type) and issubclass(option, BaseModel)), None)


def _known_keys(loc: Path) -> set[str]:
    model = _model_at(loc)
    return {info.alias or name for name, info in model.model_fields.items()} if model is not None else set()


def _help_for(loc: tuple[str | int, ...]) -> str:
    model = _model_at(loc[:-1])
    if model is None:
        return said("add it")
    for name, info in model.model_fields.items():
        if (info.alias or name) == loc[-1]:
            return said("add {loc}: {description}", loc=quoted(str(loc[-1]) + ": ..."), description=info.description)
    return said("add it")
