"""What random logs are pinned to: the versions of one study's protocol and some site calendars, by hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from planner.protocol.compile import compile_plan
from planner.protocol.model import Protocol
from planner.protocol.plan import Plan
from planner.protocol.read import read_protocol
from planner.records.facts.chain import content_hash
from planner.records.facts.fact import Fact
from planner.records.pinned.plan_hash import plan_hash
from planner.schedule.calendar import SiteCalendar
from tests.cases import random_calendar, random_protocol
from tests.records.amendments import amended_plan, amended_texts
from tests.records.replay import Replayed, replay

SITES = ("PEK", "SHA", "CAN")


@dataclass(frozen=True, eq=False)
class World:
    """Plans and calendars by hash (``Pinned``); the first plan is the one that most subjects are enrolled with."""

    study: str
    plans: Mapping[str, Plan]
    calendars: Mapping[str, SiteCalendar]

    def plan(self, protocol_hash: str) -> Plan:
        """The plan of this hash."""
        return self.plans[protocol_hash]

    def calendar(self, calendar_hash: str) -> SiteCalendar:
        """The calendar of this hash."""
        return self.calendars[calendar_hash]

    def protocol(self, protocol_hash: str) -> Protocol:
        """The protocol of this hash."""
        return self.plans[protocol_hash].protocol

    def plan_hash(self, protocol_hash: str) -> str:
        """What a fact that names this protocol holds as the hash of its plan."""
        return _plan_hash(self.plans[protocol_hash])

    def replayed(self, log: Sequence[Fact]) -> Replayed | None:
        """What a subject's log says by the plain replay; None while no enrolment is in force."""
        return replay(log, self.protocol, self.calendar)


def random_world(random: Random) -> World:
    """A random protocol with two amended versions of it, and three calendars."""
    protocol = random_protocol(random)
    plans = [compile_plan(protocol), amended_plan(random, protocol), amended_plan(random, protocol)]
    return World("random", {f"protocol-{index}": plan for index, plan in enumerate(plans)}, random_calendars(random))


def random_calendars(random: Random) -> dict[str, SiteCalendar]:
    """Three site calendars."""
    return {f"calendar-{index}": random_calendar(random) for index in range(3)}


def study_world(study: str, calendars: Mapping[str, SiteCalendar]) -> World:
    """One of the studies with its amended versions."""
    return World(study, dict(zip(map(content_hash, amended_texts(study)), study_plans(study), strict=True)), calendars)


@cache
def _plan_hash(plan: Plan) -> str:
    return plan_hash(plan)


@cache
def study_plans(study: str) -> tuple[Plan, ...]:
    """A study's versions, compiled."""
    return tuple(compile_plan(read_protocol(text, study)) for text in amended_texts(study))
