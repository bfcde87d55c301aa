"""The hash of a compiled plan: the same for files that give the same visits, dates, choices, checks and activities."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from planner.protocol.model import (
    AgeCheck,
    BetweenCheck,
    Choice,
    Decision,
    IntervalCheck,
    LateCheck,
    Milestone,
    OrderCheck,
    Parameter,
    SinceCheck,
)
from planner.protocol.plan import Plan, Slot

FORMAT = "plan 1"

_WORDS: Mapping[type[Any], frozenset[str]] = {
    Slot: frozenset({"name", "epoch"}),
    Plan: frozenset({"protocol"}),
    **dict.fromkeys(
        (Parameter, Milestone, Decision, Choice, OrderCheck, IntervalCheck, BetweenCheck, LateCheck, SinceCheck, AgeCheck),
        frozenset({"label"}),
    ),
}
"""Fields that only name something for a reader."""


@lru_cache(maxsize=64)
def plan_hash(plan: Plan) -> str:
    """SHA-256 of all in a plan that can change a date, an id, a status, a check or what is done at a visit; 64 hexadecimal digits.

    In: the study's id, all slots with their rules, parameters (values, defaults), milestones, decisions, checks, and activities with
    their dose and their words (label, prepare, bring: a dose may stand there), white space apart.
    Out: comments, layout, version, title, registry number, names of visits and epochs, labels of parameters, milestones, decisions,
    choices and checks, translations, sources and rationales. The order in which things are declared counts where the plan keeps it.

    The same in every process and on every machine, for one version of the planner: a later one may compile the same file to other
    tables. So to learn whether two texts differ, compare the hashes of both, worked out now.
    """
    protocol = plan.protocol
    parts = [FORMAT, protocol.id, plan, protocol.parameters, protocol.milestones, protocol.decisions, protocol.activities]
    text = json.dumps([_plain(part) for part in parts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    """``value`` as lists, objects with texts as keys, texts, numbers and null; nothing depends on the order of sets or mappings."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    if isinstance(value, frozenset | set):
        return ["set", *sorted((_plain(entry) for entry in value), key=json.dumps)]
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        left_out = _WORDS.get(type(value), frozenset())
        kept = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.name not in left_out}
        return [type(value).__name__, kept]
    raise TypeError(f"a plan holds a {type(value).__name__}, which has no place in its hash yet")
