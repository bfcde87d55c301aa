"""``explain``: why a visit is on its day."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands import options
from planner.commands.failures import InputWrong, command
from planner.commands.output import write_out


@command
def explain(
    protocol: options.Protocol,
    visit: Annotated[str, typer.Argument(metavar="VISIT", help="The visit's id: ASSESS, C3D1.", show_default=False)],
    start: options.Start = None,
    subject: options.Subject = None,
    milestone: options.Milestones = None,
    set_: options.Parameters = None,
    decide: options.Decisions = None,
    actual: options.Actuals = None,
    missed: options.Missed = None,
    omit: options.Omitted = None,
    booked: options.Booked = None,
    hold: options.Holds = None,
    stop: options.Stops = None,
    end: options.End = None,
    unscheduled: options.Unscheduled = None,
    routine_care: options.RoutineCare = None,
    calendar: options.Calendar = None,
    on: options.AsOf = None,
    out: options.Out = None,
) -> None:
    """Why a visit's date is what it is, step by step, with the rule that each step follows."""
    from planner.commands.fact_options import FactOptions
    from planner.commands.inputs import read_plan
    from planner.commands.subjects import one_subject
    from planner.schedule.explain import explanation
    from planner.schedule.fact_faults import parameter_codes, suggestion
    from planner.schedule.visit_ids import ids_of_subject
    from planner.schedule.visit_rows import subject_rows

    facts = FactOptions(start, subject, milestone, set_, decide, actual, missed, omit, booked, hold, stop, end, unscheduled, routine_care)
    plan = read_plan(protocol)
    subjects = one_subject(plan, facts, calendar, on)
    schedule = subjects.schedule()
    rows = {row.visit: row for row in subject_rows(schedule, 0, all_visits=True)}
    if visit not in rows:
        if visit in ids_of_subject(plan, parameter_codes(plan, subjects.facts[0])):
            raise InputWrong([f"{visit} is not reached: its series ends before it, so this subject has no such visit"])
        raise InputWrong([f"this subject has no visit {visit}{suggestion(visit, rows, 'its visits are')}"])
    steps = explanation(schedule, 0, visit)
    width = max((len(step.rule) for step in steps), default=0)
    row = rows[visit]
    day = "no date" if row.effective is None else f"{row.effective:%a %Y-%m-%d}"
    head = f"{visit}, {row.name}: {day}, {row.status}, {row.certainty}\n\n"
    write_out([head, *(f"{step.rule:<{width}}  {step.text}\n" for step in steps)], out)
