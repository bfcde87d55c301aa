"""One subject as it stands, and the small choices that a maker of random facts takes about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from planner.protocol.plan import Plan
from planner.records.facts.fact import Fact
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import NoOpenDayError, expand
from planner.schedule.rows import VisitRow
from planner.schedule.visit_rows import subject_rows
from tests.records.replay import Replayed, facts_in_force
from tests.records.worlds import World

Item = TypeVar("Item")


class SubjectChoices:
    """Choices among what one subject's log, visits and protocol hold, on a day; some odd ones."""

    def __init__(self, random: Random, world: World, log: Sequence[Fact], today: date, odd: float, favoured: frozenset[str]) -> None:
        self.random = random
        self.world = world
        self.log = list(log)
        self.today = today
        self.odd_share = odd
        self.favoured = favoured
        self.in_force = facts_in_force(self.log)
        self.state = world.replayed(self.log) if log else None
        self.rows: list[VisitRow] = [] if self.state is None else self._rows(self.state)

    @property
    def plan(self) -> Plan:
        assert self.state is not None
        return self.world.plan(self.state.protocol_hash)

    def _rows(self, state: Replayed) -> list[VisitRow]:
        """The subject's visits as they stand, none where a calendar has no day for one."""
        plan = self.world.plan(state.protocol_hash)
        try:
            schedule = expand(plan, cohort_of(plan, [state.facts]), [state.calendar], day_number(self.today))
        except NoOpenDayError:
            return []
        return subject_rows(schedule, 0, all_visits=True)

    # --- small choices ---------------------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def is_odd(self) -> bool:
        return self.chance(self.odd_share)

    def one_of(self, *items: Item) -> Item:
        return self.random.choice(items)

    def near(self, day: date) -> date:
        return day + timedelta(days=self.one_of(0, 0, 0, 0, 1, 2, 4, 9, 20, -1, -3))

    def some_day(self) -> date:
        """A day near one of the first visits still to come, or near the start."""
        assert self.state is not None
        days = [row.effective for row in self.rows if row.effective is not None and row.status != "done"]
        day = self.random.choice(sorted(days)[:20]) if days else self.state.facts.start
        return day + timedelta(days=self.random.randint(-4, 4))

    def past(self, day: date) -> date:
        return min(day, self.today)

    def visit(self, *statuses: str) -> VisitRow | None:
        """One of the next visits in one of these states; at times any."""
        rows = [row for row in self.rows if row.effective is not None and (row.status in statuses or self.chance(0.04))]
        return self.random.choice(rows[: self.one_of(1, 3, 8, 40)]) if rows else None

    def odd_visit(self) -> str:
        """A visit of another branch, beyond the count, of other parameters, of another version, or of no plan at all."""
        ids = {visit for plan in self.world.plans.values() for visit in plan.slots_by_id}
        return self.random.choice([self.random.choice(sorted(ids)), "X9D9", *sorted(ids - set(self.plan.slots_by_id))])
