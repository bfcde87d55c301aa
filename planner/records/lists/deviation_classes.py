"""How people classed deviations: the latest ``deviation_classed`` facts in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

import numpy as np
from sqlalchemy import Connection, select

from planner.records.facts.kinds import Kind
from planner.records.facts.moments import moment_of
from planner.records.fold.fact_table import KIND_CODES
from planner.records.fold.in_force import standing_facts
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.store.schema import facts, subjects


@dataclass(frozen=True, slots=True)
class Classing:
    """Who classed a deviation, as what, when and why."""

    value: Literal["important", "not_important"]
    who: str
    recorded_at: datetime
    reason: str
    note: str


def classings(connection: Connection, site_schedule: SiteSchedule) -> dict[tuple[int, str], Classing]:
    """(column, key) to the classing that counts."""
    table = site_schedule.table
    concerned = np.zeros(len(table.subjects), dtype=np.bool_)
    concerned[table.row[table.kind == KIND_CODES[Kind.DEVIATION_CLASSED]]] = True
    own = concerned & np.isin(np.arange(len(table.subjects)), site_schedule.group.rows)
    if not own.any():
        return {}
    standing = standing_facts(table.taken(np.flatnonzero(own[table.row])))
    latest = standing.counting(Kind.DEVIATION_CLASSED)
    known = standing.facts
    column_of = {row: column for column, row in enumerate(site_schedule.group.rows.tolist())}
    written = _written(connection, {table.subjects[row].study for row in np.flatnonzero(own).tolist()})
    found = {}
    for index in latest.tolist():
        row, number = int(known.row[index]), int(known.number[index])
        key = table.subjects[row]
        found[column_of[row], known.words[int(known.item[index])]] = written[key.study, key.number, number]
    return found


def _written(connection: Connection, studies: set[str]) -> dict[tuple[str, str, int], Classing]:
    """What the fact table leaves out, for all classings of these studies: (study, subject number, number of the fact) to its text."""
    query = (
        select(
            subjects.c.study,
            subjects.c.number,
            facts.c.number,
            facts.c.value,
            facts.c.who,
            facts.c.recorded_at,
            facts.c.reason,
            facts.c.note,
        )
        .join(subjects, subjects.c.id == facts.c.subject_id)
        .where(facts.c.kind == Kind.DEVIATION_CLASSED.value, subjects.c.study.in_(studies))
    )
    return {
        (study, subject, number): Classing(cast(Literal["important", "not_important"], value), who, moment_of(recorded_at), reason, note)
        for study, subject, number, value, who, recorded_at, reason, note in connection.execute(query)
    }
