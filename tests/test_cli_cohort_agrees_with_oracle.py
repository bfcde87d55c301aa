"""Thousands of random subjects through ``expand --cohort``: every date of the file it writes is the oracle's."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.exchange.calendar_file import load_calendar
from planner.protocol.compile import compile_plan
from planner.protocol.library import load_protocol
from planner.protocol.model import Protocol
from planner.protocol.plan import Plan
from planner.schedule.fact_faults import faults_of
from planner.schedule.facts import SubjectFacts
from tests.cases.facts import random_facts
from tests.oracle import PlainCalendar, expected_rows

AS_OF = date(2026, 7, 15)
DATES = ("nominal", "earliest", "latest", "planned", "effective")


def cells(facts: SubjectFacts) -> dict[str, str]:
    """The facts as one row of a cohort file."""
    row = {"subject": facts.subject, "start": str(facts.start)}
    row |= {f"set.{name}": value for name, value in facts.parameters.items()}
    row |= {f"milestone.{name}": str(day) for name, day in facts.milestones.items()}
    row |= {f"decide.{name}": made.choice + (f"@{made.day}" if made.day else "") for name, made in facts.decisions.items()}
    row |= {f"actual.{visit}": str(day) for visit, day in facts.actual.items()}
    row |= {f"missed.{visit}": reason for visit, reason in facts.missed.items()}
    row |= {f"booked.{visit}": str(booking.day) for visit, booking in facts.booked.items()}
    for visit, activity in sorted(facts.omitted):
        row[f"omit.{visit}"] = ";".join(filter(None, [row.get(f"omit.{visit}"), activity]))
    row["hold"] = ";".join(
        f"{hold.stream + ':' if hold.stream else ''}{hold.first_day}..{hold.resume or ''}:{hold.mode}" for hold in facts.holds
    )
    row["stop"] = ";".join(f"{stop.stream + ':' if stop.stream else ''}{stop.day}" for stop in facts.stops)
    row["end"] = f"{facts.end.reason}={facts.end.day}" if facts.end else ""
    row["unscheduled"] = ";".join(f"{dose.stream}={dose.day}" for dose in facts.unscheduled)
    return row


def accepted(plan: Plan, protocol: Protocol, calendar: PlainCalendar, count: int) -> list[SubjectFacts]:
    """Random subjects whose facts the planner does not refuse (R18)."""
    random, subjects = Random(20260715), []
    while len(subjects) < count:
        facts = random_facts(random, protocol, calendar, AS_OF, f"{len(subjects) + 1:04d}")
        if not faults_of(plan, facts, AS_OF):
            subjects.append(facts)
    return subjects


@pytest.mark.parametrize("count", [150, pytest.param(3000, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", ["ulrrc", "crlm"])
def test_every_date_of_a_cohort_file_is_the_oracle_s(name: str, count: int, tmp_path: Path) -> None:
    protocol = load_protocol(name)
    plain = PlainCalendar.of(load_calendar("CN"))
    subjects = accepted(compile_plan(protocol), protocol, plain, count)
    rows = [cells(facts) for facts in subjects]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cohort, out = tmp_path / "cohort.csv", tmp_path / "visits.csv"
    with cohort.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)

    call = ["expand", name, "--cohort", str(cohort), "--calendar", "CN", "--on", str(AS_OF), "--all", "--format", "csv", "--out", str(out)]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output

    with out.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    given = [
        (row["subject"], row["visit"], *(row[name] for name in DATES), row["status"], row["certainty"], row["flags"]) for row in written
    ]
    expected = []
    for facts in subjects:
        for row in expected_rows(protocol, facts, plain, AS_OF):
            days = ("" if row[name] is None else str(row[name]) for name in DATES)
            flags = row["flags"]
            assert isinstance(flags, list)
            expected.append((facts.subject, row["visit"], *days, row["status"], row["certainty"], ";".join(flags)))
    assert given == expected
