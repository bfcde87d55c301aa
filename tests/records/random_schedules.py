"""Schedules of a few subjects whose logs are random, as the worklist and the ledger get them, without a database."""

from __future__ import annotations

from random import Random

import numpy as np

from planner.records.facts.fact import SubjectKey
from planner.records.fold.fact_table import fact_table
from planner.records.fold.fold import fold
from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.days import day_number
from planner.schedule.expand import NoOpenDayError, expand
from tests.records.hand_logs import mixed
from tests.records.random_facts import random_log
from tests.records.worlds import random_calendars, random_world, study_world


def random_schedules(seed: int) -> tuple[SiteSchedule, ...]:
    """Up to four subjects of one study or random protocol, each as of a day of its own; none where a calendar has no day for them."""
    random = Random(seed)
    study = random.choice(["ulrrc", "crlm", "small", "random"])
    world = random_world(random) if study == "random" else study_world(study, random_calendars(random))
    logs = [random_log(random, world, SubjectKey(world.study, f"PEK-{number:03}"), random.randint(1, 25)) for number in range(1, 5)]
    table = fact_table(mixed(random, logs))
    last = max(fact.recorded_at for log in logs for fact in log).date()
    found = []
    for group in fold(table, world).groups:
        as_of = np.array([day_number(last) + random.randint(-5, 60) for _ in group.rows], dtype=np.int32)
        try:
            schedule = expand(group.plan, group.cohort, group.calendars, as_of)
        except NoOpenDayError:
            continue
        found.append(SiteSchedule(schedule, group, tuple(table.subjects[row] for row in group.rows.tolist()), table))
    return tuple(found)
